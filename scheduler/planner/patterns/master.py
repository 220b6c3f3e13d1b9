"""Choosing one pattern for each group, within the units of each department's spans: a set partition."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd

import numpy as np

from scheduler.planner.exact import solver_of
from scheduler.planner.instance import NOWHERE, Ints, Points
from scheduler.planner.patterns.pool import Pool
from scheduler.planner.patterns.spread import Spread


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice of patterns.

    Parameters
    ----------
    spans
        The span of each ask, or NOWHERE.
    micro
        Micro-points of those that the pool lists.
    proven
        Whether no other choice among these costs less.
    """

    spans: Ints
    micro: int
    proven: bool


def chosen(spread: Spread, pool: Pool, present: Ints, *, seed: int, effort: float) -> Chosen:
    """Choose the cheapest patterns.

    Parameters
    ----------
    present
        The span of each ask in a known plan, or NOWHERE: a group that is not listed stays there.
    effort
        Deterministic seconds of CP-SAT.
    """
    from ortools.sat.python import cp_model  # noqa: PLC0415 - importing it takes a second

    members = _members(spread, pool)
    micro = _micro(spread, pool, members)
    starts = np.flatnonzero(np.diff(pool.group, prepend=-1))
    ends = np.append(starts[1:], len(pool.group))
    model = cp_model.CpModel()
    takes = [model.new_bool_var("") for _ in micro]
    for first, end in zip(starts.tolist(), ends.tolist(), strict=True):
        model.add_exactly_one(takes[first:end])
        for pattern in range(first, end):
            model.add_hint(takes[pattern], pattern == first)
    for room, patterns, units in _cells(spread, pool, members, present):
        model.add(cp_model.LinearExpr.weighted_sum([takes[p] for p in patterns], units) <= room)
    unit = gcd(*micro.tolist()) or 1
    model.minimize(cp_model.LinearExpr.weighted_sum(takes, (micro // unit).tolist()))
    solver = solver_of(seed, effort)
    status = solver.solve(model)
    best = starts
    if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        best = np.flatnonzero([solver.boolean_value(variable) for variable in takes])
    spans = present.copy()
    first_ask = spread.instance.group_first[pool.group[best]]
    sizes = spread.instance.group_first[pool.group[best] + 1] - first_ask
    for pattern, first, size in zip(best.tolist(), first_ask.tolist(), sizes.tolist(), strict=True):
        spans[first : first + size] = pool.spans[pattern, :size]
    return Chosen(spans, int(micro[best].sum()), proven=status == cp_model.OPTIMAL)


@dataclass(frozen=True, slots=True)
class _Members:
    """Who stands somewhere: pattern, ask and span; and who is left out: pattern and ask."""

    pattern: Points
    ask: Points
    span: Points
    pattern_without: Points
    ask_without: Points


def _members(spread: Spread, pool: Pool) -> _Members:
    first = spread.instance.group_first[pool.group]
    size = spread.instance.group_first[pool.group + 1] - first
    inside = np.arange(pool.spans.shape[1]) < size[:, None]
    placed = np.nonzero(inside & (pool.spans != NOWHERE))
    without = np.nonzero(inside & (pool.spans == NOWHERE))
    return _Members(
        pattern=placed[0],
        ask=first[placed[0]] + placed[1],
        span=pool.spans[placed].astype(np.int64),
        pattern_without=without[0],
        ask_without=first[without[0]] + without[1],
    )


def _micro(spread: Spread, pool: Pool, members: _Members) -> Points:
    """What each pattern costs, in micro-points and without tolls."""
    spans = spread.room.shape[1]
    visits = np.unique(members.pattern * spans + members.span)
    of = visits // spans
    micro = np.zeros(len(pool.group), np.int64)
    np.add.at(micro, members.pattern, spread.price[members.ask, members.span])
    np.add.at(micro, members.pattern_without, spread.rates.out[members.ask_without])
    np.add.at(micro, of, spread.rates.opening[pool.group[of], visits % spans])
    return micro


def _cells(
    spread: Spread, pool: Pool, members: _Members, present: Ints
) -> Iterator[tuple[int, list[int], list[int]]]:
    """Of each department's span that could be asked for too much: its room, patterns and their units."""
    department, spans = spread.instance.ask_department, spread.room.shape[1]
    room = spread.room.reshape(-1).copy()
    listed = np.zeros(spread.instance.groups, np.bool_)
    listed[pool.group] = True
    stays = np.flatnonzero(~listed[spread.instance.ask_group] & (present != NOWHERE))
    cell = department[stays] * spans + present[stays]
    np.subtract.at(room, cell, spread.units[stays, present[stays]])
    cell = department[members.ask].astype(np.int64) * spans + members.span
    units = spread.units[members.ask, members.span]
    order = np.argsort(cell, kind="stable")
    edges = np.flatnonzero(np.diff(cell[order], prepend=-1, append=-1))
    for first, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        own = order[first:end]
        if int(units[own].sum()) > room[cell[own[0]]]:
            yield int(room[cell[own[0]]]), members.pattern[own].tolist(), units[own].tolist()
