"""From a problem in columns to the planner's flat arrays, and the way back."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scheduler.exchange.statement import Statement
from scheduler.planner.instance import NOWHERE, Instance, Ints, Points, starts

Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]

STATUTORY, PINNED, WEIGHT = 20_000_000_000, 10_000_000_000, 1_000
"""Micro-points by which a search, which cannot reckon with prices of 60 bits, prefers to place a
statutory request, a pinned one, and one more unit of weight."""
_LARGEST = 2**60  # a sum of prices beyond it could run over 64 bits


@dataclass(frozen=True, slots=True)
class Built:
    """A statement's instance and the numbers that lead back.

    Parameters
    ----------
    points
        Prices are points, for objective and bound.
    ordered
        The same with prices whose sum orders plans as the levels do: statutory requests, pinned
        ones, points, weight. It is `points` itself where points alone decide.
    zeal
        Micro-points to add to the price of leaving each ask out, for a search that follows the
        levels nearly.
    missed
        Whether leaving an ask out is worse than its points say, though it has an option.
    ask_request
        The request of each ask.
    option_choice
        The statement's choice of each option.
    counter_cap
        The cap of each counter, or -1 where it limits the departments of a visit.
    """

    points: Instance
    ordered: Instance
    zeal: Points
    missed: Flags
    ask_request: Ints
    option_choice: Rows
    counter_cap: Ints

    def days_of(self, places: Ints) -> Ints:
        """The day number of each request in a plan, or -1."""
        days = np.full(len(places), -1, np.int32)
        placed = places != NOWHERE
        days[self.ask_request[placed]] = self.points.option_day[places[placed]]
        return days

    def places_of(self, days: Ints) -> Ints:
        """The plan that gives each request this day (-1: none); a day it cannot have is none."""
        wanted = days[self.ask_request]
        points = self.points
        owner = np.repeat(np.arange(points.asks, dtype=np.int32), np.diff(points.option_first))
        hit = np.flatnonzero(points.option_day == wanted[owner])
        places = np.full(points.asks, NOWHERE, np.int32)
        places[owner[hit]] = hit
        return places


@dataclass(frozen=True, slots=True)
class _Kept:
    """The choices that can stand alone, in the order of options, and what each needs."""

    choice: Rows
    request: Rows
    ask: Rows
    day: Rows
    visit: Rows


def build(statement: Statement) -> Built:
    """Number the problem: asks by group, and no option that could not stand even alone."""
    days = np.int64(len(statement.days))
    parties = np.int64(max(len(statement.parties), 1))
    group_key = statement.enterprise.astype(np.int64) * parties + statement.party
    group_keys, group_of = np.unique(group_key, return_inverse=True)
    order = np.argsort(group_of, kind="stable")
    kept, visit_keys = _kept(statement, order, group_of)

    bin_key = statement.department[kept.request] * days + kept.day
    bin_keys, bins = np.unique(bin_key, return_inverse=True)
    bin_department, bin_day = bin_keys // days, bin_keys % days
    visit_group = visit_keys // days
    mark_first, marks, mark_counter, limits, counter_cap = _counters(statement, kept)
    points = Instance(
        group_first=starts(group_of, len(group_keys)),
        ask_group=group_of[order].astype(np.int32),
        ask_department=statement.department[order].astype(np.int32),
        leave=statement.leave[order].astype(np.int64),
        option_first=starts(kept.ask, statement.requests),
        option_day=kept.day.astype(np.int32),
        option_visit=kept.visit.astype(np.int32),
        option_bin=bins.astype(np.int32),
        option_use=statement.choice_units[kept.choice].astype(np.int32),
        option_price=statement.choice_points[kept.choice].astype(np.int64),
        visit_price=_visit_prices(statement, group_keys, visit_keys),
        visit_group=visit_group.astype(np.int32),
        visit_day=(visit_keys % days).astype(np.int32),
        bin_units=statement.capacity[bin_department, bin_day].astype(np.int64),
        bin_department=bin_department.astype(np.int32),
        bin_day=bin_day.astype(np.int32),
        mark_first=mark_first,
        marks=marks,
        mark_counter=mark_counter,
        counter_limit=limits,
    )
    ordered = _ordered(points, statement, order)
    zeal = (
        statement.must * STATUTORY + (statement.pinned != -1) * PINNED + statement.weight * WEIGHT
    ).astype(np.int64)
    missed = (zeal[order] > 0) & (np.diff(points.option_first) > 0)
    return Built(
        points,
        ordered,
        zeal[order],
        missed,
        order.astype(np.int32),
        kept.choice,
        counter_cap,
    )


def _kept(statement: Statement, order: Rows, group_of: Rows) -> tuple[_Kept, Rows]:
    """Choices that can stand alone, by ask and day; and the keys (group, day) of the visits."""
    counts = np.diff(statement.choice_first)
    request = np.repeat(np.arange(statement.requests), counts)
    day = statement.choice_day
    pin = statement.pinned[request]
    alone = (pin == -1) | (pin == day)
    alone &= statement.choice_units <= statement.capacity[statement.department[request], day]
    exhausted = statement.caps.room[statement.caps.member_cap] <= 0
    alone[statement.caps.member_choice[exhausted]] = False
    choice = np.flatnonzero(alone)
    ask_of = np.empty(statement.requests, np.int64)
    ask_of[order] = np.arange(statement.requests)
    ask = ask_of[request[choice]]
    if len(ask) and (np.diff(ask) < 0).any():
        sequence = np.argsort(ask, kind="stable")
        choice, ask = choice[sequence], ask[sequence]
    by_day = np.lexsort((day[choice], ask)) if _unsorted(ask, day[choice]) else None
    if by_day is not None:
        choice, ask = choice[by_day], ask[by_day]
    request = request[choice]
    own_day = day[choice].astype(np.int64)
    keys, visit = np.unique(group_of[request] * len(statement.days) + own_day, return_inverse=True)
    return _Kept(choice, request, ask, own_day, visit), keys


def _unsorted(ask: Rows, day: Ints) -> bool:
    return bool(((np.diff(ask) == 0) & (np.diff(day) < 0)).any())


def _visit_prices(statement: Statement, group_keys: Rows, visit_keys: Rows) -> Points:
    prices = np.full(len(visit_keys), statement.entry, np.int64)
    if not len(statement.priced_visits) or not len(visit_keys):
        return prices
    enterprise, party, day, points = statement.priced_visits.astype(np.int64).T
    group_key = enterprise * max(len(statement.parties), 1) + party
    group = np.minimum(np.searchsorted(group_keys, group_key), len(group_keys) - 1)
    key = group * len(statement.days) + day
    visit = np.minimum(np.searchsorted(visit_keys, key), len(visit_keys) - 1)
    known = (group_keys[group] == group_key) & (visit_keys[visit] == key)
    prices[visit[known]] = points[known]
    return prices


def _counters(statement: Statement, kept: _Kept) -> tuple[Ints, Ints, Ints, Points, Ints]:
    """Counters that could bind, and the marks of each option.

    A counter is left out where neither its distinct marks nor its asks are more than its limit.
    """
    option, owner, tag = _cap_members(statement, kept)
    caps = len(statement.caps.names)
    limits = np.maximum(statement.caps.room, 0).astype(np.int64)
    if statement.max_departments is not None:
        # Visits follow the caps as owners; each counts its departments.
        option = np.concatenate((option, np.arange(len(kept.choice))))
        owner = np.concatenate((owner, caps + kept.visit))
        tag = np.concatenate((tag, statement.department[kept.request].astype(np.int64)))
        visits = int(kept.visit.max(initial=-1)) + 1
        limits = np.concatenate((limits, np.full(visits, statement.max_departments, np.int64)))
    mark_keys, mark = _numbered(owner, tag)
    mark_owner = np.zeros(mark_keys, np.int64)
    mark_owner[mark] = owner
    ask_keys, member = _numbered(owner, kept.ask[option])
    member_owner = np.zeros(ask_keys, np.int64)
    member_owner[member] = owner
    most = np.minimum(
        np.bincount(mark_owner, minlength=len(limits)),
        np.bincount(member_owner, minlength=len(limits)),
    )
    binds = most > limits
    stays = binds[owner]
    option, mark = option[stays], mark[stays]
    pairs = np.unique(np.stack((option, mark)), axis=1) if len(option) else np.stack((option, mark))
    option, mark = pairs
    counter_number = np.cumsum(binds) - 1
    met = np.zeros(mark_keys, np.bool_)
    met[mark] = True
    mark_number = np.cumsum(met) - 1
    counters = np.flatnonzero(binds)
    return (
        starts(option, len(kept.choice)),
        mark_number[mark].astype(np.int32),
        counter_number[mark_owner[met]].astype(np.int32),
        limits[counters],
        np.where(counters < caps, counters, -1).astype(np.int32),
    )


def _cap_members(statement: Statement, kept: _Kept) -> tuple[Rows, Rows, Rows]:
    """Option, cap and thing counted, of each membership of a choice that was kept."""
    caps = statement.caps
    option_of = np.full(int(statement.choice_first[-1]), -1, np.int64)
    option_of[kept.choice] = np.arange(len(kept.choice))
    option = option_of[caps.member_choice]
    inside = option >= 0
    option, cap = option[inside], caps.member_cap[inside].astype(np.int64)
    request = kept.request[option]
    presence = (
        statement.enterprise[request] * np.int64(len(statement.departments))
        + statement.department[request]
    ) * len(statement.days) + kept.day[option]
    return option, cap, np.where(caps.counts_entries[cap], kept.visit[option], presence)


def _numbered(first: Rows, second: Rows) -> tuple[int, Rows]:
    """How many distinct pairs there are, and the number of each pair."""
    _, small = np.unique(second, return_inverse=True)
    keys, number = np.unique(first * (small.max(initial=0) + 1) + small, return_inverse=True)
    return len(keys), number


def _ordered(points: Instance, statement: Statement, order: Rows) -> Instance:
    """Prices that order plans by statutory and pinned requests, then points, then weight.

    One point outweighs all weights together, one pinned request the dearest plan, one statutory
    request all pinned ones. Where 64 bits do not hold that, weights are coarsened first; what is
    then still too dear is cut to the largest price that the sums can bear.
    """
    weight = statement.weight[order].astype(np.int64)
    pinned = statement.pinned[order] != -1
    must = statement.must[order]
    if not (weight.any() or pinned.any() or must.any()):
        return points
    dearest = _dearest(points)
    pins, musts = int(pinned.sum()), int(must.sum())
    over = (pins + 1) * (musts + 1) * (dearest + 1)
    while int(weight.sum()) and (1 + int(weight.sum())) * over > _LARGEST:
        weight //= 2
    point = 1 + int(weight.sum())
    most = _LARGEST // max(pins + musts, 1)
    pin = min(point * (dearest + 1), most)
    duty = min(pin * (1 + pins), most)
    leave = points.leave * point + weight
    leave[pinned] += pin
    leave[must] += duty
    return replace(
        points,
        leave=leave,
        option_price=points.option_price * point,
        visit_price=points.visit_price * point,
    )


def _dearest(points: Instance) -> int:
    """No plan costs more points than this."""
    owner = np.repeat(np.arange(points.asks), np.diff(points.option_first))
    own = np.zeros(points.asks, np.int64)
    price = points.option_price + points.visit_price[points.option_visit]
    np.maximum.at(own, owner, price)
    return int(np.maximum(own, points.leave).sum())
