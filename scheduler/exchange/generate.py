"""Instances made by a law with a seed: docs/reference/generator.md states the distributions.

The same arguments give the same instance on every machine: one PCG64 stream, read in a fixed order.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, Literal

import numpy as np

from scheduler.exchange.arrays import ranges
from scheduler.exchange.statement import Caps, Flags, Ints, Points, Statement

Law = Literal["uniform", "zipf"]

ENTRY: Final = 10
UNPLACED: Final = 100
PER_ENTERPRISE: Final = 3
WEEK: Final = 5  # service days of a month
WINDOW: Final = 3  # months of a window
PRESENCES: Final = 2  # of one department at one enterprise, where there are caps
FIRST_YEAR: Final = 2027
HUNDRED: Final = 100

# Zipf: the chance of the k-th is proportional to 1 / k ** exponent.
ENTERPRISE_EXPONENT: Final = 0.5
DEPARTMENT_EXPONENT: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a law may add to requests, windows and capacities.

    Parameters
    ----------
    caps
        Each department has at most two presences a year at each enterprise.
    history
        Chance in percent that each of those two presences is used up already.
    budget
        Entries that the whole city may make, in percent of the requests; None: no limit.
    pins
        Percent of the requests whose day a person fixed.
    """

    caps: bool = False
    history: int = 0
    budget: int | None = None
    pins: int = 0


def make(
    requests: int,
    departments: int,
    days: int,
    *,
    durations: tuple[int, int] = (1, 1),
    tightness: Fraction = Fraction(104, 100),
    seed: int = 0,
    law: Law = "uniform",
    extras: Extras | None = None,
) -> Statement:
    """Make one instance.

    Parameters
    ----------
    durations
        Shortest and longest duration, in units; all between are equally likely.
    tightness
        Capacity over load, for each department.

    Raises:
        ValueError: If a number is out of its range; the text says which.
    """
    extras = extras or Extras()
    _check(
        requests=requests,
        departments=departments,
        days=days,
        durations=durations,
        tightness=tightness,
        extras=extras,
    )
    draw = np.random.Generator(np.random.PCG64(seed))
    enterprise, enterprises = _enterprises(draw, requests, law)
    department = _drawn(draw, departments, requests, DEPARTMENT_EXPONENT, law)
    duration = draw.integers(durations[0], durations[1] + 1, requests, dtype=np.int32)
    first, day, points = _windows(draw, requests, days)
    load = np.bincount(department, duration, departments).astype(np.int64)
    capacity = _capacity(draw, load, days, tightness)
    units = np.repeat(duration, np.diff(first))
    caps = _caps(draw, enterprise, department, first, extras)
    free = _uncapped(caps, first)
    pinned = _pins(draw, (first, day), (department, duration, capacity), free, extras.pins)
    return Statement(
        name=f"{law} {requests} requests, {departments} departments, {days} days, seed {seed}",
        days=_dates(days),
        entry=ENTRY,
        unplaced=UNPLACED,
        max_departments=None,
        ids=_names("R", requests),
        enterprises=enterprises,
        departments=_names("D", departments),
        parties=("",),
        enterprise=enterprise,
        department=department,
        party=np.zeros(requests, np.int32),
        duration=duration,
        must=np.zeros(requests, np.bool_),
        weight=np.zeros(requests, np.int32),
        pinned=pinned,
        leave=np.full(requests, UNPLACED, np.int64),
        choice_first=first,
        choice_day=day,
        choice_points=points,
        choice_units=units,
        capacity=capacity,
        priced_visits=np.empty((0, 4), np.int64),
        caps=caps,
    )


def _check(
    *,
    requests: int,
    departments: int,
    days: int,
    durations: tuple[int, int],
    tightness: Fraction,
    extras: Extras,
) -> None:
    wrong = [
        text
        for bad, text in (
            (requests < 1, f"{requests} requests: at least 1"),
            (departments < 1, f"{departments} departments: at least 1"),
            (days < 1, f"{days} days: at least 1"),
            (not 0 <= durations[0] <= durations[1], f"durations {durations}: 0 <= LOW <= HIGH"),
            (tightness < 0, f"tightness {tightness}: at least 0"),
            (not 0 <= extras.history <= HUNDRED, f"history {extras.history}: 0 to 100 percent"),
            (not 0 <= extras.pins <= HUNDRED, f"pins {extras.pins}: 0 to 100 percent"),
            (
                extras.budget is not None and extras.budget < 0,
                f"budget {extras.budget}: at least 0",
            ),
        )
        if bad
    ]
    if wrong:
        raise ValueError("; ".join(wrong))


def _names(prefix: str, number: int) -> tuple[str, ...]:
    width = len(str(number))
    return tuple([f"{prefix}{i:0{width}d}" for i in range(1, number + 1)])


def _drawn(draw: np.random.Generator, kinds: int, number: int, exponent: float, law: Law) -> Ints:
    if law == "uniform":
        return draw.integers(0, kinds, number, dtype=np.int32)
    shares = np.arange(1, kinds + 1, dtype=np.float64) ** -exponent
    edges = np.cumsum(shares)
    found = np.searchsorted(edges, draw.random(number) * edges[-1], side="right")
    drawn: Ints = np.minimum(found, kinds - 1).astype(np.int32)
    return drawn


