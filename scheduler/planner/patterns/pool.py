"""Listing the patterns of all groups that cost little more than their cheapest ones.

A pattern says for each ask of a group in which span it stands, or that it is left out. At tolls that
prove a bound, a plan costs as much above that bound as its patterns cost above the cheapest ones of
their groups, or more. So in a plan cheaper than a known one no pattern costs more above its group's
cheapest than the known plan's gap: mostly few patterns do not (fixing by reduced costs).
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import bare, compiled
from scheduler.planner.instance import NOWHERE, Ints, Points
from scheduler.planner.patterns.spread import Rates

MOST_ASKS: Final = 12
"""Groups of more asks keep the pattern that they have."""
LOOKS: Final = 50_000
"""So do groups where so many looks at an ask's next span do not end the listing."""

Flags = NDArray[np.bool_]


class Cheapest(NamedTuple):
    """By group: micro-points of its cheapest pattern, and whether it keeps the one it has.

    Of a group that keeps its pattern, the cheapest is that one.
    """

    cost: Points
    kept: Flags


class Pool(NamedTuple):
    """Patterns, group by group, each group's present one first.

    Parameters
    ----------
    group
        The group of each pattern.
    spans
        By pattern and place in the group: the span of that ask, or NOWHERE.
    complete
        Whether no pattern within the slack is missing, of any group.
    """

    group: Ints
    spans: Ints
    complete: bool = False


class _Walk(NamedTuple):
    """Where a walk through a group's patterns is: by place in the group, and by span."""

    choice: Ints
    cost: Points
    guests: Ints


@compiled
def _walk_of(rates: Rates) -> _Walk:
    return _Walk(
        np.zeros(MOST_ASKS, np.int32),
        np.zeros(MOST_ASKS + 1, np.int64),
        np.zeros(rates.placed.shape[1], np.int32),
    )


@bare
def _begin(walk: _Walk) -> None:
    walk.choice[0] = NOWHERE - 1
    walk.guests[:] = 0


@bare
def _next(rates: Rates, walk: _Walk, group: int, limit: int, so_far: int) -> tuple[bool, int]:
    """Walk on to the next pattern within the limit; whether there is one, and the looks taken so far."""
    choice, cost, guests = walk
    first = rates.group_first[group]
    last = rates.group_first[group + 1] - first - 1
    depth, looks = 0 if so_far == 0 else last, so_far
    while depth >= 0 and looks < LOOKS:
        looks += 1
        if choice[depth] >= 0:
            guests[choice[depth]] -= 1
        choice[depth] += 1
        span, ask = choice[depth], first + depth
        if span == len(guests):
            depth -= 1
            continue
        added = rates.out[ask]
        if span != NOWHERE:
            guests[span] += 1
            added = rates.placed[ask, span] + rates.opening[group, span] * (guests[span] == 1)
        cost[depth + 1] = cost[depth] + added
        if cost[depth + 1] + (0 if depth == last else rates.rest[ask + 1]) > limit:
            continue
        if depth == last:
            return True, looks
        depth += 1
        choice[depth] = NOWHERE - 1
    return False, looks


@bare
def _cost(rates: Rates, walk: _Walk, group: int, spans: Ints) -> int:
    """Micro-points of a pattern."""
    total, first = 0, rates.group_first[group]
    walk.guests[:] = 0
    for at in range(len(spans)):
        span = spans[at]
        if span == NOWHERE:
            total += rates.out[first + at]
        else:
            walk.guests[span] += 1
            total += rates.placed[first + at, span]
            total += rates.opening[group, span] * (walk.guests[span] == 1)
    return int(total)


@compiled
def cheapest(rates: Rates, present: Ints) -> Cheapest:
    """Find each group's cheapest pattern; `present` is the span of each ask in a plan, or NOWHERE."""
    groups = len(rates.group_first) - 1
    found = Cheapest(np.zeros(groups, np.int64), np.zeros(groups, np.bool_))
    walk = _walk_of(rates)
    for group in range(groups):
        first, end = rates.group_first[group], rates.group_first[group + 1]
        known = _cost(rates, walk, group, present[first:end])
        best, looks, more = known, 0, end - first <= MOST_ASKS
        _begin(walk)
        while more:
            more, looks = _next(rates, walk, group, best - 1, looks)
            if more:
                best = walk.cost[end - first]
        found.kept[group] = end - first > MOST_ASKS or looks >= LOOKS
        found.cost[group] = known if found.kept[group] else best
    return found


@compiled
def _fill(rates: Rates, present: Ints, least: Cheapest, slack: int, pool: Pool) -> tuple[int, bool]:
    """Write patterns into the pool; how many, or -1 if there is no room, and whether no group had too many."""
    walk, count, complete = _walk_of(rates), 0, True
    for group in range(len(least.cost)):
        if least.kept[group]:
            continue
        first, end = rates.group_first[group], rates.group_first[group + 1]
        asks = end - first
        if count == len(pool.group):
            return -1, False
        pool.group[count] = group
        pool.spans[count, :asks] = present[first:end]
        count += 1
        more, looks = True, 0
        _begin(walk)
        while more:
            more, looks = _next(rates, walk, group, least.cost[group] + slack, looks)
            if not more or (walk.choice[:asks] == present[first:end]).all():
                continue
            if count == len(pool.group):
                return -1, False
            pool.group[count] = group
            pool.spans[count, :asks] = walk.choice[:asks]
            count += 1
        complete = complete and looks < LOOKS
    return count, complete


def listed(rates: Rates, present: Ints, least: Cheapest, slack: int, most: int) -> Pool | None:
    """List the patterns that cost at most `slack` micro-points above their group's cheapest.

    Returns None if there are more than so many. Groups that keep their pattern are not listed.
    """
    room = Pool(np.zeros(most, np.int32), np.full((most, MOST_ASKS), NOWHERE, np.int32))
    count, complete = _fill(rates, present, least, slack, room)
    if count < 0:
        return None
    return Pool(room.group[:count], room.spans[:count], complete and not least.kept.any())
