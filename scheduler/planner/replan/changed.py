"""The problem as it is after an event, in columns: what a plan is judged by afterwards."""

from dataclasses import replace
from functools import singledispatch

import numpy as np

from scheduler.exchange.arrays import owners
from scheduler.exchange.plan import NO_DAY
from scheduler.exchange.statement import Caps, Flags, Ints, Statement
from scheduler.planner.replan.events import (
    Cancelled,
    CapacityChanged,
    CapChanged,
    DayClosed,
    Event,
    Late,
)


@singledispatch
def changed(event: Event, statement: Statement) -> Statement:
    """Return the problem after the event, which fits it (`scheduler.planner.replan.fits`)."""
    raise TypeError(type(event).__name__)


@changed.register
def _(event: Cancelled, statement: Statement) -> Statement:
    stays = np.ones(statement.requests, np.bool_)
    stays[statement.ids.index(event.request)] = False
    return _selected(statement, stays, stays[owners(statement.choice_first)])


@changed.register
def _(event: CapacityChanged, statement: Statement) -> Statement:
    capacity = statement.capacity.copy()
    capacity[statement.departments.index(event.department), event.day] = event.units
    return replace(statement, capacity=capacity)


@changed.register
def _(event: DayClosed, statement: Statement) -> Statement:
    here = statement.enterprise == statement.enterprises.index(event.enterprise)
    closed = here[owners(statement.choice_first)] & (statement.choice_day == event.day)
    pinned = np.where(here & (statement.pinned == event.day), NO_DAY, statement.pinned)
    return replace(
        _selected(statement, np.ones(statement.requests, np.bool_), ~closed),
        pinned=pinned.astype(np.int32),
    )


@changed.register
def _(event: CapChanged, statement: Statement) -> Statement:
    room = statement.caps.room.copy()
    room[statement.caps.names.index(event.cap)] = event.room
    return replace(statement, caps=replace(statement.caps, room=room))


@changed.register
def _(event: Late, statement: Statement) -> Statement:
    enterprise, enterprises = _number(statement.enterprises, event.enterprise)
    party, parties = _number(statement.parties, event.party)
    first = len(statement.choice_day)
    width = len(event.choices)
    day, points, units = zip(*event.choices, strict=True) if width else ((), (), ())
    leave = statement.unplaced if event.unplaced is None else event.unplaced
    return replace(
        statement,
        ids=(*statement.ids, event.request),
        enterprises=enterprises,
        parties=parties,
        enterprise=_with(statement.enterprise, enterprise),
        department=_with(statement.department, statement.departments.index(event.department)),
        party=_with(statement.party, party),
        duration=_with(statement.duration, event.duration),
        must=np.append(statement.must, event.must),
        weight=_with(statement.weight, event.weight),
        pinned=_with(statement.pinned, NO_DAY if event.pinned is None else event.pinned),
        leave=np.append(statement.leave, leave),
        choice_first=np.append(statement.choice_first, first + width),
        choice_day=_with(statement.choice_day, *day),
        choice_points=_with(statement.choice_points, *points),
        choice_units=_with(statement.choice_units, *units),
        caps=_counting(statement.caps, event.caps, first, width),
    )


def trimmed(statement: Statement) -> Statement:
    """Leave out prices of visits that nobody asks for, which the files have no room for."""
    rows, parties = statement.priced_visits, len(statement.parties)
    asked = statement.enterprise.astype(np.int64) * parties + statement.party
    kept = np.isin(rows[:, 0] * parties + rows[:, 1], asked)
    return replace(statement, priced_visits=rows[kept])


def _selected(statement: Statement, requests: Flags, choices: Flags) -> Statement:
    """Keep these requests and choices; names stay, as they may be used again."""
    width = np.bincount(owners(statement.choice_first)[choices], minlength=statement.requests)
    first = np.zeros(int(requests.sum()) + 1, np.int64)
    np.cumsum(width[requests], out=first[1:])
    number = np.cumsum(choices) - 1
    members = choices[statement.caps.member_choice]
    caps = replace(
        statement.caps,
        member_cap=statement.caps.member_cap[members],
        member_choice=number[statement.caps.member_choice[members]].astype(np.int32),
    )
    kept = np.flatnonzero(requests).tolist()
    return replace(
        statement,
        ids=tuple([statement.ids[r] for r in kept]),
        enterprise=statement.enterprise[requests],
        department=statement.department[requests],
        party=statement.party[requests],
        duration=statement.duration[requests],
        must=statement.must[requests],
        weight=statement.weight[requests],
        pinned=statement.pinned[requests],
        leave=statement.leave[requests],
        choice_first=first,
        choice_day=statement.choice_day[choices],
        choice_points=statement.choice_points[choices],
        choice_units=statement.choice_units[choices],
        caps=caps,
    )


def _number(names: tuple[str, ...], name: str) -> tuple[int, tuple[str, ...]]:
    if name in names:
        return names.index(name), names
    return len(names), (*names, name)


def _with(column: Ints, *values: int) -> Ints:
    return np.append(column, np.array(values, np.int32))


def _counting(caps: Caps, counted: tuple[str, ...], first: int, width: int) -> Caps:
    """Let the last choices count under these caps; members stay in the order of caps."""
    numbers = sorted(caps.names.index(name) for name in counted)
    cap = np.concatenate((caps.member_cap, np.repeat(numbers, width).astype(np.int32)))
    choices = np.tile(np.arange(first, first + width, dtype=np.int32), len(numbers))
    choice = np.concatenate((caps.member_choice, choices))
    order = np.lexsort((choice, cap))
    return replace(caps, member_cap=cap[order], member_choice=choice[order])
