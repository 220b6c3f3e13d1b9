"""通知. Who must be told what of an event. Pure: templates by id, their texts live in the portal.

Two silences are kept here, so that no channel can break them. An unannounced visit (四不两直) is not
named to the enterprise before somebody entered. And no message names an enterprise, an officer or a
grade: it carries ids, days and counts, and whoever may see more looks it up under his own login. So
a text message that goes astray gives nothing away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import singledispatch
from typing import Any, Final

from scheduler.escalation import cannot_wait, waits_for_leader
from scheduler.states import DeadlineState, RequestState, VisitState
from scheduler.told import told
from schemas import events as e
from schemas.events import Event
from schemas.lanes import Lane
from schemas.notifications import Notification, Recipient
from schemas.plans import AnswerKind
from schemas.visits import Decision, Grade, PlanLine, Role

OFFICE: Final = "office"
"""Whom ``to`` names where the coordinator is told: 优化办 of the planning domain."""

LEADER: Final = "leader"
"""Whom ``to`` names where a leader is told. Which leader decides is settled by the screens."""

Get = Callable[[str], Any]
Params = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Word:
    """One thing to tell to one recipient."""

    recipient: Recipient
    to: str
    template: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where an event happened, and the cells as they are after it."""

    stream: str
    get: Get

    @property
    def id(self) -> str:
        """The id of the stream without its kind."""
        return self.stream.partition("/")[2]

    def request(self) -> RequestState:
        """Return the request that the stream is about."""
        state: RequestState = self.get(self.stream)
        return state

    def visit(self) -> VisitState:
        """Return the visit that the stream is about."""
        state: VisitState = self.get(self.stream)
        return state


def notify(event: Event, stream: str, entry_id: str, get: Get) -> tuple[Notification, ...]:
    """Return the messages that an event brings about, in a fixed order, none twice.

    Args:
        event: What happened.
        stream: The stream of its entry.
        entry_id: The id of its entry; the messages' ids derive from it.
        get: Gives the state of a cell after the event.
    """
    on = Occasion(stream, get)
    words: dict[tuple[Recipient, str, str], Word] = {}
    for word in (*_words(event, on), *_clocks(event, on)):
        words.setdefault((word.recipient, word.to, word.template), word)
    return tuple(
        Notification(
            id=f"{entry_id}-{n}",
            recipient=word.recipient,
            to=word.to,
            template=word.template,
            params=word.params,
            about=stream,
            ordinal=n,
        )
        for n, word in enumerate(words.values())
    )


def _department(id_: str, template: str, **params: str | int) -> Word:
    return Word(Recipient.DEPARTMENT, id_, template, params)


def _office(template: str, **params: str | int) -> Word:
    return Word(Recipient.COORDINATOR, OFFICE, template, params)


def _departments(line: PlanLine, template: str, **params: str | int) -> Iterator[Word]:
    for department in line.departments:
        yield _department(department, template, **params)


def _officers(line: PlanLine, template: str, **params: str | int) -> Iterator[Word]:
    for part in line.parts:
        for officer in part.officers:
            yield Word(Recipient.OFFICER, officer, template, params)


def _enterprise(line: PlanLine, template: str, **params: str | int) -> Iterator[Word]:
    """Tell the enterprise, of an announced visit only."""
    if line.announced:
        yield Word(Recipient.ENTERPRISE, line.enterprise, template, params)


def _approver(role: str, department: str, enterprise: str) -> tuple[Recipient, str]:
    match role:
        case Role.LEADER:
            return Recipient.LEADER, LEADER
        case Role.COORDINATOR:
            return Recipient.COORDINATOR, OFFICE
        case Role.ENTERPRISE:
            return Recipient.ENTERPRISE, enterprise
        case _:  # the head of the body, and the legal review beside him
            return Recipient.HEAD, department


def _escalation(state: RequestState, on: Occasion, today: date | None = None) -> Word:
    """Tell a leader at once what his next digest would tell too late; the rest waits for it."""
    urgent = cannot_wait(state.request, today or state.at.date())
    template = "escalation-urgent" if urgent else "escalation-waits"
    return Word(Recipient.LEADER, LEADER, template, {"request": on.id})


_ASKED: Final = {
    Recipient.ENTERPRISE: "on-call-to-confirm",
}
"""The templates for whose approval is asked, where it is not the ordinary one."""


def _clocks(event: Event, on: Occasion) -> Iterator[Word]:
    """Tell the owner of each deadline that the event opens. An enterprise is invited, not reminded."""
    for opened in event.opens:
        facts: Params = {"about": on.id, "rule": opened.rule, "working_days": opened.working_days}
        for recipient, to in _owners(opened.owner, opened.to):
            if recipient is not Recipient.ENTERPRISE:
                yield Word(recipient, to, "deadline-opened", facts)


