"""A certificate's prices laid on the choices of a problem."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from scheduler.compiled import compiled
from scheduler.exchange.arrays import firsts, owners
from scheduler.exchange.minima import NEVER, Priced
from scheduler.exchange.plan import MICRO, NO_DAY, Certificate
from scheduler.exchange.rules import things_of
from scheduler.exchange.statement import Flags, Ints, Points, Statement

_DEAREST: Final = 2**55  # more than leaving out ever costs; sums of a few stay within 64 bits


@dataclass(frozen=True, slots=True)
class Packing:
    """The department-days that are packed, and what their choices pay.

    Parameters
    ----------
    packed
        By department and day.
    choice, micro
        Parallel: the choices that have a surcharge, and it.
    foreign
        Surcharges on days that are none of the request's choices: they mean nothing.
    """

    packed: Flags
    choice: Points
    micro: Points
    foreign: int


@dataclass(frozen=True, slots=True)
class _Things:
    """Things that caps with a budget toll count, each as often as groups can make it count."""

    group: Points
    day: Ints
    cost: Points
    member_first: Points
    member: Ints


def open_choices(statement: Statement) -> Flags:
    """Return the choices that could stand even alone.

    Closed are: other days than the pin, more units than the department-day has, and what counts
    under a cap without room.
    """
    caps, first = statement.caps, statement.choice_first
    width = np.diff(first)
    pin = np.repeat(statement.pinned, width)
    is_open: Flags = (pin == NO_DAY) | (pin == statement.choice_day)
    where = np.repeat(statement.department.astype(np.int64) * len(statement.days), width)
    where += statement.choice_day
    is_open &= statement.choice_units <= statement.capacity.ravel()[where]
    is_open[caps.member_choice[caps.room[caps.member_cap] <= 0]] = False
    return is_open


def pack(statement: Statement, certificate: Certificate) -> Packing:
    """Find the choices that the surcharges are on."""
    days = np.int64(len(statement.days))
    packed = np.zeros((len(statement.departments), len(statement.days)), np.bool_)
    if not len(certificate.surcharge_request):
        empty = np.empty(0, np.int64)
        return Packing(packed, empty, empty, 0)
    keys = owners(statement.choice_first) * days + statement.choice_day
    order = np.argsort(keys, kind="stable")
    wanted = certificate.surcharge_request * days + certificate.surcharge_day
    at = np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)
    known = keys[order[at]] == wanted
    request, day = certificate.surcharge_request[known], certificate.surcharge_day[known]
    packed[statement.department[request], day] = True
    return Packing(
        packed, order[at][known], certificate.surcharge_micro[known], int((~known).sum())
    )


def price(
    statement: Statement, certificate: Certificate, packing: Packing, is_open: Flags
) -> Priced:
    """Lay all prices on groups, choices and visits."""
    parties = len(statement.parties)
    key = statement.enterprise.astype(np.int64) * parties + statement.party
    groups, group = np.unique(key, return_inverse=True)
    order = np.argsort(group, kind="stable")
    group_first = firsts(np.bincount(group, minlength=len(groups)))
    cost = np.zeros(len(statement.choice_day), np.int64)
    cost[packing.choice] = packing.micro
    _price_choices(
        statement.department,
        statement.choice_first,
        (statement.choice_day, statement.choice_points, statement.choice_units),
        (certificate.tolls, packing.packed, is_open),
        cost,
    )
    visit_first, visit_day, visit_cost = _visits(statement, groups)
    things = _things(statement, certificate.budgets, is_open, group)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order)) - np.repeat(group_first[:-1], np.diff(group_first))
    return Priced(
        group_first=group_first,
        order=order,
        choice_first=statement.choice_first,
        choice_day=statement.choice_day,
        cost=cost,
        leave=statement.leave * MICRO - certificate.rebates[statement.department],
        days=len(statement.days),
        entry=statement.entry * MICRO,
        visit_first=visit_first,
        visit_day=visit_day,
        visit_cost=visit_cost,
        thing_first=firsts(np.bincount(things.group, minlength=len(groups))),
        thing_day=things.day,
        thing_cost=things.cost,
        member_first=things.member_first,
        member=place[things.member].astype(np.int32),
    )


@compiled
def _price_choices(
    department: Ints,
    first: Points,
    choices: tuple[Ints, Ints, Ints],
    prices: tuple[Points, Flags, Flags],
    cost: Points,
) -> None:
    """Turn the surcharges in `cost` into costs."""
    day, points, units = choices
    tolls, packed, is_open = prices
    for r in range(len(department)):
        d = department[r]
        for c in range(first[r], first[r + 1]):
            if not is_open[c]:
                cost[c] = NEVER
                continue
            toll = cost[c]
            if not packed[d, day[c]]:
                toll = min(tolls[d, day[c]] * units[c], _DEAREST)
            cost[c] = toll + np.int64(points[c]) * MICRO


def _visits(statement: Statement, groups: Points) -> tuple[Points, Ints, Points]:
    """Return the visits of their own price, by group."""
    enterprise, party, day, points = statement.priced_visits.T
    key = enterprise * len(statement.parties) + party
    group = np.minimum(np.searchsorted(groups, key), len(groups) - 1)
    known = np.flatnonzero(groups[group] == key) if len(groups) else np.empty(0, np.int64)
    known = known[np.argsort(group[known], kind="stable")]
    first = firsts(np.bincount(group[known], minlength=len(groups)))
    return first, day[known].astype(np.int32), points[known] * MICRO


def _things(statement: Statement, budgets: Points, is_open: Flags, group: Points) -> _Things:
    """Find what the caps with a budget toll count.

    A presence that requests of several parties can make is shared among their groups, by how many
    choices each has for it: together they pay no more than the toll.
    """
    caps = statement.caps
    inside = np.flatnonzero((budgets[caps.member_cap] > 0) & is_open[caps.member_choice])
    cap, choice = caps.member_cap[inside], caps.member_choice[inside]
    request = np.searchsorted(statement.choice_first, choice, side="right") - 1
    thing = things_of(statement, cap, choice, request)
    order = np.lexsort((group[request], thing, cap))
    cap, thing, request, choice = cap[order], thing[order], request[order], choice[order]
    new_thing = (np.diff(cap, prepend=-1) != 0) | (np.diff(thing, prepend=-1) != 0)
    begins = np.flatnonzero(new_thing | (np.diff(group[request], prepend=-1) != 0))
    own = np.diff(begins, append=len(request))
    number = np.cumsum(new_thing)[begins] - 1
    every = np.bincount(number, own).astype(np.int64)[number] if len(begins) else own
    toll = budgets[cap[begins]]
    cost = np.where(own == every, toll, toll // np.maximum(every, 1) * own)
    by_group = np.argsort(group[request[begins]], kind="stable")
    begins, own = begins[by_group], own[by_group]
    return _Things(
        group=group[request[begins]],
        day=statement.choice_day[choice[begins]],
        cost=cost[by_group],
        member_first=firsts(own),
        member=request[np.repeat(begins - firsts(own)[:-1], own) + np.arange(len(request))].astype(
            np.int32
        ),
    )
