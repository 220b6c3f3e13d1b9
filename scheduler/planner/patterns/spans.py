"""Spans: runs of days between which hardly any ask can tell, such as the days of a service week."""

from typing import Final

import numpy as np

from scheduler.planner.instance import Instance, Ints

ALIKE: Final = 0.8
"""A day belongs to a span if so many of the asks that could have it, or its first day, could have both
at the same price."""


def spans_of(instance: Instance) -> Ints:
    """Return the number of the span that each day belongs to; spans are runs of days."""
    days = int(instance.option_day.max(initial=-1)) + 1
    owner = np.repeat(np.arange(instance.asks), np.diff(instance.option_first))
    price = np.full((days, instance.asks), -1, np.int64)
    price[instance.option_day, owner] = instance.option_price
    spans = np.zeros(days, np.int32)
    first = 0
    for day in range(1, days):
        wanted = int(((price[day] >= 0) | (price[first] >= 0)).sum())
        same = int(((price[day] == price[first]) & (price[day] >= 0)).sum())
        opens = same < ALIKE * wanted
        first = day if opens else first
        spans[day] = spans[day - 1] + opens
    return spans
