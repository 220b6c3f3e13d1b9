"""Who is told what of matters that are no visit: problems, callbacks, contacts, leads.

Like all messages they carry ids and counts only. Whoever reported a problem hears of every step of it:
nothing is declined, united with another or closed in silence (事事有回音、件件有着落).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from scheduler import told_coordination
from scheduler.contacts import PairingState
from scheduler.meetings import MeetingState
from scheduler.problem_states import ProblemState
from schemas.events import Event
from schemas.events import callbacks as b
from schemas.events import contacts as k
from schemas.events import meetings as m
from schemas.events import problems as p
from schemas.events import treatment as t
from schemas.notifications import Recipient

Told = tuple[Recipient, str, str, dict[str, str | int]]
"""To whom, which one, by which template, with what."""


def told(event: Event, stream: str, get: Callable[[str], Any]) -> Iterator[Told]:
    """Yield what people are told of an event; nothing for events of other matters."""
    id_ = stream.partition("/")[2]
    yield from _treated(event, stream, get)
    if isinstance(event, b.CallbackForwarded):
        yield Recipient.OFFICER, event.to, "callback-forwarded", {"callback": id_}
    elif isinstance(event, b.CallbackAnswered):
        yield Recipient.COORDINATOR, "office", "callback-answered", {"callback": id_}
    elif isinstance(event, k.PairingMade):
        yield Recipient.DEPARTMENT, event.pair.department, "pairing-made", {"pairing": id_}
        yield Recipient.ENTERPRISE, event.pair.enterprise, "pairing-made", {"pairing": id_}
    elif isinstance(event, k.PairingHandedOver):
        yield Recipient.DEPARTMENT, event.department, "pairing-handed-over", {"pairing": id_}
        yield from _paired(get(stream), "pairing-handed-over", {"pairing": id_})
    elif isinstance(event, k.PresenceGranted):
        yield Recipient.OFFICER, event.presence.person, "presence-granted", {"presence": id_}
    elif isinstance(event, p.ProblemEvent):
        state = get(stream)
        if isinstance(state, ProblemState):
            yield from _problem(event, state)
    else:
        yield from told_coordination.told(event, id_, get(stream))


def _treated(event: Event, stream: str, get: Callable[[str], Any]) -> Iterator[Told]:
    match event:
        case t.EnterpriseMarked() | t.EnterpriseUnmarked():
            yield Recipient.ENTERPRISE, stream.partition("/")[2], "mark-set", {}
        case m.PulseAsked():
            yield Recipient.ENTERPRISE, event.enterprise, "pulse-asked", {"month": event.month}
        case m.MeetingSet() | m.MeetingCalledOff():
            state = get(stream)
            if not isinstance(state, MeetingState):
                return
            template = "meeting-invited" if isinstance(event, m.MeetingSet) else "meeting-off"
            meeting = state.meeting
            facts: dict[str, str | int] = {"meeting": meeting.id, "day": str(meeting.on)}
            for firm in meeting.invited:
                yield Recipient.ENTERPRISE, firm, template, facts
            for department in meeting.departments:
                yield Recipient.DEPARTMENT, department, template, facts
        case _:
            return


def _paired(state: object, template: str, facts: dict[str, str | int]) -> Iterator[Told]:
    if isinstance(state, PairingState):
        yield Recipient.ENTERPRISE, state.pair.enterprise, template, facts


def _problem(event: Event, state: ProblemState) -> Iterator[Told]:
    facts: dict[str, str | int] = {"problem": state.id}
    match event:
        case p.ProblemAccepted() | p.ProblemReassigned():
            yield Recipient.DEPARTMENT, event.department, "problem-assigned", facts
            yield Recipient.LEADER, "leader", "problem-assigned", facts
            yield from _enterprise(state, "problem-accepted", facts)
        case p.ProblemDeclined():
            yield from _enterprise(state, "problem-declined", facts)
        case p.ProblemMerged():
            yield from _enterprise(state, "problem-merged", {**facts, "into": event.into})
        case p.ProblemAnswered():
            yield from _enterprise(state, "problem-answered", facts)
        case p.WordGiven() if not event.word.satisfied:
            yield Recipient.DEPARTMENT, state.department or "", "problem-unsolved", facts
            yield Recipient.COORDINATOR, "office", "problem-unsolved", facts
        case p.ProblemClosed():
            yield Recipient.DEPARTMENT, state.department or "", "problem-closed", facts
            yield from _enterprise(state, "problem-closed", facts)
        case p.ProblemReopened():
            yield Recipient.DEPARTMENT, state.department or "", "problem-reopened", facts
            yield Recipient.LEADER, "leader", "problem-reopened", facts
            yield from _enterprise(state, "problem-reopened", facts)
        case _:
            return


def _enterprise(state: ProblemState, template: str, facts: dict[str, str | int]) -> Iterator[Told]:
    if state.problem.enterprise is not None:
        yield Recipient.ENTERPRISE, state.problem.enterprise, template, facts
