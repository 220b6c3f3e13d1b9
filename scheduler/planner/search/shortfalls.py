"""Departments whose days cannot hold all their asks, whatever the others do: exact packing.

Counting units sees only what does not fit into all days together. Durations of 1 to 4 units often
leave gaps that nothing fits into: the asks of one department are packed into its days exactly here,
by a search in depth with memory, longest asks first.
"""

from dataclasses import dataclass
from dataclasses import replace as replaced
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from scheduler.planner.counting import least_left_out
from scheduler.planner.instance import Instance, Points

STATES = 50_000
"""Partial packings looked at for one department; the checker looks at as many more times over."""
MOST_ASKS = 40
"""Departments of more asks have too many packings: only what counting finds is claimed of them."""

_NEVER = 2**40


def shortfalls(instance: Instance) -> Points:
    """Return rows of department, fewest asks left out, rebate on each in points.

    The rebate is what leaving one out costs, less the visit that this may save: then no group is
    better off by leaving out more.
    """
    rows = []
    lone = _lone(instance)
    dearest = int(instance.visit_price.max(initial=0))
    counted = least_left_out(instance, np.ones(instance.asks, np.bool_))
    for department in np.unique(instance.ask_department).tolist():
        asks = np.flatnonzero(instance.ask_department == department)
        small = len(asks) <= MOST_ASKS
        fewest = fewest_left_out(instance, asks.tolist()) if small else int(counted[department])
        if fewest:
            cheapest = int(instance.leave[asks].min())
            rebate = cheapest - (dearest if lone[department] else 0)
            if rebate > 0:
                rows.append((department, fewest, rebate))
    return np.array(rows, np.int64).reshape(-1, 3)


def rebated(instance: Instance, rows: Points) -> Instance:
    """Return the instance in which leaving out costs less by the rebates.

    A bound on it, plus fewest x rebate of every row, is a bound on the instance.
    """
    rebates = np.zeros(int(instance.ask_department.max(initial=0)) + 1, np.int64)
    rebates[rows[:, 0]] = rows[:, 2]
    return replaced(instance, leave=instance.leave - rebates[instance.ask_department])


def _lone(instance: Instance) -> NDArray[np.bool_]:
    """Tell which departments some group wholly belongs to: leaving out may save its visit."""
    first, departments = instance.group_first[:-1], instance.ask_department
    found = np.zeros(int(departments.max(initial=-1)) + 1, np.bool_)
    if len(first):
        lowest = np.minimum.reduceat(departments, first)
        found[lowest[lowest == np.maximum.reduceat(departments, first)]] = True
    return found


def fewest_left_out(instance: Instance, asks: list[int]) -> int:
    """Return a number of these asks of one department that no plan can do without leaving out.

    It is the least such number, or where the search takes too long the one that counting gives.
    """
    able = [ask for ask in asks if instance.option_first[ask] < instance.option_first[ask + 1]]
    hopeless = len(asks) - len(able)
    packing = _Packing(instance, able)
    fewest = packing.by_counting()
    while packing.impossible(fewest):
        fewest += 1
    return hopeless + fewest


@dataclass(frozen=True, slots=True)
class _Ask:
    """Units of an ask by day; the least of them."""

    units: dict[int, int]
    least: int


class _Packing:
    """The asks of one department, longest first, and its days."""

    def __init__(self, instance: Instance, asks: list[int]) -> None:
        rows = [_uses(instance, ask) for ask in asks]
        days = sorted({day for row in rows for day in row})
        place = {day: at for at, day in enumerate(days)}
        self.asks = sorted(
            (_Ask({place[d]: u for d, u in row.items()}, min(row.values())) for row in rows),
            key=lambda ask: (-ask.least, len(ask.units)),
        )
        units = _units(instance, asks)
        self.room = tuple(units[day] for day in days)
        self.alike = _alike(self.asks, len(days))
        backwards = list(reversed(self.asks))
        self.need = list(accumulate((ask.least for ask in backwards), initial=0))[::-1]
        self.smallest = self._smallest(len(days))
        self.seen: set[tuple[int, int, tuple[int, ...]]] = set()

    def _smallest(self, days: int) -> list[list[int]]:
        """Return, from each ask on, the least units that one of them takes on each day."""
        table = [[_NEVER] * days]
        for ask in reversed(self.asks):
            last = table[-1]
            table.append([min(last[day], ask.units.get(day, _NEVER)) for day in range(days)])
        return table[::-1]

    def by_counting(self) -> int:
        """Return how many are over when the shortest fill all days at once."""
        sums = accumulate(sorted(ask.least for ask in self.asks))
        return sum(units > sum(self.room) for units in sums)

    def impossible(self, spare: int) -> bool:
        """Whether leaving out `spare` asks is proven not to be enough."""
        self.seen = set()
        return self._fits(0, spare, self._canonical(self.room)) is False

    def _canonical(self, room: tuple[int, ...]) -> tuple[int, ...]:
        """Return the same room with days that are alike in order."""
        order = list(room)
        for days in self.alike:
            for day, units in zip(days, sorted(order[d] for d in days), strict=True):
                order[day] = units
        return tuple(order)

    def _fits(self, at: int, spare: int, room: tuple[int, ...]) -> bool | None:
        """Whether the asks from `at` on fit but for `spare`; None: it takes too long."""
        if len(self.asks) - at <= spare:
            return True
        usable = sum(u for u, least in zip(room, self.smallest[at], strict=True) if u >= least)
        longest = sum(ask.least for ask in self.asks[at : at + spare])
        if usable < self.need[at] - longest or (at, spare, room) in self.seen:
            return False
        if len(self.seen) == STATES:
            return None
        self.seen.add((at, spare, room))
        ask, tried = self.asks[at], set()
        for day in sorted(ask.units, key=lambda day: room[day] - ask.units[day]):
            if ask.units[day] <= room[day]:
                after = self._canonical((*room[:day], room[day] - ask.units[day], *room[day + 1 :]))
                if after not in tried:
                    tried.add(after)
                    found = self._fits(at + 1, spare, after)
                    if found is not False:
                        return found
        return self._fits(at + 1, spare - 1, room) if spare else False


def _uses(instance: Instance, ask: int) -> dict[int, int]:
    first, end = instance.option_first[ask : ask + 2].tolist()
    boxes = instance.option_bin[first:end].tolist()
    return dict(zip(boxes, instance.option_use[first:end].tolist(), strict=True))


def _units(instance: Instance, asks: list[int]) -> dict[int, int]:
    boxes = {box for ask in asks for box in _uses(instance, ask)}
    return {box: int(instance.bin_units[box]) for box in boxes}


def _alike(asks: list[_Ask], days: int) -> list[list[int]]:
    """Return sets of two days or more that all asks take the same units of."""
    sets: dict[tuple[int | None, ...], list[int]] = {}
    for day in range(days):
        sets.setdefault(tuple(ask.units.get(day) for ask in asks), []).append(day)
    return [alike for alike in sets.values() if len(alike) > 1]
