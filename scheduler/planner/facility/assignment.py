"""Items into bins that cost nothing to use: what is done to one such problem, step by step."""

from dataclasses import dataclass

import numpy as np

from scheduler.planner.chance import Seeds, draw, share
from scheduler.planner.facility.block import Block, Flags, Ints, Points
from scheduler.planner.facility.construct import construct
from scheduler.planner.facility.descent import descend
from scheduler.planner.facility.dive import dive
from scheduler.planner.facility.multipliers import MICRO, Ascent
from scheduler.planner.facility.near import Guide, guide
from scheduler.planner.facility.parts import part_of
from scheduler.planner.facility.resplit import even, resplit

ROUNDS_PER_STEP = 25
DIVE_ROUNDS = 20
LARGE = 30_000  # options from which on dives take fewer rounds
WIDTH = 10  # options that are tried of each item
PART = 80  # items in a part that is solved anew, more or less
FIRST_DIVE = 2
CLIMBS = 40  # steps on multipliers at most
SWEEPS = 100  # of local search
CYCLE = 24  # steps after which the search returns to its best plan
CELLS = 20_000_000  # of work in the first run of splits, at most; later ones are longer
CELLS_PER_OPTION = 60_000  # where there are few
LONGEST = 4  # times as long
LEAST_HEAT = 0.3  # of splits


@dataclass(slots=True)
class Assignment:
    """The state of the work on a block without opening prices."""

    block: Block
    ascent: Ascent
    state: Seeds
    best: Ints
    value: int
    guide: Guide
    now: Ints
    step: int = 0
    climbing: bool = True
    is_even: bool = False
    splits: int = 0

    @classmethod
    def begin(cls, block: Block, values: Points, state: Seeds) -> "Assignment":
        """Begin with multipliers to start from, and a first plan."""
        ascent = Ascent.begin(block, values)
        ascent.climb(1, int(ascent.values.sum()) // MICRO + 1)
        near = guide(block, ascent.values, WIDTH)
        score = ((block.price + near.toll[block.bin] * block.use) * MICRO).astype(np.int64)
        first = np.empty(block.items, np.int32)
        construct(block.first, block.bin, block.use, block.units, score, first)
        work = cls(block, ascent, state, first, block.value(first), near, first)
        work.is_even = even(block)
        work.polish(first.copy())
        return work

    @property
    def proven(self) -> bool:
        """Whether no plan is better than the best one known."""
        return self.ascent.least >= self.value

    @property
    def goal(self) -> int:
        """Points that steps aim at: a plan far above the bound says little about the optimum."""
        least = self.ascent.least
        return min(self.value, least + abs(least) // (50 if self.climbing else 400) + 1)

    def advance(self) -> None:
        """Take the next step: first mostly on multipliers, then on plans."""
        step, block = self.step, self.block
        self.step += 1
        if self.climbing and step == FIRST_DIVE:
            self._dive()
        elif self.climbing:
            self.ascent.climb(ROUNDS_PER_STEP, self.goal)
            self.climbing = not self.ascent.is_calm and step < CLIMBS
            if not self.climbing:
                self.guide = guide(block, self.ascent.values, WIDTH)
                self.now = self.best.copy()
        elif step % CYCLE == 0:
            self._dive()
        elif self.is_even and step % 4 != 1:
            self.resplit(LEAST_HEAT + (1 - LEAST_HEAT) * share(self.state))
        else:
            self._solve_part_anew()

    def resplit(self, heat: float) -> None:
        """Split pairs of bins of the best plan anew, more or less disturbed."""
        self.splits = min(self.splits + 1, LONGEST)
        plan = resplit(
            self.block, self.guide.option_at, self.best,
            heat=heat, cells=self.splits * min(CELLS, CELLS_PER_OPTION * len(self.block.bin)),
            state=self.state,
        )  # fmt: skip
        self.polish(plan)

    def polish(self, plan: Ints) -> None:
        """Better a plan, and keep it if it is the best."""
        b, g = self.block, self.guide
        descend(
            b.first, b.bin, b.use, b.price, b.units, g.first, g.options, g.option_at, plan, SWEEPS
        )  # fmt: skip
        value = b.value(plan)
        if value < self.value:
            self.value, self.best = value, plan.copy()

    def _dive(self) -> None:
        rounds = DIVE_ROUNDS if len(self.block.bin) < LARGE else DIVE_ROUNDS // 3
        self.polish(dive(self.block, self.ascent.values, self.goal, rounds, self.state))
        self.now = self.best.copy()

    def _solve_part_anew(self) -> None:
        """Take a few bins near each other out, and solve them as a block of their own."""
        block, places = self.block, self.now
        part, items, options = part_of(block, places, self._some_bins())
        if not len(items):
            return
        old = places[items]
        now = int(block.price[old].sum())
        ascent = Ascent.begin(part, self.ascent.values[items])
        ascent.climb(40, now)
        if ascent.least >= now:
            return
        plan = dive(part, ascent.values, now, DIVE_ROUNDS, self.state)
        if part.value(plan) <= now:
            places[items] = options[plan]
            self.polish(places)

    def _some_bins(self) -> Flags:
        block, near, state, places = self.block, self.guide, self.state, self.now
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
