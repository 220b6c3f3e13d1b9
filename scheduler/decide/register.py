"""Registers, policy, calendar, capacity and baseline: facts that the office puts on record."""

from __future__ import annotations

from scheduler import keys
from scheduler.decide.common import Refusal, accept, of_office, own_or_office
from scheduler.refusals import objection
from scheduler.ruleset import BadStack, RuleSet
from scheduler.states import CalendarsState
from scheduler.treatment import registered_again
from scheduler.view import Context, Decision, View
from schemas import commands as c
from schemas import events as e
from schemas.base import Sealed
from schemas.registry import Enterprise, Item


def _office_only(context: Context, about: str) -> None:
    if not of_office(context):
        raise Refusal(about, objection("role-not-asked", role=context.actor.role.value))


def department(command: c.RegisterDepartment, context: Context, _: View) -> Decision:
    """Put a department on record."""
    stream = keys.department(command.department.id)
    _office_only(context, stream)
    return accept(stream, (stream, e.DepartmentRegistered(department=command.department)))


def officer(command: c.RegisterOfficer, context: Context, view: View) -> Decision:
    """Put an officer of a known department on record."""
    stream = keys.officer(command.officer.id)
    _office_only(context, stream)
    home = command.officer.department
    if view.get(keys.department(home)) is None:
        raise Refusal(stream, objection("unknown-department", department=home))
    record = command.officer.model_copy(update={"phone": _sealed(command.phone)})
    return accept(stream, (stream, e.OfficerRegistered(officer=record)))


def enterprise(command: c.RegisterEnterprise, context: Context, view: View) -> Decision:
    """Put an enterprise on record; a contact not stated again stays, gradings and marks do anyway."""
    stream = keys.enterprise(command.enterprise.id)
    _office_only(context, stream)
    old = view.find(Enterprise, stream)
    name, phone = _sealed(command.contact_name), _sealed(command.contact_phone)
    record = command.enterprise.model_copy(
        update={
            "contact_name": name or (old.contact_name if old else None),
            "contact_phone": phone or (old.contact_phone if old else None),
        }
    )
    record = registered_again(record, old) if old else record.model_copy(update={"treatment": None})
    return accept(stream, (stream, e.EnterpriseRegistered(enterprise=record)))


def _sealed(value: str | Sealed | None) -> Sealed | None:
    if isinstance(value, str):
        msg = "a personal field reached the core in plain text"
        raise TypeError(msg)
    return value


def item(command: c.PublishItem, context: Context, view: View) -> Decision:
    """Publish an item of a known department; another checklist is another edition of its standard."""
    stream = keys.item(command.item.id)
    _office_only(context, stream)
    home = command.item.department
    if view.get(keys.department(home)) is None:
        raise Refusal(stream, objection("unknown-department", department=home))
    old, new = view.find(Item, stream), command.item
    if old is not None and _rewritten(old, new):
        raise Refusal(stream, objection("edition-behind", version=old.version))
    return accept(stream, (stream, e.ItemPublished(item=new)))


def _rewritten(old: Item, new: Item) -> bool:
    """Tell whether an item changes its checklist without a new edition, or goes back to an old one."""
    changed = (old.standard, old.checklist) != (new.standard, new.checklist) and bool(old.checklist)
    return new.version < old.version or (changed and new.version == old.version)


def policy(command: c.AdoptPolicy, context: Context, view: View) -> Decision:
    """Adopt a stack of policy layers."""
    _office_only(context, keys.POLICY)
    view.need(keys.POLICY)
    try:
        RuleSet(command.layers, command.as_if_from)
    except BadStack as bad:
        raise Refusal(keys.POLICY, objection("policy-stack", faults=str(bad))) from bad
    event = e.PolicyAdopted(layers=command.layers, as_if_from=command.as_if_from)
    return accept(keys.POLICY, (keys.POLICY, event))


def calendar(command: c.AdoptCalendar, context: Context, view: View) -> Decision:
    """Adopt a year's calendar. What hangs on it is computed anew; nothing else is written."""
    _office_only(context, keys.CALENDARS)
    state = view.find(CalendarsState, keys.CALENDARS) or CalendarsState()
    stated, version = command.calendar, command.calendar.version
    edition = (stated.year, stated.official, version)
    known = [c for c in state.calendars if (c.year, c.official, c.version) == edition]
    if known and known != [stated]:
        against = objection("calendar-contradicts", year=stated.year, version=version)
        raise Refusal(keys.CALENDARS, against)
    event = e.CalendarAdopted(calendar=command.calendar)
    return accept(keys.CALENDARS, (keys.CALENDARS, event))


def capacity(command: c.SetCapacity, context: Context, view: View) -> Decision:
    """State a department's capacity on a day."""
    stream = keys.capacity(command.department, command.day)
    own_or_office(context, stream, command.department)
    if view.get(keys.department(command.department)) is None:
        raise Refusal(stream, objection("unknown-department", department=command.department))
    event = e.CapacitySet(department=command.department, day=command.day, units=command.units)
    return accept(stream, (stream, event))


def baseline(command: c.RecordBaseline, context: Context, view: View) -> Decision:
    """Record a known department's baseline year."""
    stream = keys.baseline(command.department, command.year)
    _office_only(context, stream)
    if view.get(keys.department(command.department)) is None:
        raise Refusal(stream, objection("unknown-department", department=command.department))
    event = e.BaselineRecorded(
        department=command.department,
        year=command.year,
        by_month=command.by_month,
        evidence=command.evidence,
    )
    return accept(stream, (stream, event))
