"""Commands: what people, devices and clocks ask for. ``scheduler.decide`` answers with events.

Every command has a stable, versioned type string. The type is what stands on the wire and in the
ledger; class names never do.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from schemas.alert_commands import (
    AnswerAlert,
    CloseAlert,
    HandOverAlert,
    RecordHandover,
    TakeUpAlert,
)
from schemas.base import Count, Id, Month, Personal, Text
from schemas.calendars import Calendar
from schemas.command_base import CommandBase
from schemas.draw_commands import (
    CommitDraw,
    OpenDraw,
    RevealDraw,
    SetDrawPublic,
    SubstituteDrawn,
    WithdrawDraw,
)
from schemas.key_commands import RevokeKey, RotateKey
from schemas.lanes import HalfDay
from schemas.matter_commands import MatterCommand
from schemas.plans import Answer, PlanBody
from schemas.policy import Policy
from schemas.privacy_commands import (
    AdoptRetention,
    AskErasure,
    EraseSubject,
    HoldSubject,
    ReleaseSubject,
    RevealPersonal,
)
from schemas.registry import Department, Enterprise, Item, Officer
from schemas.sealed_commands import (
    AskIdentity,
    CancelSealed,
    GrantIdentity,
    LookAtSealed,
    OpenSealed,
    PlanSealed,
    SeeIdentity,
)
from schemas.visits import Decision, Filing, NoEntry, Outcome, Paper, Rating, Request, Role


class RegisterDepartment(CommandBase):
    """Register a department or change its record."""

    type: Literal["cn.wurao.department.register.v1"] = "cn.wurao.department.register.v1"
    department: Department


class RegisterOfficer(CommandBase):
    """Register an officer or change the record. ``phone`` is personal."""

    type: Literal["cn.wurao.officer.register.v1"] = "cn.wurao.officer.register.v1"
    officer: Officer
    phone: Personal | None = None

    def personal(self) -> dict[str, str]:
        """Return the officer's phone as personal to the officer."""
        return {"phone": f"officer/{self.officer.id}"}


class RegisterEnterprise(CommandBase):
    """Register an enterprise or change its record. The contact is personal."""

    type: Literal["cn.wurao.enterprise.register.v1"] = "cn.wurao.enterprise.register.v1"
    enterprise: Enterprise
    contact_name: Personal | None = None
    contact_phone: Personal | None = None

    def personal(self) -> dict[str, str]:
        """Return the contact's fields as personal to the enterprise's contact."""
        subject = f"contact/{self.enterprise.id}"
        return {"contact_name": subject, "contact_phone": subject}


class PublishItem(CommandBase):
    """Publish an inspection item, or withdraw it by ``published: false``."""

    type: Literal["cn.wurao.item.publish.v1"] = "cn.wurao.item.publish.v1"
    item: Item


class AdoptPolicy(CommandBase):
    """Adopt a stack of policy layers, lowest precedence first.

    ``as_if_from`` applies the rules from an earlier day than their own, for a study of the past;
    whatever is decided so is shown "as if".
    """

    type: Literal["cn.wurao.policy.adopt.v1"] = "cn.wurao.policy.adopt.v1"
    layers: tuple[Policy, ...] = Field(min_length=1)
    as_if_from: date | None = None


class AdoptCalendar(CommandBase):
    """Adopt the working calendar of a year; open deadlines move with it."""

    type: Literal["cn.wurao.calendar.adopt.v1"] = "cn.wurao.calendar.adopt.v1"
    calendar: Calendar


class SetCapacity(CommandBase):
    """Set a department's capacity on one day, in the department's own units."""

    type: Literal["cn.wurao.capacity.set.v1"] = "cn.wurao.capacity.set.v1"
    department: Id
    day: date
    units: Count


class RecordBaseline(CommandBase):
    """Record a department's entries by month in the baseline year, with its grade of evidence."""

    type: Literal["cn.wurao.baseline.record.v1"] = "cn.wurao.baseline.record.v1"
    department: Id
    year: Count
    by_month: tuple[Count, ...] = Field(min_length=12, max_length=12)
    evidence: Literal["registered", "reported", "estimated", "generated"]


