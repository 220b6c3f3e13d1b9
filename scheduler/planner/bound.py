"""Lower bounds that anyone can recompute.

Charge each unit of a department-day a toll, of any non-negative amount, and let capacity
go: the plan falls apart into enterprises, each of which is solved exactly, and the sum of
these minima less the tolls of all capacity is never above the best plan (Lagrangian
relaxation; tolls of zero give the bound that ignores capacity). Caps are let go as well.
Where a department must leave out so many asks whatever happens, a rebate on leaving one
out, charged again for that many, may raise the bound.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scheduler.planner.index import Index, Option
from scheduler.planner.plan import TOLL_SCALE
from scheduler.planner.problem import ENTRY_COST, UNPLACED_COST

MOST_SUBSETS = 4096  # of days tried for one enterprise; beyond it a weaker bound is used


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be bounded: which asks, at which prices.

    `unplaced` is the price of leaving an ask out, or None where it must be placed.
    """

    asks: tuple[int, ...]
    entry: int = ENTRY_COST
    months: bool = True
    unplaced: int | None = UNPLACED_COST

    def delay(self, option: Option) -> int:
        """The price of the option itself."""
        return option.months if self.months else 0


@dataclass(frozen=True, slots=True)
class Prices:
    """Tolls by bin and rebates by department, in millionths: the free choice of a bound.

    `least` is no choice: it is the number of asks that the department must leave out.
    """

    tolls: tuple[int, ...]
    rebates: Mapping[str, int]
    least: Mapping[str, int]


def priced_bound(index: Index, task: Task, prices: Prices) -> int:
    """Bound the task's objective from below at these prices."""
    wanted = set(task.asks)
    total = -sum(toll * units for toll, units in zip(prices.tolls, index.units, strict=True))
    total += sum(rebate * prices.least[name] for name, rebate in prices.rebates.items())
    for group in index.groups:
        asks = [ask for ask in group if ask in wanted]
        if asks:
            total += _group_minimum(index, task, asks, prices)
    return -(-total // TOLL_SCALE)


def least_left_out(index: Index, asks: Iterable[int]) -> dict[str, int]:
    """How many of these asks each department must leave out: beyond all its capacity.

    Hopeless asks count; of the others the shortest go first, into all days' units at once.
    """
    units: dict[str, int] = {}
    for (department, _), room in zip(index.bins, index.units, strict=True):
        units[department] = units.get(department, 0) + room
    least: dict[str, int] = {}
    for ask in sorted(asks, key=lambda ask: index.asks[ask].duration):
        department = index.asks[ask].department
        least.setdefault(department, 0)
        if index.options[ask]:
            units[department] -= index.asks[ask].duration
        least[department] += not index.options[ask] or units[department] < 0
    return least


def least_weight(index: Index, least: Mapping[str, int]) -> int:
    """The least weight that so many asks of each department can have."""
    total = 0
    left = dict(least)
    order = sorted(
        range(len(index.asks)), key=lambda ask: (bool(index.options[ask]), index.asks[ask].weight)
    )
    for ask in order:
        department = index.asks[ask].department
        if left[department] > 0:
            left[department] -= 1
            total += index.asks[ask].weight
    return total


def _group_minimum(index: Index, task: Task, asks: list[int], prices: Prices) -> int:
    """The least price of one enterprise's asks, in millionths, capacity let go."""
    rows = [_row_of(index, task, ask, prices) for ask in asks]
    entry = task.entry * TOLL_SCALE
    days = _undominated([row.by_day for row in rows])
    if len(asks) == 1 or not days:
        return sum(row.alone(entry) for row in rows)
    if 2 ** len(days) > MOST_SUBSETS:
        able = [sum(day in row.by_day for row in rows) for day in range(len(index.days))]
        return sum(row.sharing(entry, able) for row in rows)
    fewest = _fewest_days(index, task, asks)
    return min(
        entry * max(chosen.bit_count(), fewest) + _price_on(rows, days, chosen)
        for chosen in range(2 ** len(days))
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """An ask's price on each day, entries apart, and the price of leaving it out."""

    by_day: dict[int, int]
    left_out: int

    def within(self, days: Iterable[int]) -> int:
        """The least price if the enterprise is entered on these days."""
        return min((self.by_day[day] for day in days if day in self.by_day), default=_NEVER)

    def alone(self, entry: int) -> int:
        """The least price if the ask pays its entry itself."""
        return min(self.within(self.by_day) + entry, self.left_out)

    def sharing(self, entry: int, able: Sequence[int]) -> int:
        """The ask's part if each day's entry is split among all who could come then."""
        prices = (price + entry // able[day] for day, price in self.by_day.items())
        return min(min(prices, default=_NEVER), self.left_out)


_NEVER = 10**15  # dearer than any plan


def _row_of(index: Index, task: Task, ask: int, prices: Prices) -> _Row:
    duration, department = index.asks[ask].duration, index.asks[ask].department
    by_day = {
        option.day: task.delay(option) * TOLL_SCALE + duration * prices.tolls[option.bin]
        for option in index.options[ask]
    }
    if task.unplaced is None:
        return _Row(by_day, _NEVER)
    return _Row(by_day, task.unplaced * TOLL_SCALE - prices.rebates.get(department, 0))


def _undominated(table: list[dict[int, int]]) -> list[int]:
    """The days worth opening: for each other day one of these is as good for every ask."""
    kept: list[int] = []
    for day in sorted({day for row in table for day in row}, key=lambda d: (_reach(table, d), d)):
        if not any(_as_good(table, other, day) for other in kept):
            kept.append(day)
    return kept


def _reach(table: list[dict[int, int]], day: int) -> tuple[int, int]:
    prices = [row[day] for row in table if day in row]
    return -len(prices), sum(prices)


def _as_good(table: list[dict[int, int]], other: int, day: int) -> bool:
    return all(day not in row or (other in row and row[other] <= row[day]) for row in table)


def _fewest_days(index: Index, task: Task, asks: list[int]) -> int:
    """Days that a placed bundle needs because a visit holds only so many departments."""
    most = index.problem.max_departments
    if most is None or task.unplaced is not None:
        return 0
    return -(-len({index.asks[ask].department for ask in asks}) // most)


def _price_on(rows: list[_Row], days: list[int], chosen: int) -> int:
    """The least price of all asks, entries apart, if these days are entered."""
    opened = [day for position, day in enumerate(days) if chosen >> position & 1]
    return sum(min(row.within(opened), row.left_out) for row in rows)
