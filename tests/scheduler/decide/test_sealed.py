"""Sealed visits and identities: who tries to see, open or grant without right is refused, on record."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest

from scheduler import keys
from scheduler.states import IdentityState, SealedState, SealedStatus, TallyState
from schemas import sealed_commands as c
from schemas.base import Sealed
from schemas.commands import ArrangeVisit
from schemas.envelope import Actor, ActorRole
from schemas.events import SealedPlanned
from schemas.lanes import Lane
from schemas.sealed import SealedDetail
from schemas.visits import Window
from schemas.wire import canonical, event_data
from tests.builders import a_cause, a_request, a_uscc
from tests.worlds import CLERK, HEAD, LEADER, OFFICE, World, at

DAY = date(2026, 12, 10)
WEEK = date(2026, 12, 28)
SUPERVISOR = Actor(id="supervisor", role=ActorRole.AUDITOR)
STRANGER = Actor(id="head-market", role=ActorRole.HEAD, of="market")
ENTERPRISE = Actor(id="boss", role=ActorRole.ENTERPRISE, of=a_uscc())


def a_detail(**changes: Any) -> str:  # noqa: ANN401 - any field of the request
    """Return the secret of a sealed visit."""
    fields = {"lane": Lane.STATUTORY, "cause": a_cause(), "window": Window(first=DAY, last=DAY)}
    request = a_request(**{**fields, "announced": False, **changes})
    detail = SealedDetail(nonce="7a" * 32, request=request, officers=("officer-1", "officer-2"))
    return canonical(detail.model_dump(mode="json", exclude_defaults=True)).decode()


def planning(detail: str, **changes: Any) -> c.PlanSealed:  # noqa: ANN401 - any field
    """Return the plan of a sealed visit as the core gets it: sealed."""
    commitment = hashlib.sha256(detail.encode()).hexdigest()
    fields = {
        "department": "fire",
        "day": DAY,
        "units": 2,
        "commitment": commitment,
        "detail": Sealed(subject=f"sealed/{commitment}", ct="ciphertext"),
        **changes,
    }
    return c.PlanSealed(**fields)


@pytest.fixture
def world() -> World:
    """Return a world with one department."""
    return World.adopted()


def planned(world: World, detail: str | None = None) -> SealedState:
    """Plan a sealed visit; return it."""
    about = world.ok(planning(detail or a_detail()), HEAD).about
    state = world.cells[about]
    assert isinstance(state, SealedState)
    return state


def test_a_sealed_visit_is_a_block_of_capacity_and_nothing_else(world: World) -> None:
    state = planned(world)
    assert world.tally(keys.department_day("fire", DAY)) == (2, 0)
    (event,) = [event for _, event in world.log if isinstance(event, SealedPlanned)]
    body = json.dumps(event_data(event), ensure_ascii=False)
    for secret in (a_uscc(), "officer-1", "item-1", "7a" * 32, "statutory"):
        assert secret not in body
    # No cap and no quota knows of it: only the department's day changed.
    assert [change.key for change in event.tally] == [keys.department_day("fire", DAY)]
    assert a_uscc() not in state.id


@pytest.mark.parametrize("actor", [CLERK, STRANGER, OFFICE, LEADER, ENTERPRISE], ids=lambda a: a.id)
def test_only_the_departments_head_plans_and_cancels(world: World, actor: Actor) -> None:
    assert world.no(planning(a_detail()), actor) == ["role-not-asked"]
    state = planned(world)
    cancel = c.CancelSealed(sealed=state.id, reason="取消")
    assert world.no(cancel, actor) == ["role-not-asked"]


@pytest.mark.parametrize("actor", [CLERK, STRANGER, OFFICE, ENTERPRISE], ids=lambda a: a.id)
def test_who_may_not_look_is_refused_and_the_try_is_on_record(world: World, actor: Actor) -> None:
    state = planned(world)
    look = c.LookAtSealed(sealed=state.id, reason="好奇")
    assert world.no(look, actor) == ["role-not-asked"]
    assert world.log[-1][0].startswith("refusal/")
    assert not world.cells[keys.sealed(state.id)].looks


@pytest.mark.parametrize("actor", [HEAD, LEADER, SUPERVISOR], ids=lambda a: a.id)
def test_every_look_is_on_record_with_its_reason(world: World, actor: Actor) -> None:
    state = planned(world)
    world.ok(c.LookAtSealed(sealed=state.id, reason="核对派员"), actor)
    world.ok(c.LookAtSealed(sealed=state.id, reason="再次核对"), actor)
    looks = world.cells[keys.sealed(state.id)].looks
    assert [(look.by, look.reason) for look in looks] == [
        (actor.id, "核对派员"),
        (actor.id, "再次核对"),
    ]


def test_opened_on_its_day_it_is_an_approved_request_like_any_other(world: World) -> None:
    state = planned(world)
    opening = c.OpenSealed(sealed=state.id, detail=a_detail())
    assert world.no(opening, CLERK, at(date(2026, 12, 9))) == ["too-early"]
    assert world.no(opening, STRANGER, at(DAY)) == ["unknown-sealed"]
    assert world.no(opening, HEAD, at(DAY)) == ["self-approval"]
    world.ok(opening, CLERK, at(DAY))
    opened = world.cells[keys.sealed(state.id)]
    assert opened.status is SealedStatus.OPENED
    request = world.request(opened.request)
    assert request.approved
    assert request.approvals[0].by == HEAD.id
    assert request.request.enterprise == a_uscc()
    assert world.tally(keys.department_day("fire", DAY)) == (0, 0), "the block is free again"
    assert world.no(opening, CLERK, at(DAY)) == ["wrong-state"]


def test_what_is_opened_is_what_was_sealed(world: World) -> None:
    state = planned(world)
    other = a_detail(items=("item-2",))
    assert world.no(c.OpenSealed(sealed=state.id, detail=other), CLERK, at(DAY)) == ["seal-broken"]
    foreign = a_detail(department="market")
    state = planned(world, foreign)
    opening = c.OpenSealed(sealed=state.id, detail=foreign)
    assert world.no(opening, CLERK, at(DAY)) == ["seal-broken"]
    state = planned(world, "no json")
    opening = c.OpenSealed(sealed=state.id, detail="no json")
    assert world.no(opening, CLERK, at(DAY)) == ["seal-broken"]


def test_the_rules_hold_for_what_was_sealed_too(world: World) -> None:
    state = planned(world, detail := a_detail(items=("unpublished",)))
    refused = world.do(c.OpenSealed(sealed=state.id, detail=detail), CLERK, at(DAY))
    assert refused.status == "refused"
    assert world.cells[keys.sealed(state.id)].status is SealedStatus.PLANNED


@pytest.mark.parametrize(
    "changes",
    [
        {"items": ("unpublished",)},
        {"enterprise": a_uscc(9)},
        {"lane": Lane.ROUTINE, "cause": None},
        {"lane": Lane.STATUTORY, "cause": None},
    ],
    ids=["unknown item", "unknown enterprise", "outside the week", "no cause"],
)
def test_a_refused_opening_names_nothing_of_the_target(
    world: World, changes: dict[str, Any]
) -> None:
    detail = a_detail(**changes)
    state = planned(world, detail)
    before = len(world.log)
    refused = world.do(c.OpenSealed(sealed=state.id, detail=detail), CLERK, at(DAY))
    assert (refused.status, refused.about) == ("refused", f"sealed/{state.id}")
    assert refused.objections
    assert all(stream.startswith("refusal/") for stream, _ in world.log[before:])
    told = "".join(json.dumps(event_data(event)) for _, event in world.log[before:])
    for secret in (json.loads(detail)["request"]["enterprise"], "unpublished", "12345"):
        assert secret not in told
    assert world.tally(keys.department_day("fire", DAY)) == (2, 0), "the block stays"
    world.ok(c.CancelSealed(sealed=state.id, reason="另行报批"), HEAD, at(DAY))


def test_a_refusal_by_a_cap_does_not_tell_the_caps_key(world: World) -> None:
    world.cells[keys.cap("twice-a-year", "fire", a_uscc(), "2026")] = TallyState(used=2)
    detail = a_detail(lane=Lane.ROUTINE, cause=None, window=Window(first=WEEK, last=WEEK))
    state = world.cells[world.ok(planning(detail, day=WEEK), HEAD).about]
    refused = world.do(c.OpenSealed(sealed=state.id, detail=detail), CLERK, at(WEEK))
    assert "twice-a-year" in [each.rule for each in refused.objections]
    assert a_uscc() not in repr(refused.events)


def test_a_cancelled_one_keeps_its_secret(world: World) -> None:
    state = planned(world)
    world.ok(c.CancelSealed(sealed=state.id, reason="线索已核实"), HEAD)
    assert world.tally(keys.department_day("fire", DAY)) == (0, 0)
    opening = c.OpenSealed(sealed=state.id, detail=a_detail())
    assert world.no(opening, CLERK, at(DAY)) == ["wrong-state"]


# ---------------------------------------------------------------- identities


def left(world: World) -> str:
    """Bring a visit upon the books; return its id."""
    request = a_request(lane=Lane.STATUTORY, cause=a_cause(), window=Window(first=DAY, last=DAY))
    id_ = world.submit(request)
    world.head_approves(id_)
    world.ok(ArrangeVisit(request=id_, day=DAY))
    visit = world.request(id_).visit
    assert visit is not None
    return visit


def asked(world: World, visit: str, actor: Actor = SUPERVISOR) -> IdentityState:
    """Ask for an identity; return the request."""
    about = world.ok(c.AskIdentity(visit=visit, reason="核实举报"), actor).about
    state = world.cells[about]
    assert isinstance(state, IdentityState)
    return state


def test_an_identity_opens_under_two_hands_in_two_roles(world: World) -> None:
    state = asked(world, left(world))
    see = c.SeeIdentity(identity=state.id)
    assert world.no(see, SUPERVISOR) == ["not-granted"]
    grant = c.GrantIdentity(identity=state.id, reason="同意核实")
    assert world.no(grant, SUPERVISOR) == ["same-hands"]
    second = Actor(id="supervisor-2", role=ActorRole.AUDITOR)
    assert world.no(grant, second) == ["same-hands"], "another person, but the same role"
    double = Actor(id="supervisor", role=ActorRole.LEADER)
    assert world.no(grant, double) == ["same-hands"], "another role, but the same person"
    world.ok(grant, LEADER)
    assert world.no(grant, LEADER) == ["already-decided"]
    for actor in (SUPERVISOR, LEADER):
        world.ok(see, actor)
    assert world.no(see, OFFICE) == ["role-not-asked"]
    seen = world.cells[keys.identity(state.id)].seen
    assert [look.by for look in seen] == ["supervisor", "mayor"]


@pytest.mark.parametrize("actor", [CLERK, HEAD, STRANGER, ENTERPRISE, LEADER], ids=lambda a: a.id)
def test_no_department_ever_asks_or_agrees(world: World, actor: Actor) -> None:
    visit = left(world)
    if actor is not LEADER:
        state = asked(world, visit)
        grant = c.GrantIdentity(identity=state.id, reason="同意")
        assert world.no(grant, actor) == ["role-not-asked"]
    assert world.no(c.AskIdentity(visit=visit, reason="想知道"), actor) == ["role-not-asked"]


def test_a_department_in_a_supervisors_role_is_still_a_department(world: World) -> None:
    actor = Actor(id="auditor-fire", role=ActorRole.AUDITOR, of="fire")
    visit = left(world)
    assert world.no(c.AskIdentity(visit=visit, reason="想知道"), actor) == ["role-not-asked"]