class SubmitRequest(CommandBase):
    """Submit a visit request."""

    type: Literal["cn.wurao.request.submit.v1"] = "cn.wurao.request.submit.v1"
    request: Request


class WithdrawRequest(CommandBase):
    """Withdraw a request that has not been entered."""

    type: Literal["cn.wurao.request.withdraw.v1"] = "cn.wurao.request.withdraw.v1"
    request: Id
    reason: Text


class ConfirmOnCall(CommandBase):
    """The enterprise confirms, on its own channel, that it asked for the visit."""

    type: Literal["cn.wurao.request.confirm.v1"] = "cn.wurao.request.confirm.v1"
    request: Id


class DecideRequest(CommandBase):
    """Approve or refuse a request in one of the roles that the approval matrix asks for.

    Where the office enters what somebody decided on paper, ``signatory`` is who signed it and
    ``paper`` the day on it and its picture.
    """

    type: Literal["cn.wurao.request.decide.v1"] = "cn.wurao.request.decide.v1"
    request: Id
    role: Role
    decision: Decision
    lifts: tuple[Id, ...] = ()
    on_paper: bool = False
    signatory: Id | None = None
    reason: Text | None = None
    paper: Paper | None = None


class CloseMonth(CommandBase):
    """Close a month's requests; later ones go to the next month or another lane."""

    type: Literal["cn.wurao.month.close.v1"] = "cn.wurao.month.close.v1"
    month: Month


class DraftPlan(CommandBase):
    """The planner's result: a draft for the departments to answer."""

    type: Literal["cn.wurao.plan.draft.v1"] = "cn.wurao.plan.draft.v1"
    month: Month
    version: int = Field(ge=1, le=999)
    body: PlanBody


class AnswerPlan(CommandBase):
    """A department's answers to the draft; a line without an answer is accepted by silence."""

    type: Literal["cn.wurao.plan.answer.v1"] = "cn.wurao.plan.answer.v1"
    month: Month
    version: Count
    answers: tuple[Answer, ...] = Field(min_length=1)


class PublishPlan(CommandBase):
    """Publish a drafted version. It is audited again against the ledger, under locks."""

    type: Literal["cn.wurao.plan.publish.v1"] = "cn.wurao.plan.publish.v1"
    month: Month
    version: Count


class ArrangeVisit(CommandBase):
    """Arrange an approved visit outside the month's plan: for cause, escalated, emergency, call."""

    type: Literal["cn.wurao.visit.arrange.v1"] = "cn.wurao.visit.arrange.v1"
    request: Id
    day: date
    half: HalfDay | None = None


class StaffVisit(CommandBase):
    """派员. A department names its officers and the half-day of the meeting."""

    type: Literal["cn.wurao.visit.staff.v1"] = "cn.wurao.visit.staff.v1"
    visit: Id
    department: Id
    officers: tuple[Id, ...]
    half: HalfDay


class CancelVisit(CommandBase):
    """Cancel a visit before anybody entered."""

    type: Literal["cn.wurao.visit.cancel.v1"] = "cn.wurao.visit.cancel.v1"
    visit: Id
    reason: Text


class IssueCode(CommandBase):
    """赋码. Issue the visit's code."""

    type: Literal["cn.wurao.code.issue.v1"] = "cn.wurao.code.issue.v1"
    visit: Id


class RevokeCode(CommandBase):
    """Revoke a code; it shows red from then on."""

    type: Literal["cn.wurao.code.revoke.v1"] = "cn.wurao.code.revoke.v1"
    visit: Id
    reason: Text


class BindCode(CommandBase):
    """Bind the number of an external 检查码 to the visit."""

    type: Literal["cn.wurao.code.bind.v1"] = "cn.wurao.code.bind.v1"
    visit: Id
    external: Id


