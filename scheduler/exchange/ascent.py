"""A lower bound for a group too large for subsets: dual ascent with adjustment.

Requests raise in turn what they would pay to be served, until each visit that they would join is
paid for; then each yields once to let the others rise. Every state is a feasible dual of the
uncapacitated facility location problem, so the sum is a lower bound at any moment (D. Erlenkotter,
"A dual-based procedure for uncapacitated facility location", Operations Research 26(6), 1978).
"""

from typing import Final, NamedTuple

import numpy as np

from scheduler.compiled import compiled
from scheduler.exchange.statement import Flags, Ints, Points

WORK: Final = 20_000_000  # cells looked at while adjusting one group


class Cells(NamedTuple):
    """Requests and where they may be served.

    Parameters
    ----------
    first
        Request i has the cells ``first[i]`` up to ``first[i + 1]``, one or more.
    visit, cost
        By cell: the visit, and what serving the request there costs.
    leave
        By request: what leaving it out costs.
    """

    first: Ints
    visit: Ints
    cost: Points
    leave: Points


class _Dual(NamedTuple):
    """What each request would pay, and what each visit still lacks until it is paid for."""

    worth: Points
    slack: Points


@compiled
def ascend(cells: Cells, opening: Points) -> tuple[int, bool]:
    """Bound the least cost of serving requests and opening visits from below.

    Returns the bound, and whether a choice of visits that costs no more proves that it is the least.
    """
    requests = len(cells.leave)
    dual = _Dual(np.empty(requests, np.int64), opening.copy())
    for i in range(requests):
        cheapest = cells.cost[cells.first[i] : cells.first[i + 1]].min()
        dual.worth[i] = min(cheapest, cells.leave[i])
    work = _rise_all(cells, dual, -1)
    best, better = dual.worth.sum(), True
    while better and work < WORK:
        better = False
        for i in range(requests):
            kept_worth, kept_slack = dual.worth.copy(), dual.slack.copy()
            if work < WORK and _yield(cells, dual, i):
                work += _rise_all(cells, dual, i) + _rise_all(cells, dual, -1)
                total = dual.worth.sum()
                if total > best:
                    best, better = total, True
                elif total < best:
                    dual.worth[:], dual.slack[:] = kept_worth, kept_slack
    return int(best), _cost_of_tight(cells, dual, opening) == best


@compiled
def _cost_of_tight(cells: Cells, dual: _Dual, opening: Points) -> int:
    """Reckon the cost of opening, for one request after the other, a visit that is paid for."""
    is_open = np.zeros(len(opening), np.bool_)
    for i in range(len(cells.leave)):
        if dual.worth[i] < cells.leave[i]:
            visit = _tight(cells, dual, is_open, i)
            if visit >= 0:
                is_open[visit] = True
    total = int(opening[is_open].sum())
    for i in range(len(cells.leave)):
        best = cells.leave[i]
        for k in range(cells.first[i], cells.first[i + 1]):
            if is_open[cells.visit[k]]:
                best = min(best, cells.cost[k])
        total += int(best)
    return total


@compiled
def _tight(cells: Cells, dual: _Dual, is_open: Flags, request: int) -> int:
    """Return a visit that is paid for and that the request pays for, an open one if there is any."""
    found = -1
    for k in range(cells.first[request], cells.first[request + 1]):
        visit = cells.visit[k]
        if cells.cost[k] <= dual.worth[request] and dual.slack[visit] == 0:
            found = int(visit)
            if is_open[visit]:
                break
    return found


@compiled
def _rise_all(cells: Cells, dual: _Dual, still: int) -> int:
    """Let all but one rise as far as they can; return the number of cells looked at."""
    work, risen = 0, True
    while risen:
        risen = False
        for i in range(len(cells.leave)):
            if i != still and dual.worth[i] < cells.leave[i]:
                work += cells.first[i + 1] - cells.first[i]
                risen = _rise(cells, dual, i) or risen
    return work


@compiled
def _rise(cells: Cells, dual: _Dual, request: int) -> bool:
    """Raise a request to the next cost that it meets, as far as the visits it pays for allow."""
    begin, end, worth = cells.first[request], cells.first[request + 1], dual.worth[request]
    following = cells.leave[request]
    room = following - worth
    for k in range(begin, end):
        if cells.cost[k] <= worth:
            room = min(room, dual.slack[cells.visit[k]])
        else:
            following = min(following, cells.cost[k])
    rise = min(room, following - worth)
    if rise <= 0:
        return False
    for k in range(begin, end):
        if cells.cost[k] <= worth:
            dual.slack[cells.visit[k]] -= rise
    dual.worth[request] = worth + rise
    return True


@compiled
def _yield(cells: Cells, dual: _Dual, request: int) -> bool:
    """Let a request fall back to the cost that it passed last, if it pays for several visits."""
    begin, end, worth = cells.first[request], cells.first[request + 1], dual.worth[request]
    paid, back = 0, np.int64(-1)
    for k in range(begin, end):
        if cells.cost[k] < worth:
            paid += 1
            back = max(back, cells.cost[k])
    if paid <= 1:
        return False
    for k in range(begin, end):
        if cells.cost[k] < worth:
            dual.slack[cells.visit[k]] += worth - back
    dual.worth[request] = back
    return True
