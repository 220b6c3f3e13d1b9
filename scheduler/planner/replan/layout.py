"""A problem laid out for changes: nothing is left out that an event could bring into force.

The engine leaves out choices that cannot stand and caps that cannot bind. Here every choice has its
option, every department and day its department-day, and every cap its counter.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from scheduler.exchange.arrays import firsts, owners, ranges
from scheduler.exchange.capping import no_caps
from scheduler.exchange.plan import NO_DAY
from scheduler.exchange.rules import things_of
from scheduler.exchange.statement import Ints, Points, Statement
from scheduler.planner.engine.arrays import Arrays
from scheduler.planner.engine.build import PINNED, STATUTORY, WEIGHT, Built, build
from scheduler.planner.engine.groups import Standing
from scheduler.planner.instance import NOWHERE, Instance


@dataclass(frozen=True, slots=True)
class Layout:
    """A problem in arrays, and where its plan stands.

    Parameters
    ----------
    instance
        Department-day ``department * days + day``; counter c is cap c, then each visit counts its
        departments where they are limited.
    request
        The statement's request of each ask.
    pinned, zeal
        By ask: the day a person fixed or -1, and the micro-points of being left out beside `leave`.
    place
        Option of each ask in the plan, or NOWHERE.
    """

    instance: Instance
    request: Ints
    pinned: Ints
    zeal: Points
    place: Ints


def lay_out(statement: Statement, day: Ints) -> Layout:
    """Lay out a problem and the days of a plan."""
    built = build(_free(statement))
    order, free = built.ask_request, built.points
    departments, days = statement.capacity.shape
    owner = owners(free.option_first.astype(np.int64))
    marks = _marks(statement, built)
    pinned = statement.pinned[order]
    return Layout(
        instance=replace(
            free,
            option_bin=(free.ask_department[owner] * days + free.option_day).astype(np.int32),
            bin_units=statement.capacity.ravel().copy(),
            bin_department=np.repeat(np.arange(departments, dtype=np.int32), days),
            bin_day=np.tile(np.arange(days, dtype=np.int32), departments),
            mark_first=marks[0],
            marks=marks[1],
            mark_counter=marks[2],
            counter_limit=_limits(statement, len(free.visit_price)),
        ),
        request=order,
        pinned=pinned,
        zeal=zeal_of(statement.must[order], pinned != NO_DAY, statement.weight[order]),
        place=built.places_of(day),
    )


def zeal_of(must: ArrayLike, pinned: ArrayLike, weight: ArrayLike) -> Points:
    """Micro-points of being left out that follow the objective's levels; see `engine.build`."""
    zeal = np.asarray(must, np.int64) * STATUTORY + np.asarray(pinned, np.int64) * PINNED
    total: Points = zeal + np.asarray(weight, np.int64) * WEIGHT
    return total


def standing_of(arrays: Arrays, place: Ints) -> Standing:
    """What a plan takes of everything."""
    taken = place[place != NOWHERE]
    first = arrays.mark_first[taken]
    lit = arrays.marks[ranges(first, arrays.mark_first[taken + 1] - first)]
    shining = np.bincount(lit, minlength=len(arrays.mark_counter)).astype(np.int32)
    counted = np.bincount(arrays.mark_counter[shining > 0], minlength=len(arrays.counter_limit))
    load = np.zeros(len(arrays.bin_units), np.int64)
    np.add.at(load, arrays.option_bin[taken], arrays.option_use[taken])
    guests = np.bincount(arrays.option_visit[taken], minlength=len(arrays.visit_price))
    return Standing(place, load, guests.astype(np.int32), shining, counted.astype(np.int64))


def _free(statement: Statement) -> Statement:
    """The same problem without anything that could keep a choice from standing."""
    most = int(statement.choice_units.max(initial=0))
    return replace(
        statement,
        pinned=np.full_like(statement.pinned, NO_DAY),
        capacity=np.full_like(statement.capacity, most),
        caps=no_caps(),
        max_departments=None,
    )


def _limits(statement: Statement, visits: int) -> Points:
    room = np.maximum(statement.caps.room, 0).astype(np.int64)
    if statement.max_departments is None:
        return room
    return np.concatenate((room, np.full(visits, statement.max_departments, np.int64)))


def _marks(statement: Statement, built: Built) -> tuple[Ints, Ints, Ints]:
    """Return the marks of each option, and the counter of each mark."""
    points, caps = built.points, statement.caps
    option_of = np.empty(points.options, np.int64)
    option_of[built.option_choice] = np.arange(points.options)
    request = owners(statement.choice_first)[caps.member_choice].astype(np.int64)
    option = option_of[caps.member_choice]
    counter = caps.member_cap.astype(np.int64)
    thing = things_of(statement, caps.member_cap, caps.member_choice, request)
    if statement.max_departments is not None:
        owner = owners(points.option_first.astype(np.int64))
        option = np.concatenate((option, np.arange(points.options)))
        counter = np.concatenate((counter, len(caps.names) + points.option_visit))
        thing = np.concatenate((thing, points.ask_department[owner].astype(np.int64)))
    _, small = np.unique(thing, return_inverse=True)
    key = counter * (int(small.max(initial=0)) + 1) + small
    _, first, mark = np.unique(key, return_index=True, return_inverse=True)
    order = np.lexsort((mark, option))
    return (
        firsts(np.bincount(option, minlength=points.options)).astype(np.int32),
        mark[order].astype(np.int32),
        counter[first].astype(np.int32),
    )
