"""A problem of the product in columns: the form that planner, verifier and files share.

Requests are listed by id and all names in order, so the order in which a problem lists its parts
is forgotten here.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np

from scheduler.exchange.statement import Caps, Statement
from scheduler.planner.problem import ENTRY_COST, UNPLACED_COST, Ask, CapRoom, Problem


def statement_of(problem: Problem, name: str = "") -> Statement:
    """Write a problem down in columns."""
    asks = sorted(problem.asks, key=lambda ask: ask.id)
    days = _days(problem)
    number = {day: at for at, day in enumerate(days)}
    enterprises = _numbered(ask.enterprise for ask in asks)
    departments = _numbered(
        [*(ask.department for ask in asks), *(row.department for row in problem.capacities)]
    )
    parties = _numbered(ask.party for ask in asks)
    choices = [_choices(ask, number) for ask in asks]
    first = np.zeros(len(asks) + 1, np.int64)
    np.cumsum([len(row) for row in choices], out=first[1:])
    flat = [pair for row in choices for pair in row]
    capacity = np.zeros((len(departments), len(days)), np.int64)
    for row in problem.capacities:
        capacity[departments[row.department], number[row.day]] = row.units
    duration = np.array([ask.duration for ask in asks], np.int32)
    return Statement(
        name=name,
        days=days,
        entry=ENTRY_COST,
        unplaced=UNPLACED_COST,
        max_departments=problem.max_departments,
        ids=tuple(ask.id for ask in asks),
        enterprises=tuple(enterprises),
        departments=tuple(departments),
        parties=tuple(parties),
        enterprise=np.array([enterprises[ask.enterprise] for ask in asks], np.int32),
        department=np.array([departments[ask.department] for ask in asks], np.int32),
        party=np.array([parties[ask.party] for ask in asks], np.int32),
        duration=duration,
        must=np.array([ask.must for ask in asks], np.bool_),
        weight=np.array([ask.weight for ask in asks], np.int32),
        pinned=np.array(
            [-1 if ask.pinned is None else number[ask.pinned] for ask in asks], np.int32
        ),
        leave=np.full(len(asks), UNPLACED_COST, np.int64),
        choice_first=first,
        choice_day=np.array([day for day, _ in flat], np.int32),
        choice_points=np.array([months for _, months in flat], np.int32),
        choice_units=np.repeat(duration, np.diff(first)).astype(np.int32),
        capacity=capacity,
        priced_visits=np.zeros((0, 4), np.int64),
        caps=_caps(problem, asks, number, first, [[day for day, _ in row] for row in choices]),
    )


def _days(problem: Problem) -> tuple[date, ...]:
    found = {day for ask in problem.asks for day in ask.days}
    return tuple(sorted(found | {row.day for row in problem.capacities}))


def _numbered(names: Iterator[str] | list[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(sorted(set(names)))}


def _choices(ask: Ask, number: dict[date, int]) -> list[tuple[int, int]]:
    months = ask.months_off or (0,) * len(ask.days)
    return sorted((number[day], off) for day, off in zip(ask.days, months, strict=True))


def _caps(
    problem: Problem,
    asks: list[Ask],
    number: dict[date, int],
    first: np.ndarray[tuple[int], np.dtype[np.int64]],
    days: list[list[int]],
) -> Caps:
    at = {ask.id: place for place, ask in enumerate(asks)}
    caps = sorted(problem.caps, key=lambda cap: (cap.code, cap.key))
    members = [
        (place, int(first[at[name]]) + days[at[name]].index(number[day]))
        for place, cap in enumerate(caps)
        for name, day in sorted(cap.members)
    ]
    return Caps(
        names=tuple(name_of(cap) for cap in caps),
        room=np.array([cap.room for cap in caps], np.int64),
        counts_entries=np.array([cap.counts == "entry" for cap in caps], np.bool_),
        member_cap=np.array([cap for cap, _ in members], np.int32),
        member_choice=np.array([choice for _, choice in members], np.int32),
    )


def name_of(cap: CapRoom) -> str:
    """Name a cap: the rule's code and the key under it."""
    return f"{cap.code} {cap.key}"
