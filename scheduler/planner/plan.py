"""What the planner answers: days, visits, reasons, and how good the plan provably is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scheduler.planner.problem import Ask
from scheduler.planner.reasons import Unplaced

TOLL_SCALE = 1_000_000  # tolls and rebates are whole millionths of an objective point


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """An ask and the day it was given."""

    ask: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One entry: the asks of one party at one enterprise on one day.

    Parameters
    ----------
    lead
        The department that leads, by `lead_of`.
    items
        The items of all asks, each once, sorted.
    duration
        Units of the department that stays longest; departments work side by side.
    """

    enterprise: str
    day: date
    party: str
    departments: tuple[str, ...]
    lead: str
    asks: tuple[str, ...]
    items: tuple[str, ...]
    duration: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One term by which plans are compared: what the plan has, and a proven lower bound."""

    name: str
    value: int
    bound: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """The price of one unit of a department-day, in millionths of an objective point.

    It also says how scarce the day is: what one more unit would be worth at most.
    """

    department: str
    day: date
    micro: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The price of one unit of a cap's room, in millionths of an objective point.

    ``cap`` names it as `columns.name_of` does: the rule's code and the key under it.
    """

    cap: str
    micro: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A department that must leave out `least` of its asks, whatever the others do.

    `micro` is the rebate on leaving one out that the bound was reckoned with.
    """

    department: str
    least: int
    micro: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What the bound rests on.

    With `kind` `prices` the bound follows from tolls, budgets and shortfalls by the arithmetic of
    docs/reference/problem-format.md, whose amounts may be any non-negative numbers; with `search`
    the whole problem was searched by CP-SAT, which proved a higher bound.
    """

    kind: Literal["prices", "search"]
    tolls: tuple[Toll, ...]
    budgets: tuple[Budget, ...]
    shortfalls: tuple[Shortfall, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What the work amounted to, in counts that repeat exactly."""

    asks: int
    options: int
    models: int
    proven: bool  # that no plan has a better objective


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A plan for a problem, its reasons and its certificate.

    Parameters
    ----------
    objective
        10 per entry + 100 per unplaced ask + months from preference.
    bound
        No plan that leaves as few statutory and pinned asks unplaced has a lower objective.
    levels
        `must_unplaced`, `pinned_unplaced`, `objective`, `unplaced`, `entries`, `months`,
        `weight_unplaced`, `trips`, `fullest` (see `comfort`). The bounds of entries, months, trips
        and fullest days hold for plans that place exactly the same asks.
    entries_bound
        Fewest entries of any plan that places exactly the same asks.
    step
        The numbered step after which the work stopped; a run limited to it repeats the plan.
    """

    placements: tuple[Placement, ...]
    visits: tuple[Visit, ...]
    unplaced: tuple[Unplaced, ...]
    objective: int
    bound: int
    entries_bound: int
    levels: tuple[Level, ...]
    certificate: Certificate
    step: int
    statistics: Statistics

    def days(self) -> dict[str, date]:
        """The day of each placed ask."""
        return {placement.ask: placement.day for placement in self.placements}


def lead_of(asks: Iterable[Ask]) -> str:
    """Name the department that leads a visit of these asks.

    A department with a statutory ask leads before one without; then the one with more
    units of work; then the one with the heaviest ask; then the first by code.
    """
    by_department: dict[str, list[Ask]] = {}
    for ask in asks:
        by_department.setdefault(ask.department, []).append(ask)

    def rank(department: str) -> tuple[bool, int, int, str]:
        own = by_department[department]
        units = sum(ask.duration for ask in own)
        return (not any(a.must for a in own), -units, -max(a.weight for a in own), department)

    return min(by_department, key=rank)
