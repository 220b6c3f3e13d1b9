"""The door of this package: a block in, a plan and a bound that a stranger can re-check out."""

from dataclasses import dataclass

from scheduler.planner.chance import seeds_of
from scheduler.planner.facility.assignment import Assignment
from scheduler.planner.facility.block import Block, Ints, Points
from scheduler.planner.facility.location import Location
from scheduler.planner.facility.start import first_values
from scheduler.planner.progress import Progress, Watch, keep_going


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan, an option for each item; its points; multipliers in millionths and their bound."""

    places: Ints
    value: int
    values: Points
    least: int
    step: int


def solve_block(
    block: Block, *, seed: int = 0, steps: int = 1000, watch: Watch = keep_going
) -> Outcome:
    """Give each item an option within all units, at few points, and bound what any plan needs.

    Some steps find multipliers, the others plans. The same block, seed and number of steps give the
    same outcome; ``watch`` is asked before each step and ends the work by saying False, which gives
    what ``steps`` of that number give. The work ends early where plan and bound meet.
    """
    state = seeds_of(seed)
    work: Assignment | Location
    if block.opening.any():
        work = Location.begin(block, state)
    else:
        work = Assignment.begin(block, first_values(block), state)
    while work.step < steps and not work.proven:
        told = Progress(
            step=work.step,
            phase="prices" if work.climbing else "search",
            objective=work.value,
            bound=work.ascent.least,
            unplaced=int((work.best == block.left).sum()),
        )
        if not watch(told):
            break
        work.advance()
    return Outcome(work.best, work.value, work.ascent.values, work.ascent.least, work.step)
