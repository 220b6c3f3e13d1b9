"""The engine's door: from an instance to a plan and a proof, in numbered steps."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from scheduler.planner.crew import Crew, one_by_one
from scheduler.planner.engine.arrays import MICRO
from scheduler.planner.engine.build import Built
from scheduler.planner.engine.descent import Cycle, Descent, first_plan
from scheduler.planner.engine.outcome import Outcome, objective_of, whole_points
from scheduler.planner.engine.prices import Pricing
from scheduler.planner.engine.stride import USUAL, Stride
from scheduler.planner.instance import NOWHERE, Ints, Points
from scheduler.planner.patterns.work import Patterns
from scheduler.planner.progress import Progress, Watch
from scheduler.planner.search.improve import Schedule, Search
from scheduler.planner.search.shortfalls import rebated, shortfalls

FIRST: Final = 10
"""Soft rounds of the first cycle; the next ones are longer and longer."""
LONGEST: Final = 100
SEARCHED: Final = 3_000
"""Asks of the largest instance that is searched ask by ask, too: larger ones gain more by cycles."""
MOVES: Final = 1_000
"""Moves of the first such search, per ask: short, as one that cools is in vain before its end."""
LONGER: Final = 4
"""Each later one has so many times the moves of the one before."""
PATTERNED: Final = 10_000
"""Asks of the largest instance whose patterns are chosen, too."""
SIDE_BY_SIDE: Final = (Schedule(finer=0.25), Schedule(finer=0.5))
"""Such searches from the same plan with other seeds, of which the best plan is kept: one that moves
whole visits for longer, one that spends its moves on the choice of days."""


def run(
    built: Built,
    *,
    seed: int,
    watch: Watch,
    steps: int | None = None,
    crew: Crew = one_by_one,
    stride: Stride = USUAL,
) -> Outcome:
    """Plan until no gap is left, the watch says stop, or so many steps are made.

    Parameters
    ----------
    watch
        Called after each step; the work goes on as long as it returns true.
    steps
        A plan stopped at some step is repeated by a run with this many.
    crew
        Does what can be done at once; the plan is the same however it does it.
    stride
        How much is done in one step: another stride numbers the steps otherwise.
    """
    work = _Work(built, seed, crew, stride)
    for phase in work.steps():
        if not watch(work.progress(phase)) or work.step == steps or work.closed:
            break
    return work.outcome()


class _Work:
    """The best plan and the best bound so far."""

    def __init__(self, built: Built, seed: int, crew: Crew, stride: Stride) -> None:
        self._built, self._seed, self._crew, self._stride = built, seed, crew, stride
        self._proof = self._prices_of(np.empty((0, 3), np.int64))
        self.places = np.full(built.points.asks, NOWHERE, np.int32)
        self._price = objective_of(built.ordered, self.places)
        self._rows = np.empty((0, 3), np.int64)
        self._patterns: Patterns | None = None
        self._ahead = 0.0
        self.objective = objective_of(built.points, self.places)
        """Points of the best plan."""
        self.step = 0

    def progress(self, phase: str) -> Progress:
        return Progress(
            step=self.step,
            phase=phase,
            objective=self.objective,
            bound=self.bound,
            unplaced=int((self.places == NOWHERE).sum()),
            ahead=self._ahead,
        )

    @property
    def bound(self) -> int:
        return whole_points(self._proof.bound)

    @property
    def closed(self) -> bool:
        """Whether no plan is better: none has less points, and none of the other levels is missed."""
        if self.objective > self.bound and not self.searched:
            return False
        return not ((self.places == NOWHERE) & self._built.missed).any()

    @property
    def searched(self) -> bool:
        """Whether a choice among all patterns has proven that no plan has less points."""
        same = self._built.points is self._built.ordered
        known = self._patterns is not None and self.objective * MICRO <= self._patterns.least
        return same and known

    def outcome(self) -> Outcome:
        return Outcome(
            places=self.places,
            tolls=self._proof.pricing.tolls,
            budgets=self._proof.pricing.budgets,
            shortfalls=self._proof.shortfalls,
            objective=self.objective,
            bound=self.bound,
            step=self.step,
            closed=self.closed,
            searched=self.searched,
        )

    def steps(self) -> Iterator[str]:
        """Make one step after the other; the name of its phase."""
        points, zeal = self._built.points, self._built.zeal
        for places in first_plan(points, zeal, seed=self._seed, stride=self._stride):
            if points.options:
                self._offer(places)
            self.step += 1
            yield "first"
        yield from self._price_days(self._proof)
        self._rows = shortfalls(points)
        if len(self._rows):
            yield from self._price_days(self._prices_of(self._rows))
        if points.options:
            yield from self._cycles()

    def _cycles(self) -> Iterator[str]:
        """Improve the plan without end: from rounds to moves to patterns, and again."""
        points, seed = self._built.points, self._seed
        prices = (self._proof.pricing.tolls, self._proof.pricing.budgets)
        descent = Descent(points, self._built.zeal, prices, seed=seed, stride=self._stride)
        rounds, moves = FIRST, MOVES * points.asks
        if points.asks <= PATTERNED:
            self._patterns = Patterns(self._built, prices[0], seed)
        while True:
            yield from self._descend(descent, rounds)
            rounds = min(2 * rounds, LONGEST)
            if points.asks <= SEARCHED:
                yield from self._search(moves)
                moves *= LONGER
                descent.take(self.places)
            if self._patterns is not None and not self._patterns.done:
                yield from self._choose(self._patterns)
                descent.take(self.places)

    def _prices_of(self, rows: Points) -> "_Proof":
        return _Proof(self._built, self._seed, rows, self._stride)

    def _price_days(self, proof: "_Proof") -> Iterator[str]:
        while not proof.pricing.done:
            proof.pricing.step()
            self.step += 1
            if proof.bound > self._proof.bound:
                self._proof = proof
            yield "prices"

    def _descend(self, descent: Descent, rounds: int) -> Iterator[str]:
        descent.start(Cycle(rounds=rounds))
        while not descent.done:
            descent.step()
            self.step += 1
            if descent.feasible:
                self._offer(descent.standing.place)
            yield "rounds"

    def _search(self, moves: int) -> Iterator[str]:
        seed = len(SIDE_BY_SIDE) * (self._seed + self.step)
        searches = [
            Search(
                self._built.ordered,
                self.places,
                seed=seed + at,
                moves=moves,
                schedule=schedule,
                shortfalls=self._rows,
            )
            for at, schedule in enumerate(SIDE_BY_SIDE)
        ]
        for _ in range(searches[0].steps):
            self._crew([search.step for search in searches])
            self.step += 1
            for search in searches:
                if search.cost < self._price:
                    self._offer(search.best)
            yield "search"
        for search in searches:
            self._offer(search.result())

    def _choose(self, patterns: Patterns) -> Iterator[str]:
        again = True
        while again and not self.closed:
            for places, ahead in patterns.steps(self.places):
                self._offer(places)
                self._ahead = ahead
                self.step += 1
                yield "patterns"
            again = patterns.eager

    def _offer(self, places: Ints) -> None:
        price = objective_of(self._built.ordered, places)
        if price < self._price:
            self.places, self._price = places.copy(), price
            same = self._built.points is self._built.ordered
            self.objective = price if same else objective_of(self._built.points, places)


class _Proof:
    """Prices on their way up, beside what departments must leave out; all in micro-points."""

    def __init__(self, built: Built, seed: int, rows: Points, stride: Stride) -> None:
        points = rebated(built.points, rows) if len(rows) else built.points
        self.pricing = Pricing(points, seed, built.counter_cap >= 0, stride)
        self.shortfalls = rows * np.array([1, 1, MICRO])

    @property
    def bound(self) -> int:
        return self.pricing.bound + int((self.shortfalls[:, 1] * self.shortfalls[:, 2]).sum())
