"""Small problems in columns, any plan and any certificate for them, and brute force as the oracle."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from random import Random

import numpy as np
from hypothesis import strategies as st

from scheduler.exchange.plan import NO_DAY, Certificate, Plan
from scheduler.exchange.rules import chosen_choices, value_of
from scheduler.exchange.statement import Caps, Ints, Points, Statement

FIRST = date(2027, 1, 4)


@dataclass(frozen=True)
class Sizes:
    """The most of everything in a drawn problem."""

    requests: int = 5
    enterprises: int = 2
    departments: int = 2
    parties: int = 2
    days: int = 3
    caps: int = 3


def statements(sizes: Sizes = Sizes()) -> st.SearchStrategy[Statement]:
    """Draw problems with everything the format knows."""
    return st.integers(0, 2**32).map(lambda seed: drawn_statement(Random(seed), sizes))


def drawn_statement(draw: Random, sizes: Sizes = Sizes()) -> Statement:
    """One problem: durations, parties, pins, prices of visits and leaving out, caps, limits."""
    requests, days = draw.randint(1, sizes.requests), draw.randint(1, sizes.days)
    enterprise, enterprises = _names(draw, "e", requests, sizes.enterprises)
    department, departments = _names(draw, "d", requests, sizes.departments)
    party, parties = _names(draw, "", requests, sizes.parties)
    offered = [sorted(draw.sample(range(days), draw.randint(0, days))) for _ in range(requests)]
    duration = [draw.choice((0, 1, 1, 2, 3)) for _ in range(requests)]
    day = [t for own in offered for t in own]
    units = [
        d if draw.random() < 0.8 else draw.randint(0, 3)
        for own, d in zip(offered, duration, strict=True)
        for _ in own
    ]
    groups = sorted({(e, p) for e, p in zip(enterprise, party, strict=True)})
    priced = [
        (e, p, t, draw.randint(0, 20))
        for e, p in groups
        for t in range(days)
        if draw.random() < 0.2
    ]
    return Statement(
        name="drawn",
        days=tuple(FIRST + timedelta(days=t) for t in range(days)),
        entry=draw.choice((10, 0, 3)),
        unplaced=100,
        max_departments=draw.choice((None, None, 1)),
        ids=tuple(f"r{r}" for r in range(requests)),
        enterprises=enterprises,
        departments=departments,
        parties=parties,
        enterprise=np.array(enterprise, np.int32),
        department=np.array(department, np.int32),
        party=np.array(party, np.int32),
        duration=np.array(duration, np.int32),
        must=np.array([draw.random() < 0.2 for _ in range(requests)], np.bool_),
        weight=np.array([draw.choice((0, 0, 7)) for _ in range(requests)], np.int32),
        pinned=np.array(
            [draw.choice(own) if own and draw.random() < 0.2 else NO_DAY for own in offered],
            np.int32,
        ),
        leave=np.array([draw.choice((100, 100, 5, 0)) for _ in range(requests)], np.int64),
        choice_first=np.cumsum([0, *map(len, offered)], dtype=np.int64),
        choice_day=np.array(day, np.int32),
        choice_points=np.array([draw.randint(0, 4) for _ in day], np.int32),
        choice_units=np.array(units, np.int32),
        capacity=np.array(
            [[draw.randint(0, 4) for _ in range(days)] for _ in departments], np.int64
        ),
        priced_visits=np.array(priced, np.int64).reshape(-1, 4),
        caps=_caps(draw, len(day), draw.randint(0, sizes.caps)),
    )


def _names(
    draw: Random, prefix: str, requests: int, most: int
) -> tuple[list[int], tuple[str, ...]]:
    drawn = [draw.randrange(most) for _ in range(requests)]
    used = sorted(set(drawn))
    names = tuple(f"{prefix}{k}" if prefix or k else "" for k in used)
    return [used.index(k) for k in drawn], names


def _caps(draw: Random, choices: int, number: int) -> Caps:
    members = [(c, k) for c in range(number) for k in range(choices) if draw.random() < 0.6]
    return Caps(
        names=tuple(f"cap{c}" for c in range(number)),
        room=np.array([draw.choice((-1, 0, 1, 1, 2)) for _ in range(number)], np.int64),
        counts_entries=np.array([draw.random() < 0.5 for _ in range(number)], np.bool_),
        member_cap=np.array([c for c, _ in members], np.int32),
        member_choice=np.array([k for _, k in members], np.int32),
    )


def drawn_certificate(draw: Random, statement: Statement) -> Certificate:
    """Any certificate: tolls, surcharges on some department-days, budgets, rebates, values."""

    def micro(chance: float) -> int:
        return draw.randrange(30_000_000) if draw.random() < chance else 0

    surcharged = [
        (r, int(statement.choice_day[c]), micro(0.8))
        for r in range(statement.requests)
        for c in range(int(statement.choice_first[r]), int(statement.choice_first[r + 1]))
        if draw.random() < 0.3
    ]
    columns = list(zip(*surcharged, strict=True)) or [(), (), ()]
    departments = len(statement.departments)
    return Certificate(
        tolls=np.array(
            [[micro(0.6) for _ in statement.days] for _ in range(departments)], np.int64
        ),
        surcharge_request=np.array(columns[0], np.int32),
        surcharge_day=np.array(columns[1], np.int32),
        surcharge_micro=np.array(columns[2], np.int64),
        budgets=np.array([micro(0.6) for _ in statement.caps.names], np.int64),
        least=np.array([draw.randint(0, 2) for _ in range(departments)], np.int64),
        rebates=np.array([micro(0.5) * 4 for _ in range(departments)], np.int64),
        values=_values(draw, statement) if draw.random() < 0.3 else None,
    )


def _values(draw: Random, statement: Statement) -> Points:
    return np.array([draw.randrange(1, 110_000_000) for _ in statement.ids], np.int64)


def plan_of(statement: Statement, day: Ints, certificate: Certificate, bound: int = 0) -> Plan:
    """The plan that claims what is so."""
    value = value_of(statement, day, chosen_choices(statement, day))
    return Plan(
        problem="",
        day=day,
        objective=value.objective,
        bound=bound,
        entries=value.entries,
        unplaced=value.unplaced,
        seed=1,
        step=2,
        certificate=certificate,
    )


def all_days(statement: Statement) -> Iterator[Ints]:
    """Every way to give each request one of its choices or none, legal or not."""
    first = statement.choice_first
    offered = [
        [NO_DAY, *statement.choice_day[first[r] : first[r + 1]].tolist()]
        for r in range(statement.requests)
    ]
    for days in product(*offered):
        yield np.array(days, np.int32)


def plainly_legal(statement: Statement, day: Ints) -> bool:
    """Whether a plan of offered days keeps the rules, told without the module under test."""
    load: dict[tuple[int, int], int] = {}
    things: dict[int, set[tuple[str, int, int, int]]] = {}
    visits: dict[tuple[int, int, int], set[int]] = {}
    for r, t in enumerate(day.tolist()):
        if t == NO_DAY:
            continue
        if statement.pinned[r] not in (NO_DAY, t):
            return False
        choice = _choice(statement, r, t)
        e, d, p = (int(c[r]) for c in (statement.enterprise, statement.department, statement.party))
        load[d, t] = load.get((d, t), 0) + int(statement.choice_units[choice])
        visits.setdefault((e, p, t), set()).add(d)
        for cap, member in zip(
            statement.caps.member_cap.tolist(), statement.caps.member_choice.tolist(), strict=True
        ):
            if member == choice:
                entry = bool(statement.caps.counts_entries[cap])
                thing = ("entry", e, p, t) if entry else ("presence", e, d, t)
                things.setdefault(cap, set()).add(thing)
    most = statement.max_departments
    return (
        all(units <= statement.capacity[key] for key, units in load.items())
        and all(len(of) <= max(int(statement.caps.room[c]), 0) for c, of in things.items())
        and (most is None or all(len(of) <= most for of in visits.values()))
    )


def plain_objective(statement: Statement, day: Ints) -> int:
    """The third term of the objective, told without the module under test."""
    prices = {tuple(row[:3]): row[3] for row in statement.priced_visits.tolist()}
    visits, points = set(), 0
    for r, t in enumerate(day.tolist()):
        if t == NO_DAY:
            points += int(statement.leave[r])
        else:
            visits.add((int(statement.enterprise[r]), int(statement.party[r]), t))
            points += int(statement.choice_points[_choice(statement, r, t)])
    return points + sum(int(prices.get(visit, statement.entry)) for visit in visits)


def least_objective(statement: Statement) -> int:
    """The least objective of any legal plan, by trying all."""
    return min(
        plain_objective(statement, day)
        for day in all_days(statement)
        if plainly_legal(statement, day)
    )


def _choice(statement: Statement, request: int, day: int) -> int:
    first, last = statement.choice_first[request : request + 2].tolist()
    found: int = first + statement.choice_day[first:last].tolist().index(day)
    return found
