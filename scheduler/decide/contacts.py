"""包联对接: once a month by telephone; on the spot only as a visit; whoever stays needs the enterprise's pass."""

from __future__ import annotations

from datetime import date

from scheduler import keys
from scheduler.clocks import days_until, started
from scheduler.contacts import PairingState, PresenceState
from scheduler.decide import meetings
from scheduler.decide.common import (
    Refusal,
    World,
    accept,
    known_visit,
    of_office,
    world,
    wrong_state,
)
from scheduler.identity import derived
from scheduler.refusals import objection
from scheduler.states import DeadlineState
from scheduler.view import Context, Decision, View
from schemas import contact_commands as c
from schemas.contacts import Contact, ContactWay, Pair, Presence, Territory
from schemas.envelope import ActorRole
from schemas.events import Event
from schemas.events import contacts as e
from schemas.lanes import Purpose
from schemas.registry import Enterprise, Officer
from schemas.tallies import Opened

_MADE = "cn.wurao.pairing.made.v1"
LONGEST = 366
"""Days for which a pass may be granted. Origin: project default."""


def territory(command: c.SetTerritory, context: Context, view: View) -> Decision:
    """Set a part of the tree; its parent must be there, and no part hangs from itself."""
    stream = keys.territory(command.territory.id)
    _office_only(context, stream)
    parent, seen = command.territory.parent, {command.territory.id}
    while parent is not None:
        above = view.find(Territory, keys.territory(parent))
        if above is None or parent in seen:
            raise Refusal(stream, objection("unknown-territory", territory=parent))
        seen.add(parent)
        parent = above.parent
    return accept(stream, (stream, e.TerritorySet(territory=command.territory)))


def pair(command: c.PairOfficial, context: Context, view: View) -> Decision:
    """Pair an official of the register with an enterprise; the first month asks for a contact."""
    stream = keys.pairing(derived(context.source, context.id, "pairing"))
    _office_only(context, stream)
    officer = _officer(command.official, view, stream)
    if view.find(Enterprise, keys.enterprise(command.enterprise)) is None:
        raise Refusal(stream, objection("unknown-enterprise", enterprise=command.enterprise))
    where = command.territory
    if where is not None and view.find(Territory, keys.territory(where)) is None:
        raise Refusal(stream, objection("unknown-territory", territory=where))
    month = max(keys.month_of(command.since), keys.month_of(context.today))
    made = Pair(
        enterprise=command.enterprise,
        official=officer.id,
        department=officer.department,
        role=command.role,
        territory=where,
        since=command.since,
    )
    opens = _asks(world(view, stream), stream, month, officer.department, context.today)
    return accept(stream, (stream, e.PairingMade(pair=made, month=month, opens=opens)))


def hand_over(command: c.HandOverPairing, context: Context, view: View) -> Decision:
    """交接. Another official takes over; what is due stays due, now his department's."""
    state, stream = _open(command.pairing, view)
    _office_only(context, stream)
    officer = _officer(command.official, view, stream)
    event = e.PairingHandedOver(
        official=officer.id,
        department=officer.department,
        since=command.since,
        note=command.note,
        opens=_asks(world(view, stream), stream, state.month, officer.department, context.today),
    )
    return accept(stream, (stream, event))


def end(command: c.EndPairing, context: Context, view: View) -> Decision:
    """End a pairing: nothing is due any more."""
    state, stream = _open(command.pairing, view)
    _office_only(context, stream)
    ends = _clocks(world(view, stream), stream, state.month)
    return accept(stream, (stream, e.PairingEnded(reason=command.reason, meets=ends)))


def record(command: c.RecordContact, context: Context, view: View) -> Decision:
    """Put a contact on record; it meets its month, and the next month asks for one."""
    state, stream = _open(command.pairing, view)
    home = state.on(context.today).department
    if context.actor.of != home and not of_office(context):
        raise Refusal(stream, objection("not-your-department", department=home))
    _on_site(command, state, home, view, stream)
    said = Contact(
        way=command.way,
        line=command.line,
        on=context.today,
        by=context.actor.id,
        visit=command.visit,
        packages=command.packages,
    )
    meetings.handed_over(command.packages, stream, view)
    month, opens, ends = _next(state, stream, context, view)
    event = e.ContactRecorded(contact=said, month=month, opens=opens, meets=ends)
    return accept(stream, (stream, event))


def _on_site(
    command: c.RecordContact, state: PairingState, home: str, view: View, stream: str
) -> None:
    """Refuse a contact on the spot that was no visit: service week and cap hold for it too."""
    if command.way is not ContactWay.ON_SITE:
        return
    if command.visit is None:
        raise Refusal(stream, objection("on-site-is-a-visit"))
    line = known_visit(view, command.visit, "entered", "left", "closed").line
    there = line.enterprise == state.pair.enterprise and home in line.departments
    if not there or line.purpose is Purpose.INSPECTION:
        raise Refusal(stream, objection("on-site-is-a-visit", visit=command.visit))


