"""Registers, policy, calendars: who may state what, and what contradicts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scheduler import keys
from scheduler.workdays import WorkCalendar
from schemas import commands as c
from schemas.base import Sealed
from schemas.calendars import Calendar
from tests.builders import a_department, a_policy_stack, an_enterprise, an_item, an_officer
from tests.stories import clerk
from tests.worlds import CLERK, OFFICE, World

BASELINE = {"year": 2025, "by_month": (1,) * 12, "evidence": "reported"}


def a_calendar(version: int = 1, status: str = "provisional", **changes: Any) -> Calendar:  # noqa: ANN401
    """Return a calendar of 2027."""
    days = [date(2027, *day) for day in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))]
    holiday = {"name": {"zh": "法定节假日", "en": "Holidays"}, "days": days}
    fields = {"year": 2027, "version": version, "status": status, "holidays": [holiday]}
    return Calendar.model_validate({**fields, "source": {"document": "通知"}, **changes})


@pytest.mark.parametrize(
    "command",
    [
        c.RegisterDepartment(department=a_department()),
        c.RegisterOfficer(officer=an_officer()),
        c.RegisterEnterprise(enterprise=an_enterprise()),
        c.PublishItem(item=an_item()),
        c.AdoptPolicy(layers=a_policy_stack()),
        c.AdoptCalendar(calendar=a_calendar()),
        c.RecordBaseline.model_validate({"department": "fire", **BASELINE}),
    ],
    ids=lambda command: command.type,
)
def test_the_office_keeps_the_registers(command: c.Command) -> None:
    world = World.adopted()
    assert world.no(command, CLERK) == ["role-not-asked"]
    world.ok(command, OFFICE)


@pytest.mark.parametrize(
    "command",
    [
        c.RegisterOfficer(officer=an_officer(department="nobody")),
        c.PublishItem(item=an_item(department="nobody")),
        c.SetCapacity(department="nobody", day=date(2026, 12, 25), units=1),
        c.RecordBaseline.model_validate({"department": "nobody", **BASELINE}),
    ],
    ids=lambda command: command.type,
)
def test_what_belongs_to_an_unknown_department_is_refused(command: c.Command) -> None:
    assert World.adopted().no(command, OFFICE) == ["unknown-department"]


def test_a_department_states_its_own_capacity_only() -> None:
    world = World.adopted()
    command = c.SetCapacity(department="fire", day=date(2026, 12, 25), units=3)
    assert world.no(command, clerk("health")) == ["not-your-department"]
    world.ok(command, CLERK)
    assert world.cells[keys.capacity("fire", date(2026, 12, 25))].units == 3


def test_layers_that_make_no_stack_are_refused_with_every_fault() -> None:
    _, city = a_policy_stack()
    assert World().no(c.AdoptPolicy(layers=(city,)), OFFICE) == ["policy-stack"]


def test_a_contact_that_is_not_stated_again_stays() -> None:
    world = World.adopted()
    sealed = Sealed(subject="contact/x", ct="c")
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(), contact_phone=sealed), OFFICE)
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(key=True)), OFFICE)
    record = world.cells[keys.enterprise(an_enterprise().id)]
    assert (record.key, record.contact_phone) == (True, sealed)


def test_plain_personal_fields_are_a_fault_of_the_shell() -> None:
    with pytest.raises(TypeError):
        World.adopted().do(c.RegisterOfficer(officer=an_officer(), phone="139"), OFFICE)


def test_the_same_edition_of_a_calendar_says_the_same() -> None:
    world = World.adopted()
    world.ok(c.AdoptCalendar(calendar=a_calendar()), OFFICE)
    world.ok(c.AdoptCalendar(calendar=a_calendar()), OFFICE)
    other = a_calendar(makeup=[date(2027, 2, 6)])
    assert world.no(c.AdoptCalendar(calendar=other), OFFICE) == ["calendar-contradicts"]


def test_an_official_calendar_replaces_an_expectation_and_never_the_other_way() -> None:
    world = World.adopted()
    for calendar in (a_calendar(3), a_calendar(1, "official"), a_calendar(4)):
        world.ok(c.AdoptCalendar(calendar=calendar), OFFICE)
    in_use = WorkCalendar(world.cells[keys.CALENDARS].calendars)
    assert in_use.official(2027)
