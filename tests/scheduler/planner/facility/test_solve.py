"""Plans and bounds of small blocks against brute force, and what must not change them."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from scheduler.planner.facility.block import Block, make_block
from scheduler.planner.facility.multipliers import MICRO, Ascent
from scheduler.planner.facility.near import guide
from scheduler.planner.facility.solve import Outcome, solve_block
from scheduler.planner.facility.start import first_values
from scheduler.planner.progress import Progress
from tests.scheduler.planner.facility.small import blocks, least_value, plans


@given(blocks())
@settings(max_examples=150, deadline=None)
def test_small_blocks_are_solved_and_no_plan_is_below_the_bound(block: Block) -> None:
    outcome = solve_block(block, steps=60)
    assert block.fits(outcome.places)
    assert block.value(outcome.places) == outcome.value == least_value(block)
    assert outcome.least <= outcome.value


@given(blocks())
@settings(max_examples=80, deadline=None)
def test_a_penalty_never_exceeds_what_an_option_costs(block: Block) -> None:
    ascent = Ascent.begin(block, first_values(block))
    ascent.climb(15, least_value(block) + 1)
    penalty = guide(block, ascent.values, 3).penalty
    for plan in plans(block):
        for option in plan:
            assert ascent.bound + penalty[option] <= block.value(plan) * MICRO


@given(blocks())
@settings(max_examples=30, deadline=None)
def test_more_room_never_costs(block: Block) -> None:
    roomier = replace(block, units=block.units + 3)
    assert solve_block(roomier, steps=60).value <= solve_block(block, steps=60).value


def _crowded(seed: int) -> Block:
    draw = np.random.default_rng(seed)
    items, bins = 40, 8
    return make_block(
        (np.arange(items + 1) * bins).astype(np.int32),
        np.tile(np.arange(bins, dtype=np.int32), items),
        np.repeat(draw.integers(1, 5, items), bins),
        draw.integers(0, 30, items * bins),
        leave=np.full(items, 100),
        units=np.full(bins, 12),
        opening=draw.integers(0, 40, bins),
    )


def _same(one: Outcome, other: Outcome) -> bool:
    return (
        np.array_equal(one.places, other.places)
        and np.array_equal(one.values, other.values)
        and (one.value, one.least, one.step) == (other.value, other.least, other.step)
    )


def test_the_same_seed_and_steps_give_the_same_plan() -> None:
    block = _crowded(1)
    assert _same(solve_block(block, seed=4, steps=50), solve_block(block, seed=4, steps=50))


def test_a_watch_that_stops_at_a_step_gives_what_so_many_steps_give() -> None:
    block = _crowded(2)
    seen: list[Progress] = []

    def until_45(progress: Progress) -> bool:
        seen.append(progress)
        return progress.step < 45

    stopped = solve_block(block, seed=7, steps=60, watch=until_45)
    assert _same(stopped, solve_block(block, seed=7, steps=45))
    assert [each.step for each in seen] == list(range(46))
    values = [each.objective for each in seen]
    assert values == sorted(values, reverse=True)


def test_no_items_cost_nothing() -> None:
    block = _crowded(3)
    empty = replace(
        block,
        first=block.first[:1],
        bin=block.bin[:0],
        use=block.use[:0],
        price=block.price[:0],
        item=block.item[:0],
        bin_first=block.bin_first * 0,
        bin_options=block.bin_options[:0],
    )
    assert solve_block(empty).value == 0
