"""派员: who may come, and that nobody is in two places in one half-day."""

from __future__ import annotations

from datetime import date

from scheduler import keys
from scheduler.states import VisitStatus
from schemas import commands as c
from schemas.envelope import Actor, ActorRole
from schemas.lanes import HalfDay, Purpose
from schemas.registry import Jurisdiction
from tests.builders import (
    a_department,
    a_policy_stack,
    a_request,
    a_uscc,
    a_window,
    an_enterprise,
    an_officer,
)
from tests.stories import STAFFED, approved, arranged, clerk, coded, published, statutory
from tests.worlds import CLERK, OFFICE, World, at

TEAM = ("officer-1", "officer-2")


def naming(visit: str, *officers: str, half: HalfDay = HalfDay.MORNING) -> c.StaffVisit:
    return c.StaffVisit(visit=visit, department="fire", officers=officers or TEAM, half=half)


def test_two_licensed_officers_of_the_department_are_named() -> None:
    world, (visit,) = published()
    day = world.visit(visit).line.day
    world.ok(naming(visit), CLERK, at(STAFFED))
    assert world.tally(keys.officer_half("officer-1", day, "am")) == (1, 0)
    assert world.visit(visit).line.parts[0].officers == TEAM


def test_whom_the_registers_or_the_rules_refuse() -> None:
    world, (visit,) = published()
    world.ok(c.RegisterOfficer(officer=an_officer(7, licence=None)), OFFICE)
    expired = an_officer(8, licence_until=date(2026, 12, 24))
    world.ok(c.RegisterOfficer(officer=expired), OFFICE)
    world.ok(c.RegisterOfficer(officer=an_officer(9, recused_from=(a_uscc(),))), OFFICE)
    world.with_department(a_department(id="health", name="卫健"))
    for officers, codes in {
        ("officer-1",): ["two-licensed-officers"],
        ("officer-1", "officer-7"): ["two-licensed-officers"],
        ("officer-1", "officer-8"): ["two-licensed-officers"],
        (*TEAM, "officer-9"): ["officer-recused"],
        (*TEAM, "officer-99"): ["unknown-officer"],
        (*TEAM, "officer-2"): ["officer-twice"],
        (*TEAM, "officer-1-health"): ["officer-not-yours"],
    }.items():
        assert world.no(naming(visit, *officers), CLERK, at(STAFFED)) == codes
    nobody = c.StaffVisit(visit=visit, department="fire", officers=(), half=HalfDay.MORNING)
    assert world.no(nobody, CLERK, at(STAFFED)) == ["team-missing"]


def test_whose_visit_it_is_not() -> None:
    world, (visit,) = published()
    assert world.no(naming(visit), clerk("health")) == ["not-your-department"]
    other = naming(visit).model_copy(update={"department": "health"})
    assert world.no(other, clerk("health")) == ["department-not-due"]
    assert world.no(naming("nothing")) == ["unknown-visit"]


def test_nobody_is_in_two_places_in_one_half_day() -> None:
    world = World.adopted()
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(2)), OFFICE)
    day = date(2026, 12, 29)
    first, second = (
        arranged(world, approved(world, statutory(enterprise=a_uscc(number))), day)
        for number in (1, 2)
    )
    world.ok(naming(first))
    assert world.no(naming(second)) == ["officer-busy", "officer-busy"]
    world.ok(naming(second, half=HalfDay.AFTERNOON))


def test_an_officer_who_entered_is_busy_still() -> None:
    world, visit = coded()
    day = world.visit(visit).line.day
    world.enter(visit, at(day, 9))
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(2)), OFFICE)
    check = statutory(enterprise=a_uscc(2), window=a_window(day, day))
    other = arranged(world, approved(world, check, at(day)), day, at(day))
    assert world.no(naming(other), CLERK, at(day, 10)) == ["officer-busy", "officer-busy"]


def test_naming_again_substitutes_on_the_day_until_somebody_entered() -> None:
    world, visit = coded()
    day = world.visit(visit).line.day
    world.ok(naming(visit, "officer-1", "officer-3"), CLERK, at(day, 8))
    booked = [world.tally(keys.officer_half(f"officer-{n}", day, "am"))[0] for n in (1, 2, 3)]
    assert booked == [1, 0, 1]
    world.enter(visit, at(day, 9))
    assert world.no(naming(visit), CLERK, at(day, 10)) == ["wrong-state"]
    assert world.visit(visit).status is VisitStatus.ENTERED


def test_changing_the_half_day_moves_every_booking() -> None:
    world, (visit,) = published()
    day = world.visit(visit).line.day
    world.ok(naming(visit), CLERK, at(STAFFED))
    world.ok(naming(visit, half=HalfDay.AFTERNOON), CLERK, at(STAFFED))
    for officer in TEAM:
        assert world.tally(keys.officer_half(officer, day, "am")) == (0, 0)
        assert world.tally(keys.officer_half(officer, day, "pm")) == (1, 0)


def test_departments_of_a_joint_visit_meet_in_one_half_day() -> None:
    health = a_request(department="health", items=("item-1-health",))
    world, (visit,) = published(a_request(), health)
    world.ok(naming(visit), CLERK, at(STAFFED))
    theirs = c.StaffVisit(
        visit=visit,
        department="health",
        officers=("officer-1-health", "officer-2-health"),
        half=HalfDay.AFTERNOON,
    )
    assert world.no(theirs, clerk("health"), at(STAFFED)) == ["other-half-day"]
    same = theirs.model_copy(update={"half": HalfDay.MORNING})
    world.ok(same, clerk("health"), at(STAFFED))


def test_a_service_visit_needs_no_licence() -> None:
    world, (visit,) = published(a_request(purpose=Purpose.SERVICE, items=()))
    world.ok(naming(visit, "officer-1"), CLERK, at(STAFFED))


def test_the_city_does_not_judge_the_team_of_a_body_beyond_it() -> None:
    tax = a_department(id="tax", jurisdiction=Jurisdiction.VERTICAL)
    world = World.adopted().with_department(tax)
    id_ = world.submit(a_request(department="tax", items=("item-1-tax",)))
    world.head_approves(id_)
    visit = arranged(world, id_, date(2026, 12, 25))
    one = c.StaffVisit(
        visit=visit, department="tax", officers=("officer-1-tax",), half=HalfDay.MORNING
    )
    world.ok(one, Actor(id="clerk-tax", role=ActorRole.CLERK, of="tax"))


def test_more_people_than_a_visit_may_have_are_refused() -> None:
    """Tests that four of one department are too many where three may come, and three are not."""
    world, (visit,) = published()
    national, city = a_policy_stack()
    small = city.model_copy(update={"max_people": 3, "version": 2})
    world.ok(c.AdoptPolicy(layers=(national, small)), OFFICE, at(STAFFED))
    three = (*TEAM, "officer-3")
    assert world.no(naming(visit, *three, "officer-4"), CLERK, at(STAFFED)) == ["too-many-people"]
    world.ok(naming(visit, *three), CLERK, at(STAFFED))
