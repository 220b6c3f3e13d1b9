"""Cycles of rounds: from prices that steer to walls that hold, again and again, the best kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from scheduler.planner.chance import seeds_of
from scheduler.planner.engine.arrays import MICRO, Arrays, arrays_of
from scheduler.planner.engine.groups import Rates, Standing, nobody
from scheduler.planner.engine.mending import dim, mend, repair
from scheduler.planner.engine.rounds import WALL, rearrange, shift
from scheduler.planner.engine.stride import USUAL, Stride
from scheduler.planner.engine.ways import roster_of
from scheduler.planner.instance import Instance, Ints, Points

WALLED: Final = 3  # rounds at the end of a cycle, with walls


@dataclass(frozen=True, slots=True)
class Cycle:
    """How one cycle goes: from its first to its last soft round, in visits' prices.

    Parameters
    ----------
    rounds
        Soft rounds.
    ease
        Share of the tolls on what there is, at first; none is left in the end.
    lenient, strict
        Penalty of asking for too much with an ask of mean use, at first and in the end.
    hot, cold
        Noise on visits.
    """

    rounds: int = 30
    ease: float = 1.0
    lenient: float = 0.1
    strict: float = 1.0
    hot: float = 0.1
    cold: float = 0.001


class Descent:
    """A plan on its way down; each call of `step` rearranges some thousands of groups.

    Parameters
    ----------
    instance
        With prices in points.
    zeal
        See `arrays_of`.
    prices
        Tolls and budgets, in micro-points.
    """

    def __init__(
        self,
        instance: Instance,
        zeal: Points,
        prices: tuple[Points, Points],
        *,
        seed: int,
        stride: Stride = USUAL,
    ) -> None:
        self._arrays: Arrays = arrays_of(instance, zeal)
        self._tolls, self._budgets = prices
        self._stride = stride
        self._draw = np.random.Generator(np.random.PCG64(seed))
        self._seeds = seeds_of(seed)
        self.standing: Standing = nobody(self._arrays)
        price = float(instance.visit_price.mean()) if len(instance.visit_price) else 0.0
        self._scale = max(price, 1.0) * MICRO
        options = np.maximum(np.bincount(instance.option_bin, minlength=len(self._tolls)), 1)
        used = np.bincount(instance.option_bin, instance.option_use, len(self._tolls))
        self._use = np.maximum(used / options, 1.0)
        self._roster = roster_of(instance)
        self._departments = int(instance.ask_department.max(initial=0)) + 1
        self.feasible = True
        """Whether the plan that stands keeps all hard rules."""
        self.done = True
        """Whether the cycle is over."""
        self._work: Iterator[None] = iter(())

    def start(self, cycle: Cycle) -> None:
        """Begin a cycle from the plan that stands."""
        self._work, self.done = self._steps(cycle), False
        self.feasible = False

    def take(self, places: Ints) -> None:
        """Let another plan stand."""
        for ask in np.flatnonzero(self.standing.place != places).tolist():
            shift(self._arrays, self.standing, ask, int(places[ask]))

    def step(self) -> None:
        """Rearrange some groups, or look for some chains."""
        self.done = next(self._work, self) is self

    def _steps(self, cycle: Cycle) -> Iterator[None]:
        for number in range(cycle.rounds):
            yield from self._round(*self._soft(cycle, number / max(cycle.rounds - 1, 1)), False)
        dim(self._arrays, self.standing)
        for bins in _parts(np.arange(len(self._tolls)), self._stride.bins):
            repair(self._arrays, self.standing, self._roster, bins)
            yield
        self.feasible = True
        for _ in range(WALLED):
            for asks in _parts(self._by_department(), self._stride.asks):
                mend(self._arrays, self.standing, self._roster, asks)
                yield
            yield from self._round(*self._walls(cycle), True)

    def _round(self, rates: Rates, noise: int, walls: bool) -> Iterator[None]:
        order = self._draw.permutation(len(self._arrays.group_first) - 1)
        for groups in _parts(order, self._stride.groups):
            rearrange(self._arrays, rates, self.standing, groups, (self._seeds, noise, walls))
            yield

    def _by_department(self) -> Points:
        """All asks in random order, but those of one department together."""
        rank = self._draw.permutation(self._departments)[self._arrays.ask_department]
        order: Points = np.lexsort((self._draw.permutation(len(rank)), rank))
        return order

    def _soft(self, cycle: Cycle, share: float) -> tuple[Rates, int]:
        """Rates and noise after this share of the cycle."""
        ease = cycle.ease * (1 - share)
        penalty = self._scale * cycle.lenient * (cycle.strict / cycle.lenient) ** share
        noise = self._scale * cycle.hot * (cycle.cold / cycle.hot) ** share
        rates = Rates(
            (self._tolls * ease).astype(np.int64),
            self._tolls + (penalty / self._use).astype(np.int64),
            (self._budgets * ease).astype(np.int64),
            self._budgets + int(penalty),
        )
        return rates, 1 + int(noise)

    def _walls(self, cycle: Cycle) -> tuple[Rates, int]:
        return walled(self._arrays), 1 + int(cycle.cold * self._scale)


def _parts(numbers: Points, size: int) -> Iterator[Points]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def walled(arrays: Arrays) -> Rates:
    """True prices, and nothing beyond what there is."""
    none, zero = np.zeros_like(arrays.bin_units), np.zeros_like(arrays.counter_limit)
    return Rates(none, none + WALL, zero, zero + WALL)


def first_plan(
    instance: Instance, zeal: Points, *, seed: int, stride: Stride = USUAL
) -> Iterator[Ints]:
    """A plan that keeps all hard rules, again after every step: not all groups are placed at once.

    Each group in turn comes where it costs least, in random order.
    """
    arrays = arrays_of(instance, zeal)
    standing = nobody(arrays)
    order = np.random.Generator(np.random.PCG64(seed)).permutation(instance.groups)
    rates, seeds = walled(arrays), seeds_of(seed)
    for groups in _parts(order, stride.groups):
        rearrange(arrays, rates, standing, groups, (seeds, MICRO, True))
        yield standing.place
