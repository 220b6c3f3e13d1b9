"""Small worlds for the planner's tests, their brute-force optimum, and a county's month."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from random import Random

from hypothesis import strategies as st

from scheduler.planner.audit import hard_breaches, objective_of
from scheduler.planner.plan import Solution
from scheduler.planner.problem import Ask, Capacity, CapRoom, Problem

WEEK = (
    date(2026, 12, 25),
    date(2026, 12, 28),
    date(2026, 12, 29),
    date(2026, 12, 30),
    date(2026, 12, 31),
)
FRIDAY, MONDAY, TUESDAY = WEEK[:3]

Placed = list[tuple[Ask, date]]


@dataclass(frozen=True, order=True)
class Worth:
    """What plans are compared by, in order."""

    must_unplaced: int
    pinned_unplaced: int
    objective: int
    weight_unplaced: int


def an_ask(name: str = "a", **kwargs: object) -> Ask:
    """An ask of the fire brigade at one mill, any day of three."""
    facts: dict[str, object] = {"enterprise": "mill", "department": "fire", "days": WEEK[:3]}
    return Ask(id=name, **{**facts, **kwargs})  # type: ignore[arg-type]  # a test's own keywords


def capacities(units: int, *departments: str, days: tuple[date, ...] = WEEK) -> list[Capacity]:
    """The same units for each department on each day."""
    return [Capacity(department=d, day=day, units=units) for d in departments for day in days]


def worth_of(problem: Problem, placed: Placed) -> Worth:
    """Score placements without the planner's own scoring."""
    without = {ask.id: ask for ask in problem.asks}
    for ask, _ in placed:
        del without[ask.id]
    return Worth(
        sum(ask.must for ask in without.values()),
        sum(ask.pinned is not None for ask in without.values()),
        objective_of(problem, placed),
        sum(ask.weight for ask in without.values()),
    )


def worth_of_plan(problem: Problem, solution: Solution) -> Worth:
    """Score a solution by its placements."""
    days = solution.days()
    return worth_of(problem, [(ask, days[ask.id]) for ask in problem.asks if ask.id in days])


def all_plans(problem: Problem) -> Iterator[Placed]:
    """Every way to give each ask one of its days or none, judged by the auditor."""
    for days in product(*[(None, *ask.days) for ask in problem.asks]):
        pairs = zip(problem.asks, days, strict=True)
        placed = [(ask, day) for ask, day in pairs if day is not None]
        if not hard_breaches(problem, placed):
            yield placed


def best_worth(problem: Problem) -> Worth:
    """The optimum, by trying everything."""
    return min(worth_of(problem, placed) for placed in all_plans(problem))


@st.composite
def small_problems(draw: st.DrawFn, most_asks: int = 5) -> Problem:
    """Up to five asks of three departments at two enterprises, tight in every way."""
    asks = tuple(draw(_asks(f"a{n}")) for n in range(draw(st.integers(1, most_asks))))
    rows = tuple(
        Capacity(department=d, day=day, units=draw(st.integers(0, 4)))
        for d in ("fire", "tax", "water")
        for day in WEEK[:3]
    )
    pairs = sorted((ask.id, day) for ask in asks for day in ask.days)
    caps = tuple(draw(_caps(f"k{n}", pairs)) for n in range(draw(st.integers(0, 2))))
    most = draw(st.sampled_from([None, None, 1, 2]))
    return Problem(asks=asks, capacities=rows, caps=caps, max_departments=most)


@st.composite
def _asks(draw: st.DrawFn, name: str) -> Ask:
    days = tuple(draw(st.lists(st.sampled_from(WEEK[:3]), unique=True, max_size=3)))
    pinned = draw(st.sampled_from([None, None, None, *days]))
    return Ask(
        id=name,
        enterprise=draw(st.sampled_from(["mill", "yard"])),
        department=draw(st.sampled_from(["fire", "tax", "water"])),
        duration=draw(st.integers(0, 3)),
        days=days,
        months_off=tuple(draw(st.integers(0, 3)) for _ in days),
        must=draw(st.booleans()),
        weight=draw(st.integers(0, 3)),
        party=draw(st.sampled_from(["check", "check", "service"])),
        pinned=pinned,
    )


@st.composite
def _caps(draw: st.DrawFn, key: str, pairs: list[tuple[str, date]]) -> CapRoom:
    members = frozenset(draw(st.sets(st.sampled_from(pairs)))) if pairs else frozenset()
    return CapRoom(
        code="cap",
        key=key,
        room=draw(st.integers(-1, 2)),
        counts=draw(st.sampled_from(["presence", "entry"])),
        members=members,
    )


def county_month(
    *, asks: int, departments: int, per_enterprise: float, longest: int, seed: int
) -> Problem:
    """A generated month: uniform enterprises and departments, five days, capacity 1.04 x demand.

    Each department's capacity is its demand x 1.04 / 5, rounded up, on each day.
    """
    random = Random(seed)
    enterprises = int(asks / per_enterprise)
    made = tuple(
        Ask(
            id=f"a{number:05}",
            enterprise=f"e{random.randrange(enterprises):05}",
            department=f"d{random.randrange(departments):02}",
            duration=random.randint(1, longest),
            days=WEEK,
            must=random.random() < 0.02,
        )
        for number in range(asks)
    )
    demand: Counter[str] = Counter()
    for ask in made:
        demand[ask.department] += ask.duration
    rows = tuple(
        Capacity(department=name, day=day, units=-(-units * 104 // 500))
        for name, units in sorted(demand.items())
        for day in WEEK
    )
    return Problem(asks=made, capacities=rows)
