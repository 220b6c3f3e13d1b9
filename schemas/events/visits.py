"""A visit's story, station by station."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from schemas.base import Id, Instant, Month, Sealed, Text
from schemas.events.base import EventBase
from schemas.lanes import HalfDay, Lane
from schemas.visits import (
    Approval,
    Closing,
    Code,
    Filing,
    NoEntry,
    Outcome,
    Part,
    PlanLine,
    Rating,
    Scan,
)


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
    """The approval of an emergency visit came after the act.

    Until then the visit counted like a routine one; ``frees`` are the cap keys that it leaves.
    """

    type: Literal["cn.wurao.visit.approved.v1"] = "cn.wurao.visit.approved.v1"
    approval: Approval
    frees: tuple[str, ...] = ()


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


class VisitChanged(EventBase):
    """A revised plan lets other departments come, or for other requests; the day stays.

    ``left`` are the parts that come no more, with the officers who were named for them.
    """

    type: Literal["cn.wurao.visit.changed.v1"] = "cn.wurao.visit.changed.v1"
    line: PlanLine
    lane: Lane
    exempt: str | None = None
    approvals: tuple[Approval, ...]
    left: tuple[Part, ...] = ()


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
    """A department's result is on record; ``repeated`` are cited codes that stood there before."""

    type: Literal["cn.wurao.outcome.recorded.v1"] = "cn.wurao.outcome.recorded.v1"
    outcome: Outcome
    repeated: tuple[Id, ...] = ()


class RatingGiven(EventBase):
    """The enterprise rated the visit. Never leaves the internal topic.

    ``pad`` makes entries of all ratings equally long: a receipt shows how long the entry is.
    """

    type: Literal["cn.wurao.rating.given.v1"] = "cn.wurao.rating.given.v1"
    rating: Rating
    comment: Sealed | None = None
    pad: str = Field(default="", max_length=80)


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


class VisitClosed(EventBase):
    """Every station is on record. ``UNRATED`` shows as 未评, never as good."""

    type: Literal["cn.wurao.visit.closed.v1"] = "cn.wurao.visit.closed.v1"
    rating: Closing
