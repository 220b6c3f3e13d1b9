"""Events: what happened. They alone make up the ledger; every state is a fold over them.

An event changes the state of its own stream, plus the tallies and deadlines that it names, so that
a fold needs neither policy nor calendar.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from schemas.base import Count, Frozen, Id, Instant, Month, Sealed, Text
from schemas.calendars import Calendar
from schemas.lanes import HalfDay, Lane
from schemas.objections import Objection
from schemas.plans import Answer, PlanBody, Unplaced, Worth
from schemas.policy import Policy
from schemas.registry import Department, Enterprise, Item, Officer
from schemas.tallies import Opened, TallyChange
from schemas.visits import (
    Approval,
    Closing,
    Code,
    Filing,
    NoEntry,
    Outcome,
    PlanLine,
    Rating,
    Request,
    Scan,
)


class EventBase(Frozen):
    """What any event may do beside its own story.

    ``tally`` moves counted units, ``opens`` starts deadlines, ``meets`` ends them by id.
    """

    tally: tuple[TallyChange, ...] = ()
    opens: tuple[Opened, ...] = ()
    meets: tuple[str, ...] = ()


class DepartmentRegistered(EventBase):
    """A department was registered or its record changed."""

    type: Literal["cn.wurao.department.registered.v1"] = "cn.wurao.department.registered.v1"
    department: Department


class OfficerRegistered(EventBase):
    """An officer was registered or the record changed."""

    type: Literal["cn.wurao.officer.registered.v1"] = "cn.wurao.officer.registered.v1"
    officer: Officer


class EnterpriseRegistered(EventBase):
    """An enterprise was registered or its record changed."""

    type: Literal["cn.wurao.enterprise.registered.v1"] = "cn.wurao.enterprise.registered.v1"
    enterprise: Enterprise


class ItemPublished(EventBase):
    """An inspection item was published or withdrawn."""

    type: Literal["cn.wurao.item.published.v1"] = "cn.wurao.item.published.v1"
    item: Item


class PolicyAdopted(EventBase):
    """A stack of policy layers came into use."""

    type: Literal["cn.wurao.policy.adopted.v1"] = "cn.wurao.policy.adopted.v1"
    layers: tuple[Policy, ...]
    as_if_from: date | None = None


class CalendarAdopted(EventBase):
    """A year's working calendar came into use."""

    type: Literal["cn.wurao.calendar.adopted.v1"] = "cn.wurao.calendar.adopted.v1"
    calendar: Calendar


class CapacitySet(EventBase):
    """A department's capacity on one day was set."""

    type: Literal["cn.wurao.capacity.set.v1"] = "cn.wurao.capacity.set.v1"
    department: Id
    day: date
    units: Count


class BaselineRecorded(EventBase):
    """A department's entries in the baseline year were recorded."""

    type: Literal["cn.wurao.baseline.recorded.v1"] = "cn.wurao.baseline.recorded.v1"
    department: Id
    year: Count
    by_month: tuple[Count, ...]
    evidence: str


class RequestAccepted(EventBase):
    """A request passed the rules. ``advice`` holds objections that bind nobody here."""

    type: Literal["cn.wurao.request.accepted.v1"] = "cn.wurao.request.accepted.v1"
    request: Request
    approvals_needed: tuple[str, ...]
    advice: tuple[Objection, ...] = ()
    lift_asked: tuple[Id, ...] = ()
    by: Id


class RequestRefused(EventBase):
    """A request was refused, with every rule that stands in its way and the ways out."""

    type: Literal["cn.wurao.request.refused.v1"] = "cn.wurao.request.refused.v1"
    request: Request
    objections: tuple[Objection, ...]
    by: Id


class RequestWithdrawn(EventBase):
    """The department took its request back."""

    type: Literal["cn.wurao.request.withdrawn.v1"] = "cn.wurao.request.withdrawn.v1"
    reason: Text


class OnCallConfirmed(EventBase):
    """The enterprise confirmed that it asked for the visit."""

    type: Literal["cn.wurao.request.confirmed.v1"] = "cn.wurao.request.confirmed.v1"
    by: Id


