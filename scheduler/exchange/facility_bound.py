"""What multipliers on requests prove: a lower bound by one knapsack for each department-day.

Let "a request has at most one day" go, at a price for each request's being placed:

    sum of v + sum over department-days of min(0, opening - most of sum(v - points) within the units)

where no v is above the points of leaving its request out. Caps and the limit of departments in a
visit are let go. A visit's points count as the opening where that visit has choices on one
department-day only and no other visit has any there; elsewhere they are let go, which only lowers
the bound. Fisher, Jaikumar and Van Wassenhove (1986); Holmberg, Rönnqvist and Yuan (1999).
"""

import numpy as np

from scheduler.exchange.arrays import owners
from scheduler.exchange.knapsack import most_paid
from scheduler.exchange.plan import MICRO
from scheduler.exchange.statement import Points, Statement


def value_bound(statement: Statement, values: Points) -> int:
    """Return the points below which no plan's objective is, given micro-points by request.

    Values below 0 count as 0, values above the points of leaving out as those. Raises `ValueError`
    if there is not one value for each request, or if a visit's points are negative.
    """
    if values.shape != (statement.requests,):
        raise ValueError("the values do not have the problem's sizes")
    if statement.entry < 0 or (statement.priced_visits[:, 3] < 0).any():
        raise ValueError("a visit's points are negative")
    values = np.clip(values, 0, statement.leave * MICRO)
    request = owners(statement.choice_first).astype(np.int64)
    days = len(statement.days)
    cell = statement.department[request].astype(np.int64) * days + statement.choice_day
    opening = _openings(statement, request, cell)
    room = statement.capacity.ravel()
    gain = values[request] - statement.choice_points.astype(np.int64) * MICRO
    order = np.argsort(cell, kind="stable")
    ends = np.searchsorted(cell[order], np.arange(len(room) + 1))
    total: int = sum(values.tolist())
    for number in range(len(room)):
        inside = order[ends[number] : ends[number + 1]]
        paid, _ = most_paid(
            statement.choice_units[inside].astype(np.int64), gain[inside], int(room[number])
        )
        total += min(0, int(opening[number]) * MICRO - paid)
    return -(-total // MICRO)


def _openings(statement: Statement, request: Points, cell: Points) -> Points:
    """Return the points of each department-day's visit where the two belong to each other alone."""
    days, parties = len(statement.days), len(statement.parties)
    group = statement.enterprise.astype(np.int64) * parties + statement.party
    visit = group[request] * days + statement.choice_day
    pairs = np.unique(np.stack([visit, cell]), axis=1)
    _, at_visit, visits = np.unique(pairs[0], return_inverse=True, return_counts=True)
    _, at_cell, cells = np.unique(pairs[1], return_inverse=True, return_counts=True)
    alone = pairs[:, (visits[at_visit] == 1) & (cells[at_cell] == 1)]
    priced = statement.priced_visits
    number = (priced[:, 0] * parties + priced[:, 1]) * days + priced[:, 2]
    points = dict(zip(number.tolist(), priced[:, 3].tolist(), strict=True))
    opening = np.zeros(statement.capacity.size, np.int64)
    opening[alone[1]] = [points.get(each, statement.entry) for each in alone[0].tolist()]
    return opening
