"""The door of this package: a block in, a plan and a bound that a stranger can re-check out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scheduler.planner.chance import Seeds, draw, seeds_of, share
from scheduler.planner.facility.block import Block, Flags, Ints, Points
from scheduler.planner.facility.construct import construct
from scheduler.planner.facility.descent import PROHIBITIVE, descend
from scheduler.planner.facility.dive import dive
from scheduler.planner.facility.multipliers import MICRO, Ascent
from scheduler.planner.facility.near import Guide, guide
from scheduler.planner.facility.parts import part_of
from scheduler.planner.facility.ruin import rebuild
from scheduler.planner.facility.sites import Sites, settled, sites_of, wander
from scheduler.planner.facility.start import first_values

ROUNDS_PER_STEP = 25
DIVE_ROUNDS = 20
LARGE = 30_000  # options from which on dives take fewer rounds
CALM = 1e-3  # a step factor at which multipliers hardly move any more
TRIES = 200  # rebuilds in a step
WIDTH = 10  # options that are tried of each item
IN_VAIN = 150  # sets of open bins tried in vain, after which the search begins elsewhere
PART = 80  # items in a part that is solved anew, more or less
FIRST_DIVE = 2
CLIMBS = 40  # steps on multipliers at most
DIVES = (0, 1)  # steps of a cycle that dive
CYCLE = 24  # steps after which the search returns to its best plan


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the work stands before a step: points of the best plan, and the bound in points."""

    step: int
    value: int
    least: int


Watch = Callable[[Progress], bool]


