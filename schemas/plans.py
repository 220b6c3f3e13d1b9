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


class PlanBody(Frozen):
    """What a plan says."""

    lines: tuple[PlanLine, ...]
    unplaced: tuple[Unplaced, ...]
    worth: Worth
    snapshot: Id
    """Hash of the planning problem: policy, calendar, requests, capacities, history."""


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
