"""月度计划. The plan of a month: lines, unplaced requests with reasons, and how good it is."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from schemas.base import Count, Frozen, Id, Text
from schemas.lanes import Remedy
from schemas.visits import PlanLine


class UnplacedCause(StrEnum):
    """Why a request found no day. Each can be checked from the plan and the problem alone."""

    WINDOW = "window"
    CLOSED_DAY = "closed_day"
    CAP = "cap"
    CAPACITY = "capacity"
    DECLINED = "declined"
    NOT_APPROVED = "not_approved"


class DayReason(Frozen):
    """Why one day did not do, with the numbers that show it."""

    day: date
    cause: UnplacedCause
    rule: Id | None = None
    load: Count = 0
    limit: Count = 0


class WayOut(Frozen):
    """A way out for an unplaced request: another week, a visit to join, escalation and so on."""

    remedy: Remedy
    day: date | None = None
    visit: Id | None = None


class Unplaced(Frozen):
    """A request that this plan did not place; ``carried`` when its window reaches a later month."""

    request: Id
    department: Id
    cause: UnplacedCause
    carried: bool = False
    must: bool = False
    days: tuple[DayReason, ...] = ()
    ways_out: tuple[WayOut, ...] = ()


class Level(Frozen):
    """One level of the objective: value reached and proven bound, both integers."""

    name: Id
    value: Count
    bound: Count


class Worth(Frozen):
    """How good a plan is, and how far at most from a perfect one.

    ``objective`` and ``bound`` count 10 per entry, 100 per unplaced request and 1 per month from
    preference. ``entries_bound`` is a lower bound on the entries with the same requests placed.
    """

    objective: Count
    bound: Count
    entries: Count
    entries_bound: Count
    levels: tuple[Level, ...] = ()
    seed: Count = 0
    step: Count = 0
    solver: Text


class Pin(Frozen):
    """A day that a person fixed for a request."""

    request: Id
    day: date


class Making(Frozen):
    """What a plan was made with beside the ledger itself, so that it can be made again.

    ``earliest`` is the first day that could be planned, ``steps`` the length of the search. A plan
    that revises a published one names its version as ``base``; then each request that leaves its
    published day counts ``change`` points more, each that had none twice as many, and before
    ``notice`` nobody new is placed. ``hand`` names the version that a person changed to get this one;
    0 where a search made it.
    """

    earliest: date
    steps: Count
    base: Count = 0
    change: Count = 0
    notice: date | None = None
    pins: tuple[Pin, ...] = ()
    hand: Count = 0


class DayPrice(Frozen):
    """The price of one unit of a department's day, in millionths of a point."""

    department: Id
    day: date
    micro: Count


class CapPrice(Frozen):
    """The price of one unit of a cap's room, in millionths of a point; the cap by code and key."""

    cap: str
    micro: Count


class LeftOver(Frozen):
    """So many of a department's requests cannot be placed by anybody; ``micro`` is the rebate."""

    department: Id
    least: Count
    micro: Count


class Proof(StrEnum):
    """What a bound rests on: prices that anybody can reckon it with again, or a whole search."""

    PRICES = "prices"
    SEARCH = "search"


class Certificate(Frozen):
    """Why no plan can be better than the bound says."""

    kind: Proof
    prices: tuple[DayPrice, ...] = ()
    caps: tuple[CapPrice, ...] = ()
    left_over: tuple[LeftOver, ...] = ()


class PlanBody(Frozen):
    """What a plan says."""

    lines: tuple[PlanLine, ...]
    unplaced: tuple[Unplaced, ...]
    worth: Worth
    snapshot: Id
    """Hash of the planning problem: policy, calendar, requests, capacities, history."""
    making: Making | None = None
    certificate: Certificate | None = None

    @property
    def base(self) -> int:
        """The published version that this plan revises; 0 for a month's first plan."""
        return self.making.base if self.making else 0


class AnswerKind(StrEnum):
    """A department's answer to its lines of the draft; silence accepts."""

    ACCEPT = "accept"
    DECLINE_DAY = "decline_day"
    DECLINE_MERGE = "decline_merge"
    DECLINE_LEAD = "decline_lead"


class Answer(Frozen):
    """One department's answer about one line of the draft plan."""

    department: Id
    visit: Id
    kind: AnswerKind
    reason: Text | None = None
