"""Bringing chosen patterns down to days: a search that may use the days of the chosen spans alone."""

from dataclasses import replace
from typing import Final

import numpy as np

from scheduler.planner.instance import NOWHERE, Instance, Ints, Points, starts
from scheduler.planner.patterns.spread import Spread
from scheduler.planner.search.improve import Schedule, improve

MOVES: Final = 300
"""Moves for each ask: within a span there is little to choose."""
COOL: Final = Schedule(heat=0.1)
"""Whole visits are hardly worth shuffling: their spans are given."""


def within(spread: Spread, ordered: Instance, spans: Ints, *, seed: int) -> Ints:
    """Return the best plan found that places asks in these spans only.

    Parameters
    ----------
    ordered
        The spread's instance, or one with other prices for the same options.
    spans
        The span of each ask, or NOWHERE.
    """
    owner = np.repeat(np.arange(ordered.asks), np.diff(ordered.option_first))
    kept = np.flatnonzero(spread.span_of == spans[owner])
    found = improve(
        _with(ordered, owner, kept),
        np.full(ordered.asks, NOWHERE, np.int32),
        seed=seed,
        moves=MOVES * ordered.asks,
        schedule=COOL,
    )
    placed = found != NOWHERE
    found[placed] = kept[found[placed]]
    return found


def _with(instance: Instance, owner: Points, kept: Points) -> Instance:
    """Return the instance with some of its options alone, in their order."""
    lighter = np.repeat(np.arange(instance.options), np.diff(instance.mark_first))
    lit = np.isin(lighter, kept)
    return replace(
        instance,
        option_first=starts(owner[kept], instance.asks),
        option_day=instance.option_day[kept],
        option_visit=instance.option_visit[kept],
        option_bin=instance.option_bin[kept],
        option_use=instance.option_use[kept],
        option_price=instance.option_price[kept],
        mark_first=starts(np.searchsorted(kept, lighter[lit]), len(kept)),
        marks=instance.marks[lit],
    )
