"""Which bins to open: a walk over sets of open bins, judged by bounds of what is left to assign.

With the open bins given, an assignment problem is left. Tolls on units (the relaxation of `start`)
bound it in some microseconds, so a walk sees thousands of sets while one is assigned. Sets are
accepted by Metropolis' rule on their bounds, with one or two bins closed, opened or exchanged at a
time; those with the least bounds are kept, to be assigned.
"""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every step.

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.planner.chance import ONE, TAILS, Seeds, draw, tail
from scheduler.planner.facility.block import Block, Flags, Points
from scheduler.planner.facility.multipliers import Reals

ROUNDS = 12  # of tolls, for a set that is looked at
CLOSER_ROUNDS = 24  # and some more for one that is taken
TRIES = 20_000  # sets of one walk
HOT, COLD = 0.02, 0.0003  # part of the points that a set is worse by when taken, in the mean
KEPT = 200  # sets
PATIENCE = 3  # rounds without a better bound before steps get shorter
AHEAD = 0.005  # part of the points that steps aim above what is to be passed
KINDS = 10  # of changes; those without a name exchange one bin for another
JUST_OPEN, JUST_CLOSE, CLOSE_TWO, OPEN_TWO, TWO_FOR_TWO = 0, 1, 7, 8, 9
MISSES = 20  # bins drawn in vain before a set is left as it is

Table = NDArray[np.int64]
Costs = NDArray[np.float64]


@dataclass(slots=True)
class Sites:
    """The walk: where it is, and the best sets it came by.

    Parameters
    ----------
    cost, use
        Points and units of each item in each bin, by bin and item; infinite where it has no option.
    leave, units, opening
        Points of leaving an item out; units and points of a bin, without the last one.
    is_open, toll
        The set at hand, and points for a unit of each bin.
    kept, bounds
        The sets with the least bounds, and these.
    """

    cost: Costs
    use: Table
    leave: Reals
    units: Points
    opening: Points
    is_open: Flags
    toll: Reals
    kept: NDArray[np.bool_]
    bounds: Reals


def sites_of(block: Block) -> Sites:
    """Begin with all bins open."""
    bins = block.bins - 1
    cost = np.full((bins, block.items), np.inf)
    use = np.zeros((bins, block.items), np.int64)
    real = block.bin < bins
    cost[block.bin[real], block.item[real]] = block.price[real]
    use[block.bin[real], block.item[real]] = block.use[real]
    return Sites(
        cost=cost,
        use=use,
        leave=block.price[block.left].astype(np.float64),
        units=block.units[:-1],
        opening=block.opening[:-1],
        is_open=np.ones(bins, np.bool_),
        toll=np.zeros(bins),
        kept=np.zeros((KEPT, bins), np.bool_),
        bounds=np.full(KEPT, np.inf),
    )


def walk(sites: Sites, upper: int, state: Seeds) -> None:
    """Go some way from the set at hand, given points that tell how much is a little."""
    s = sites
    _walk(
        s.cost, s.use, s.leave, s.units, s.opening, s.is_open, s.toll, float(upper), TRIES, TAILS,
        state, s.kept, s.bounds,
    )  # fmt: skip


@compiled
def _walk(
    cost: Costs,
    use: Table,
    leave: Reals,
    units: Points,
    opening: Points,
    is_open: Flags,
    toll: Reals,
    upper: float,
    tries: int,
    tails: Points,
    state: Seeds,
    kept: Flags,
    bounds: Reals,
) -> None:
    bins = len(cost)
    bound = np.inf  # what was found in few rounds may be too low for ever to leave its set
    demand, out = _demand(cost, use, leave)
    trial = is_open.copy()
    chosen = np.empty(bins, np.int64)
    for at in range(tries):
        heat = HOT * (COLD / HOT) ** (at / tries) * upper
        limit = bound + heat * (tail(state, tails, ONE << 16) / ONE)
        trial[:] = is_open
        _vary(trial, is_open, state)
        size, room, paid = 0, 0, 0.0
        for b in range(bins):
            if trial[b]:
                chosen[size] = b
                size += 1
                room += units[b]
                paid += opening[b]
        if demand > room:
            paid += (demand - room) * out  # units that are left out
        if paid >= limit:
            continue
        now = toll.copy()
        found = judged(cost, use, leave, units, opening, chosen[:size], now, ROUNDS, limit)
        if found < limit:
            found = judged(
                cost, use, leave, units, opening, chosen[:size], now, CLOSER_ROUNDS, limit
            )
        found = max(found, paid)
        if found < limit:
            bound = found
            is_open[:] = trial
            toll[:] = now
            _keep(kept, bounds, trial, found)


