"""A price for each item's being placed, and the bound that such prices give.

Relaxing "each item has one option" with multipliers v leaves one knapsack per bin:

    L(v) = sum of v + sum over bins of min(0, opening - most of sum(v - price) within the units)

is a lower bound for every v (Fisher, Jaikumar and Van Wassenhove 1986 for generalised assignment;
Holmberg, Rönnqvist and Yuan 1999 for facility location). It is at least the linear relaxation's
bound. Values are whole millionths of a point, so that a bound is exact; only the search for good
ones (subgradients with a deflected direction: Camerini, Fratta and Maffioli 1975) uses fractions.
"""

# ruff: noqa: PLR0917 - compiled code takes its arrays one by one: reading them out of a tuple counts
# references at every step.

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.planner.facility.block import Block, Ints, Points
from scheduler.planner.facility.knapsack import forced, knapsack

MICRO = 1_000_000

PATIENCE = 10  # rounds without a better bound before steps get shorter
CALM = 1e-3  # a step factor at which multipliers hardly move any more

Reals = NDArray[np.float64]


@compiled
def relaxed(  # noqa: C901 - one compiled pass
    price: Points,
    use: Points,
    item: Ints,
    units: Points,
    opening: Points,
    bin_first: Ints,
    bin_options: Ints,
    values: Points,
    chosen: Ints,
    part: Points,
) -> int:
    """Return L(v) in millionths; mark chosen options, and set each bin's own part of it.

    Price, use and item are by place in ``bin_options``: a bin's lie side by side.
    """
    chosen[:] = 0
    total = values.sum()
    most = 0
    for b in range(len(units)):
        most = max(most, bin_first[b + 1] - bin_first[b])
    options = np.empty(most, np.int64)
    profit = np.empty(most, np.int64)
    need = np.empty(most, np.int64)
    taken = np.empty(most, np.bool_)
    for b in range(len(units)):
        size = 0
        for at in range(bin_first[b], bin_first[b + 1]):
            gain = values[item[at]] - price[at] * MICRO
            if gain > 0 and use[at] <= units[b]:
                options[size], profit[size], need[size] = bin_options[at], gain, use[at]
                size += 1
        part[b] = 0
        if size == 0:
            continue
        worth = knapsack(profit[:size], need[:size], units[b], taken[:size])
        if worth > opening[b] * MICRO:
            part[b] = opening[b] * MICRO - worth
            for k in range(size):
                if taken[k]:
                    chosen[options[k]] = 1
    return int(total + part.sum())


@compiled
def penalties(
    price: Points,
    use: Points,
    item: Ints,
    units: Points,
    opening: Points,
    bin_first: Ints,
    bin_options: Ints,
    values: Points,
    part: Points,
    within: Points,
) -> None:
    """Set, for each option, by how much at least L(v) grows if its item must have it.

    ``part`` are the bins' parts of L(v). An item forced into one bin is forced out of all others.
    """
    out = np.zeros(len(price), np.int64)
    sum_out = np.zeros(len(values), np.int64)
    for b in range(len(units)):
        start, end = bin_first[b], bin_first[b + 1]
        profit = np.empty(end - start, np.int64)
        need = np.empty(end - start, np.int64)
        for at in range(start, end):
            o = bin_options[at]
            profit[at - start] = values[item[o]] - price[o] * MICRO
            need[at - start] = use[o]
        inside = np.empty(end - start, np.int64)
        outside = np.empty(end - start, np.int64)
        cost = opening[b] * MICRO
        # Of a closed bin only a bound of its knapsack is needed: the sum of what is positive.
        limit = np.maximum(profit, 0).sum() if part[b] == 0 else cost - part[b]
        forced(profit, need, units[b], limit, inside, outside)
        for at in range(start, end):
            o = bin_options[at]
            within[o] = cost - inside[at - start] - part[b]
            out[o] = max(0, min(0, cost - outside[at - start]) - part[b])
            sum_out[item[o]] += out[o]
    for o in range(len(price)):
        within[o] = max(0, within[o] + sum_out[item[o]] - out[o])