def keep_going(_: Progress) -> bool:
    """Never stop before the steps are done."""
    return True


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan, an option for each item; its points; multipliers in millionths and their bound."""

    places: Ints
    value: int
    values: Points
    least: int
    step: int


@dataclass(slots=True)
class _Work:
    block: Block
    ascent: Ascent
    state: Seeds
    best: Ints
    value: int
    guide: Guide
    now: Ints
    climbing: bool = True
    sites: Sites | None = None

    @property
    def proven(self) -> bool:
        return self.ascent.least >= self.value

    @property
    def goal(self) -> int:
        """Points that steps aim at: a plan far above the bound says little about the optimum."""
        least = self.ascent.least
        return min(self.value, least + abs(least) // (50 if self.climbing else 400) + 1)


def solve_block(
    block: Block, *, seed: int = 0, steps: int = 1000, watch: Watch = keep_going
) -> Outcome:
    """Give each item an option within all units, at few points, and bound what any plan needs.

    Some steps find multipliers, the later ones plans. The same block, seed and number of steps give
    the same outcome; ``watch`` is asked before each step and ends the work by saying False, which
    gives what ``steps`` of that number give. The work ends early where plan and bound meet.
    """
    work = _begin(block, seed)
    step = 0
    while step < steps and not work.proven:
        if not watch(Progress(step, work.value, work.ascent.least)):
            break
        _step(work, step)
        step += 1
    return Outcome(work.best, work.value, work.ascent.values, work.ascent.least, step)


def _begin(block: Block, seed: int) -> _Work:
    ascent = Ascent.begin(block, first_values(block))
    ascent.climb(1, int(ascent.values.sum()) // MICRO + 1)
    near = guide(block, ascent.values, WIDTH)
    # An open bin's units cost their toll, a closed one's their part of its opening.
    share = np.maximum(near.toll, block.opening / np.maximum(block.units, 1))
    score = ((block.price + share[block.bin] * block.use) * MICRO).astype(np.int64)
    first = np.empty(block.items, np.int32)
    construct(block.first, block.bin, block.use, block.units, score, first)
    work = _Work(block, ascent, seeds_of(seed), first, block.value(first), near, first)
    _polish(work, first.copy())
    return work


def _step(work: _Work, step: int) -> None:
    ascent = work.ascent
    if work.climbing and step == FIRST_DIVE:
        _dived(work, bins_first=bool(work.block.opening.any()))
    elif work.climbing:
        ascent.climb(ROUNDS_PER_STEP, work.goal)
        work.climbing = ascent.state[0] > CALM and step < CLIMBS
        if not work.climbing:
            work.guide = guide(work.block, ascent.values, WIDTH)
            work.now = work.best.copy()
    elif step % CYCLE in DIVES:
        _dived(work, bins_first=step % CYCLE == DIVES[1])
    elif work.block.opening.any() and step % 4 == 0:
        _rebuilt(work, step)
    elif work.block.opening.any() and step % 4 != 1:
        _sited(work)
    else:
        _solved_anew(work)


def _sited(work: _Work) -> None:
    """Look for better bins to open; where such are found, see what plan they allow."""
    block, values, surplus = work.block, work.ascent.values, work.guide.surplus
    if work.sites is None:
        work.sites = sites_of(block, work.best, values, surplus, work.state, shakes=0)
    elif work.sites.in_vain > IN_VAIN:
        shakes = 1 + draw(work.state, 3)
        work.sites = sites_of(block, work.best, values, surplus, work.state, shakes=shakes)
    if wander(block, work.sites, work.value, work.state):
        work.now = settled(block, work.sites, DIVE_ROUNDS, work.state)
        _polish(work, work.now)


def _dived(work: _Work, *, bins_first: bool) -> None:
    rounds = DIVE_ROUNDS if len(work.block.bin) < LARGE else DIVE_ROUNDS // 3
    plan = dive(
        work.block, work.ascent.values, work.goal, rounds, work.state, bins_first=bins_first
    )
    _polish(work, plan)
    work.now = work.best.copy()


def _polish(work: _Work, plan: Ints) -> None:
    b, g = work.block, work.guide
    fine = np.full(b.bins, PROHIBITIVE, np.int64)
    work.value = descend(
        b.first, b.bin, b.use, b.price, b.units, b.opening, g.first, g.options, g.option_at, fine,
        np.arange(b.items, dtype=np.int32), plan, work.value, work.best, 100,
    )  # fmt: skip


def _rebuilt(work: _Work, step: int) -> None:
    b, g = work.block, work.guide
    calm = 1 - (step % CYCLE) / CYCLE
    work.value = rebuild(
        b.first, b.bin, b.use, b.price, b.units, b.opening, g.first, g.options, g.option_at,
        g.toll, work.now, work.value, work.best, TRIES, 0.02 * work.value * calm**2, work.state,
    )  # fmt: skip


def _solved_anew(work: _Work) -> None:
    """Take a few bins near each other out, and solve them as a block of their own."""
    block, places = work.block, work.now
    part, items, options = part_of(block, places, _some_bins(work))
    if not len(items):
        return
    old = places[items]
    now = int(block.price[old].sum() + block.opening[np.unique(block.bin[old])].sum())
    ascent = Ascent.begin(part, work.ascent.values[items])
    ascent.climb(40, now)
    if ascent.least >= now:
        return
    plan = dive(
        part, ascent.values, now, DIVE_ROUNDS, work.state, bins_first=draw(work.state, 2) == 0
    )
    if part.value(plan) <= now:
        places[items] = options[plan]
        _polish(work, places)


def _some_bins(work: _Work) -> Flags:
    block, near, state, places = work.block, work.guide, work.state, work.now
    count = np.bincount(block.bin[places], minlength=block.bins)
    wanted = PART * (0.3 + 1.2 * share(state))
    bins = np.zeros(block.bins, np.bool_)
    item = draw(state, block.items)
    bins[block.bin[places[item]]] = True
    for _ in range(60):
        if count[bins].sum() >= wanted:
            break
        members = np.flatnonzero(bins[block.bin[places]])
        item = members[draw(state, len(members))]
        start, end = near.first[item], near.first[item + 1]
        bins[block.bin[near.options[start + draw(state, end - start)]]] = True
    bins[-1] = False
    return bins