@compiled
def _demand(cost: Costs, use: Table, leave: Reals) -> tuple[int, float]:
    """Return the least units that all items take, and the least points for each that is left out."""
    units, out = 0, np.inf
    for i in range(len(leave)):
        least = -1
        for b in range(len(cost)):
            if cost[b, i] < np.inf and (least < 0 or use[b, i] < least):
                least = int(use[b, i])
        if least > 0:
            units += least
            out = min(out, leave[i] / least)
    return units, out


@compiled
def _vary(trial: Flags, is_open: Flags, state: Seeds) -> None:
    """Close one or two bins, open one or two, or exchange as many."""
    kind = draw(state, KINDS)
    if kind != JUST_OPEN:
        _flip(trial, is_open, True, state)
    if kind in (CLOSE_TWO, TWO_FOR_TWO):
        _flip(trial, is_open, True, state)
    if kind != JUST_CLOSE:
        _flip(trial, is_open, False, state)
    if kind in (OPEN_TWO, TWO_FOR_TWO):
        _flip(trial, is_open, False, state)


@compiled
def _flip(trial: Flags, before: Flags, is_open: bool, state: Seeds) -> None:
    """Open or close some bin that was closed or open before."""
    for _ in range(MISSES):
        b = draw(state, len(trial))
        if before[b] == is_open and trial[b] == is_open:
            trial[b] = not is_open
            return


@compiled
def _keep(kept: Flags, bounds: Reals, trial: Flags, bound: float) -> None:
    """Put a set among the kept ones, in the place of that with the highest bound."""
    worst = bounds.argmax()
    for at in range(len(bounds)):
        if bounds[at] < np.inf and (kept[at] == trial).all():
            bounds[at] = max(bounds[at], bound)
            return
    if bound < bounds[worst]:
        bounds[worst] = bound
        kept[worst] = trial


@compiled
def judged(  # noqa: C901, PLR0912 - one compiled pass
    cost: Costs,
    use: Table,
    leave: Reals,
    units: Points,
    opening: Points,
    chosen: Points,
    toll: Reals,
    rounds: int,
    limit: float,
) -> float:
    """Return a bound on plans that open these bins only, and set the tolls that give it.

    The work ends as soon as the bound passes the limit.
    """
    items, size = cost.shape[1], len(chosen)
    low = np.empty(items, np.float64)
    pick = np.empty(items, np.int64)
    over = np.empty(size, np.int64)
    now = toll.copy()
    paid = 0.0
    for b in chosen:
        paid += opening[b]
    best, factor, waited = -np.inf, 1.0, 0
    for _ in range(rounds):
        bound = paid
        low[:] = leave
        pick[:] = -1
        for at in range(size):
            b = chosen[at]
            over[at] = -units[b]
            bound -= now[b] * units[b]
            for i in range(items):
                whole = cost[b, i] + now[b] * use[b, i]
                if whole < low[i]:
                    low[i] = whole
                    pick[i] = at
        for i in range(items):
            bound += low[i]
            if pick[i] >= 0:
                over[pick[i]] += use[chosen[pick[i]], i]
        if bound > best:
            best, waited = bound, 0
            toll[:] = now
            if best >= limit:
                break
        else:
            waited += 1
            if waited == PATIENCE:
                factor, waited = 0.5 * factor, 0
        square = 0.0
        for at in range(size):
            if over[at] > 0 or now[chosen[at]] > 0:
                square += over[at] * over[at]
        if square == 0:
            break
        aim = limit if limit < np.inf else best
        step = factor * (max(aim - bound, 0.0) + AHEAD * abs(aim) + 1e-9) / square
        for at in range(size):
            now[chosen[at]] = max(0.0, now[chosen[at]] + step * over[at])
    return best
