"""One department's days at a time: a plan and a bound within a known, short effort."""

import numpy as np

from scheduler.planner.facility.block import Block, Ints, Points
from scheduler.planner.facility.chance import dice
from scheduler.planner.facility.descent import PROHIBITIVE, descend
from scheduler.planner.facility.dive import dive
from scheduler.planner.facility.multipliers import Ascent
from scheduler.planner.facility.near import guide
from scheduler.planner.facility.solve import Outcome
from scheduler.planner.facility.start import first_values

ROUNDS = 60
DIVE_ROUNDS = 8
WIDTH = 6
SWEEPS = 20


def settle(
    block: Block, *, start: Ints | None = None, values: Points | None = None, seed: int = 0
) -> Outcome:
    """Place a department's requests on its days: some rounds of multipliers, one dive, local search.

    For a round of department against enterprise, with the other departments' visits fixed: an
    option's points then include a visit that is not open yet. ``start`` is a plan that fits, of
    which the outcome is never worse; ``values`` are multipliers of an earlier round, which make the
    bound good from the first. Deterministic; about 30 times one evaluation of the relaxation.
    """
    ascent = Ascent.begin(block, first_values(block) if values is None else values)
    upper = 1 if start is None else block.value(start)
    ascent.climb(1, upper)
    goal = ascent.least + abs(ascent.least) // 100 + 1
    if start is not None:
        goal = min(goal, upper)
    ascent.climb(ROUNDS, goal)
    near = guide(block, ascent.values, WIDTH)
    plan = dive(block, ascent.values, goal, DIVE_ROUNDS, dice(seed), bins_first=False)
    best = plan.copy() if start is None else start.copy()
    value = descend(
        block.first,
        block.bin,
        block.use,
        block.price,
        block.units,
        block.opening,
        near.first,
        near.options,
        near.option_at,
        np.full(block.bins, PROHIBITIVE, np.int64),
        np.arange(block.items, dtype=np.int32),
        plan,
        block.value(best),
        best,
        SWEEPS,
    )
    return Outcome(best, value, ascent.values, ascent.least, 1)