def _enterprises(
    draw: np.random.Generator, requests: int, law: Law
) -> tuple[Ints, tuple[str, ...]]:
    """Draw an enterprise for each request; those that got none have no name in the problem."""
    kinds = max(1, requests // PER_ENTERPRISE)
    drawn = _drawn(draw, kinds, requests, ENTERPRISE_EXPONENT, law)
    used, number = np.unique(drawn, return_inverse=True)
    names = _names("E", kinds)
    return number.astype(np.int32), tuple([names[k] for k in used.tolist()])


def _windows(draw: np.random.Generator, requests: int, days: int) -> tuple[Points, Ints, Ints]:
    """Draw three months in a row and the preferred one of them; a single week is for all."""
    months = -(-days // WEEK)
    if months < WINDOW:
        each = np.arange(requests + 1, dtype=np.int64) * days
        all_days = np.tile(np.arange(days, dtype=np.int32), requests)
        return each, all_days, np.zeros(len(all_days), np.int32)
    start = draw.integers(0, months - WINDOW + 1, requests, dtype=np.int32)
    wanted = draw.integers(0, WINDOW, requests, dtype=np.int32)
    span = np.arange(WINDOW * WEEK, dtype=np.int32)
    day = start[:, None] * np.int32(WEEK) + span
    points = np.abs(span // np.int32(WEEK) - wanted[:, None])
    within = day < days  # the last month may be short
    first = np.zeros(requests + 1, np.int64)
    np.cumsum(within.sum(axis=1), out=first[1:])
    return first, day[within], points[within]


def _capacity(
    draw: np.random.Generator,
    load: Points,
    days: int,
    tightness: Fraction,
) -> Points:
    """Spread tightness x load evenly over the days, what is over on days drawn at random."""
    capacity = np.empty((len(load), days), np.int64)
    for d, units in enumerate(load.tolist()):
        total = -(-units * tightness.numerator // tightness.denominator)
        capacity[d] = total // days
        capacity[d, draw.permutation(days)[: total % days]] += 1
    return capacity


def _caps(
    draw: np.random.Generator,
    enterprise: Ints,
    department: Ints,
    first: Points,
    extras: Extras,
) -> Caps:
    """Cap the presences of each pair, and the city's entries; a cap that cannot bind is left out."""
    names: list[str] = []
    room: list[int] = []
    member_cap, member_choice = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    if extras.caps:
        pair = enterprise.astype(np.int64) * (int(department.max()) + 1) + department
        _, of_request, size = np.unique(pair, return_inverse=True, return_counts=True)
        left = PRESENCES - draw.binomial(PRESENCES, extras.history / HUNDRED, len(size))
        binds = left < size
        number = np.cumsum(binds) - 1
        members = np.flatnonzero(binds[of_request])
        names += _names("presences-", int(binds.sum()))
        room += left[binds].tolist()
        width = np.diff(first)[members]
        member_cap.append(np.repeat(number[of_request[members]], width).astype(np.int32))
        member_choice.append(ranges(first[members], width).astype(np.int32))
    if extras.budget is not None:
        member_cap.append(np.full(int(first[-1]), len(names), np.int32))
        member_choice.append(np.arange(int(first[-1]), dtype=np.int32))
        names.append("city-entries")
        room.append(len(enterprise) * extras.budget // HUNDRED)
    cap, choice = np.concatenate(member_cap), np.concatenate(member_choice)
    order = np.lexsort((choice, cap))
    return Caps(
        names=tuple(names),
        room=np.array(room, np.int64),
        counts_entries=np.array([name == "city-entries" for name in names], np.bool_),
        member_cap=cap[order],
        member_choice=choice[order],
    )


def _uncapped(caps: Caps, first: Points) -> Flags:
    """Return which requests no cap of presences holds."""
    held = caps.member_choice[~caps.counts_entries[caps.member_cap]]
    free = np.ones(len(first) - 1, np.bool_)
    free[np.searchsorted(first, held, side="right") - 1] = False
    return free


def _pins(
    draw: np.random.Generator,
    choices: tuple[Points, Ints],
    load: tuple[Ints, Ints, Points],
    free: Flags,
    percent: int,
) -> Ints:
    """Fix the days of some requests that no presence cap holds, as far as their days have room."""
    first, day = choices
    pinned = np.full(len(free), -1, np.int32)
    if not percent:
        return pinned
    department, duration, capacity = load
    left = capacity.copy()
    choice = first[:-1] + (draw.random(len(free)) * np.diff(first)).astype(np.int64)
    wanted = draw.permutation(len(free))[: len(free) * percent // HUNDRED]
    for r in wanted[free[wanted]].tolist():
        d, t = int(department[r]), int(day[choice[r]])
        if duration[r] <= left[d, t]:
            left[d, t] -= int(duration[r])
            pinned[r] = t
    return pinned


def _dates(days: int) -> tuple[date, ...]:
    """Return the Mondays to Fridays of each month's first whole week."""
    found = []
    for month in range(-(-days // WEEK)):
        first = date(FIRST_YEAR + month // 12, month % 12 + 1, 1)
        monday = first + timedelta(days=-first.weekday() % 7)
        found += [monday + timedelta(days=k) for k in range(WEEK)]
    return tuple(found[:days])
