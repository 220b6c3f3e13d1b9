"""An enterprise closes few days in good time, opens them again, prefers times; routine visits alone are bound."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scheduler import keys
from scheduler.memo import rules_of
from schemas import booking_commands as c
from schemas.booking import BookingRules, Slot
from schemas.commands import RegisterEnterprise, SubmitRequest
from schemas.envelope import Actor, ActorRole
from schemas.lanes import HalfDay, Lane
from schemas.registry import Enterprise
from schemas.visits import Window
from tests.builders import a_cause, a_request, a_uscc, an_enterprise
from tests.worlds import CLERK, OFFICE, World, at

TODAY = date(2026, 11, 30)
OWN = Actor(id="boss", role=ActorRole.ENTERPRISE, of=a_uscc())
OTHER = Actor(id="other", role=ActorRole.ENTERPRISE, of=a_uscc(2))
WEEK = tuple(date(2026, 12, day) for day in (25, 28, 29, 30, 31))


@pytest.fixture
def world() -> World:
    return World.adopted()


def firm(world: World) -> Enterprise:
    state = world.cells[keys.enterprise(a_uscc())]
    assert isinstance(state, Enterprise)
    return state


def numbers(world: World) -> BookingRules:
    found = rules_of(world.cells[keys.POLICY]).booking
    assert found is not None
    return found


def close(*days: date) -> c.CloseDays:
    return c.CloseDays(enterprise=a_uscc(), days=days)


def prefer(*slots: Slot) -> c.PreferSlots:
    return c.PreferSlots(enterprise=a_uscc(), slots=slots)


def test_a_closed_day_binds_routine_visits_and_no_duty(world: World) -> None:
    world.ok(close(WEEK[0]), OWN, at(TODAY))
    assert firm(world).closed_on(WEEK[0])
    only = Window(first=WEEK[0], last=WEEK[0])
    assert world.no(SubmitRequest(request=a_request(window=only)), CLERK) == ["day-open"]
    duty = a_request(window=only, lane=Lane.STATUTORY, cause=a_cause())
    world.ok(SubmitRequest(request=duty), CLERK)


def test_who_may_close_days(world: World) -> None:
    assert world.no(close(WEEK[0]), OTHER, at(TODAY)) == ["not-your-enterprise"]
    assert world.no(close(WEEK[0]), CLERK, at(TODAY)) == ["not-your-enterprise"]
    world.ok(close(WEEK[0]), OFFICE, at(TODAY))
    assert world.no(close(WEEK[0]), OWN, at(TODAY)) == ["day-closed-already"]


def test_the_policy_s_numbers_hold_for_month_and_year(world: World) -> None:
    rules = numbers(world)
    most = rules.closed_a_month
    world.ok(close(*WEEK[:most]), OWN, at(TODAY))
    told = world.do(close(WEEK[most]), OWN, at(TODAY))
    (against,) = told.objections
    assert (against.rule, against.numbers) == (
        "closed-days-used",
        {"period": "2026-12", "limit": most},
    )
    world.ok(c.OpenDays(enterprise=a_uscc(), days=WEEK[:1]), OWN, at(TODAY))
    world.ok(close(WEEK[most]), OWN, at(TODAY))


def test_days_of_the_register_count_too_and_the_year_has_its_own_number(world: World) -> None:
    rules = numbers(world)
    known = tuple(date(2026, 1, 1) + timedelta(days=20 * n) for n in range(rules.closed_a_year))
    again = an_enterprise(closed_days=known)
    world.ok(RegisterEnterprise(enterprise=again), OFFICE)
    assert world.no(close(WEEK[0]), OWN, at(TODAY)) == ["closed-days-used"]


def test_days_are_closed_in_good_time_and_not_too_far_ahead(world: World) -> None:
    assert world.no(close(date(2026, 12, 14)), OWN, at(TODAY)) == ["day-not-closable"]
    assert world.no(close(date(2027, 9, 1)), OWN, at(TODAY)) == ["day-not-closable"]


def test_only_own_days_to_come_are_opened_again(world: World) -> None:
    world.ok(close(WEEK[0]), OWN, at(TODAY))
    opening = c.OpenDays(enterprise=a_uscc(), days=(WEEK[0],))
    assert world.no(opening, OWN, at(WEEK[0])) == ["day-not-closed"]
    world.ok(opening, OWN, at(TODAY))
    assert world.no(opening, OWN, at(TODAY)) == ["day-not-closed"]


def test_times_that_suit_replace_those_before(world: World) -> None:
    world.ok(prefer(Slot(day=WEEK[1], half=HalfDay.MORNING)), OWN, at(TODAY))
    world.ok(prefer(Slot(day=WEEK[2])), OWN, at(TODAY))
    assert firm(world).slots == (Slot(day=WEEK[2]),)
    world.ok(close(WEEK[3]), OWN, at(TODAY))
    assert world.no(prefer(Slot(day=WEEK[3])), OWN, at(TODAY)) == ["slot-unfit"]
    assert world.no(prefer(Slot(day=TODAY)), OWN, at(TODAY)) == ["slot-unfit"]
    rules = numbers(world)
    many = [Slot(day=WEEK[1] + timedelta(days=n)) for n in range(rules.slots + 1)]
    assert world.no(prefer(*many), OWN, at(TODAY)) == ["slots-used"]


def test_registering_again_keeps_what_the_enterprise_booked(world: World) -> None:
    world.ok(close(WEEK[0]), OWN, at(TODAY))
    again = an_enterprise(name="改名后的厂")
    world.ok(RegisterEnterprise(enterprise=again), OFFICE)
    assert firm(world).closed_on(WEEK[0])
    assert firm(world).as_registered() == again
