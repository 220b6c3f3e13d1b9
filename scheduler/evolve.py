"""The fold: how each event changes the states. Live handling and replay use this and nothing else.

An event changes the cell of its own stream, the tallies and the deadlines that it names, and a
drafted plan its draft. No policy, calendar or clock is needed to follow it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from scheduler import keyrings, keys, matters, privacy, supervision
from scheduler import states as s
from scheduler.annual import fold as annual
from scheduler.draw import fold as draw
from scheduler.moment import Moment, with_
from schemas import events as e
from schemas.envelope import Actor
from schemas.events import Event
from schemas.events.budgets import PolicyUnitsMoved
from schemas.events.leads import OutcomeReviewed
from schemas.tallies import Opened, TallyChange
from schemas.visits import Closing, Code

Get = Callable[[str], Any]


def evolve(  # noqa: PLR0917 - the parts of one entry, in its own order
    get: Get, stream: str, event: Event, occurred: datetime, recorded: datetime, actor: Actor
) -> dict[str, Any]:
    """Return the cells that an event changes, with their new states.

    Parameters
    ----------
    get
        Gives the present state of a cell, ``None`` when there is none.
    """
    moment = Moment(occurred, recorded, actor)
    changed: dict[str, Any] = {stream: _OWN[type(event)](get(stream), event, stream, moment)}
    if isinstance(event, e.PlanDrafted):
        key = keys.draft(event.month, event.version)
        changed[key] = s.DraftState(
            month=event.month, version=event.version, body=event.body, answer_by=event.answer_by
        )
    for change in event.tally:
        before = changed.get(change.key) or get(change.key) or s.TallyState()
        changed[change.key] = moved(before, change)
    for opened in event.opens:
        changed[opened.id] = _open(opened, stream, moment)
    for id_ in event.meets:
        deadline = changed.get(id_) or get(id_)
        if deadline is not None and deadline.status == "open":
            changed[id_] = deadline.model_copy(update={"status": "met"})
    return changed


def moved(before: s.TallyState, change: TallyChange) -> s.TallyState:
    """Return a tally after a change.

    Raises:
    ------
    ValueError
        If a unit would be released that nobody holds: a fault in a decision, never in an input.
    """
    reserved, used = before.reserved + change.reserved, before.used + change.used
    if reserved < 0 or used < 0:
        msg = f"{change.key}: {before} cannot change by {change.reserved}, {change.used}"
        raise ValueError(msg)
    return s.TallyState(reserved=reserved, used=used)


def _open(opened: Opened, stream: str, moment: Moment) -> s.DeadlineState:
    return s.DeadlineState(
        id=opened.id,
        rule=opened.rule,
        about=stream,
        owner=opened.owner,
        to=opened.to,
        since=moment.day,
        working_days=opened.working_days,
        ends=opened.ends,
    )


def _policy(old: s.PolicyState | None, event: e.PolicyAdopted, _: str, __: Moment) -> object:
    version = (old.version if old else 0) + 1
    # A new edition of the table takes nothing back that was moved: somebody decided on it by name.
    return s.PolicyState(
        version=version,
        layers=event.layers,
        as_if_from=event.as_if_from,
        moves=old.moves if old else (),
    )


def _moved(old: s.PolicyState, event: PolicyUnitsMoved, _: str, __: Moment) -> object:
    return with_(old, moves=(*old.moves, event.move))


def _calendar(old: s.CalendarsState | None, event: e.CalendarAdopted, _: str, __: Moment) -> object:
    # Every edition stays: which one is in force is for the working calendar to say, or a provisional
    # edition that comes late would take the official one's place.
    kept = [c for c in (old.calendars if old else ()) if c != event.calendar]
    editions = sorted([*kept, event.calendar], key=lambda c: (c.year, c.official, c.version))
    return s.CalendarsState(calendars=tuple(editions))


def _baseline(_: object, event: e.BaselineRecorded, __: str, ___: Moment) -> object:
    return s.BaselineState(year=event.year, by_month=event.by_month, evidence=event.evidence)


def _accepted(_: object, event: e.RequestAccepted, stream: str, moment: Moment) -> object:
    return s.RequestState(
        id=stream.partition("/")[2],
        request=event.request,
        status=s.RequestStatus.ACCEPTED,
        at=moment.occurred,
        approvals_needed=event.approvals_needed,
        lift_asked=event.lift_asked,
        held=tuple(change.key for change in event.tally if change.reserved > 0),
        objections=event.advice,
        by=event.by,
    )


def _refused(_: object, event: e.RequestRefused, stream: str, moment: Moment) -> object:
    return s.RequestState(
        id=stream.partition("/")[2],
        request=event.request,
        status=s.RequestStatus.REFUSED,
        at=moment.occurred,
        objections=event.objections,
        by=event.by,
    )


def _withdrawn(old: s.RequestState, _: object, __: str, ___: Moment) -> object:
    return with_(old, status=s.RequestStatus.WITHDRAWN, held=())


def _decided(old: s.RequestState, event: e.RequestDecided, _: str, __: Moment) -> object:
    approvals = (*old.approvals, event.approval)
    if event.approval.decision == "refused":
        return with_(old, approvals=approvals, status=s.RequestStatus.REJECTED, held=())
    return with_(old, approvals=approvals)


def _placed(old: s.RequestState, event: e.RequestPlaced, _: str, __: Moment) -> object:
    return with_(
        old, status=s.RequestStatus.PLACED, visit=event.visit, day=event.day, held=(), unplaced=None
    )


def _unplaced(old: s.RequestState, event: e.RequestUnplaced, _: str, __: Moment) -> object:
    return with_(
        old,
        status=s.RequestStatus.UNPLACED,
        unplaced=event.unplaced,
        held=(),
        visit=None,
        day=None,
    )


def _undecided(old: s.RequestState, event: e.StatutoryUndecided, _: str, __: Moment) -> object:
    return with_(
        old, status=s.RequestStatus.UNDECIDED, unplaced=event.unplaced, visit=None, day=None
    )


def _carried(old: s.RequestState, event: e.RequestCarried, _: str, __: Moment) -> object:
    carried = with_(old, unplaced=event.unplaced, carried=old.carried + 1)
    if old.status is not s.RequestStatus.PLACED:
        return carried
    # A revised plan took its day away: it waits again, and holds what it held before it had one.
    held = tuple(change.key for change in event.tally if change.reserved > 0)
    return with_(carried, status=s.RequestStatus.ACCEPTED, held=held, visit=None, day=None)


def _month(old: s.MonthState | None, event: Event, _: str, __: Moment) -> object:
    state = old or s.MonthState()
    match event:
        case e.MonthClosed():
            return with_(state, closed=True)
        case e.PlanDrafted():
            return with_(state, drafted=event.version, answer_by=event.answer_by)
        case e.PlanPublished():
            return with_(state, published=event.version)
        case _:
            raise TypeError(type(event))


def _answered(old: s.DraftState, event: e.PlanAnswered, _: str, __: Moment) -> object:
    return with_(old, answers=(*old.answers, *event.answers))


def _published(_: object, event: e.VisitPublished, stream: str, __: Moment) -> object:
    return s.VisitState(
        id=stream.partition("/")[2],
        line=event.line,
        lane=event.lane,
        status=s.VisitStatus.PUBLISHED,
        exempt=event.exempt,
        month=event.month,
        approvals=event.approvals,
        filing=event.filing,
    )


def _arranged(_: object, event: e.VisitArranged, stream: str, __: Moment) -> object:
    return s.VisitState(
        id=stream.partition("/")[2],
        line=event.line,
        lane=event.lane,
        status=s.VisitStatus.PUBLISHED,
        exempt=event.exempt,
        approvals=event.approvals,
        approval_to_follow=event.approval_to_follow,
        filing=event.filing,
    )


def _staffed(old: s.VisitState, event: e.VisitStaffed, _: str, __: Moment) -> object:
    parts = tuple(
        with_(part, officers=event.officers) if part.department == event.department else part
        for part in old.line.parts
    )
    return with_(old, line=with_(old.line, parts=parts, half=event.half))


def _bound(code: Code | None, external: str | None) -> object:
    return None if code is None else with_(code, external=external)


def _freed(old: s.VisitState, frees: tuple[str, ...]) -> object:
    parts = (
        with_(part, caps=tuple(key for key in part.caps if key not in frees))
        for part in old.line.parts
    )
    return with_(old.line, parts=tuple(parts))


def _visit(old: s.VisitState, event: Event, _: str, __: Moment) -> object:  # noqa: C901, PLR0911, PLR0912 - one line per event reads best in one place
    match event:
        case e.ApprovalFollowed():
            return with_(
                old,
                approvals=(*old.approvals, event.approval),
                approval_to_follow=False,
                line=_freed(old, event.frees),
            )
        case e.VisitChanged():
            return with_(
                old,
                line=event.line,
                lane=event.lane,
                exempt=event.exempt,
                approvals=event.approvals,
            )
        case e.VisitCancelled():
            return with_(old, status=s.VisitStatus.CANCELLED)
        case e.CodeIssued():
            return with_(old, code=event.code, code_revoked=False)
        case e.CodeRevoked():
            # The external number is free again with the code that it stood beside.
            return with_(old, code=_bound(old.code, None), code_revoked=True)
        case e.CodeBound():
            return with_(old, code=_bound(old.code, event.external))
        case e.VisitEntered():
            return with_(old, status=s.VisitStatus.ENTERED, scan=event.scan, absent=event.absent)
        case e.VisitLeft():
            return with_(old, status=s.VisitStatus.LEFT, left_at=event.at)
        case e.VisitNotEntered():
            return with_(old, status=s.VisitStatus.NOT_ENTERED, no_entry=event.cause)
        case OutcomeReviewed():
            return with_(old, reviews=(*old.reviews, event.review))
        case e.OutcomeRecorded():
            return with_(old, outcomes=(*old.outcomes, event.outcome))
        case e.RatingGiven():
            return with_(old, rating=event.rating, rated=Closing.RATED)
        case e.RatingLapsed():
            return with_(old, rated=Closing.UNRATED)
        case e.FilingRecorded():
            return with_(
                old,
                filing=event.filing,
                filing_late=event.late,
                filing_back_dated=event.back_dated,
            )
        case e.VisitClosed():
            return with_(old, status=s.VisitStatus.CLOSED)
        case _:
            raise TypeError(type(event))


def _lapsed(old: s.DeadlineState, _: object, __: str, ___: Moment) -> object:
    return with_(old, status="lapsed")


def _command_refused(_: object, event: e.CommandRefused, __: str, ___: Moment) -> object:
    return s.RefusalState(command=event.command, about=event.about, objections=event.objections)


def _rejected(_: object, event: e.InputRejected, __: str, ___: Moment) -> object:
    return s.RejectionState(
        reason=event.reason, detail=event.detail, digest=event.digest, size=event.size
    )


_OWN: dict[type, Callable[..., object]] = {
    e.DepartmentRegistered: lambda _, event, __, ___: event.department,
    e.OfficerRegistered: lambda _, event, __, ___: event.officer,
    e.EnterpriseRegistered: lambda _, event, __, ___: event.enterprise,
    e.ItemPublished: lambda _, event, __, ___: event.item,
    e.CapacitySet: lambda _, event, __, ___: s.CapacityState(units=event.units),
    e.PolicyAdopted: _policy,
    e.CalendarAdopted: _calendar,
    e.BaselineRecorded: _baseline,
    e.RequestAccepted: _accepted,
    e.RequestRefused: _refused,
    e.RequestWithdrawn: _withdrawn,
    e.OnCallConfirmed: lambda old, _, __, ___: with_(old, confirmed=True),
    e.RequestDecided: _decided,
    e.RequestPlaced: _placed,
    e.RequestUnplaced: _unplaced,
    e.RequestCarried: _carried,
    e.StatutoryUndecided: _undecided,
    e.MonthClosed: _month,
    e.PlanDrafted: _month,
    e.PlanPublished: _month,
    e.PlanAnswered: _answered,
    e.VisitPublished: _published,
    e.VisitArranged: _arranged,
    e.VisitStaffed: _staffed,
    e.ApprovalFollowed: _visit,
    e.VisitChanged: _visit,
    e.VisitCancelled: _visit,
    e.CodeIssued: _visit,
    e.CodeRevoked: _visit,
    e.CodeBound: _visit,
    e.VisitEntered: _visit,
    e.VisitLeft: _visit,
    e.VisitNotEntered: _visit,
    OutcomeReviewed: _visit,
    e.OutcomeRecorded: _visit,
    e.RatingGiven: _visit,
    e.RatingLapsed: _visit,
    e.FilingRecorded: _visit,
    e.VisitClosed: _visit,
    e.DeadlineLapsed: _lapsed,
    e.CommandRefused: _command_refused,
    e.InputRejected: _rejected,
    PolicyUnitsMoved: _moved,
    **annual.OWN,
    **draw.OWN,
    **supervision.OWN,
    **privacy.OWN,
    **keyrings.OWN,
    **matters.OWN,
}
"""What each event does to the cell of its own stream."""