class RequestDecided(EventBase):
    """One role said yes or no to a request."""

    type: Literal["cn.wurao.request.decided.v1"] = "cn.wurao.request.decided.v1"
    approval: Approval


class RequestPlaced(EventBase):
    """A request got its visit and its day."""

    type: Literal["cn.wurao.request.placed.v1"] = "cn.wurao.request.placed.v1"
    visit: Id
    day: date


class RequestUnplaced(EventBase):
    """A published plan has no day for the request; its cap units are free again."""

    type: Literal["cn.wurao.request.unplaced.v1"] = "cn.wurao.request.unplaced.v1"
    month: Month
    unplaced: Unplaced


class RequestCarried(EventBase):
    """A published plan has no day for the request yet; it goes on to the next month's plan."""

    type: Literal["cn.wurao.request.carried.v1"] = "cn.wurao.request.carried.v1"
    month: Month
    unplaced: Unplaced


class StatutoryUndecided(EventBase):
    """A statutory check found no day before its last legal date; a named person must decide."""

    type: Literal["cn.wurao.request.undecided.v1"] = "cn.wurao.request.undecided.v1"
    month: Month
    unplaced: Unplaced
    decider: str


class MonthClosed(EventBase):
    """Requests for the month closed."""

    type: Literal["cn.wurao.month.closed.v1"] = "cn.wurao.month.closed.v1"


class PlanDrafted(EventBase):
    """A version of the month's plan was drafted."""

    type: Literal["cn.wurao.plan.drafted.v1"] = "cn.wurao.plan.drafted.v1"
    month: Month
    version: Count
    body: PlanBody
    answer_by: date


class PlanAnswered(EventBase):
    """A department answered the draft."""

    type: Literal["cn.wurao.plan.answered.v1"] = "cn.wurao.plan.answered.v1"
    answers: tuple[Answer, ...]


class PlanPublished(EventBase):
    """A version was published: from now on these visits stand."""

    type: Literal["cn.wurao.plan.published.v1"] = "cn.wurao.plan.published.v1"
    month: Month
    version: Count
    worth: Worth
    snapshot: Id
    entries: Count
    placed: Count
    unplaced: Count


class VisitPublished(EventBase):
    """A visit of the published plan. The published plan is its filing."""

    type: Literal["cn.wurao.visit.published.v1"] = "cn.wurao.visit.published.v1"
    line: PlanLine
    lane: Lane
    exempt: str | None = None
    month: Month
    filing: Filing
    approvals: tuple[Approval, ...]


class VisitArranged(EventBase):
    """A visit arranged outside the month's plan."""

    type: Literal["cn.wurao.visit.arranged.v1"] = "cn.wurao.visit.arranged.v1"
    line: PlanLine
    lane: Lane
    exempt: str | None = None
    filing: Filing | None = None
    approvals: tuple[Approval, ...]
    approval_to_follow: bool = False


class ApprovalFollowed(EventBase):
    """The approval of an emergency visit came after the act."""

    type: Literal["cn.wurao.visit.approved.v1"] = "cn.wurao.visit.approved.v1"
    approval: Approval


class VisitStaffed(EventBase):
    """A department named its officers and the half-day."""

    type: Literal["cn.wurao.visit.staffed.v1"] = "cn.wurao.visit.staffed.v1"
    department: Id
    officers: tuple[Id, ...]
    half: HalfDay


class VisitCancelled(EventBase):
    """The visit was called off before anybody entered."""

    type: Literal["cn.wurao.visit.cancelled.v1"] = "cn.wurao.visit.cancelled.v1"
    reason: Text


class CodeIssued(EventBase):
    """The visit has a code."""

    type: Literal["cn.wurao.code.issued.v1"] = "cn.wurao.code.issued.v1"
    code: Code


class CodeRevoked(EventBase):
    """The code is void."""

    type: Literal["cn.wurao.code.revoked.v1"] = "cn.wurao.code.revoked.v1"
    serial: Id
    reason: Text


