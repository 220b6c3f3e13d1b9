"""The solution in the words of a plan: lines, reasons that can be checked, and ways out."""

from __future__ import annotations

from datetime import date

from schemas import commands as c
from schemas.lanes import Remedy
from schemas.plans import UnplacedCause
from tests.builders import a_cause, a_department, a_request, a_uscc, a_window, an_enterprise
from tests.stories import approved, statutory
from tests.worlds import CLERK, OFFICE, World

DAY = date(2026, 12, 31)
ONE_DAY = a_window(DAY, DAY)


def full() -> World:
    """A world in which the department has no capacity on the day."""
    world = World.adopted().with_department(a_department(id="health", name="卫健"))
    world.ok(c.SetCapacity(department="fire", day=DAY, units=0), CLERK)
    return world


def test_a_line_unites_departments_items_and_units() -> None:
    world = World.adopted().with_department(a_department(id="health", name="卫健"))
    for _ in range(2):
        approved(world, a_request(duration=2))
    approved(world, a_request(department="health", items=("item-1-health",)))
    (line,) = world.body("2026-12").lines
    assert line.departments == ("fire", "health")
    assert (line.parts[0].units, line.parts[0].items, line.lead) == (4, ("item-1",), "fire")


def test_a_plan_names_its_problem_and_the_same_visit_keeps_its_id() -> None:
    world = World.adopted()
    approved(world, a_request(window=ONE_DAY))
    first, second = world.body("2026-12"), world.body("2026-12")
    assert first == second
    assert len(first.snapshot) == 64


def test_a_full_day_is_told_with_its_numbers_and_the_ways_out_end_in_escalation() -> None:
    world = full()
    id_ = approved(world, a_request(window=ONE_DAY))
    (unplaced,) = world.body("2026-12").unplaced
    assert (unplaced.request, unplaced.cause) == (id_, UnplacedCause.CAPACITY)
    (reason,) = unplaced.days
    assert (reason.day, reason.load, reason.limit) == (DAY, 0, 0)
    remedies = [way.remedy for way in unplaced.ways_out]
    assert remedies[0] is Remedy.OFF_SITE
    assert Remedy.ESCALATE not in remedies[:-1]


def test_a_visit_to_join_is_named() -> None:
    world = full()
    approved(world, a_request(department="health", items=("item-1-health",), window=ONE_DAY))
    approved(world, a_request(window=ONE_DAY))
    body = world.body("2026-12")
    (unplaced,) = body.unplaced
    joins = [way for way in unplaced.ways_out if way.remedy is Remedy.JOIN_VISIT]
    assert [(way.day, way.visit) for way in joins] == [(DAY, body.lines[0].visit)]


def test_closed_days_and_caps_are_told_apart() -> None:
    world = World.adopted()
    world.submit(a_request(window=ONE_DAY))
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(closed_days=(DAY,))), OFFICE)
    (unplaced,) = world.body("2026-12").unplaced
    assert (unplaced.cause, unplaced.days[0].rule) == (UnplacedCause.CLOSED_DAY, "day-open")


def test_what_may_wait_is_carried_and_a_duty_only_when_the_law_lets_it() -> None:
    world = full()
    waits = approved(world, a_request(window=a_window(DAY, date(2027, 1, 29))))
    due = approved(world, statutory(window=ONE_DAY, cause=a_cause(last_legal_date=DAY)))
    later = approved(
        world, statutory(window=ONE_DAY, cause=a_cause(last_legal_date=date(2027, 1, 8)))
    )
    found = {u.request: (u.carried, u.must) for u in world.body("2026-12").unplaced}
    assert found == {waits: (True, False), due: (False, True), later: (True, True)}
    assert a_uscc() == world.request(waits).request.enterprise
