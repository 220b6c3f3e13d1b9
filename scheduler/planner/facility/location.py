"""Which bins to open and what to put there: sets of bins by their bounds, each assigned in turn."""

from dataclasses import dataclass, field, replace

import numpy as np

from scheduler.planner.chance import Seeds
from scheduler.planner.facility.assignment import ROUNDS_PER_STEP, Assignment
from scheduler.planner.facility.block import Block, Flags, Ints, Points
from scheduler.planner.facility.multipliers import MICRO, Ascent
from scheduler.planner.facility.parts import part_of
from scheduler.planner.facility.sites import Sites, sites_of, walk
from scheduler.planner.facility.start import first_values

WALKS_FIRST = 3
WALK_EVERY = 4
CLIMBS_FIRST = 2  # steps on a set's multipliers before it is compared with others
FORGIVEN = 0.85  # part of the hope for a set that is left after a step on it
WORST = 0.05  # part of its bound that a set's plan is thought to be above it at most


@dataclass(slots=True)
class Assigned:
    """The assignment that is left once a set of bins is paid for, and the whole block's options."""

    work: Assignment
    options: Points
    steps: int = 0


@dataclass(slots=True)
class Candidate:
    """A set of open bins: points below which no plan with these is, points of opening them."""

    is_open: Flags
    bound: float
    paid: int
    assigned: Assigned | None = None

    @property
    def promise(self) -> float:
        """Points that are hoped for: the bound at first, near what was reached after many steps."""
        if self.assigned is None:
            return self.bound
        most = self.bound + WORST * abs(self.bound)
        value = min(self.paid + self.assigned.work.value, most)
        return value - (value - self.bound) * float(FORGIVEN**self.assigned.steps)


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
        ascent.climb(1, 2 * int(ascent.values.sum()) // MICRO + 1)
        return cls(block, ascent, state, block.left, block.value(block.left), sites_of(block))

    @property
    def proven(self) -> bool:
        """Whether no plan is better than the best one known."""
        return self.ascent.least >= self.value

    @property
    def _goal(self) -> int:
        """Points that steps aim at, until a plan is known."""
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
            self.climbing = not self.ascent.is_calm
        else:
            self._assign()

    def _walk(self) -> None:
        """Look for sets whose bound is below the best plan."""
        walk(self.sites, self._goal, self.state)
        bounds = self.sites.bounds
        for at in np.flatnonzero(bounds < self.value):
            is_open = self.sites.kept[at]
            if is_open.tobytes() not in self.candidates:
                self.candidates[is_open.tobytes()] = Candidate(
                    is_open=np.append(is_open, False),
                    bound=float(bounds[at]),
                    paid=int(self.sites.opening[is_open].sum()),
                )

    def _assign(self) -> None:
        """Take a step on the plan of the most promising set."""
        hopes = [each for each in self.candidates.values() if each.bound < self.value]
        if not hopes:
            self._walk()
            return
        one = min(hopes, key=lambda each: each.promise)
        if one.assigned is None:
            one.assigned = self._begun(one)
        else:
            one.assigned.work.advance()
            one.assigned.steps += 1
        work = one.assigned.work
        one.bound = max(one.bound, one.paid + work.ascent.least)
        if one.paid + work.value < self.value:
            self.best = one.assigned.options[work.best].astype(np.int32)
            self.value = self.block.value(self.best)

    def _begun(self, one: Candidate) -> Assigned:
        part, _, options = part_of(self.block, self.block.left, one.is_open)
        part = replace(part, opening=np.zeros(part.bins, np.int64))
        work = Assignment.begin(part, first_values(part), self.state)
        for _ in range(CLIMBS_FIRST):
            work.advance()
        if work.is_even and one.paid + work.ascent.least < self.value:
            work.resplit(1.0)
        return Assigned(work, options)
