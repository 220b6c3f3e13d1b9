"""A visit from the request to the rating: the value objects that commands and events carry."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from pydantic import Field, model_validator

from schemas.base import Count, Frozen, Id, Instant, Month, Sealed, Text
from schemas.lanes import Ground, HalfDay, Lane, OnSiteGround, Purpose, Remedy
from schemas.uscc import Uscc


class Window(Frozen):
    """The days, both inclusive, on which a visit may take place."""

    first: date
    last: date

    @model_validator(mode="after")
    def _ordered(self) -> Window:
        if self.last < self.first:
            msg = f"窗口结束早于开始 / the window ends before it starts: {self.first}..{self.last}"
            raise ValueError(msg)
        return self

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


class Urgency(Frozen):
    """Why an escalated request cannot wait, and which other ways were considered first."""

    why_cannot_wait: Text
    tried: tuple[Remedy, ...] = Field(min_length=1)
    lift: tuple[Id, ...] = Field(min_length=1, description="codes of the rules asked to lift")


class Cause(Frozen):
    """The ground of a statutory, for-cause or emergency check, with the number that proves it."""

    ground: Ground
    reference: Id
    last_legal_date: date | None = None


class Request(Frozen):
    """入企申请. One department asks to visit one enterprise once within a window of days.

    ``visitor`` is who comes where a clerk asks for somebody else, such as a leader: nobody approves
    a visit of his own. ``draw`` names the draw 双随机抽查 that the request comes of. ``line`` is the line of the department's annual plan that the request carries
    out, ``off_plan`` the basis of one that carries out none. ``on_site`` and ``why_on_site`` say why
    the matter cannot be settled off-site. ``campaign`` is the campaign 专项检查 that it is part of,
    ``joint`` the joint visit 一业一查 by which it joins others.
    """

    department: Id
    enterprise: Uscc
    purpose: Purpose
    lane: Lane
    items: tuple[Id, ...] = ()
    window: Window
    preferred_month: Month | None = None
    duration: int = Field(default=1, ge=1, le=64)
    announced: bool = True
    people: int = Field(default=2, ge=1, le=50)
    reason: Text | None = None
    why_on_site: Text | None = None
    cause: Cause | None = None
    urgency: Urgency | None = None
    reference: Id | None = None
    visitor: Id | None = None
    line: Id | None = None
    off_plan: Text | None = None
    generated: bool = False
    draw: Id | None = None
    on_site: OnSiteGround | None = None
    campaign: Id | None = None
    joint: Id | None = None

    @model_validator(mode="after")
    def _no_item_twice(self) -> Request:
        if len(set(self.items)) != len(self.items):
            msg = "事项重复 / an item is listed twice"
            raise ValueError(msg)
        return self


class Decision(StrEnum):
    """A yes or a no."""

    APPROVED = "approved"
    REFUSED = "refused"


class Role(StrEnum):
    """Whose yes an approval needs; the policy's approval matrix says which for what."""

    HEAD = "head"
    LEGAL = "legal"
    LEADER = "leader"
    COORDINATOR = "coordinator"
    ENTERPRISE = "enterprise"


class ScanMedia(StrEnum):
    """In what form a paper was photographed or scanned."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


LARGEST_SCAN: Final = 8_000_000
"""Bytes of the picture of a paper, at most. Project default: a phone's photograph has about 5 MB."""


class Paper(Frozen):
    """纸质批示. A decision that somebody signed on paper: the day on it, and its picture.

    ``sha256`` is of the picture's bytes, which are kept beside the ledger; ``size`` is in bytes.
    """

    signed_on: date
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    media: ScanMedia
    size: int = Field(ge=1, le=LARGEST_SCAN)


class Approval(Frozen):
    """审批. One decision of one role about one request.

    Where it was signed on paper, ``by`` signed, ``entered_by`` entered it for him, and ``paper`` is
    the evidence.
    """

    role: Role
    decision: Decision
    by: Id
    at: Instant
    on_paper: bool = False
    lifts: tuple[Id, ...] = ()
    reason: Text | None = None
    paper: Paper | None = None
    entered_by: Id | None = None


class Filing(Frozen):
    """备案. The record at 优化办; ``at`` is when it says it was made, the ledger knows when it came."""

    number: Id
    at: Instant
    by: Id


class Part(Frozen):
    """One department's share of a visit.

    ``units`` is what it takes of the department's capacity; ``caps`` are the tally keys in which
    this presence holds a unit, empty for exempt lanes.
    """

    department: Id
    requests: tuple[Id, ...] = Field(min_length=1)
    items: tuple[Id, ...] = ()
    units: Count = 1
    officers: tuple[Id, ...] = ()
    caps: tuple[str, ...] = ()


class Code(Frozen):
    """赋码/入企码. Valid for one visit in its window only; the signature is made where it is shown."""

    serial: Id
    visit: Id
    valid_from: Instant
    valid_until: Instant
    approval_to_follow: bool = False
    external: Id | None = None


class Scan(Frozen):
    """扫码入企. The officer's visit code and the enterprise's own code, read together."""

    at: Instant
    departments: tuple[Id, ...]
    officers: tuple[Id, ...]
    position: Sealed | None = None
    offline: bool = False
    late_reason: Text | None = None


class NoEntry(StrEnum):
    """Why a visit that was due did not enter."""

    CLOSED_GATE = "closed_gate"
    TURNED_AWAY = "turned_away"
    CANCELLED_ON_SITE = "cancelled_on_site"


class Finding(Frozen):
    """What was found on one item."""

    item: Id
    compliant: bool
    note: Text | None = None


class Outcome(Frozen):
    """检查结果. One department's result of a visit.

    ``cites`` are codes of lists in use, as ``list:code``: the exemption that spares the enterprise a
    penalty (首违不罚、免罚清单), or the violation that was found. ``packages`` were handed over.
    ``major`` marks a major decision 重大执法决定, which the department's legal reviewer sees before.
    """

    department: Id
    findings: tuple[Finding, ...]
    measure: str = Field(default="none", pattern="^(none|guidance|rectification|penalty_case)$")
    rectify_by: date | None = None
    cites: tuple[Id, ...] = ()
    packages: tuple[Id, ...] = ()
    major: bool = False


class LegalReview(Frozen):
    """法制审核. What a department's legal reviewer said to a major decision, on which day."""

    department: Id
    decision: Decision
    by: Id
    on: date
    reason: Text


class Grade(StrEnum):
    """好差评, five grades."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    VERY_POOR = "very_poor"


class Rating(Frozen):
    """评价. Given with the enterprise's own token; never shown to the department one by one."""

    grade: Grade
    beyond_items: bool = False
    forward: bool = Field(default=False, description="the rater consents to pass it on")


class Closing(StrEnum):
    """How the rating station of a visit ended."""

    RATED = "rated"
    UNRATED = "unrated"


class PlanLine(Frozen):
    """A line of the month's plan: the visit, when, who leads, and which requests it serves."""

    visit: Id
    enterprise: Uscc
    day: date
    half: HalfDay | None = None
    lead: Id
    parts: tuple[Part, ...] = Field(min_length=1)
    announced: bool = True
    purpose: Purpose = Purpose.INSPECTION

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments that come, in order of the parts."""
        return tuple(part.department for part in self.parts)
