"""Cycles of rounds: from prices that steer to walls that hold, again and again, the best kept."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from scheduler.planner.chance import seeds_of
from scheduler.planner.engine.arrays import MICRO, Arrays, arrays_of
from scheduler.planner.engine.chains import mend, repair, roster_of
from scheduler.planner.engine.groups import Rates, Standing, nobody
from scheduler.planner.engine.rounds import WALL, rearrange, shift
from scheduler.planner.instance import NOWHERE, Instance, Ints, Points

CHUNK: Final = 30_000  # groups of one step
FEW: Final = 20_000  # asks that may all look for a better place by chains
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
    """

    def __init__(
        self, instance: Instance, zeal: Points, tolls: Points, budgets: Points, seed: int
    ) -> None:
        self._arrays: Arrays = arrays_of(instance, zeal)
        self._tolls, self._budgets = tolls, budgets
        self._draw = np.random.Generator(np.random.PCG64(seed))
        self._seeds = seeds_of(seed)
        self.standing: Standing = nobody(self._arrays)
        price = float(instance.visit_price.mean()) if len(instance.visit_price) else 0.0
        self._scale = max(price, 1.0) * MICRO
        options = np.maximum(np.bincount(instance.option_bin, minlength=len(tolls)), 1)
        used = np.bincount(instance.option_bin, instance.option_use, len(tolls))
        self._use = np.maximum(used / options, 1.0)
        self._roster = roster_of(instance)
        self._cycle = Cycle()
        self._round = 0
        self._queue: Points = np.empty(0, np.int64)

    def start(self, cycle: Cycle) -> None:
        """Begin a cycle from the plan that stands."""
        self._cycle, self._round = cycle, 0

    def take(self, places: Ints) -> None:
        """Let another plan stand."""
        for ask in np.flatnonzero(self.standing.place != places).tolist():
            shift(self._arrays, self.standing, ask, int(places[ask]))

    @property
    def done(self) -> bool:
        """Whether the cycle is over: the plan then keeps all hard rules."""
        return self._round == self._cycle.rounds + WALLED and not len(self._queue)

    @property
    def feasible(self) -> bool:
        """Whether the plan that stands keeps all hard rules."""
        return self._round > self._cycle.rounds

    def step(self) -> None:
        """Rearrange the next groups of the round."""
        if not len(self._queue):
            if self._round == self._cycle.rounds:
                repair(self._arrays, self.standing, self._roster)
            if self._round >= self._cycle.rounds:
                mend(
                    self._arrays, self.standing, self._roster, self._draw.permutation(self._loose())
                )
            self._queue = self._draw.permutation(len(self._arrays.group_first) - 1)
            self._round += 1
        now, self._queue = self._queue[:CHUNK], self._queue[CHUNK:]
        rates, noise = self._rates()
        walls = self._round > self._cycle.rounds
        rearrange(self._arrays, rates, self.standing, now, (self._seeds, noise, walls))

    def _loose(self) -> Points:
        """The asks that look for a better place by chains: all of them, where they are few."""
        asks = len(self.standing.place)
        if asks <= FEW:
            return np.arange(asks)
        return np.flatnonzero(self.standing.place == NOWHERE)

    def _rates(self) -> tuple[Rates, int]:
        cycle, last = self._cycle, max(self._cycle.rounds - 1, 1)
        share = (self._round - 1) / last
        if share > 1:
            none, zero = np.zeros_like(self._tolls), np.zeros_like(self._budgets)
            return Rates(none, none + WALL, zero, zero + WALL), 1 + int(cycle.cold * self._scale)
        ease = cycle.ease * (1 - share)
        penalty = self._scale * cycle.lenient * (cycle.strict / cycle.lenient) ** share
        noise = self._scale * cycle.hot * (cycle.cold / cycle.hot) ** share
        return (
            Rates(
                (self._tolls * ease).astype(np.int64),
                self._tolls + (penalty / self._use).astype(np.int64),
                (self._budgets * ease).astype(np.int64),
                self._budgets + int(penalty),
            ),
            1 + int(noise),
        )


def first_plan(instance: Instance, zeal: Points, seed: int) -> Ints:
    """A plan that keeps all hard rules: each group in turn where it costs least, in random order."""
    arrays = arrays_of(instance, zeal)
    standing = nobody(arrays)
    no_toll, no_budget = (
        np.zeros(len(instance.bin_units), np.int64),
        np.zeros_like(arrays.counter_limit),
    )
    rates = Rates(no_toll, no_toll + WALL, no_budget, no_budget + WALL)
    order = np.random.Generator(np.random.PCG64(seed)).permutation(instance.groups)
    rearrange(arrays, rates, standing, order, (seeds_of(seed), MICRO, True))
    return standing.place
