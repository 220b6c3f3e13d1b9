"""The engine's door: from an instance to a plan and a proof, in numbered steps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from scheduler.planner.engine.arrays import MICRO
from scheduler.planner.engine.build import Built
from scheduler.planner.engine.descent import Cycle, Descent, first_plan
from scheduler.planner.engine.outcome import Outcome, objective_of, whole_points
from scheduler.planner.engine.prices import Pricing
from scheduler.planner.instance import NOWHERE, Ints
from scheduler.planner.search.improve import Search
from scheduler.planner.search.shortfalls import rebated, shortfalls

FIRST: Final = 10
"""Soft rounds of the first cycle; the next ones are longer and longer."""
LONGEST: Final = 100
SEARCHED: Final = 3_000
"""Asks of the largest instance that is searched ask by ask, too: larger ones gain more by cycles."""
MOVES: Final = 2_000
"""Moves of one such search, per ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the work is, after a numbered step.

    Parameters
    ----------
    phase
        ``first``, ``prices``, ``rounds`` or ``search``.
    objective, bound
        Points of the best plan so far and of the best bound.
    """

    step: int
    phase: str
    objective: int
    bound: int
    unplaced: int


Watch = Callable[[Progress], bool]


def run(
    built: Built,
    *,
    seed: int,
    watch: Watch,
    steps: int | None = None,
    start: Ints | None = None,
) -> Outcome:
    """Plan until no gap is left, the watch says stop, or so many steps are made.

    Parameters
    ----------
    watch
        Called after each step; the work goes on as long as it returns true.
    steps
        A plan stopped at some step is repeated by a run with this many.
    start
        A plan to begin with, which keeps the hard rules.
    """
    work = _Work(built, seed, start)
    for phase in work.steps():
        if not watch(work.progress(phase)) or work.step == steps or work.closed:
            break
    return work.outcome()


class _Work:
    """The best plan and the best bound so far."""

    def __init__(self, built: Built, seed: int, start: Ints | None) -> None:
        self._built, self._seed = built, seed
        self._shortfalls = np.empty((0, 3), np.int64)
        self._pricing = Pricing(built.points, seed, built.counter_cap >= 0)
        nobody = np.full(built.points.asks, NOWHERE, np.int32)
        self.places = nobody if start is None else start.astype(np.int32)
        self._price = objective_of(built.ordered, self.places)
        self.step = 0

    def progress(self, phase: str) -> Progress:
        return Progress(
            step=self.step,
            phase=phase,
            objective=self.objective,
            bound=self.bound,
            unplaced=int((self.places == NOWHERE).sum()),
        )

    @property
    def objective(self) -> int:
        return objective_of(self._built.points, self.places)

    @property
    def bound(self) -> int:
        earned = int((self._shortfalls[:, 1] * self._shortfalls[:, 2]).sum())
        return whole_points(self._pricing.bound + earned)

    @property
    def closed(self) -> bool:
        """Whether no plan is better: none has less points, and none of the other levels is missed."""
        missed = (self.places == NOWHERE) & self._built.missed
        return self.objective <= self.bound and not missed.any()

    def outcome(self) -> Outcome:
        return Outcome(
            places=self.places,
            tolls=self._pricing.tolls,
            surcharges=np.empty(0, np.int64),
            budgets=self._pricing.budgets,
            shortfalls=self._shortfalls,
            objective=self.objective,
            bound=self.bound,
            step=self.step,
            closed=self.closed,
        )

    def steps(self) -> Iterator[str]:
        """Make one step after the other; the name of its phase."""
        points, zeal = self._built.points, self._built.zeal
        if points.options:
            self._offer(first_plan(points, zeal, self._seed))
        self.step += 1
        yield "first"
        yield from self._price_days()
        if len(rows := shortfalls(points)):
            plain, before = self._pricing, self.bound
            self._pricing = Pricing(rebated(points, rows), self._seed, self._built.counter_cap >= 0)
            self._shortfalls = rows * np.array([1, 1, MICRO])
            yield from self._price_days()
            if self.bound < before:
                self._pricing, self._shortfalls = plain, rows[:0]
        if not points.options:
            return
        descent = Descent(points, zeal, self._pricing.tolls, self._pricing.budgets, self._seed)
        rounds = FIRST
        while True:
            yield from self._descend(descent, rounds)
            rounds = min(2 * rounds, LONGEST)
            if points.asks <= SEARCHED:
                yield from self._search(rounds)
                descent.take(self.places)

    def _price_days(self) -> Iterator[str]:
        while not self._pricing.done:
            self._pricing.step()
            self.step += 1
            yield "prices"

    def _descend(self, descent: Descent, rounds: int) -> Iterator[str]:
        descent.start(Cycle(rounds=rounds))
        while not descent.done:
            descent.step()
            self.step += 1
            if descent.feasible:
                self._offer(descent.standing.place)
            yield "rounds"

    def _search(self, rounds: int) -> Iterator[str]:
        moves = MOVES * self._built.points.asks
        search = Search(
            self._built.ordered, self.places, seed=self._seed + rounds + self.step, moves=moves
        )
        for _ in range(search.steps):
            search.step()
            self.step += 1
            if search.cost < self._price:
                self._offer(search.best)
            yield "search"
        self._offer(search.result())

    def _offer(self, places: Ints) -> None:
        price = objective_of(self._built.ordered, places)
        if price < self._price:
            self.places, self._price = places.copy(), price
