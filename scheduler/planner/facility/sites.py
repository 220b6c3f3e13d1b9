"""Which bins to open: a local search over sets of open bins, judged by the relaxation's bound.

With the open bins given, the relaxation of what is left (an assignment problem) is within a few
tenths of a percent of its best plan and takes milliseconds; so sets are compared by bounds, and
only a promising one is dived into.
"""

from dataclasses import dataclass, replace

import numpy as np

from scheduler.planner.chance import Seeds, draw, share
from scheduler.planner.facility.block import Block, Flags, Ints, Points
from scheduler.planner.facility.dive import dive
from scheduler.planner.facility.multipliers import MICRO, Ascent, Reals
from scheduler.planner.facility.parts import part_of

ROUNDS = 12
CLOSER_ROUNDS = 40
LOOSE = 0.004  # part of the points that a set may be worse by, at the very most, to be kept
TRIES = 24  # sets that are looked at in a step
PATIENCE = 120  # sets in vain after which the search begins elsewhere


_FAR = 1 << 40


@dataclass(slots=True)
class Sites:
    """The set of open bins at hand and its bound in millionths; the best set, and since when it is."""

    is_open: Flags
    bound: int
    values: Points
    record: int
    best: Flags
    surplus: Reals
    in_vain: int = 0


def sites_of(
    block: Block, places: Ints, values: Points, surplus: Reals, state: Seeds, *, shakes: int
) -> Sites:
    """Return the bins that a plan opens, with so many of them exchanged for others."""
    is_open = np.zeros(block.bins, np.bool_)
    is_open[block.bin[places]] = True
    is_open[-1] = False
    for _ in range(shakes):
        _flip(is_open, surplus, state, to=False)
        _flip(is_open, surplus, state, to=True)
    return Sites(is_open, _FAR * MICRO, values, _FAR * MICRO, is_open, surplus)


def wander(block: Block, sites: Sites, upper: int, state: Seeds) -> bool:
    """Try some sets with one bin closed, opened, or exchanged; tell whether one was better."""
    better = False
    last = block.bin == block.bins - 1
    least = np.minimum.reduceat(np.where(last, _FAR, block.use), block.first[:-1])
    demand = int(least[least < _FAR].sum())
    for _ in range(TRIES):
        trial = sites.is_open.copy()
        kind = draw(state, 4)
        if kind != 0:
            _flip(trial, sites.surplus, state, to=False)
        if kind != 1:
            _flip(trial, sites.surplus, state, to=True)
        sites.in_vain += 1
        if int(block.units[trial].sum()) < demand:
            continue
        accepted = sites.bound + int(LOOSE * share(state) ** 4 * upper * MICRO)
        bound, values = _judged(block, trial, sites.values, ROUNDS, upper)
        if bound < accepted:
            bound, values = _judged(block, trial, values, CLOSER_ROUNDS, upper)
        if bound < sites.record:
            sites.record, sites.in_vain, better = bound, 0, True
            sites.best = trial
        if bound < accepted:
            sites.is_open, sites.bound, sites.values = trial, bound, values
    return better


def settled(block: Block, sites: Sites, rounds: int, state: Seeds) -> Ints:
    """Return a plan that opens no other bins."""
    part, options = _alone(block, sites.best)
    ascent = Ascent.begin(part, sites.values)
    paid = int(block.opening[sites.best].sum())
    ascent.climb(1, sites.record // MICRO - paid)
    goal = ascent.least + abs(ascent.least) // 400 + 1
    plan = dive(part, ascent.values, goal, rounds, state, bins_first=False)
    return options[plan].astype(np.int32)


def _judged(
    block: Block, is_open: Flags, values: Points, rounds: int, goal: int
) -> tuple[int, Points]:
    """Return a bound on plans that open these bins, in millionths, and its multipliers."""
    part, _ = _alone(block, is_open)
    paid = int(block.opening[is_open].sum())
    ascent = Ascent.begin(part, values)
    ascent.climb(rounds, goal - paid)
    return ascent.bound + paid * MICRO, ascent.values


def _alone(block: Block, is_open: Flags) -> tuple[Block, Points]:
    """Return the block of some bins that are paid for, and the whole block's option of each."""
    part, _, options = part_of(block, block.left, is_open)
    return replace(part, opening=np.zeros(part.bins, np.int64)), options


def _flip(is_open: Flags, surplus: Reals, state: Seeds, *, to: bool) -> None:
    """Open or close a bin, more likely one that the relaxation would."""
    can = np.flatnonzero(is_open[:-1] != to)
    if len(can):
        ranked = can[np.argsort(surplus[can] if to else -surplus[can], kind="stable")]
        is_open[ranked[int(len(can) * share(state) ** 2)]] = to
