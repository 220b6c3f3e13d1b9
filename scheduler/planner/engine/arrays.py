"""An Instance as compiled code reads it, with a few things counted once."""

from typing import NamedTuple

import numpy as np

from scheduler.planner.instance import Instance, Ints, Points, starts

MICRO = 1_000_000
"""Tolls are whole millionths of a price."""


class Arrays(NamedTuple):
    """The instance's arrays (see there), and what follows from them.

    Parameters
    ----------
    leave
        Micro-prices of leaving each ask out.
    visit_first
        Group g has the visits ``visit_first[g]`` up to ``visit_first[g + 1]``, by day.
    mark_options
        How many options light each mark.
    mark_payer
        Of a mark that every option of one visit lights, the first of them; else -1.
    """

    group_first: Ints
    ask_department: Ints
    leave: Points
    option_first: Ints
    option_visit: Ints
    option_bin: Ints
    option_use: Ints
    option_price: Points
    visit_price: Points
    visit_first: Ints
    bin_units: Points
    bin_department: Ints
    mark_first: Ints
    marks: Ints
    mark_counter: Ints
    mark_options: Ints
    mark_payer: Ints
    counter_limit: Points


def arrays_of(instance: Instance, zeal: Points | None = None) -> Arrays:
    """Lay the instance out for compiled code.

    Parameters
    ----------
    zeal
        Micro-prices added to leaving each ask out.
    """
    leave = instance.leave * MICRO
    visits = len(instance.visit_price)
    options, payer = _marked(instance, visits)
    return Arrays(
        group_first=instance.group_first,
        ask_department=instance.ask_department,
        leave=leave if zeal is None else leave + zeal,
        option_first=instance.option_first,
        option_visit=instance.option_visit,
        option_bin=instance.option_bin,
        option_use=instance.option_use,
        option_price=instance.option_price,
        visit_price=instance.visit_price,
        visit_first=starts(instance.visit_group, instance.groups),
        bin_units=instance.bin_units,
        bin_department=instance.bin_department,
        mark_first=instance.mark_first,
        marks=instance.marks,
        mark_counter=instance.mark_counter,
        mark_options=options,
        mark_payer=payer,
        counter_limit=instance.counter_limit,
    )


def _marked(instance: Instance, visits: int) -> tuple[Ints, Ints]:
    """Count the options of each mark, and find the marks that stand for a whole visit."""
    marks = len(instance.mark_counter)
    owner = np.repeat(np.arange(instance.options), np.diff(instance.mark_first))
    lit = np.bincount(instance.marks, minlength=marks)
    payer = np.full(marks, instance.options, np.int64)
    np.minimum.at(payer, instance.marks, owner)
    visit = instance.option_visit[owner]
    lowest = np.full(marks, visits, np.int64)
    highest = np.full(marks, -1, np.int64)
    np.minimum.at(lowest, instance.marks, visit)
    np.maximum.at(highest, instance.marks, visit)
    of_visit = np.bincount(instance.option_visit, minlength=visits)
    whole = lowest == highest
    whole[whole] = lit[whole] == of_visit[lowest[whole]]
    return lit.astype(np.int32), np.where(whole, payer, -1).astype(np.int32)
