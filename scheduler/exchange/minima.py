"""The least that each group costs on its own, at the prices of a certificate.

A group's requests are served by visits or left out; capacities and caps have become prices. Up to
`EXACT` requests the least is found over all ways to split them into sets of one visit each; above
that, dual ascent gives a lower bound.
"""

from typing import Final, NamedTuple

import numpy as np

from scheduler.compiled import compiled
from scheduler.exchange.ascent import Cells, ascend
from scheduler.exchange.statement import Flags, Ints, Points

EXACT: Final = 12
NEVER: Final = 2**58
"""The cost of a choice that is closed; twelve of them stay within 64 bits."""


class Priced(NamedTuple):
    """All groups at their prices, in micro-points.

    Parameters
    ----------
    group_first, order
        Group g has the requests ``order[group_first[g]:group_first[g + 1]]``.
    choice_first, choice_day, cost
        Of the problem's choices: where those of a request begin, their days, their costs.
    leave
        By request.
    days
        Number of days.
    entry
        Cost of a visit where nothing else is said.
    visit_first, visit_day, visit_cost
        Group g has visits of their own price at ``visit_first[g]`` up to ``visit_first[g + 1]``.
    thing_first, thing_day, thing_cost
        Group g pays for things that caps count, likewise: on that day, if a member is served.
    member_first, member
        Thing k has as members the places in the group ``member[member_first[k]:...]``.
    """

    group_first: Points
    order: Points
    choice_first: Points
    choice_day: Ints
    cost: Points
    leave: Points
    days: int
    entry: int
    visit_first: Points
    visit_day: Ints
    visit_cost: Points
    thing_first: Points
    thing_day: Ints
    thing_cost: Points
    member_first: Points
    member: Ints


class _Group(NamedTuple):
    """One group: only requests with a choice that costs less than leaving them out.

    Parameters
    ----------
    constant
        What leaving out the others costs.
    place
        By place in the group: the number among `cells`, or -1.
    visit_of_day
        By day: the number of the visit, or -1.
    """

    constant: int
    cells: Cells
    opening: Points
    place: Ints
    visit_of_day: Ints


class _Shared(NamedTuple):
    """Things that several, but not all, of a visit's requests pay for once."""

    visit: Ints
    cost: Points
    members: Points


@compiled
def least_of_groups(world: Priced, most: int, least: Points, weak: Flags) -> None:
    """Write the least cost of each group, and whether it is only a lower bound of it.

    Up to `most` requests, no more than `EXACT`, it is exact.
    """
    for group in range(len(world.group_first) - 1):
        drawn = _draw(world, group)
        requests = len(drawn.cells.leave)
        weak[group] = False
        if requests > most:
            split = _split_things(world, group, drawn)
            bound, proven = ascend(drawn.cells, drawn.opening)
            least[group] = drawn.constant + bound
            weak[group] = split or not proven
        else:
            shared = _things(world, group, drawn)
            least[group] = drawn.constant + _exactly(drawn, shared)


@compiled
def _draw(world: Priced, group: int) -> _Group:
    begin, end = world.group_first[group], world.group_first[group + 1]
    visit_of_day, total, opening = _visits(world, group)
    first = np.zeros(end - begin + 1, np.int32)
    visit, cost = np.empty(total, np.int32), np.empty(total, np.int64)
    leave, place = np.empty(end - begin, np.int64), np.full(end - begin, -1, np.int32)
    constant, kept, filled = 0, 0, 0
    for i in range(begin, end):
        r = world.order[i]
        for c in range(world.choice_first[r], world.choice_first[r + 1]):
            if world.cost[c] < world.leave[r]:
                visit[filled] = visit_of_day[world.choice_day[c]]
                cost[filled] = world.cost[c]
                filled += 1
        if filled > first[kept]:
            place[i - begin], leave[kept] = kept, world.leave[r]
            kept += 1
            first[kept] = filled
        else:
            constant += int(world.leave[r])
    cells = Cells(first[: kept + 1], visit, cost, leave[:kept])
    return _Group(constant, cells, opening, place, visit_of_day)


@compiled
def _visits(world: Priced, group: int) -> tuple[Ints, int, Points]:
    """Number the visits that could pay: by day, the cells they have in all, their costs."""
    of_day = np.full(world.days, -1, np.int32)
    opening = np.full(world.days, world.entry, np.int64)
    cells, visits = 0, 0
    for i in range(world.group_first[group], world.group_first[group + 1]):
        r = world.order[i]
        for c in range(world.choice_first[r], world.choice_first[r + 1]):
            if world.cost[c] < world.leave[r]:
                cells += 1
                if of_day[world.choice_day[c]] < 0:
                    of_day[world.choice_day[c]] = visits
                    visits += 1
    for k in range(world.visit_first[group], world.visit_first[group + 1]):
        if of_day[world.visit_day[k]] >= 0:
            opening[of_day[world.visit_day[k]]] = world.visit_cost[k]
    return of_day, cells, opening[:visits]


