"""The plain model in 0-1 variables, the same for every peer that takes one.

    min   points of x, y and u
    s.t.  one of the choices x of a request or its u
          x <= y of its visit; x <= z of each mark it lights; x <= w of its department at the visit
          units of x on a department-day <= capacity; z of a cap <= room; w of a visit <= the most

A variable that would only repeat another one is not made: a mark with one choice is that choice, a
mark whose choices are all those of a visit is that visit. The visit's row is kept for each choice
by itself: summed up, it would let a fraction of the visit open for all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.peers.shape import Shape, shaped
from scheduler.exchange.statement import Points, Statement


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of the form: coefficients times variables is at most a limit."""

    row: Points
    variable: Points
    coefficient: Points
    limit: Points


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A 0-1 model.

    Parameters
    ----------
    points
        Objective coefficient of each variable. The variables of the choices come first, then those
        of the requests left out.
    exact
        The objective is the plan's, so that a bound of it is a bound of the plan.
    alternatives
        Request of each of those first variables: exactly one of each request is 1.
    implied
        Pairs of variables: where the first is 1 the second is.
    limits
        All other rows.
    """

    shape: Shape
    points: Points
    exact: bool
    alternatives: Points
    implied: Points
    limits: Rows


def modelled(statement: Statement) -> Model:
    """Build the plain model of a problem."""
    shape = shaped(statement)
    choices, visits = len(shape.choice_request), len(shape.visit_price)
    visit_base = choices + statement.requests
    choice = np.arange(choices)
    pairs = [np.stack([choice, visit_base + shape.choice_visit], axis=1)]
    marked, mark_variable, count = _marks(shape, visit_base, visit_base + visits)
    pairs.append(marked)
    guests, guest_visit, guest_variable, count = _guests(statement, shape, count)
    pairs.append(guests)
    bins = _fitting(shape.choice_bin, choice, shape.choice_units, shape.bin_units)
    caps = _fitting(
        shape.mark_cap,
        mark_variable,
        np.ones(len(mark_variable), np.int64),
        np.maximum(statement.caps.room, 0),
    )
    most = statement.max_departments or 0
    visited = _fitting(
        guest_visit,
        guest_variable,
        np.ones(len(guest_variable), np.int64),
        np.full(visits, most, np.int64),
    )
    points = np.zeros(count, np.int64)
    points[:choices] = shape.choice_points
    points[choices:visit_base] = statement.leave
    points[visit_base : visit_base + visits] = shape.visit_price
    first, exact = _first_things(statement, int(points.sum()))
    points[choices:visit_base] += first
    return Model(
        shape=shape,
        points=points,
        exact=exact,
        alternatives=np.concatenate([shape.choice_request, np.arange(statement.requests)]),
        implied=np.concatenate(pairs),
        limits=_stacked([bins, caps, visited]),
    )


def _first_things(statement: Statement, points: int) -> tuple[Points, bool]:
    """Return what leaving must and pinned requests out costs on top, so that they come first.

    Less weight unplaced, which only tells equal plans apart, is not modelled.
    """
    pinned = statement.pinned >= 0
    pin = points + 1
    must = pin * (int(pinned.sum()) + 1)
    first = np.where(statement.must, must, 0) + np.where(pinned, pin, 0)
    return first.astype(np.int64), not first.any()


def _marks(shape: Shape, visit_base: int, count: int) -> tuple[Points, Points, int]:
    """Return pairs (choice, mark), the variable of each mark, and the number of variables."""
    choice = np.repeat(np.arange(len(shape.choice_day)), np.diff(shape.lit_first))
    marks = len(shape.mark_cap)
    lights = np.bincount(shape.lit_mark, minlength=marks)
    one = np.zeros(marks, np.int64)
    one[shape.lit_mark] = choice
    visit = shape.choice_visit[one]
    shared = np.bincount(
        shape.lit_mark, shape.choice_visit[choice] != visit[shape.lit_mark], minlength=marks
    )
    size = np.bincount(shape.choice_visit, minlength=len(shape.visit_price))
    is_visit = (shared == 0) & (lights == size[visit])
    own = (lights > 1) & ~is_visit
    variable = np.where(is_visit, visit_base + visit, one)
    variable[own] = count + np.arange(int(own.sum()))
    listed = own[shape.lit_mark]
    pairs = np.stack([choice[listed], variable[shape.lit_mark[listed]]], axis=1)
    return pairs, variable, count + int(own.sum())


def _guests(statement: Statement, shape: Shape, count: int) -> tuple[Points, Points, Points, int]:
    """Make a variable for each department at each visit that more want than are let in.

    Return pairs (choice, such a variable), the visit and the variable of each, and the number of
    variables.
    """
    none = np.empty(0, np.int64)
    if statement.max_departments is None:
        return np.empty((0, 2), np.int64), none, none, count
    homes = len(statement.departments)
    home = statement.department[shape.choice_request].astype(np.int64)
    keys, guest = np.unique(shape.choice_visit * homes + home, return_inverse=True)
    visit = keys // homes
    crowded = np.bincount(visit, minlength=len(shape.visit_price)) > statement.max_departments
    listed = np.flatnonzero(crowded[visit])
    variable = np.full(len(keys), -1, np.int64)
    variable[listed] = count + np.arange(len(listed))
    choice = np.flatnonzero(crowded[shape.choice_visit])
    pairs = np.stack([choice, variable[guest[choice]]], axis=1)
    return pairs, visit[listed], variable[listed], count + len(listed)


def _fitting(row: Points, variable: Points, coefficient: Points, limit: Points) -> Rows:
    """Make rows, without those that always hold."""
    total = np.bincount(row, coefficient, minlength=len(limit))
    binds = total > limit
    number = np.cumsum(binds) - 1
    kept = binds[row]
    return Rows(number[row[kept]], variable[kept], coefficient[kept], limit[binds])


def _stacked(parts: list[Rows]) -> Rows:
    base = np.cumsum([0] + [len(part.limit) for part in parts])
    return Rows(
        np.concatenate([part.row + shift for part, shift in zip(parts, base, strict=False)]),
        np.concatenate([part.variable for part in parts]),
        np.concatenate([part.coefficient for part in parts]),
        np.concatenate([part.limit for part in parts]),
    )
