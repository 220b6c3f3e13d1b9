"""Patterns first, days afterwards: three numbered steps on a known plan, over and over."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from scheduler.planner.engine.arrays import MICRO
from scheduler.planner.engine.build import Built
from scheduler.planner.engine.outcome import objective_of
from scheduler.planner.instance import NOWHERE, Ints, Points
from scheduler.planner.patterns.master import chosen
from scheduler.planner.patterns.pool import Pool, cheapest, listed
from scheduler.planner.patterns.spans import spans_of
from scheduler.planner.patterns.spread import spans_in, spread_of
from scheduler.planner.patterns.within import within

LISTED: Final = 4
"""Patterns listed at first, for each group: twice as many after each choice that was proven the best."""
MOST_LISTED: Final = 100_000
EFFORT: Final = 0.5
"""CP-SAT's deterministic seconds at first: twice as many after each choice that was not."""
MOST_EFFORT: Final = 2.0
"""With that, fewer patterns are listed instead."""


@dataclass(frozen=True, slots=True)
class _Listing:
    """Patterns to choose from.

    Parameters
    ----------
    present
        The span of each ask in the known plan.
    pool
        The patterns.
    all
        Whether any plan with another pattern is worse than the known one.
    """

    present: Ints
    pool: Pool
    all: bool


class Patterns:
    """The choice of patterns for a problem: what it has learnt, and how hard it tries next.

    Parameters
    ----------
    tolls
        Micro-points by department-day, which prove a bound.
    """

    def __init__(self, built: Built, tolls: Points, seed: int) -> None:
        spans = spans_of(built.points)
        self._built, self._seed, self._tries = built, seed, 0
        self._spread = spread_of(built.points, built.zeal, tolls, spans)
        self._least_listed = self._listed = LISTED * built.points.groups
        self._effort = EFFORT
        self.done = not spans.any() or bool(len(built.points.mark_counter))
        """Whether nothing is to be had here: all days are one span, or there are counters, which patterns
        would overlook, or the best of all patterns is known."""
        self.eager = False
        """Whether the last choice was proven the best, and one from more patterns is worth it at once."""
        self.least = -(2**62)
        """Micro-points that no plan is below, as far as a choice from all patterns has proven it."""

    def steps(self, places: Ints) -> Iterator[tuple[Ints, float]]:
        """List patterns, choose some of them, find days for these.

        Yields a plan after each step, better than the known one after the last if at all, and the
        deterministic seconds of CP-SAT that the next step may take.
        """
        self._tries += 1
        self.eager = False
        seed = self._seed + self._tries
        listing = self._list(places)
        yield places, self._effort
        spans = self._choose(listing, seed)
        yield places, 0.0
        yield within(self._spread, self._built.ordered, spans, seed=seed), 0.0

    def _list(self, places: Ints) -> _Listing:
        """List the cheapest patterns, as many as may be, or all that a better plan could have."""
        rates, present = self._spread.rates, spans_in(self._spread, places)
        least = cheapest(rates, present)
        out = int(self._built.zeal[places == NOWHERE].sum())
        known = objective_of(self._built.points, places) * MICRO + out
        gap = slack = known - (int(least.cost.sum()) - self._spread.tolled)
        pool = listed(rates, present, least, slack, self._listed)
        while pool is None:
            slack = slack // 2 if slack else -1  # then there are the present patterns alone
            pool = listed(rates, present, least, slack, self._listed)
        return _Listing(present, pool, all=slack == gap)

    def _choose(self, listing: _Listing, seed: int) -> Ints:
        pool, present = listing.pool, listing.present
        found = chosen(self._spread, pool, present, seed=seed, effort=self._effort)
        if found.proven and listing.all:
            # Groups too large to list may yet be moved by others, so then it is worth another try.
            self.done = pool.complete
            if pool.complete:
                self.least = found.micro
        elif found.proven:
            self.eager = self._listed < MOST_LISTED
            self._listed = min(2 * self._listed, MOST_LISTED)
        elif self._effort < MOST_EFFORT:
            self._effort *= 2
        else:
            self._listed = max(self._listed // 2, self._least_listed)
        return found.spans