@compiled
def climb_rounds(  # noqa: C901, PLR0912 - one compiled pass
    price: Points,
    use: Points,
    item: Ints,
    units: Points,
    opening: Points,
    bin_first: Ints,
    bin_options: Ints,
    point: Reals,
    ceiling: Points,
    direction: Reals,
    state: Reals,
    target: float,
    rounds: int,
    best_values: Points,
    best: int,
    share: Reals,
) -> int:
    """Take rounds of steps from ``point``; return the best bound, and set the values that give it.

    ``state``: step factor, rounds without a better bound. ``share`` is a running mean of how often each
    option was chosen: an estimate of the relaxation's plan.
    """
    items = len(point)
    values = np.empty(items, np.int64)
    chosen = np.empty(len(price), np.int32)
    part = np.empty(len(units), np.int64)
    slack = np.empty(items, np.float64)
    own_price, own_use, own_item = price[bin_options], use[bin_options], item[bin_options]
    for _ in range(rounds):
        for i in range(items):
            values[i] = min(max(np.int64(point[i]), 0), ceiling[i])
        bound = relaxed(
            own_price, own_use, own_item, units, opening, bin_first, bin_options, values, chosen,
            part,
        )  # fmt: skip
        again = False
        if bound > best:
            if bound - best > 1e-5 * abs(best):
                state[1] = 0
            best = bound
            best_values[:] = values
        else:
            state[1] += 1
            if state[1] >= PATIENCE:
                again = True  # shorter steps, from the best multipliers
                state[0] *= 0.7
                state[1] = 0
        for i in range(items):
            slack[i] = 1 if ceiling[i] > 0 else 0
        for o in range(len(price)):
            share[o] *= 0.88
            if chosen[o]:
                slack[item[o]] -= 1
                share[o] += 0.12
        square, along, length = 0.0, 0.0, 0.0
        for i in range(items):
            square += slack[i] * slack[i]
            along += slack[i] * direction[i]
            length += direction[i] * direction[i]
        if square == 0:  # what is chosen is a plan, and no plan is better
            for o in range(len(price)):
                share[o] = chosen[o]
            break
        lean = -1.5 * along / length if along < 0 else 0.0
        length = 0.0
        for i in range(items):
            direction[i] = slack[i] + lean * direction[i]
            length += direction[i] * direction[i]
        step = state[0] * max(target - bound, 1e-4 * abs(target)) / length
        for i in range(items):
            from_i = best_values[i] if again else values[i]
            point[i] = min(max(from_i + step * direction[i], 0), ceiling[i])
    return best


@dataclass(slots=True)
class Ascent:
    """A search for good multipliers of one block, in rounds."""

    block: Block
    values: Points
    bound: int
    share: Reals
    point: Reals
    direction: Reals
    ceiling: Points
    state: Reals = field(default_factory=lambda: np.array([1.0, 0.0]))

    @classmethod
    def begin(cls, block: Block, values: Points) -> "Ascent":
        """Start from given multipliers; those above the points of leaving out are lowered to it."""
        leave = block.price[block.left]
        largest = int(np.append(block.use, 1).max())
        ceiling = np.minimum(leave * MICRO, (1 << 60) // largest)
        point = np.minimum(values, ceiling).astype(np.float64)
        return cls(
            block=block,
            values=point.astype(np.int64),
            bound=-(1 << 62),
            share=np.zeros(len(block.bin)),
            point=point,
            direction=np.zeros(block.items),
            ceiling=ceiling,
        )

    def climb(self, rounds: int, upper: int) -> None:
        """Take so many rounds, given a plan's points."""
        b = self.block
        self.bound = climb_rounds(
            b.price, b.use, b.item, b.units, b.opening, b.bin_first, b.bin_options, self.point,
            self.ceiling, self.direction, self.state, float(upper * MICRO), rounds, self.values,
            self.bound, self.share,
        )  # fmt: skip

    @property
    def is_calm(self) -> bool:
        """Whether steps have become so short that multipliers hardly move any more."""
        return bool(self.state[0] <= CALM)

    @property
    def least(self) -> int:
        """The bound in whole points: no plan has fewer."""
        return -(-self.bound // MICRO)
