"""Which bins to open and what to put there: sets of bins by their bounds, each assigned in turn."""

from dataclasses import dataclass, field, replace

import numpy as np

from scheduler.planner.chance import Seeds
from scheduler.planner.facility.assignment import Assignment
from scheduler.planner.facility.block import Block, Flags, Ints, Points
from scheduler.planner.facility.multipliers import Ascent
from scheduler.planner.facility.parts import part_of
from scheduler.planner.facility.sites import Sites, sites_of, walk
from scheduler.planner.facility.start import first_values

ROUNDS_PER_STEP = 25
CALM = 1e-3  # a step factor at which multipliers hardly move any more
WALKS_FIRST = 3
WALK_EVERY = 4
CLIMBS_FIRST = 2
FORGIVEN = 0.85  # part of the hope for a set that is left after a step on it in vain
WORST = 0.05  # part of its bound that a set's plan is thought to be above it at most


@dataclass(slots=True)
class Candidate:
    """A set of open bins, what any plan costs that opens no other, and the work on its plan."""

    is_open: Flags
    bound: float
    paid: int
    options: Points | None = None
    work: Assignment | None = None
    tries: int = 0

    @property
    def promise(self) -> float:
        """Points that are hoped for: the bound at first, near what was reached after many steps."""
        if self.work is None:
            return self.bound
        most = self.bound + WORST * abs(self.bound)
        value = min(self.paid + self.work.value, most)
        return value - (value - self.bound) * FORGIVEN**self.tries


@dataclass(slots=True)
class Location:
    """The state of the work on a block with opening prices."""

    block: Block
    ascent: Ascent
    state: Seeds
    best: Ints
    value: int
    sites: Sites
    candidates: dict[bytes, Candidate] = field(default_factory=dict)
    step: int = 0
    climbing: bool = True

    @classmethod
    def begin(cls, block: Block, state: Seeds) -> "Location":
        """Begin with nothing open."""
        ascent = Ascent.begin(block, first_values(block))
        ascent.climb(1, 2 * abs(int(ascent.values.sum())) // 1_000_000 + 1)
        return cls(block, ascent, state, block.left, block.value(block.left), sites_of(block))

    @property
    def proven(self) -> bool:
        """Whether no plan is better than the best one known."""
        return self.ascent.least >= self.value

    @property
    def _goal(self) -> int:
        least = self.ascent.least
        return min(self.value, least + abs(least) // 20 + 1)

    def advance(self) -> None:
        """Take the next step: on sets, on multipliers, or on the plan of a set."""
        step = self.step
        self.step += 1
        if step < WALKS_FIRST or step % WALK_EVERY == 0:
            self._walk()
        elif self.climbing and step % 2 == 0:
            self.ascent.climb(ROUNDS_PER_STEP, self._goal)
            self.climbing = bool(self.ascent.state[0] > CALM)
        else:
            self._assign()

    def _walk(self) -> None:
        walk(self.sites, self._goal, self.state)
        s = self.sites
        for at in np.flatnonzero(s.bounds < self.value):
            is_open = s.kept[at]
            name = is_open.tobytes()
            if name not in self.candidates:
                paid = int(s.opening[is_open].sum())
                self.candidates[name] = Candidate(
                    np.append(is_open, False), float(s.bounds[at]), paid
                )

    def _assign(self) -> None:
        """Take a step on the plan of the most promising set."""
        hopes = [each for each in self.candidates.values() if each.bound < self.value]
        if not hopes:
            self._walk()
            return
        one = min(hopes, key=lambda each: each.promise)
        work = one.work
        if work is None:
            work = self._begun(one)
        else:
            work.advance()
            one.tries += 1
        one.bound = max(one.bound, one.paid + work.ascent.least)
        if one.paid + work.value < self.value:
            self.best = one.options[work.best].astype(np.int32)
            self.value = self.block.value(self.best)

    def _begun(self, one: Candidate) -> Assignment:
        part, _, one.options = part_of(self.block, self.block.left, one.is_open)
        part = replace(part, opening=np.zeros(part.bins, np.int64))
        one.work = Assignment.begin(part, first_values(part), self.state)
        for _ in range(CLIMBS_FIRST):
            one.work.advance()
        if one.work.is_even and one.paid + one.work.ascent.least < self.value:
            one.work.resplit(1.0)
        return one.work
