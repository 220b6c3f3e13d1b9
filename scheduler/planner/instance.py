"""The problem in flat arrays: what every hot step of the planner works on.

Asks of one group (an enterprise and a party) stand side by side, and so do the options of one ask.
An option that could not stand even alone is not here. Numbers are small on purpose: a million
requests on fifteen days each take some 300 MB.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Points = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Instance:
    """Asks, their options, visits, department-days and counters, by number.

    Parameters
    ----------
    group_first
        Group g has the asks ``group_first[g]`` up to ``group_first[g + 1]``.
    ask_group, ask_department
        Group and department of each ask.
    leave
        Price of leaving an ask out.
    option_first
        Ask a has the options ``option_first[a]`` up to ``option_first[a + 1]``, by day.
    option_day, option_visit, option_bin
        The day of an option, the visit it needs open, the department-day it takes units of.
    option_use, option_price
        Units it takes there; its own price, the visit's apart.
    visit_price, visit_group, visit_day
        Price, group and day of each visit: a (group, day) that at least one option needs.
    bin_units, bin_department, bin_day
        Units, department and day of each department-day.
    mark_first, marks
        Option o lights the marks ``marks[mark_first[o]:mark_first[o + 1]]``.
    mark_counter, counter_limit
        The counter of each mark; how many distinct marks of a counter may be lit.
    """

    group_first: Ints
    ask_group: Ints
    ask_department: Ints
    leave: Points
    option_first: Ints
    option_day: Ints
    option_visit: Ints
    option_bin: Ints
    option_use: Ints
    option_price: Points
    visit_price: Points
    visit_group: Ints
    visit_day: Ints
    bin_units: Points
    bin_department: Ints
    bin_day: Ints
    mark_first: Ints
    marks: Ints
    mark_counter: Ints
    counter_limit: Points

    @property
    def asks(self) -> int:
        """Number of asks."""
        return len(self.leave)

    @property
    def options(self) -> int:
        """Number of options."""
        return len(self.option_day)

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.group_first) - 1


def starts(numbers: Ints | Points, count: int) -> Ints:
    """Return where each number's run begins, in a sorted array of numbers below `count`."""
    first = np.zeros(count + 1, np.int32)
    np.cumsum(np.bincount(numbers, minlength=count), out=first[1:])
    return first


def least_by_ask(instance: Instance, of_options: Points | Ints) -> Points:
    """Return the least of some value over each ask's options; 0 where it has none."""
    return _by_ask(instance, of_options, np.minimum)


def most_by_ask(instance: Instance, of_options: Points | Ints) -> Points:
    """Return the greatest of some value over each ask's options; 0 where it has none."""
    return _by_ask(instance, of_options, np.maximum)


def _by_ask(instance: Instance, of_options: Points | Ints, extreme: np.ufunc) -> Points:
    able = np.diff(instance.option_first) > 0
    found = np.zeros(instance.asks, np.int64)
    if able.any():
        found[able] = extreme.reduceat(of_options, instance.option_first[:-1][able])
    return found


NOWHERE = -1
"""The place of an ask that stands nowhere, in a plan: an array of option numbers, one per ask."""