class CodeBound(EventBase):
    """An external 检查码 number belongs to the visit."""

    type: Literal["cn.wurao.code.bound.v1"] = "cn.wurao.code.bound.v1"
    external: Id


class VisitEntered(EventBase):
    """Officers entered. ``absent`` departments were due and did not come."""

    type: Literal["cn.wurao.visit.entered.v1"] = "cn.wurao.visit.entered.v1"
    scan: Scan
    absent: tuple[Id, ...] = ()


class VisitLeft(EventBase):
    """Officers left."""

    type: Literal["cn.wurao.visit.left.v1"] = "cn.wurao.visit.left.v1"
    at: Instant


class VisitNotEntered(EventBase):
    """The visit was due and did not enter."""

    type: Literal["cn.wurao.visit.not_entered.v1"] = "cn.wurao.visit.not_entered.v1"
    cause: NoEntry
    reason: Text


class OutcomeRecorded(EventBase):
    """A department's result is on record."""

    type: Literal["cn.wurao.outcome.recorded.v1"] = "cn.wurao.outcome.recorded.v1"
    outcome: Outcome


class RatingGiven(EventBase):
    """The enterprise rated the visit. Never leaves the internal topic."""

    type: Literal["cn.wurao.rating.given.v1"] = "cn.wurao.rating.given.v1"
    rating: Rating
    comment: Sealed | None = None


class RatingLapsed(EventBase):
    """The time to rate ran out; the visit is 未评, which never counts as good."""

    type: Literal["cn.wurao.rating.lapsed.v1"] = "cn.wurao.rating.lapsed.v1"


class FilingRecorded(EventBase):
    """A filing reached 优化办; ``late`` and ``back_dated`` are judged by when it was recorded."""

    type: Literal["cn.wurao.filing.recorded.v1"] = "cn.wurao.filing.recorded.v1"
    filing: Filing
    recorded_on: date
    late: bool = False
    back_dated: bool = False


class DeadlineLapsed(EventBase):
    """A deadline passed without what it waited for."""

    type: Literal["cn.wurao.deadline.lapsed.v1"] = "cn.wurao.deadline.lapsed.v1"
    rule: Id
    about: str


class VisitClosed(EventBase):
    """Every station is on record. ``UNRATED`` shows as 未评, never as good."""

    type: Literal["cn.wurao.visit.closed.v1"] = "cn.wurao.visit.closed.v1"
    rating: Closing


class CommandRefused(EventBase):
    """A command other than a request was refused, and why."""

    type: Literal["cn.wurao.command.refused.v1"] = "cn.wurao.command.refused.v1"
    command: str
    about: str
    objections: tuple[Objection, ...]


class InputRejected(EventBase):
    """Bytes that are no command: kept apart for a person to inspect, mend and send again."""

    type: Literal["cn.wurao.input.rejected.v1"] = "cn.wurao.input.rejected.v1"
    reason: str
    detail: Text
    digest: str
    size: Count


Event = Annotated[
    DepartmentRegistered
    | OfficerRegistered
    | EnterpriseRegistered
    | ItemPublished
    | PolicyAdopted
    | CalendarAdopted
    | CapacitySet
    | BaselineRecorded
    | RequestAccepted
    | RequestRefused
    | RequestWithdrawn
    | OnCallConfirmed
    | RequestDecided
    | RequestPlaced
    | RequestUnplaced
    | RequestCarried
    | StatutoryUndecided
    | MonthClosed
    | PlanDrafted
    | PlanAnswered
    | PlanPublished
    | VisitPublished
    | VisitArranged
    | ApprovalFollowed
    | VisitStaffed
    | VisitCancelled
    | CodeIssued
    | CodeRevoked
    | CodeBound
    | VisitEntered
    | VisitLeft
    | VisitNotEntered
    | OutcomeRecorded
    | RatingGiven
    | RatingLapsed
    | FilingRecorded
    | DeadlineLapsed
    | VisitClosed
    | CommandRefused
    | InputRejected,
    Field(discriminator="type"),
]
EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
"""Validates any event by its type string."""
