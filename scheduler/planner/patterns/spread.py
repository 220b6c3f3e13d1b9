"""What each ask costs in each span of days: at least that much, wherever in the span it comes to stand."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scheduler.planner.engine.arrays import MICRO
from scheduler.planner.engine.minima import NEVER
from scheduler.planner.instance import NOWHERE, Instance, Ints, Points


class Rates(NamedTuple):
    """Micro-points of what a group chooses, tolls included, as compiled code reads them.

    Parameters
    ----------
    group_first
        As in the instance.
    placed
        By ask and span; `NEVER` where it has no option.
    opening
        By group and span: of a visit there.
    out
        By ask: of leaving it out.
    rest
        By ask: what it and the later ones of its group cost at least, visits apart.
    """

    group_first: Ints
    placed: Points
    opening: Points
    out: Points
    rest: Points


@dataclass(frozen=True, slots=True)
class Spread:
    """An instance with spans instead of days: no plan of the instance costs more here or takes more.

    Parameters
    ----------
    span_of
        The span of each option.
    rates
        See there; all others are without tolls.
    price
        Micro-points by ask and span.
    units
        Units taken by ask and span.
    room
        Units of all days by department and span.
    tolled
        Micro-points that the tolls bring in where all units are taken.
    """

    instance: Instance
    span_of: Ints
    rates: Rates
    price: Points
    units: Points
    room: Points
    tolled: int


def spread_of(instance: Instance, zeal: Points, tolls: Points, spans: Ints) -> Spread:
    """Reckon the least of each span; `zeal` is as in `arrays_of`, tolls are micro-points by department-day."""
    number = int(spans.max(initial=-1)) + 1
    owner = np.repeat(np.arange(instance.asks), np.diff(instance.option_first))
    span_of = spans[instance.option_day]

    def least(of_options: Points) -> Points:
        table = np.full((instance.asks, number), NEVER, np.int64)
        np.minimum.at(table, (owner, span_of), of_options)
        return table

    price = instance.option_price * MICRO
    placed = least(price + tolls[instance.option_bin] * instance.option_use)
    opening = np.full((instance.groups, number), NEVER, np.int64)
    where = (instance.visit_group, spans[instance.visit_day])
    np.minimum.at(opening, where, instance.visit_price * MICRO)
    departments = int(instance.bin_department.max(initial=-1)) + 1
    room = np.zeros((departments, number), np.int64)
    np.add.at(room, (instance.bin_department, spans[instance.bin_day]), instance.bin_units)
    out = instance.leave * MICRO + zeal
    return Spread(
        instance=instance,
        span_of=span_of.astype(np.int32),
        rates=Rates(instance.group_first, placed, opening, out, _rest(instance, placed, out)),
        price=least(price),
        units=least(instance.option_use.astype(np.int64)),
        room=room,
        tolled=int((tolls * instance.bin_units).sum()),
    )


def _rest(instance: Instance, placed: Points, out: Points) -> Points:
    least = np.minimum(placed.min(axis=1, initial=NEVER), out)
    upwards = np.cumsum(least[::-1])[::-1]
    beyond = np.append(upwards, 0)[instance.group_first[1:]]
    return upwards - beyond[instance.ask_group]  # type: ignore[no-any-return]


def spans_in(spread: Spread, places: Ints) -> Ints:
    """Return the span where a plan places each ask, or NOWHERE."""
    spans = np.full(len(places), NOWHERE, np.int32)
    placed = places != NOWHERE
    spans[placed] = spread.span_of[places[placed]]
    return spans
