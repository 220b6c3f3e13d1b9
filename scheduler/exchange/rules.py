"""The hard rules and the objective of a plan, judged plainly from the problem's columns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from scheduler.exchange.arrays import owners
from scheduler.exchange.plan import NO_DAY
from scheduler.exchange.statement import Flags, Ints, Points, Statement

SHOWN: Final = 100  # breaches told one by one; the others are counted


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a plan breaks.

    Parameters
    ----------
    rule
        `choice`, `pin`, `capacity`, `cap`, `departments`, `shortfall`, `certificate`, `problem`.
    where
        Names and day numbers.
    found, limit
        What the plan has, and what it may have at most; for `choice` and `pin` day numbers.
    """

    rule: str
    where: str
    found: int
    limit: int


class Breaches:
    """Collects breaches; keeps the first hundred and counts the others."""

    def __init__(self) -> None:
        self.kept: list[Breach] = []
        self.total = 0

    def add(self, rule: str, where: str, found: int, limit: int) -> None:
        """Add one."""
        self.total += 1
        if len(self.kept) < SHOWN:
            self.kept.append(Breach(rule, where, found, limit))

    def over(self, rule: str, found: Points, limit: Points, where: Callable[[int], str]) -> None:
        """Add every place where more is found than may be."""
        over = np.flatnonzero(found > limit)
        for k in over[:SHOWN].tolist():
            self.add(rule, where(k), int(found[k]), int(limit[k]))
        self.total += len(over[SHOWN:])


@dataclass(frozen=True, slots=True)
class Value:
    """What a plan has, by the levels of the objective, and in counts."""

    must_unplaced: int
    pinned_unplaced: int
    objective: int
    weight_unplaced: int
    entries: int
    unplaced: int


def chosen_choices(statement: Statement, day: Ints) -> Points:
    """Return the choice that gives each request its day; -1 where there is none."""
    owner = owners(statement.choice_first)
    hit = np.flatnonzero(statement.choice_day == day[owner])
    chosen = np.full(statement.requests, -1, np.int64)
    chosen[owner[hit]] = hit
    return chosen


def judge(statement: Statement, day: Ints, chosen: Points, breaches: Breaches) -> None:
    """Add every hard rule that the plan breaks."""
    _judge_choices(statement, day, chosen, breaches)
    _judge_capacities(statement, chosen, breaches)
    _judge_caps(statement, chosen, breaches)
    _judge_visits(statement, chosen, breaches)


def value_of(statement: Statement, day: Ints, chosen: Points) -> Value:
    """Reckon what the plan is worth; a request whose day is none of its choices counts as placed."""
    placed = day != NO_DAY
    points = int(statement.choice_points[chosen[chosen >= 0]].sum(dtype=np.int64))
    visits = np.unique(_visit_keys(statement, placed, day))
    opening = np.full(len(visits), statement.entry, np.int64)
    enterprise, party, on, price = statement.priced_visits.T
    priced = _visit_key(statement, enterprise, party, on)
    at = np.searchsorted(visits, priced)
    known = np.flatnonzero(at < len(visits))
    known = known[visits[at[known]] == priced[known]]
    opening[at[known]] = price[known]
    left = ~placed
    return Value(
        must_unplaced=int((left & statement.must).sum()),
        pinned_unplaced=int((left & (statement.pinned != NO_DAY)).sum()),
        objective=points + int(opening.sum()) + int(statement.leave[left].sum()),
        weight_unplaced=int(statement.weight[left].sum(dtype=np.int64)),
        entries=len(visits),
        unplaced=int(left.sum()),
    )


def _visit_key(statement: Statement, enterprise: Points, party: Points, day: Points) -> Points:
    key: Points = (enterprise * len(statement.parties) + party) * len(statement.days) + day
    return key


def _visit_keys(statement: Statement, placed: Flags, day: Ints) -> Points:
    return _visit_key(
        statement,
        statement.enterprise[placed].astype(np.int64),
        statement.party[placed].astype(np.int64),
        day[placed].astype(np.int64),
    )


def _judge_choices(statement: Statement, day: Ints, chosen: Points, breaches: Breaches) -> None:
    placed = day != NO_DAY
    for k in np.flatnonzero(placed & (chosen < 0)).tolist():
        breaches.add("choice", statement.ids[k], int(day[k]), NO_DAY)
    moved = placed & (statement.pinned != NO_DAY) & (statement.pinned != day)
    for k in np.flatnonzero(moved).tolist():
        breaches.add("pin", statement.ids[k], int(day[k]), int(statement.pinned[k]))


def _judge_capacities(statement: Statement, chosen: Points, breaches: Breaches) -> None:
    days = len(statement.days)
    some = np.flatnonzero(chosen >= 0)
    load: Points = np.zeros(statement.capacity.size, np.int64)
    where = statement.department[some].astype(np.int64) * days
    where += statement.choice_day[chosen[some]]
    np.add.at(load, where, statement.choice_units[chosen[some]].astype(np.int64))
    breaches.over(
        "capacity",
        load,
        statement.capacity.ravel(),
        lambda k: f"{statement.departments[k // days]} day {k % days}",
    )


def _judge_caps(statement: Statement, chosen: Points, breaches: Breaches) -> None:
    caps = statement.caps
    taken = np.zeros(len(statement.choice_day), np.bool_)
    taken[chosen[chosen >= 0]] = True
    member = np.flatnonzero(taken[caps.member_choice])
    cap, choice = caps.member_cap[member], caps.member_choice[member]
    request = np.searchsorted(statement.choice_first, choice, side="right") - 1
    thing = things_of(statement, cap, choice, request)
    pairs = np.unique(np.stack([cap.astype(np.int64), thing]), axis=1)
    count = np.bincount(pairs[0], minlength=len(caps.names)).astype(np.int64)
    breaches.over("cap", count, np.maximum(caps.room, 0), caps.names.__getitem__)


def things_of(statement: Statement, cap: Ints, choice: Ints, request: Points) -> Points:
    """Return what each member makes its cap count: a presence or an entry, as a number."""
    enterprise = statement.enterprise[request].astype(np.int64)
    department, party = statement.department[request], statement.party[request]
    entry = enterprise * len(statement.parties) + party
    presence = enterprise * len(statement.departments) + department
    kind: Points = np.where(statement.caps.counts_entries[cap], entry, presence)
    return kind * np.int64(len(statement.days)) + statement.choice_day[choice]


def _judge_visits(statement: Statement, chosen: Points, breaches: Breaches) -> None:
    most = statement.max_departments
    if most is None:
        return
    some = np.flatnonzero(chosen >= 0)
    day = np.full(statement.requests, NO_DAY, np.int32)
    day[some] = statement.choice_day[chosen[some]]
    visit = _visit_keys(statement, day != NO_DAY, day)
    pairs = np.unique(np.stack([visit, statement.department[some].astype(np.int64)]), axis=1)
    visits, count = np.unique(pairs[0], return_counts=True)
    breaches.over(
        "departments",
        count.astype(np.int64),
        np.full(len(visits), most, np.int64),
        lambda k: _visit_name(statement, int(visits[k])),
    )


def _visit_name(statement: Statement, visit: int) -> str:
    group, day = divmod(visit, len(statement.days))
    enterprise, party = divmod(group, len(statement.parties))
    name = " ".join(filter(None, (statement.enterprises[enterprise], statement.parties[party])))
    return f"{name} day {day}"
