"""The objective level by level: what a plan has of each, and what no plan can be below.

The bounds of the first two levels and the last follow by counting units, whatever the other levels do;
the certificate bounds the third. A level's bound therefore holds for every plan that keeps the hard
rules, even for one that is worse on an earlier level.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scheduler.exchange.arrays import owners
from scheduler.exchange.plan import NO_DAY
from scheduler.exchange.pricing import open_choices
from scheduler.exchange.rules import Value
from scheduler.exchange.statement import Flags, Points, Statement

Name = Literal["must_unplaced", "pinned_unplaced", "objective", "weight_unplaced"]


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the objective; levels compare in their order."""

    name: Name
    value: int
    bound: int


def levels_of(statement: Statement, value: Value, objective: int) -> tuple[Level, ...]:
    """Return value and bound of each level; `objective` is the certified bound of the third."""
    is_open = open_choices(statement)
    pinned = statement.pinned != NO_DAY
    return (
        Level("must_unplaced", value.must_unplaced, _fewest(statement, statement.must, is_open)),
        Level("pinned_unplaced", value.pinned_unplaced, _fewest_pinned(statement, pinned, is_open)),
        Level("objective", value.objective, objective),
        Level("weight_unplaced", value.weight_unplaced, _least_weight(statement, is_open)),
    )


def _least_units(statement: Statement, is_open: Flags) -> Points:
    """Return the least units of each request on its open choices; -1 where it has none."""
    none = np.iinfo(np.int64).max
    least = np.full(statement.requests, none, np.int64)
    owner = owners(statement.choice_first)[is_open]
    np.minimum.at(least, owner, statement.choice_units[is_open].astype(np.int64))
    least[least == none] = -1
    return least


def _over(units: Points, room: int) -> int:
    """Return how many are over when the shortest come first."""
    return int((np.cumsum(np.sort(units)) > room).sum())


def _fewest(statement: Statement, among: Flags, is_open: Flags) -> int:
    """Return how many of these requests no plan can place: by each department's units in all."""
    units = _least_units(statement, is_open)
    total = int((among & (units < 0)).sum())
    for department in np.unique(statement.department[among]).tolist():
        own = among & (statement.department == department) & (units >= 0)
        total += _over(units[own], int(statement.capacity[department].sum()))
    return total


def _fewest_pinned(statement: Statement, pinned: Flags, is_open: Flags) -> int:
    """Return how many pinned requests no plan can place: by the units of the days of their pins."""
    units = _least_units(statement, is_open)
    total = int((pinned & (units < 0)).sum())
    able = np.flatnonzero(pinned & (units >= 0))
    keys = np.stack([statement.department[able], statement.pinned[able]])
    for department, day in np.unique(keys, axis=1).T.tolist():
        own = able[(keys[0] == department) & (keys[1] == day)]
        total += _over(units[own], int(statement.capacity[department, day]))
    return total


def _least_weight(statement: Statement, is_open: Flags) -> int:
    """Return the least weight that so many as each department must leave out can have."""
    units = _least_units(statement, is_open)
    total = int(statement.weight[units < 0].sum(dtype=np.int64))
    for department in range(len(statement.departments)):
        own = (statement.department == department) & (units >= 0)
        over = _over(units[own], int(statement.capacity[department].sum()))
        total += int(np.sort(statement.weight[own])[:over].sum(dtype=np.int64))
    return total
