"""Patterns of small worlds are held against all that there are; what a choice proves, against brute force."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange.generate import Extras, make
from scheduler.exchange.verify import verify
from scheduler.planner.engine.arrays import MICRO
from scheduler.planner.engine.build import build
from scheduler.planner.engine.outcome import plan_of
from scheduler.planner.engine.run import run
from scheduler.planner.exact import choose
from scheduler.planner.instance import NOWHERE, Instance, Ints, Points
from scheduler.planner.patterns.master import chosen
from scheduler.planner.patterns.pool import MOST_ASKS, cheapest, listed
from scheduler.planner.patterns.spans import spans_of
from scheduler.planner.patterns.spread import Spread, spans_in, spread_of
from scheduler.planner.patterns.within import within
from scheduler.planner.patterns.work import Patterns
from tests.scheduler.planner.search.instances import (
    instances,
    optimum,
    random_instance,
    reckoned,
    starts,
)

SLACK = Fraction(5, 4)
ROOM = 10_000
"""More patterns than any world here has."""
MANY = 1_000
"""More steps than such a year takes."""


class World(NamedTuple):
    """An instance whose days are gathered in spans, and what its department-days toll."""

    instance: Instance
    spans: Ints
    tolls: Points

    @property
    def spread(self) -> Spread:
        """The world as patterns see it."""
        return self.at(self.tolls)

    def at(self, tolls: Points) -> Spread:
        """The same at other tolls."""
        return spread_of(self.instance, np.zeros(self.instance.asks, np.int64), tolls, self.spans)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A small world over spans of one to three days."""
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    instance = random_instance(
        numbers, draw(st.integers(1, 5)), draw(st.integers(1, 4)), 2, 0, use_differs=True
    )
    length = draw(st.integers(1, 3))
    days = int(instance.bin_day.max()) + 1
    tolls = numbers.integers(0, 3 * MICRO, len(instance.bin_units))
    return World(instance, (np.arange(days) // length).astype(np.int32), tolls)


def nobody(instance: Instance) -> Ints:
    """The plan that places no ask."""
    return np.full(instance.asks, NOWHERE, np.int32)


def cost(spread: Spread, group: int, spans: tuple[int, ...]) -> int | None:
    """Micro-points of a group's pattern with tolls, from the instance alone; None if it cannot be."""
    rates, first = spread.rates, int(spread.instance.group_first[group])
    total = 0
    for at, span in enumerate(spans):
        if span == NOWHERE:
            total += int(spread.instance.leave[first + at]) * MICRO
        elif rates.placed[first + at, span] > 2**60:
            return None
        else:
            total += int(rates.placed[first + at, span])
    opened = {span for span in spans if span != NOWHERE}
    return total + sum(int(rates.opening[group, span]) for span in opened)


def all_patterns(spread: Spread, group: int) -> dict[tuple[int, ...], int]:
    """All patterns of a group and what they cost."""
    first, end = spread.instance.group_first[group : group + 2]
    kinds = range(NOWHERE, spread.room.shape[1])
    costs = ((spans, cost(spread, group, spans)) for spans in product(kinds, repeat=end - first))
    return {spans: micro for spans, micro in costs if micro is not None}


@given(worlds(), st.integers(0, 30 * MICRO))
@settings(deadline=None)
def test_the_cheapest_and_all_within_a_slack_are_listed(world: World, slack: int) -> None:
    instance, spread = world.instance, world.spread
    present = spans_in(spread, nobody(instance))
    least = cheapest(spread.rates, present)
    pool = listed(spread.rates, present, least, slack, ROOM)
    assert pool is not None
    assert pool.complete
    for group in range(instance.groups):
        size = int(instance.group_first[group + 1] - instance.group_first[group])
        costs = all_patterns(spread, group)
        fewest = min(costs.values())
        assert least.cost[group] == fewest
        rows = pool.spans[pool.group == group, :size].tolist()
        out = (NOWHERE,) * size
        assert tuple(rows[0]) == out
        wanted = {spans for spans, micro in costs.items() if micro <= fewest + slack}
        assert sorted(map(tuple, rows)) == sorted(wanted | {out})


@given(worlds())
@settings(deadline=None)
def test_what_a_span_costs_is_the_least_of_its_days(world: World) -> None:
    instance, spread = world.instance, world.spread
    owner = np.repeat(np.arange(instance.asks), np.diff(instance.option_first))
    for ask, span in product(range(instance.asks), range(spread.room.shape[1])):
        own = (owner == ask) & (spread.span_of == span)
        if own.any():
            assert spread.price[ask, span] == instance.option_price[own].min() * MICRO
            assert spread.units[ask, span] == instance.option_use[own].min()
    assert spread.room.sum() == instance.bin_units.sum()
    assert spread.tolled == (world.tolls * instance.bin_units).sum()


@given(worlds(), st.integers(0, 5))
@settings(deadline=None)
def test_a_choice_from_all_patterns_is_below_every_plan_and_days_keep_to_it(
    world: World, seed: int
) -> None:
    instance, spread = world.instance, world.spread
    present = spans_in(spread, nobody(instance))
    least = cheapest(spread.rates, present)
    pool = listed(spread.rates, present, least, 2**50, ROOM)
    assert pool is not None
    found = chosen(spread, pool, present, seed=seed, effort=5.0)
    assert found.proven
    assert found.micro <= optimum(instance) * MICRO
    assert found.micro == least_choice(world)
    places = within(spread, instance, found.spans, seed=seed)
    points, over, beyond = reckoned(instance, places)
    assert (over, beyond) == (0, 0)
    assert points * MICRO >= found.micro
    stands = spans_in(spread, places)
    assert ((stands == found.spans) | (stands == NOWHERE)).all()


@given(instances(), st.integers(0, 5))
@settings(deadline=None)
def test_days_within_spans_keep_counters_too(instance: Instance, seed: int) -> None:
    spans = (np.arange(instance.bin_day.max() + 1) // 2).astype(np.int32)
    none = np.zeros(instance.asks, np.int64)
    spread = spread_of(instance, none, np.zeros(len(instance.bin_units), np.int64), spans)
    wanted = np.zeros(instance.asks, np.int32)
    places = within(spread, instance, wanted, seed=seed)
    assert reckoned(instance, places)[1:] == (0, 0)
    assert (spans_in(spread, places) <= 0).all()


def least_choice(world: World) -> int:
    """The least micro-points of spans for all asks that keep within the room."""
    spread = world.at(np.zeros_like(world.tolls))
    of_groups = [all_patterns(spread, group).items() for group in range(world.instance.groups)]
    found = []
    for picked in product(*of_groups):
        load: Counter[tuple[int, int]] = Counter()
        for ask, span in enumerate(span for pattern, _ in picked for span in pattern):
            if span != NOWHERE:
                place = (int(world.instance.ask_department[ask]), span)
                load[place] += int(spread.units[ask, span])
        if all(units <= spread.room[place] for place, units in load.items()):
            found.append(sum(micro for _, micro in picked))
    return min(found)


def test_more_patterns_than_there_is_room_for_are_not_listed_in_part() -> None:
    world = of_year(seed=1)
    spread = world.spread
    present = spans_in(spread, nobody(world.instance))
    least = cheapest(spread.rates, present)
    pool = listed(spread.rates, present, least, 5 * MICRO, ROOM)
    assert pool is not None
    assert listed(spread.rates, present, least, 5 * MICRO, len(pool.group)) is not None
    assert listed(spread.rates, present, least, 5 * MICRO, len(pool.group) - 1) is None


def of_year(seed: int) -> World:
    """A year of twelve service weeks, without tolls."""
    instance = build(make(600, 3, 60, tightness=SLACK, seed=seed)).points
    return World(instance, spans_of(instance), np.zeros(len(instance.bin_units), np.int64))


def test_the_days_of_a_service_week_are_one_span_though_some_enterprises_close() -> None:
    year = of_year(seed=4).instance
    weeks = np.repeat(np.arange(12), 5)
    assert np.array_equal(spans_of(year), weeks)
    owner = np.repeat(np.arange(year.asks), np.diff(year.option_first))
    kept = np.random.default_rng(1).random(year.options) < 0.95
    closed = replace(
        year,
        option_first=starts(owner[kept], year.asks),
        option_day=year.option_day[kept],
        option_price=year.option_price[kept],
    )
    assert np.array_equal(spans_of(closed), weeks)


def test_a_group_too_large_to_list_keeps_what_it_has_and_its_room() -> None:
    built = build(make(400, 2, 60, tightness=Fraction(1), seed=1, law="zipf"))
    instance = built.points
    sizes = np.diff(instance.group_first)
    assert sizes.max() > MOST_ASKS
    outcome = run(built, seed=1, watch=lambda progress: progress.phase == "first")
    world = World(instance, spans_of(instance), outcome.tolls)
    spread = world.spread
    present = spans_in(spread, outcome.places)
    least = cheapest(spread.rates, present)
    pool = listed(spread.rates, present, least, 5 * MICRO, ROOM)
    assert pool is not None
    assert not pool.complete
    large = np.flatnonzero(sizes > MOST_ASKS)
    assert not np.isin(pool.group, large).any()
    found = chosen(spread, pool, present, seed=1, effort=1.0)
    stays = np.isin(instance.ask_group, large)
    assert np.array_equal(found.spans[stays], present[stays])
    assert not np.array_equal(found.spans, present)
    taken = np.zeros_like(spread.room)
    placed = np.flatnonzero(found.spans != NOWHERE)
    where = (instance.ask_department[placed], found.spans[placed])
    np.add.at(taken, where, spread.units[placed, found.spans[placed]])
    assert (taken <= spread.room).all()


def test_nothing_is_proven_where_a_group_is_too_large_to_list() -> None:
    built = build(make(300, 2, 60, tightness=Fraction(3), seed=1, law="zipf"))
    assert np.diff(built.points.group_first).max() > MOST_ASKS
    start = run(built, seed=1, watch=lambda progress: progress.phase != "patterns")
    patterns = Patterns(built, start.tolls, seed=1)
    places = start.places
    for _ in range(12):
        *_, (offered, _) = patterns.steps(places)
        places = min(places, offered, key=lambda plan: reckoned(built.points, plan)[0])
    assert not patterns.done
    assert patterns.least < 0


@pytest.mark.parametrize("seed", [0, 2, 3, 4])
def test_what_patterns_prove_is_no_more_than_an_exact_search_finds(seed: int) -> None:
    built = build(make(24, 2, 30, tightness=Fraction(3), seed=seed))
    start = run(built, seed=1, watch=lambda progress: progress.phase != "patterns")
    patterns = Patterns(built, start.tolls, seed=1)
    places = start.places
    while not patterns.done:
        for offered, _ in patterns.steps(places):
            assert reckoned(built.points, offered)[1:] == (0, 0)
            places = min(places, offered, key=lambda plan: reckoned(built.points, plan)[0])
    exact = choose(built.points, start.places, seed=1, effort=20.0)
    assert exact.proven
    assert start.bound * MICRO <= patterns.least <= exact.bound * MICRO


@pytest.mark.parametrize("seed", [1, 2])
def test_a_slack_year_ends_with_a_plan_that_no_patterns_better(seed: int) -> None:
    statement = make(600, 3, 60, tightness=SLACK, seed=seed)
    built = build(statement)
    outcome = run(built, seed=1, watch=lambda progress: progress.step < MANY)
    assert outcome.step < MANY
    assert outcome.closed
    assert outcome.searched
    assert outcome.bound < outcome.objective <= 1.002 * outcome.bound
    assert verify(statement, plan_of(statement, built, outcome, problem="", seed=1, made={})).ok
    again = run(built, seed=1, watch=lambda _: True, steps=outcome.step)
    assert np.array_equal(again.places, outcome.places)


def test_counters_and_a_single_week_are_left_to_the_search() -> None:
    for statement in (make(60, 3, 5), make(60, 3, 60, extras=Extras(caps=True))):
        built = build(statement)
        assert Patterns(built, np.zeros(len(built.points.bin_units), np.int64), seed=1).done
