"""How many requests a department must leave out because its days cannot hold them.

Requests are placed one after the other, longest first; all ways that matter to place those so far
are kept side by side. If none is left, the claim is proven.
"""

from typing import Final

import numpy as np

from scheduler.exchange.statement import Flags, Points, Statement

STATES: Final = 100_000
"""Ways looked at for one department; beyond it a claim counts as not proven."""

_NEVER: Final = 2**40

Room = tuple[int, ...]
Taken = dict[int, int]


def must_leave_out(statement: Statement, department: int, is_open: Flags, claim: int) -> bool:
    """Whether each plan leaves out so many of the department's requests, as far as can be shown."""
    taken = _units(statement, department, is_open)
    requests = int((statement.department == department).sum())
    spare = claim - 1 - (requests - len(taken))
    if spare < 0:
        return True
    days = sorted({day for row in taken for day in row})
    rows = [{days.index(day): units for day, units in row.items()} for row in taken]
    rows.sort(key=lambda row: (-min(row.values()), len(row)))
    room = tuple(int(statement.capacity[department, day]) for day in days)
    return _dies_out(rows, room, spare)


def _units(statement: Statement, department: int, is_open: Flags) -> list[Taken]:
    """Return, for each request of the department with an open choice, its units by day."""
    found = []
    for request in np.flatnonzero(statement.department == department).tolist():
        first, end = statement.choice_first[request : request + 2].tolist()
        choices = first + np.flatnonzero(is_open[first:end])
        days, units = statement.choice_day[choices], statement.choice_units[choices]
        if len(choices):
            found.append(dict(zip(days.tolist(), units.tolist(), strict=True)))
    return found


def _dies_out(rows: list[Taken], room: Room, spare: int) -> bool:
    """Whether there is no way to place all rows but `spare` of them."""
    classes = _same_days(rows, len(room))
    least = np.array([min(row.values()) for row in rows], np.int64)
    smallest = np.full((len(rows) + 1, len(room)), _NEVER, np.int64)
    for at, row in reversed(list(enumerate(rows))):
        smallest[at] = smallest[at + 1]
        for day, units in row.items():
            smallest[at, day] = min(smallest[at, day], units)
    ways = {_sorted(room, classes): spare}  # the most that may still be left out
    looked_at = 0
    for at, row in enumerate(rows):
        after: dict[Room, int] = {}
        for left, free in ways.items():
            for new, still in _next(left, free, row):
                key = _sorted(new, classes)
                if after.get(key, -1) < still and _may_fit(
                    key, still, smallest[at + 1], least[at + 1 :]
                ):
                    after[key] = still
            if looked_at + len(after) > STATES:
                return False
        looked_at += len(after)
        ways = after
    return not ways


def _next(left: Room, free: int, row: Taken) -> list[tuple[Room, int]]:
    """Return all ways to place one more request, or to leave it out."""
    found = [
        ((*left[:day], left[day] - units, *left[day + 1 :]), free)
        for day, units in row.items()
        if units <= left[day]
    ]
    return [*found, (left, free - 1)] if free else found


def _may_fit(left: Room, free: int, smallest: Points, least: Points) -> bool:
    """Whether the units of the requests to come are not too many for the gaps they fit into.

    Rows come longest first, so those left out save the most if they are the next ones.
    """
    room = np.array(left, np.int64)
    return int(room[room >= smallest].sum()) >= int(least[free:].sum())


def _same_days(rows: list[Taken], days: int) -> list[list[int]]:
    """Return the days in sets that each request takes the same units of."""
    sets: dict[tuple[int | None, ...], list[int]] = {}
    for day in range(days):
        sets.setdefault(tuple([row.get(day) for row in rows]), []).append(day)
    return list(sets.values())


def _sorted(room: Room, classes: list[list[int]]) -> Room:
    """Return the same room with days that cannot be told apart in order."""
    order = list(room)
    for days in classes:
        for day, units in zip(days, sorted([room[d] for d in days]), strict=True):
            order[day] = units
    return tuple(order)