def _owners(owner: str, to: str) -> Iterator[tuple[Recipient, str]]:
    match owner:
        case "coordinator":
            yield Recipient.COORDINATOR, OFFICE
        case "leader":
            yield Recipient.LEADER, LEADER
        case "department" | "head" | "enterprise":
            for one in filter(None, to.split(",")):
                yield Recipient(owner), one
        case _:
            return


@singledispatch
def _words(event: Event, on: Occasion) -> Iterator[Word]:
    """Most events concern only whoever brought them about, who sees the answer at once."""
    return (Word(*each) for each in told(event, on.stream, on.get))


@_words.register
def _(event: e.RequestAccepted, on: Occasion) -> Iterator[Word]:
    request = event.request
    for role in event.approvals_needed:
        if role == Role.LEADER:
            continue
        recipient, to = _approver(role, request.department, request.enterprise)
        yield Word(recipient, to, _ASKED.get(recipient, "approval-needed"), {"request": on.id})
    if set(event.approvals_needed) == {Role.LEADER.value}:
        yield _escalation(on.request(), on)
    if request.lane is Lane.EMERGENCY:
        # The head is told at once, whatever the matrix asks for afterwards.
        yield Word(Recipient.HEAD, request.department, "emergency-reported", {"request": on.id})
        yield _office("emergency-reported", request=on.id)


@_words.register
def _(event: e.RequestRefused, on: Occasion) -> Iterator[Word]:
    rules = ", ".join(objection.rule for objection in event.objections[:3])
    yield _department(event.request.department, "request-refused", request=on.id, rules=rules)


@_words.register
def _(event: e.RequestDecided, on: Occasion) -> Iterator[Word]:
    state, approval = on.request(), event.approval
    department = state.request.department
    if approval.decision is Decision.REFUSED:
        yield _department(department, "request-rejected", request=on.id, role=approval.role.value)
    elif waits_for_leader(state):
        yield _escalation(state, on, approval.at.date())
    elif state.approved:
        yield _department(department, "request-approved", request=on.id)
        if approval.role is Role.LEADER:
            yield _office("escalation-approved", request=on.id)
    if approval.entered_by is not None:
        # Nobody's name is used without a word to him.
        recipient, to = _approver(approval.role, department, state.request.enterprise)
        by = approval.entered_by
        yield Word(recipient, to, "entered-from-paper", {"request": on.id, "by": by})


@_words.register
def _(event: e.RequestPlaced, on: Occasion) -> Iterator[Word]:
    department = on.request().request.department
    yield _department(
        department, "request-placed", request=on.id, visit=event.visit, day=str(event.day)
    )


@_words.register
def _(event: e.RequestUnplaced, on: Occasion) -> Iterator[Word]:
    unplaced = event.unplaced
    yield _department(
        unplaced.department, "request-unplaced", request=on.id, cause=unplaced.cause.value
    )


@_words.register
def _(event: e.RequestCarried, on: Occasion) -> Iterator[Word]:
    unplaced = event.unplaced
    yield _department(unplaced.department, "request-carried", request=on.id, month=event.month)


@_words.register
def _(event: e.StatutoryUndecided, on: Occasion) -> Iterator[Word]:
    role, _, of = event.decider.partition("/")
    department = event.unplaced.department
    recipient, to = _approver(role, of or department, "")
    yield Word(recipient, to, "statutory-undecided", {"request": on.id})
    yield _department(department, "statutory-undecided", request=on.id)
    yield _office("statutory-undecided", request=on.id)


@_words.register
def _(event: e.PlanDrafted, on: Occasion) -> Iterator[Word]:
    lines: dict[str, int] = {}
    for line in event.body.lines:
        for department in line.departments:
            lines[department] = lines.get(department, 0) + 1
    for department, number in sorted(lines.items()):
        yield _department(
            department, "draft-to-answer", month=on.id, lines=number, until=str(event.answer_by)
        )


@_words.register
def _(event: e.PlanAnswered, on: Occasion) -> Iterator[Word]:
    declined = [answer for answer in event.answers if answer.kind is not AnswerKind.ACCEPT]
    if declined:
        yield _office("draft-declined", draft=on.id, lines=len(declined))


@_words.register
def _(event: e.VisitPublished, on: Occasion) -> Iterator[Word]:
    return _enterprise(event.line, "visit-announced", visit=on.id, day=str(event.line.day))


@_words.register
def _(event: e.VisitArranged, on: Occasion) -> Iterator[Word]:
    return _enterprise(event.line, "visit-announced", visit=on.id, day=str(event.line.day))