def waive(command: c.WaiveContact, context: Context, view: View) -> Decision:
    """本月无需联系. The enterprise's own word, for the month that is due."""
    state, stream = _open(command.pairing, view)
    if context.actor.role is not ActorRole.ENTERPRISE or context.actor.of != state.pair.enterprise:
        raise Refusal(stream, objection("not-your-enterprise"))
    if command.month != state.month:
        raise Refusal(stream, objection("already-recorded", month=command.month))
    month = keys.months_after(state.month, 1)
    at = world(view, stream)
    home = state.on(context.today).department
    event = e.ContactWaived(
        waived=state.month,
        month=month,
        opens=_asks(at, stream, month, home, context.today),
        meets=_clocks(at, stream, state.month),
    )
    return accept(stream, (stream, event))


def missed(deadline: DeadlineState, context: Context, view: View) -> tuple[tuple[str, Event], ...]:
    """Return what follows when a month's time ran out: it is on record, and the next one asks."""
    state = view.find(PairingState, deadline.about)
    if state is None or state.ended is not None or not deadline.id.endswith(f"/{state.month}"):
        return ()
    month = max(keys.months_after(state.month, 1), keys.month_of(context.today))
    home = state.on(context.today).department
    opens = _asks(world(view, deadline.about), deadline.about, month, home, context.today)
    return ((deadline.about, e.ContactMissed(missed=state.month, month=month, opens=opens)),)


def grant(command: c.GrantPresence, context: Context, view: View) -> Decision:
    """驻企. The enterprise itself lets a named official in, for a year at most."""
    stream = keys.presence(derived(context.source, context.id, "presence"))
    own = context.actor.of
    if context.actor.role is not ActorRole.ENTERPRISE or own is None:
        raise Refusal(stream, objection("not-your-enterprise"))
    person = _officer(command.person, view, stream)
    if not 0 <= (command.until - context.today).days <= LONGEST:
        raise Refusal(stream, objection("pass-too-long", days=LONGEST))
    granted = Presence(
        enterprise=own,
        person=person.id,
        kind=command.kind,
        since=context.today,
        until=command.until,
    )
    return accept(stream, (stream, e.PresenceGranted(presence=granted)))


def revoke(command: c.RevokePresence, context: Context, view: View) -> Decision:
    """Take a pass back: the enterprise at any time, the office when somebody leaves his post."""
    stream = keys.presence(command.presence)
    state = view.find(PresenceState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-pass", presence=command.presence))
    if context.actor.of != state.presence.enterprise and not of_office(context):
        raise Refusal(stream, objection("not-your-enterprise"))
    if state.revoked is not None:
        raise wrong_state(stream, "revoked", "valid")
    return accept(stream, (stream, e.PresenceRevoked(reason=command.reason)))


def _next(
    state: PairingState, stream: str, context: Context, view: View
) -> tuple[str, tuple[Opened, ...], tuple[str, ...]]:
    """Return the next month that asks, its deadline, and what today's contact meets."""
    if keys.month_of(context.today) < state.month:
        return state.month, (), ()  # this month had its contact already
    at, month = world(view, stream), keys.months_after(keys.month_of(context.today), 1)
    home = state.on(context.today).department
    opens = _asks(at, stream, month, home, context.today)
    return month, opens, _clocks(at, stream, state.month)


def _asks(at: World, stream: str, month: str, to: str, day: date) -> tuple[Opened, ...]:
    """Return the deadline of a month's contact: its last working day."""
    left = days_until(at.calendar, day, month)
    found = started(at.rules, day, _MADE, f"{stream}/{month}", to)
    return tuple(o.model_copy(update={"working_days": o.working_days + left}) for o in found)


def _clocks(at: World, stream: str, month: str) -> tuple[str, ...]:
    about = f"{stream}/{month}"
    return tuple(keys.deadline(r.code, about) for r in at.rules.matters() if r.starts == _MADE)


def _officer(id_: str, view: View, stream: str) -> Officer:
    officer = view.find(Officer, keys.officer(id_))
    if officer is None:
        raise Refusal(stream, objection("unknown-officer", officer=id_))
    return officer


def _open(id_: str, view: View) -> tuple[PairingState, str]:
    stream = keys.pairing(id_)
    state = view.find(PairingState, stream)
    if state is None:
        raise Refusal(stream, objection("unknown-pairing", pairing=id_))
    if state.ended is not None:
        raise wrong_state(stream, "ended", "open")
    return state, stream


def _office_only(context: Context, stream: str) -> None:
    if not of_office(context):
        raise Refusal(stream, objection("role-not-asked", role=context.actor.role.value))
