"""A problem's choices with the visits, department-days and marks they need, by number.

Written for the peers alone, so that no peer is modelled by the code that it is measured against.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.exchange.statement import Flags, Ints, Points, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The choices that a plan may take, and what they touch.

    Parameters
    ----------
    choice_request, choice_day, choice_points, choice_units
        Of each choice that could stand if it stood alone.
    choice_visit, choice_bin
        The visit it needs and the department-day it takes units of.
    visit_price
        Points of each visit.
    bin_units
        Units of each department-day.
    mark_cap
        The cap that counts each mark; a mark is one thing that a cap counts.
    lit_first, lit_mark
        Choice c lights the marks ``lit_mark[lit_first[c]:lit_first[c + 1]]``.
    """

    choice_request: Points
    choice_day: Ints
    choice_points: Points
    choice_units: Points
    choice_visit: Points
    choice_bin: Points
    visit_price: Points
    bin_units: Points
    mark_cap: Points
    lit_first: Points
    lit_mark: Points

    def marks_of(self, choice: int) -> list[int]:
        """Return the marks that a choice lights."""
        marks: list[int] = self.lit_mark[
            self.lit_first[choice] : self.lit_first[choice + 1]
        ].tolist()
        return marks


def shaped(statement: Statement) -> Shape:
    """Number a problem's choices, without those that could never stand."""
    request = np.repeat(np.arange(statement.requests), np.diff(statement.choice_first))
    kept = np.flatnonzero(_possible(statement, request))
    request, day = request[kept], statement.choice_day[kept]
    days = len(statement.days)
    enterprise = statement.enterprise[request].astype(np.int64)
    department = statement.department[request].astype(np.int64)
    group = enterprise * len(statement.parties) + statement.party[request]
    visits, visit = np.unique(group * days + day, return_inverse=True)
    bins, bin_ = np.unique(department * days + day, return_inverse=True)
    presence = (enterprise * len(statement.departments) + department) * days + day
    mark_cap, lit_first, lit_mark = _marks(statement, kept, visits[visit], presence)
    return Shape(
        choice_request=request,
        choice_day=day,
        choice_points=statement.choice_points[kept].astype(np.int64),
        choice_units=statement.choice_units[kept].astype(np.int64),
        choice_visit=visit,
        choice_bin=bin_,
        visit_price=_prices(statement, visits),
        bin_units=statement.capacity.reshape(-1)[bins],
        mark_cap=mark_cap,
        lit_first=lit_first,
        lit_mark=lit_mark,
    )


def _possible(statement: Statement, request: Points) -> Flags:
    pin = statement.pinned[request]
    fits = (
        statement.choice_units
        <= statement.capacity[statement.department[request], statement.choice_day]
    )
    caps = statement.caps
    exhausted = np.zeros(len(request), np.bool_)
    exhausted[caps.member_choice[caps.room[caps.member_cap] <= 0]] = True
    possible: Flags = ((pin < 0) | (pin == statement.choice_day)) & fits & ~exhausted
    return possible


def _prices(statement: Statement, visits: Points) -> Points:
    price = np.full(len(visits), statement.entry, np.int64)
    if len(visits) and len(statement.priced_visits):
        enterprise, party, day, points = statement.priced_visits.T
        key = (enterprise * len(statement.parties) + party) * len(statement.days) + day
        place = np.minimum(np.searchsorted(visits, key), len(visits) - 1)
        known = visits[place] == key
        price[place[known]] = points[known]
    return price


def _marks(
    statement: Statement, kept: Points, visit_key: Points, presence: Points
) -> tuple[Points, Points, Points]:
    """Number the distinct (cap, thing counted), and list them by choice."""
    caps = statement.caps
    place = np.full(len(statement.choice_day), -1, np.int64)
    place[kept] = np.arange(len(kept))
    choice = place[caps.member_choice]
    cap = caps.member_cap[choice >= 0].astype(np.int64)
    choice = choice[choice >= 0]
    thing = np.where(caps.counts_entries[cap], visit_key[choice], presence[choice])
    pairs, lit = np.unique(np.stack([cap, thing], axis=1), axis=0, return_inverse=True)
    order = np.argsort(choice, kind="stable")
    first = np.searchsorted(choice[order], np.arange(len(kept) + 1))
    return pairs[:, 0], first, lit.reshape(-1)[order]