@_words.register
def _(event: e.ApprovalFollowed, on: Occasion) -> Iterator[Word]:
    return _departments(on.visit().line, "approval-followed", visit=on.id)


@_words.register
def _(event: e.VisitStaffed, on: Occasion) -> Iterator[Word]:
    day = str(on.visit().line.day)
    for officer in event.officers:
        facts: Params = {"visit": on.id, "day": day, "half": event.half.value}
        yield Word(Recipient.OFFICER, officer, "officer-named", facts)


@_words.register
def _(event: e.VisitCancelled, on: Occasion) -> Iterator[Word]:
    line = on.visit().line
    facts: Params = {"visit": on.id, "day": str(line.day)}
    yield from _departments(line, "visit-cancelled", **facts)
    yield from _officers(line, "visit-cancelled", **facts)
    yield from _enterprise(line, "visit-cancelled", **facts)


@_words.register
def _(event: e.VisitChanged, on: Occasion) -> Iterator[Word]:
    facts: Params = {"visit": on.id, "day": str(event.line.day)}
    yield from _departments(event.line, "visit-changed", **facts)
    for part in event.left:
        # Where its requests went, the department is told by their own events.
        for officer in part.officers:
            yield Word(Recipient.OFFICER, officer, "visit-cancelled", facts)
    yield from _officers(event.line, "visit-changed", **facts)
    yield from _enterprise(event.line, "visit-changed", **facts)


@_words.register
def _(event: e.CodeIssued, on: Occasion) -> Iterator[Word]:
    line = on.visit().line
    facts: Params = {"visit": on.id, "day": str(line.day)}
    yield from _officers(line, "code-issued", **facts)
    yield from _enterprise(line, "code-issued", **facts)
    if event.code.approval_to_follow:
        for department in line.departments:
            yield Word(Recipient.HEAD, department, "approval-to-follow", {"visit": on.id})


@_words.register
def _(event: e.CodeRevoked, on: Occasion) -> Iterator[Word]:
    line = on.visit().line
    yield from _officers(line, "code-revoked", visit=on.id)
    yield from _enterprise(line, "code-revoked", visit=on.id)


@_words.register
def _(event: e.VisitEntered, on: Occasion) -> Iterator[Word]:
    for department in event.absent:
        yield _department(department, "department-absent", visit=on.id)


@_words.register
def _(event: e.VisitLeft, on: Occasion) -> Iterator[Word]:
    # They have been there: from here on even an unannounced visit is the enterprise's to rate.
    yield Word(Recipient.ENTERPRISE, on.visit().line.enterprise, "rating-invited", {"visit": on.id})


@_words.register
def _(event: e.VisitNotEntered, on: Occasion) -> Iterator[Word]:
    facts: Params = {"visit": on.id, "cause": event.cause.value}
    yield from _departments(on.visit().line, "visit-not-entered", **facts)
    yield _office("visit-not-entered", **facts)


@_words.register
def _(event: e.OutcomeRecorded, on: Occasion) -> Iterator[Word]:
    line = on.visit().line
    facts: Params = {"visit": on.id}
    if event.outcome.rectify_by is not None:
        facts["until"] = str(event.outcome.rectify_by)
        yield Word(Recipient.ENTERPRISE, line.enterprise, "rectification-due", facts)
    else:
        yield Word(Recipient.ENTERPRISE, line.enterprise, "outcome-recorded", facts)


@_words.register
def _(event: e.RatingGiven, on: Occasion) -> Iterator[Word]:
    # To the office only, and without the grade: a department must never learn who rated it how.
    if event.rating.grade in {Grade.POOR, Grade.VERY_POOR}:
        yield _office("rating-to-follow-up", visit=on.id)


@_words.register
def _(event: e.FilingRecorded, on: Occasion) -> Iterator[Word]:
    if event.late:
        yield _office("filing-late", visit=on.id)
    if event.back_dated:
        yield _office("filing-back-dated", visit=on.id)


@_words.register
def _(event: e.DeadlineLapsed, on: Occasion) -> Iterator[Word]:
    deadline: DeadlineState = on.get(on.stream)
    facts: Params = {"about": deadline.about.partition("/")[2], "rule": event.rule}
    if deadline.owner == Recipient.ENTERPRISE:
        return  # the enterprise owes nobody a rating
    for recipient, to in _owners(deadline.owner, deadline.to):
        yield Word(recipient, to, "deadline-lapsed", facts)
    yield _office("deadline-lapsed", **facts)


@_words.register
def _(event: e.AlertTakenUp, on: Occasion) -> Iterator[Word]:
    # Only those who are asked: an alert about a rating asks nobody, so nobody hears of it.
    for department in event.asked:
        yield _department(department, "alert-asked", alert=on.id)