class ScanIn(CommandBase):
    """扫码入企. Both codes were read at the gate; the departments that came are named.

    ``code`` is the officers' visit code, ``gate`` the enterprise's own code, both as read.
    ``position`` is personal and optional.
    """

    type: Literal["cn.wurao.visit.enter.v1"] = "cn.wurao.visit.enter.v1"
    visit: Id
    code: Text
    gate: Text
    departments: tuple[Id, ...] = Field(min_length=1)
    officers: tuple[Id, ...] = Field(min_length=1)
    position: Personal | None = None
    offline: bool = False
    late_reason: Text | None = None

    def personal(self) -> dict[str, str]:
        """Return the position as personal to the first officer."""
        return {"position": f"officer/{self.officers[0]}"}


class ScanOut(CommandBase):
    """The officers left the enterprise."""

    type: Literal["cn.wurao.visit.leave.v1"] = "cn.wurao.visit.leave.v1"
    visit: Id


class ReportNoEntry(CommandBase):
    """The visit was due and did not enter: closed gate, turned away, cancelled on site."""

    type: Literal["cn.wurao.visit.fail.v1"] = "cn.wurao.visit.fail.v1"
    visit: Id
    cause: NoEntry
    reason: Text


class RecordOutcome(CommandBase):
    """Record one department's result of a visit."""

    type: Literal["cn.wurao.outcome.record.v1"] = "cn.wurao.outcome.record.v1"
    visit: Id
    outcome: Outcome


class RateVisit(CommandBase):
    """评价. Rate a visit with the token that only the enterprise received."""

    type: Literal["cn.wurao.rating.give.v1"] = "cn.wurao.rating.give.v1"
    visit: Id
    token: Text
    rating: Rating
    comment: Personal | None = None

    def personal(self) -> dict[str, str]:
        """Return the comment as personal to the rater of this visit."""
        return {"comment": f"rater/{self.visit}"}


class RecordFiling(CommandBase):
    """备案. Record a filing at 优化办 for an escalated or emergency visit."""

    type: Literal["cn.wurao.filing.record.v1"] = "cn.wurao.filing.record.v1"
    visit: Id
    filing: Filing


class LapseDeadline(CommandBase):
    """The clock says that a deadline passed; sent by the timer, decided like anything else."""

    type: Literal["cn.wurao.deadline.lapse.v1"] = "cn.wurao.deadline.lapse.v1"
    deadline: Text


Command = Annotated[
    RegisterDepartment
    | RegisterOfficer
    | RegisterEnterprise
    | PublishItem
    | AdoptPolicy
    | AdoptCalendar
    | SetCapacity
    | RecordBaseline
    | SubmitRequest
    | WithdrawRequest
    | ConfirmOnCall
    | DecideRequest
    | CloseMonth
    | DraftPlan
    | AnswerPlan
    | PublishPlan
    | ArrangeVisit
    | StaffVisit
    | CancelVisit
    | IssueCode
    | RevokeCode
    | BindCode
    | ScanIn
    | ScanOut
    | ReportNoEntry
    | RecordOutcome
    | RateVisit
    | RecordFiling
    | LapseDeadline
    | RotateKey
    | RevokeKey
    | AdoptRetention
    | HoldSubject
    | ReleaseSubject
    | AskErasure
    | EraseSubject
    | RevealPersonal
    | OpenDraw
    | CommitDraw
    | SetDrawPublic
    | RevealDraw
    | SubstituteDrawn
    | WithdrawDraw
    | TakeUpAlert
    | AnswerAlert
    | CloseAlert
    | HandOverAlert
    | RecordHandover
    | PlanSealed
    | LookAtSealed
    | OpenSealed
    | CancelSealed
    | AskIdentity
    | GrantIdentity
    | SeeIdentity
    | MatterCommand,
    Field(discriminator="type"),
]
COMMANDS: TypeAdapter[Command] = TypeAdapter(Command)
"""Validates any command by its type string."""
