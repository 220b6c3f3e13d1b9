"""What if: a problem with one thing changed, and what the change is worth by two searches."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from scheduler.planner.plan import Solution
from scheduler.planner.problem import Capacity, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreUnits:
    """Units that a department has more, or less, on a day, or on every day that it has."""

    department: str
    units: int
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreRoom:
    """Things that a cap admits more under a key, or under all its keys."""

    code: str
    more: int
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WiderVisits:
    """The most departments in one visit; None for no limit."""

    most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """An ask that is not there any more."""

    ask: str


Variation = MoreUnits | MoreRoom | WiderVisits | Without


class UnknownVariationError(LookupError):
    """A change of something that the problem does not have."""


def varied(problem: Problem, changes: Iterable[Variation]) -> Problem:
    """Return the problem with these changes made, one after the other.

    Raises:
        UnknownVariationError: If one names a department, day, cap or ask that is not there.
    """
    for change in changes:
        match change:
            case MoreUnits():
                problem = _more_units(problem, change)
            case MoreRoom():
                problem = _more_room(problem, change)
            case WiderVisits():
                problem = replace(problem, max_departments=change.most)
            case Without():
                problem = _without(problem, change.ask)
    return problem


def _more_units(problem: Problem, change: MoreUnits) -> Problem:
    met = False

    def wider(row: Capacity) -> Capacity:
        nonlocal met
        if row.department != change.department or change.day not in {None, row.day}:
            return row
        met = True
        return replace(row, units=max(0, row.units + change.units))

    rows = tuple(map(wider, problem.capacities))
    if not met:
        raise UnknownVariationError(f"{change.department} {change.day or ''}".strip())
    return replace(problem, capacities=rows)


def _more_room(problem: Problem, change: MoreRoom) -> Problem:
    meant = [c for c in problem.caps if c.code == change.code and change.key in {None, c.key}]
    if not meant:
        raise UnknownVariationError(f"{change.code} {change.key or ''}".strip())
    names = {(cap.code, cap.key) for cap in meant}
    caps = tuple(
        replace(cap, room=cap.room + change.more) if (cap.code, cap.key) in names else cap
        for cap in problem.caps
    )
    return replace(problem, caps=caps)


def _without(problem: Problem, name: str) -> Problem:
    if all(ask.id != name for ask in problem.asks):
        raise UnknownVariationError(name)
    caps = tuple(
        replace(cap, members=frozenset(pair for pair in cap.members if pair[0] != name))
        for cap in problem.caps
    )
    asks = tuple(ask for ask in problem.asks if ask.id != name)
    return replace(problem, asks=asks, caps=caps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a change is worth, in points: as two searches found it, and what is proven.

    ``found`` is the old objective minus the new one. The best plan with the change is better than
    the best without it by ``least`` points or more and by ``most`` or fewer; where both searches
    were proven the three are one.
    """

    found: int
    least: int
    most: int


def worth(before: Solution, after: Solution) -> Worth:
    """Compare the plans of a problem and of its variation."""
    return Worth(
        found=before.objective - after.objective,
        least=before.bound - after.objective,
        most=before.objective - after.bound,
    )
