"""Rule feedback-form: the form about an inspection reaches the office within ten working days."""

from datetime import date

from scheduler import keys
from scheduler.states import DeadlineState
from schemas import commands as c
from schemas.envelope import Actor, ActorRole
from schemas.visits import Outcome
from tests.builders import a_department, a_request, a_uscc, a_window
from tests.policy.table import STACKS
from tests.worlds import CLERK, OFFICE, TIMER, World, at

THE_23RD = date(2026, 11, 23)
"""A Monday, the first visiting day of November 2026 under these rules."""
BEFORE = at(date(2026, 11, 2))


def _visited(*departments: str) -> tuple[World, str]:
    """Return a world under the rules of 2010 in which a visit was made and left on its day."""
    world = World.adopted(policies=STACKS["hunan-2010"], years=(2025, 2026))
    for id_ in departments[1:]:
        world.with_department(a_department(id=id_, name=id_))
    for id_ in departments:
        item = "item-1" if id_ == "fire" else f"item-1-{id_}"
        request = a_request(department=id_, items=(item,), window=a_window(THE_23RD, THE_23RD))
        world.head_approves(world.submit(request, BEFORE), BEFORE)
    world.publish("2026-11", at(date(2026, 11, 9)), at(date(2026, 11, 12)))
    (visit,) = world.visits()
    world.staff(visit.id, at(date(2026, 11, 17)))
    world.ok(c.IssueCode(visit=visit.id), OFFICE, at(date(2026, 11, 20)))
    world.enter(visit.id, at(THE_23RD, 9))
    world.ok(c.ScanOut(visit=visit.id), CLERK, at(THE_23RD, 11))
    return world, visit.id


def _form(world: World, visit: str) -> DeadlineState:
    state = world.cells[keys.deadline("feedback-form", keys.visit(visit))]
    assert isinstance(state, DeadlineState)
    return state


def _report(world: World, visit: str, department: str) -> None:
    clerk = Actor(id=f"clerk-{department}", role=ActorRole.CLERK, of=department)
    result = Outcome(department=department, findings=())
    world.ok(c.RecordOutcome(visit=visit, outcome=result), clerk, at(THE_23RD, 15))


def test_admits_a_form_of_the_day() -> None:
    """Tests that the result of the one department meets the deadline."""
    world, visit = _visited("fire")
    assert (_form(world, visit).working_days, _form(world, visit).status) == (10, "open")
    _report(world, visit, "fire")
    assert _form(world, visit).status == "met"


def test_admits_the_form_of_a_joint_visit_when_all_have_reported() -> None:
    """Tests that one department's result does not stand for the other's."""
    world, visit = _visited("fire", "market")
    assert a_uscc() == world.visit(visit).line.enterprise
    _report(world, visit, "fire")
    assert _form(world, visit).status == "open"
    _report(world, visit, "market")
    assert _form(world, visit).status == "met"


def test_late_after_ten_working_days() -> None:
    """Tests that the tenth working day, 7 December, is the last one."""
    world, visit = _visited("fire")
    lapse = c.LapseDeadline(deadline=keys.deadline("feedback-form", keys.visit(visit)))
    assert world.no(lapse, TIMER, at(date(2026, 12, 7))) == ["too-early"]
    world.ok(lapse, TIMER, at(date(2026, 12, 8)))
    assert _form(world, visit).status == "lapsed"
