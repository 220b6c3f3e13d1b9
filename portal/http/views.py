"""What is shown to whom. A view is made for its reader; what he may not know is not in it.

A rating never reaches the department that was rated, nor the hour at which it came: to all but the
office a visit that is closed looks like one that was left. Personal fields are not shown at all.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from portal.http.problems import ObjectionView, view
from scheduler.states import DraftState, MonthState, RequestState, VisitState, VisitStatus
from schemas.base import Frozen, Instant
from schemas.envelope import Actor, ActorRole
from schemas.lanes import Lane
from schemas.plans import Answer, Unplaced, Worth
from schemas.registry import CreditTier, Enterprise, Officer, RiskClass, Standing
from schemas.uscc import Uscc
from schemas.visits import Approval, Filing, NoEntry, Outcome, PlanLine, Request

OFFICE = frozenset(
    {
        ActorRole.SCHEDULER,
        ActorRole.ADMIN,
        ActorRole.LEADER,
        ActorRole.PLANNER,
        ActorRole.AUDITOR,
    }
)
"""Who sees every department's matters."""


class RequestView(Frozen):
    """A request and where it stands."""

    id: str
    status: str
    request: Request
    submitted: Instant
    submitted_by: str
    approvals_needed: tuple[str, ...]
    waiting_for: tuple[str, ...]
    approvals: tuple[Approval, ...]
    lift_asked: tuple[str, ...]
    confirmed: bool
    objections: tuple[ObjectionView, ...]
    unplaced: Unplaced | None
    visit: str | None
    day: date | None


def request_view(state: RequestState) -> RequestView:
    """Return a request for somebody who may read it."""
    given = {a.role.value for a in state.approvals if a.decision == "approved"}
    given |= {"enterprise"} if state.confirmed else set()
    return RequestView(
        id=state.id,
        status=state.status.value,
        request=state.request,
        submitted=state.at,
        submitted_by=state.by,
        approvals_needed=state.approvals_needed,
        waiting_for=tuple(role for role in state.approvals_needed if role not in given),
        approvals=state.approvals,
        lift_asked=state.lift_asked,
        confirmed=state.confirmed,
        objections=tuple(map(view, state.objections)),
        unplaced=state.unplaced,
        visit=state.visit,
        day=state.day,
    )


class CodeView(Frozen):
    """A visit's code: its serial and window. What stands in the QR code is read elsewhere."""

    serial: str
    valid_from: Instant
    valid_until: Instant
    revoked: bool
    approval_to_follow: bool
    external: str | None


class EntryView(Frozen):
    """Who entered, and when."""

    at: Instant
    departments: tuple[str, ...]
    officers: tuple[str, ...]
    offline: bool


class VisitView(Frozen):
    """A visit, station by station, as its reader may see it."""

    id: str
    status: VisitStatus
    line: PlanLine
    lane: Lane
    exempt: str | None
    month: str | None
    filing: Filing | None
    filing_late: bool
    code: CodeView | None
    entry: EntryView | None
    absent: tuple[str, ...]
    left: Instant | None
    no_entry: NoEntry | None
    outcomes: tuple[Outcome, ...]


def visit_view(state: VisitState, actor: Actor) -> VisitView:
    """Return a visit for a reader; a department sees its own result only."""
    office = actor.role in OFFICE
    closed = state.status is VisitStatus.CLOSED and not office
    results = state.outcomes if office else _results_for(state, actor)
    return VisitView(
        id=state.id,
        status=VisitStatus.LEFT if closed else state.status,
        line=state.line,
        lane=state.lane,
        exempt=state.exempt,
        month=state.month,
        filing=state.filing,
        filing_late=state.filing_late,
        code=_code(state),
        entry=_entry(state),
        absent=state.absent,
        left=state.left_at,
        no_entry=state.no_entry,
        outcomes=results,
    )


def _results_for(state: VisitState, actor: Actor) -> tuple[Outcome, ...]:
    if actor.role is ActorRole.ENTERPRISE:
        return state.outcomes
    return tuple(outcome for outcome in state.outcomes if outcome.department == actor.of)


def _code(state: VisitState) -> CodeView | None:
    code = state.code
    if code is None:
        return None
    return CodeView(
        serial=code.serial,
        valid_from=code.valid_from,
        valid_until=code.valid_until,
        revoked=state.code_revoked,
        approval_to_follow=code.approval_to_follow,
        external=code.external,
    )


def _entry(state: VisitState) -> EntryView | None:
    scan = state.scan
    if scan is None:
        return None
    return EntryView(
        at=scan.at, departments=scan.departments, officers=scan.officers, offline=scan.offline
    )


def disclosed(state: VisitState) -> bool:
    """Whether the enterprise may know of a visit: it was announced, or somebody came."""
    return state.line.announced or state.scan is not None


class PlanView(Frozen):
    """A version of a month's plan with the departments' answers, as far as its reader takes part."""

    month: str
    closed: bool
    drafted: int
    published: int
    version: int | None = None
    answer_by: date | None = None
    lines: tuple[PlanLine, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    answers: tuple[Answer, ...] = ()
    worth: Worth | None = None


def plan_view(
    month: str, state: MonthState, draft: DraftState | None, only: str | None
) -> PlanView:
    """Return a month's plan; ``only`` is the department that reads it, ``None`` for the office."""
    head = PlanView(
        month=month, closed=state.closed, drafted=state.drafted, published=state.published
    )
    if draft is None:
        return head
    body = draft.body
    return head.model_copy(
        update={
            "version": draft.version,
            "answer_by": draft.answer_by,
            "lines": tuple(line for line in body.lines if _for(line.departments, only)),
            "unplaced": tuple(each for each in body.unplaced if _for((each.department,), only)),
            "answers": tuple(each for each in draft.answers if _for((each.department,), only)),
            "worth": body.worth if only is None else None,
        }
    )


def _for(departments: Collection[str], only: str | None) -> bool:
    return only is None or only in departments


class EnterpriseView(Frozen):
    """An enterprise without its contact."""

    id: Uscc
    name: str
    site: str
    township: str | None
    industry: str | None
    group: str | None
    risk: RiskClass
    credit: CreditTier
    standing: Standing
    key: bool
    closed_days: tuple[date, ...]
    generated: bool


def enterprise_view(state: Enterprise) -> EnterpriseView:
    """Return an enterprise."""
    return EnterpriseView(
        id=state.id,
        name=state.name,
        site=state.site,
        township=state.township,
        industry=state.industry,
        group=state.group,
        risk=state.risk,
        credit=state.credit,
        standing=state.standing,
        key=state.key,
        closed_days=state.closed_days,
        generated=state.generated,
    )


class OfficerView(Frozen):
    """An officer without the telephone number."""

    id: str
    department: str
    name: str
    licence: str | None
    licence_until: date | None


def officer_view(state: Officer) -> OfficerView:
    """Return an officer."""
    return OfficerView(
        id=state.id,
        department=state.department,
        name=state.name,
        licence=state.licence,
        licence_until=state.licence_until,
    )
