"""双预约. An enterprise closes a few days to routine visits in good time, and says which times suit it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from scheduler import keys
from scheduler.decide.common import Refusal, World, accept, of_office, world
from scheduler.refusals import objection
from scheduler.view import Context, Decision, View
from schemas import booking_commands as c
from schemas.booking import BookingRules
from schemas.envelope import ActorRole
from schemas.events import booking as e
from schemas.objections import Objection
from schemas.registry import Enterprise


def close(command: c.CloseDays, context: Context, view: View) -> Decision:
    """Close days: within the policy's numbers, and before anybody plans for them."""
    firm, stream = _firm(command.enterprise, context, view)
    at, rules = _rules(view, stream)
    days = tuple(sorted(set(command.days)))
    against = tuple(_against(firm, days, at, rules, context.recorded_on))
    if against:
        raise Refusal(stream, *against)
    event = e.EnterpriseDaysClosed(days=days, by=context.actor.id, reason=command.reason)
    return accept(stream, (stream, event))


def _against(
    firm: Enterprise, days: tuple[date, ...], at: World, rules: BookingRules, today: date
) -> Iterator[Objection]:
    """Object to days that are closed already, too near, too far off, or too many."""
    first = at.calendar.nth_working_day_after(today, rules.ahead)
    last = today + timedelta(days=rules.horizon_days)
    known = {*firm.closed_days, *firm.booked}
    for day in days:
        if day in known:
            yield objection("day-closed-already", day=str(day))
        elif not first <= day <= last:
            yield objection("day-not-closable", day=str(day), first=str(first), last=str(last))
    every = known | set(days)
    years = Counter(day.year for day in every)
    months = Counter(keys.month_of(day) for day in every)
    for year in sorted({day.year for day in days}):
        if years[year] > rules.closed_a_year:
            yield objection("closed-days-used", period=year, limit=rules.closed_a_year)
    for month in sorted({keys.month_of(day) for day in days}):
        if months[month] > rules.closed_a_month:
            yield objection("closed-days-used", period=month, limit=rules.closed_a_month)


def open_(command: c.OpenDays, context: Context, view: View) -> Decision:
    """Open days that are still to come. What the register says is closed is the office's to change."""
    firm, stream = _firm(command.enterprise, context, view)
    days = tuple(sorted(set(command.days)))
    strange = [day for day in days if day not in firm.booked or day <= context.recorded_on]
    if strange:
        raise Refusal(stream, *(objection("day-not-closed", day=str(day)) for day in strange))
    event = e.EnterpriseDaysOpened(days=days, by=context.actor.id, reason=command.reason)
    return accept(stream, (stream, event))


def prefer(command: c.PreferSlots, context: Context, view: View) -> Decision:
    """Say which times suit: days to come that are not closed, as many as the policy lets it."""
    firm, stream = _firm(command.enterprise, context, view)
    _, rules = _rules(view, stream)
    slots = tuple(sorted(set(command.slots), key=lambda s: (s.day, s.half or "")))
    if len(slots) > rules.slots:
        raise Refusal(stream, objection("slots-used", limit=rules.slots))
    last = context.recorded_on + timedelta(days=rules.horizon_days)
    unfit = [
        s.day for s in slots if not context.recorded_on < s.day <= last or firm.closed_on(s.day)
    ]
    if unfit:
        raise Refusal(stream, *(objection("slot-unfit", day=str(day)) for day in unfit))
    return accept(stream, (stream, e.EnterpriseSlotsPreferred(slots=slots, by=context.actor.id)))


def _rules(view: View, stream: str) -> tuple[World, BookingRules]:
    at = world(view, stream)
    rules = at.rules.booking
    if rules is None:
        raise Refusal(stream, objection("no-booking-rules"))
    return at, rules


def _firm(id_: str, context: Context, view: View) -> tuple[Enterprise, str]:
    """Return the enterprise, for itself or for the office that acts on its word."""
    stream = keys.enterprise(id_)
    own = context.actor.role is ActorRole.ENTERPRISE and context.actor.of == id_
    if not own and not of_office(context):
        raise Refusal(stream, objection("not-your-enterprise"))
    firm = view.find(Enterprise, stream)
    if firm is None:
        raise Refusal(stream, objection("unknown-enterprise", enterprise=id_))
    return firm, stream
