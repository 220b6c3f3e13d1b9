"""The drawn pair goes. Whoever cannot is replaced by the draw, on record, and by nobody else."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler.audit import Auditor, Breach
from scheduler.decide.teams import drawn_team, revealed
from scheduler.draw.team import next_drawn
from scheduler.states import DrawState
from schemas import commands as c
from schemas import draw_commands as d
from schemas.envelope import Actor, ActorRole
from schemas.events import VisitStaffed
from schemas.lanes import HalfDay
from schemas.visits import Request, Window
from tests.builders import a_request, an_officer
from tests.scheduler.draw import lists
from tests.scheduler.draw.lists import a_plan, a_world, replacing, the
from tests.stories import DRAFTED, PUBLISHED, STAFFED, approved, genuine, scan
from tests.worlds import CLERK, NOVEMBER, OFFICE, World, at

MARKET = Actor(id="clerk-market", role=ActorRole.CLERK, of="market")


@pytest.fixture
def world() -> World:
    """Return a world whose fire brigade has drawn."""
    return a_world(12)


@pytest.fixture
def draw(world: World) -> DrawState:
    """Return a draw of the fire brigade alone."""
    return lists.revealed(world, a_plan(12, ("fire",)))


def wanted(draw: DrawState, place: int = 0) -> Request:
    """Return what a draw asks for."""
    assert draw.result is not None
    return a_request(
        enterprise=draw.result.targets[place].enterprise, window=draw.plan.window, draw=draw.id
    )


def on_the_books(world: World, draw: DrawState) -> str:
    """Return the published visit of the first drawn enterprise."""
    approved(world, wanted(draw), NOVEMBER)
    world.publish("2026-12", at(DRAFTED), at(PUBLISHED))
    (visit,) = world.visits()
    return visit.id


def pair(world: World, draw: DrawState) -> tuple[str, ...]:
    """Return who goes to the first drawn enterprise, as things stand."""
    team = drawn_team(wanted(draw), the(world, draw.id))
    assert team is not None
    return team.officers


def naming(visit: str, officers: tuple[str, ...]) -> c.StaffVisit:
    """Return the naming of a team."""
    return c.StaffVisit(visit=visit, department="fire", officers=officers, half=HalfDay.MORNING)


def test_a_request_of_a_draw_asks_for_what_was_drawn(world: World, draw: DrawState) -> None:
    assert draw.result is not None
    drawn = {target.enterprise for target in draw.result.targets}
    other = next(m.enterprise for m in draw.plan.population if m.enterprise not in drawn)
    longer = Window(first=draw.plan.window.first, last=date(2027, 1, 29))
    for wrong in (
        wanted(draw).model_copy(update={"enterprise": other}),
        wanted(draw).model_copy(update={"window": longer}),
        wanted(draw).model_copy(update={"draw": "none"}),
    ):
        assert world.no(c.SubmitRequest(request=wrong), CLERK) == ["not-drawn"]
    world.ok(c.SubmitRequest(request=wanted(draw)), CLERK)


def test_only_the_drawn_pair_is_named(world: World, draw: DrawState) -> None:
    visit, drawn = on_the_books(world, draw), pair(world, draw)
    others = tuple(f"officer-{n}" for n in range(1, 5) if f"officer-{n}" not in drawn)
    for team in (others, (drawn[0], others[0]), (*drawn, others[0])):
        assert world.no(naming(visit, team), CLERK, at(STAFFED)) == ["drawn-inspectors"]
    world.ok(naming(visit, drawn), CLERK, at(STAFFED))


def test_the_draw_sends_a_substitute_and_nobody_chooses_him(world: World, draw: DrawState) -> None:
    visit, before = on_the_books(world, draw), pair(world, draw)
    world.ok(naming(visit, before), CLERK, at(STAFFED))
    world.ok(replacing(draw), CLERK, at(STAFFED))
    now = pair(world, draw)
    assert now[0] not in before
    assert now[1] == before[1]
    world.ok(naming(visit, now), CLERK, at(STAFFED))
    assert world.no(naming(visit, before), CLERK, at(STAFFED)) == ["drawn-inspectors"]
    state = revealed(draw)
    assert state is not None
    assert now[0] == next_drawn(state, "fire", wanted(draw).enterprise)


def test_a_team_that_was_named_before_the_substitute_does_not_enter(
    world: World, draw: DrawState
) -> None:
    visit, before = on_the_books(world, draw), pair(world, draw)
    world.ok(naming(visit, before), CLERK, at(STAFFED))
    world.ok(c.IssueCode(visit=visit), OFFICE, at(STAFFED))
    world.ok(replacing(draw), CLERK, at(STAFFED))
    day = at(world.visit(visit).line.day, 9)
    said = world.no(scan(world, visit), CLERK, day, claims=genuine(world, visit))
    assert said == ["drawn-inspectors"]
    world.ok(naming(visit, pair(world, draw)), CLERK, day)
    world.ok(scan(world, visit), CLERK, day, claims=genuine(world, visit))


def test_the_register_says_who_can_still_be_drawn(world: World, draw: DrawState) -> None:
    before = pair(world, draw)
    free = [f"officer-{n}" for n in range(1, 5) if f"officer-{n}" not in before]
    enterprise = wanted(draw).enterprise
    recused = an_officer(int(free[0][-1]), id=free[0], recused_from=(enterprise,))
    world.ok(c.RegisterOfficer(officer=recused), OFFICE)
    world.ok(replacing(draw), CLERK)
    (made,) = the(world, draw.id).substitutes
    assert (made.officer, made.passed) == (free[1], (free[0],))
    again = replacing(draw, out=made.officer)
    assert world.no(again, CLERK) == ["nobody-left"], "who was replaced does not come back"


def test_what_is_no_substitution(world: World, draw: DrawState) -> None:
    outsider = next(f"officer-{n}" for n in range(1, 5) if f"officer-{n}" not in pair(world, draw))
    assert world.no(replacing(draw), MARKET) == ["not-your-department"]
    assert world.no(replacing(draw, out=outsider), CLERK) == ["not-drawn"]
    assert world.no(replacing(draw, draw="none"), CLERK) == ["not-drawn"]
    late = at(date(2027, 1, 4))
    assert world.no(replacing(draw), CLERK, late) == ["window-past"]


def test_a_withdrawn_draw_still_says_who_goes(world: World, draw: DrawState) -> None:
    world.ok(d.WithdrawDraw(draw=draw.id, reason="名单有误"), OFFICE)
    world.ok(replacing(draw), CLERK)
    assert len(the(world, draw.id).substitutes) == 1


def test_the_auditor_judges_the_team_from_the_ledger_alone(world: World, draw: DrawState) -> None:
    visit, drawn = on_the_books(world, draw), pair(world, draw)
    world.ok(naming(visit, drawn), CLERK, at(STAFFED))
    world.ok(c.IssueCode(visit=visit), OFFICE, at(STAFFED))
    world.ok(
        scan(world, visit), CLERK, at(world.visit(visit).line.day, 9), claims=genuine(world, visit)
    )
    assert [each.rule for each in judged(world)] == []
    others = tuple(f"officer-{n}" for n in range(1, 5) if f"officer-{n}" not in drawn)
    world.log[:] = [
        (stream, event.model_copy(update={"officers": others}))
        if isinstance(event, VisitStaffed)
        else (stream, event)
        for stream, event in world.log
    ]
    rules = {each.rule for each in judged(world)}
    # Who came was not named, so of those who were named nobody came.
    assert rules == {"drawn-inspectors", "officer-not-named", "two-licensed-officers"}


def judged(world: World) -> list[Breach]:
    """Return what an auditor finds in a world's log."""
    auditor = Auditor()
    for stream, event in world.log:
        auditor.observe(stream, event)
    return list(auditor.breaches())