@compiled
def _cell(drawn: _Group, request: int, visit: int) -> int:
    """The cell of a request at a visit, or -1."""
    if request >= 0:
        for k in range(drawn.cells.first[request], drawn.cells.first[request + 1]):
            if drawn.cells.visit[k] == visit:
                return k
    return -1


@compiled
def _payers(world: Priced, thing: int, drawn: _Group) -> Ints:
    """The cells whose choice makes a thing count."""
    begin, end = world.member_first[thing], world.member_first[thing + 1]
    cells = np.empty(end - begin, np.int32)
    found = 0
    visit = drawn.visit_of_day[world.thing_day[thing]]
    if visit >= 0:
        for k in range(begin, end):
            cell = _cell(drawn, drawn.place[world.member[k]], visit)
            if cell >= 0:
                cells[found] = cell
                found += 1
    return cells[:found]


@compiled
def _users(drawn: _Group) -> Ints:
    users = np.zeros(len(drawn.opening), np.int32)
    for visit in drawn.cells.visit:
        users[visit] += 1
    return users


@compiled
def _split_things(world: Priced, group: int, drawn: _Group) -> bool:
    """Add what all of a visit pay to the visit; let the payers of others share: never too much.

    Returns whether any had to be shared.
    """
    shared = False
    users = _users(drawn)
    for thing in range(world.thing_first[group], world.thing_first[group + 1]):
        cells = _payers(world, thing, drawn)
        if len(cells) == 0:
            continue
        visit = drawn.visit_of_day[world.thing_day[thing]]
        if len(cells) == users[visit]:
            drawn.opening[visit] += world.thing_cost[thing]
        else:
            shared = shared or len(cells) > 1
            for cell in cells:
                drawn.cells.cost[cell] += world.thing_cost[thing] // len(cells)
    return shared


@compiled
def _things(world: Priced, group: int, drawn: _Group) -> _Shared:
    """Add what all, or one, of a visit pay to the visit, or to that one; return the others."""
    users = _users(drawn)
    begin, end = world.thing_first[group], world.thing_first[group + 1]
    at, cost = np.empty(end - begin, np.int32), np.empty(end - begin, np.int64)
    members = np.zeros(end - begin, np.int64)
    shared = 0
    for thing in range(begin, end):
        cells = _payers(world, thing, drawn)
        visit = drawn.visit_of_day[world.thing_day[thing]]
        if len(cells) == 0:
            continue
        if len(cells) == users[visit]:
            drawn.opening[visit] += world.thing_cost[thing]
        elif len(cells) == 1:
            drawn.cells.cost[cells[0]] += world.thing_cost[thing]
        else:
            at[shared], cost[shared] = visit, world.thing_cost[thing]
            for i in range(len(drawn.cells.leave)):
                if _cell(drawn, i, visit) in cells:
                    members[shared] |= 1 << i
            shared += 1
    return _Shared(at[:shared], cost[:shared], members[:shared])


@compiled
def _exactly(drawn: _Group, shared: _Shared) -> int:
    """Split the requests into sets of one visit each, and some left out, at least cost."""
    requests = len(drawn.cells.leave)
    sets = 1 << requests
    together = np.full(sets, NEVER, np.int64)
    for visit in range(len(drawn.opening)):
        _serve(drawn, shared, visit, together)
    least = np.zeros(sets, np.int64)
    for s in range(1, sets):
        low, i = s & -s, 0
        while not s >> i & 1:
            i += 1
        rest = s ^ low
        best = least[rest] + drawn.cells.leave[i]
        part = rest
        while True:
            best = min(best, together[part | low] + least[rest ^ part])
            if part == 0:
                break
            part = (part - 1) & rest
        least[s] = best
    return int(least[sets - 1])


@compiled
def _serve(drawn: _Group, shared: _Shared, visit: int, together: Points) -> None:
    """Let a visit serve each set of requests that it can."""
    mask = np.zeros(len(together), np.int64)
    cost = np.zeros(len(together), np.int64)
    cost[0] = drawn.opening[visit]
    filled = 1
    for i in range(len(drawn.cells.leave)):
        cell = _cell(drawn, i, visit)
        if cell >= 0:
            for k in range(filled):
                mask[filled + k] = mask[k] | 1 << i
                cost[filled + k] = cost[k] + drawn.cells.cost[cell]
            filled *= 2
    for k in range(1, filled):
        total = cost[k]
        for t in range(len(shared.visit)):
            if shared.visit[t] == visit and mask[k] & shared.members[t]:
                total += shared.cost[t]
        together[mask[k]] = min(together[mask[k]], total)
