"""How much any plan must leave out, by counting alone."""

import numpy as np
from numpy.typing import NDArray

from scheduler.planner.instance import Instance, Ints, least_by_ask

Flags = NDArray[np.bool_]


def least_left_out(instance: Instance, among: Flags) -> Ints:
    """How many of these asks each department must leave out: beyond all its units.

    Those without a day count; of the others the shortest go first, into all days' units at once.
    """
    departments = 1 + max(
        instance.ask_department.max(initial=-1), instance.bin_department.max(initial=-1)
    )
    units = np.zeros(departments, np.int64)
    np.add.at(units, instance.bin_department, instance.bin_units)
    able = np.diff(instance.option_first) > 0
    use = least_by_ask(instance, instance.option_use)
    least = np.zeros(departments, np.int32)
    for department in range(departments):
        own = among & (instance.ask_department == department)
        taken = np.cumsum(np.sort(use[own & able]))
        least[department] = (own & ~able).sum() + (taken > units[department]).sum()
    return least


def least_weight(instance: Instance, weight: Ints, least: Ints) -> int:
    """The least weight that so many asks of each department can have."""
    able = np.diff(instance.option_first) > 0
    total = int(weight[~able].sum())
    for department, count in enumerate(least.tolist()):
        own = instance.ask_department == department
        more = count - int((own & ~able).sum())
        total += int(np.sort(weight[own & able])[:more].sum())
    return total
