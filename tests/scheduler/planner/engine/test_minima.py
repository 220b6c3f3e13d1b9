"""Groups by themselves: exact where they are small, never too much where they are large."""

from itertools import product
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planner.engine.ascent import ascend
from scheduler.planner.engine.minima import NEVER, Desk, desk, least
from scheduler.planner.instance import NOWHERE

SEEDS = st.integers(0, 2**32)


def drawn_group(draw: Random) -> tuple[Desk, int, int]:
    """A group on a desk that is larger than it needs to be."""
    visits, asks = draw.randint(1, 4), draw.randint(1, 4)
    room = desk(visits + 1, asks + 1)
    for t in range(visits):
        room.opening[t] = draw.choice((0, 5, 10, 10))
        for i in range(asks):
            offered = draw.random() < 0.8
            room.gain[t, i] = draw.choice((-3, -8, -8, 2)) if offered else NEVER
            room.option[t, i] = 10 * i + t
    return room, visits, asks


def cost(room: Desk, choice: tuple[int, ...]) -> int:
    """What a choice of visits (-1: none) costs beyond leaving all out."""
    opened = sum(int(room.opening[t]) for t in set(choice) - {-1})
    return opened + sum(int(room.gain[t, i]) for i, t in enumerate(choice) if t != -1)


@given(SEEDS)
@settings(deadline=None, max_examples=200)
def test_small_groups_are_exact_and_the_answer_has_that_cost(seed: int) -> None:
    room, visits, asks = drawn_group(Random(seed))
    value = least(room, visits, asks)
    assert value == min(cost(room, c) for c in product(range(-1, visits), repeat=asks))
    answer = [int(o) for o in room.answer[:asks]]
    assert cost(room, tuple(-1 if o == NOWHERE else o % 10 for o in answer)) == value


@given(SEEDS)
@settings(deadline=None, max_examples=200)
def test_ascent_is_never_too_much_and_its_choice_is_one(seed: int) -> None:
    room, visits, asks = drawn_group(Random(seed))
    at = np.empty(asks, np.int64)
    value = ascend(room.opening[:visits], room.gain[:visits, :asks], at)
    best = min(cost(room, c) for c in product(range(-1, visits), repeat=asks))
    assert value <= best <= cost(room, tuple(at.tolist()))
