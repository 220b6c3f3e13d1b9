"""Tolls on department-days and budgets on counters: the greatest bound that prices can give.

The bound at given tolls is the sum of what the groups cost least on their own, minus what the
capacities could earn: the Lagrangian dual of capacities and counters. Stochastic subgradient steps
raise it: the groups come in a random order and in batches, each of which moves the tolls by how
much it asks of each capacity beyond its share, and the tolls of a sweep are averaged (A. Nemirovski,
A. Juditsky, G. Lan and A. Shapiro, "Robust stochastic approximation approach to stochastic
programming", SIAM Journal on Optimization 19(4), 2009).

Department-days on which the same asks stand at the same prices share one toll: days that are alike
would otherwise take turns at being the cheapest.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import bare, compiled
from scheduler.planner.engine.arrays import MICRO, Arrays, arrays_of
from scheduler.planner.engine.groups import (
    Rates,
    Standing,
    flat_rates,
    lay,
    least_of_groups,
    nobody,
    room_for,
)
from scheduler.planner.engine.minima import least
from scheduler.planner.engine.stride import USUAL, Stride
from scheduler.planner.instance import NOWHERE, Instance, Ints, Points

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

BATCHES: Final = 100  # tolls move so often in a sweep
LARGE: Final = 20_000  # groups; beyond it, fewer sweeps are as good
COOLING: Final = {False: 0.85, True: 0.7}
SWEEPS: Final = {False: 30, True: 16}
BOLDNESS: Final = 6.0  # a first step, in visits: a department-day asked for twice over a sweep


class Kinds(NamedTuple):
    """What shares a toll: department-days that are alike; each counter is a kind of its own.

    Parameters
    ----------
    of
        The kind of each department-day, then of each counter.
    use, units
        Mean units of an option, and units of all, by kind.
    """

    of: Ints
    use: Floats
    units: Floats


class Pricing:
    """Tolls on their way up, and the best ones so far; a step takes at most a stride's groups.

    Parameters
    ----------
    instance
        With prices in points.
    priced
        Whether each counter may have a budget: a certificate knows budgets of caps alone.
    """

    def __init__(
        self, instance: Instance, seed: int, priced: Flags, stride: Stride = USUAL
    ) -> None:
        self._most = stride.groups
        self.arrays = arrays_of(instance)
        self._draw = np.random.Generator(np.random.PCG64(seed))
        self._kinds = _kinds(instance, priced)
        self._tolls = np.zeros_like(self._kinds.units)
        self._large = instance.groups > LARGE
        price = instance.visit_price.mean() if len(instance.visit_price) else 0.0
        self._boldness = BOLDNESS * MICRO * max(float(price), 1.0)
        self._empty = nobody(self.arrays)
        self._work = self._sweeps()
        self.done = not len(self._tolls)
        """Whether more sweeps would hardly raise the bound."""
        self.tolls = np.zeros(len(instance.bin_units), np.int64)
        self.budgets = np.zeros(len(instance.counter_limit), np.int64)
        self.bound = -(2**62)
        """Micro-points; before the first sweep what is proven without any tolls."""
        for _ in self._prove(self.tolls, self.budgets):
            pass

    def step(self) -> None:
        """Take the next groups of a sweep, or of the bound that follows it."""
        self.done = next(self._work, self) is self

    def _sweeps(self) -> Iterator[None]:
        """Move the tolls, sweep by sweep, and see each time what their means prove."""
        groups, bins = len(self.arrays.group_first) - 1, len(self.tolls)
        batches = min(BATCHES, groups)
        several = max(1, batches * self._most // max(groups, 1))
        for sweep in range(SWEEPS[self._large]):
            total = np.zeros_like(self._tolls)
            pace = (self._kinds, self._boldness * COOLING[self._large] ** sweep)
            order = self._draw.permutation(groups)
            for first in range(0, batches, several):
                if first:
                    yield
                last = min(first + several, batches)
                sums = (self._tolls, total)
                _sweep(self.arrays, self._empty, (order, first, last), pace, sums)
            mean = (total / max(batches, 1)).astype(np.int64)[self._kinds.of]
            yield from self._prove(mean[:bins], mean[bins:])

    def _prove(self, tolls: Points, budgets: Points) -> Iterator[None]:
        """See what these prices prove, and keep them if it is no less than what is known.

        In micro-points: the exact sum of what the groups cost least, less what is earned.
        """
        earned = int((tolls * self.arrays.bin_units).sum())
        bound = -earned - int((budgets * self.arrays.counter_limit).sum())
        groups = len(self.arrays.group_first) - 1
        for first in range(0, groups, self._most):
            values = np.zeros(min(self._most, groups - first), np.int64)
            rates = flat_rates(tolls, budgets)
            least_of_groups(self.arrays, rates, self._empty, (first, values))
            bound += int(values.sum())
            if first + self._most < groups:
                yield
        if bound >= self.bound:
            self.tolls, self.budgets, self.bound = tolls, budgets, bound
        yield


def _kinds(instance: Instance, priced: Flags) -> Kinds:
    draw = np.random.Generator(np.random.PCG64(0))  # hashes: no matter which
    asks = draw.integers(1, 2**62, instance.asks)
    owner = np.repeat(np.arange(instance.asks), np.diff(instance.option_first))
    stands = asks[owner] * (2 * (instance.option_price * 1_000_003 + instance.option_use) + 1)
    bins, counters = len(instance.bin_units), len(instance.counter_limit)
    code = np.zeros(bins, np.int64)
    np.add.at(code, instance.option_bin, stands)
    department = instance.bin_department.astype(np.int64)
    _, kind = np.unique(np.stack((department, code)), axis=1, return_inverse=True)
    kind = kind.reshape(-1)
    alike = int(kind.max(initial=-1)) + 1
    kinds = np.concatenate((kind, alike + np.arange(counters)))
    of_option = kind[instance.option_bin]
    uses = np.bincount(of_option, instance.option_use, alike)
    use = np.maximum(uses / np.maximum(np.bincount(of_option, minlength=alike), 1), 1.0)
    units = np.bincount(kind, instance.bin_units, alike)
    return Kinds(
        kinds.astype(np.int32),
        np.concatenate((use, np.where(priced, 1.0, np.inf))),  # whose toll must stay, never steps
        np.concatenate((units, instance.counter_limit.astype(np.float64))),
    )


@compiled
def _sweep(
    arrays: Arrays,
    empty: Standing,
    some: tuple[Points, int, int],
    pace: tuple[Kinds, float],
    sums: tuple[Floats, Floats],
) -> None:
    """Take some batches of the groups in this order; move the tolls after each, and add them up."""
    order, first, last = some
    kinds, boldness = pace
    tolls, total = sums
    room = room_for(arrays)
    bins, groups = len(arrays.bin_units), len(order)
    batches = min(BATCHES, groups)
    whole = np.zeros(len(kinds.of), np.int64)
    rates = Rates(whole[:bins], whole[:bins], whole[bins:], whole[bins:])
    load = np.zeros(len(tolls), np.float64)
    for batch in range(first, last):
        for k in range(len(whole)):
            whole[k] = np.int64(tolls[kinds.of[k]])
        load[:] = 0.0
        start, end = groups * batch // batches, groups * (batch + 1) // batches
        for k in range(start, end):
            group = order[k]
            lay(arrays, rates, empty, group, room)
            visits = arrays.visit_first[group + 1] - arrays.visit_first[group]
            asks = arrays.group_first[group + 1] - arrays.group_first[group]
            least(room, visits, asks)
            _weigh(arrays, kinds.of, room.answer[:asks], load)
        share = (end - start) / groups
        for k in range(len(tolls)):
            asked = load[k] / max(kinds.units[k], 1.0) - share
            tolls[k] = max(0.0, tolls[k] + boldness / kinds.use[k] * asked)
            total[k] += tolls[k]


@bare
def _weigh(arrays: Arrays, kinds: Ints, answer: Ints, load: Floats) -> None:
    """Add what a group's choice asks of capacities and counters."""
    bins = len(arrays.bin_units)
    for i in range(len(answer)):
        option = answer[i]
        if option == NOWHERE:
            continue
        load[kinds[arrays.option_bin[option]]] += arrays.option_use[option]
        for k in range(arrays.mark_first[option], arrays.mark_first[option + 1]):
            mark = arrays.marks[k]
            load[kinds[bins + arrays.mark_counter[mark]]] += _part(arrays, answer, mark)


@bare
def _part(arrays: Arrays, answer: Ints, mark: int) -> float:
    """The part of a mark that each ask of this choice that lights it has to bear."""
    if arrays.mark_payer[mark] < 0:
        return float(1.0 / arrays.mark_options[mark])
    lit = 0
    for i in range(len(answer)):
        if answer[i] != NOWHERE:
            for k in range(arrays.mark_first[answer[i]], arrays.mark_first[answer[i] + 1]):
                lit += arrays.marks[k] == mark
    return float(1.0 / max(lit, 1))
