"""The knapsack of one bin against brute force."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planner.facility.knapsack import forced, knapsack

ITEMS = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 12)), min_size=1, max_size=9)


def _most(profit: list[int], use: list[int], room: int, at: int = -1, held: bool = False) -> int:
    best = -(10**9)
    for picks in product((False, True), repeat=len(profit)):
        if at >= 0 and picks[at] != held:
            continue
        if sum(u for u, p in zip(use, picks, strict=True) if p) <= room:
            best = max(best, sum(g for g, p in zip(profit, picks, strict=True) if p))
    return best


@given(ITEMS, st.integers(0, 40))
@settings(max_examples=200, deadline=None)
def test_the_most_is_found_with_items_that_give_it(items: list[tuple[int, int]], room: int) -> None:
    items = [(p, u) for p, u in items if u <= room]
    profit, use = (
        np.array([p for p, _ in items], np.int64),
        np.array([u for _, u in items], np.int64),
    )
    taken = np.zeros(len(items), np.bool_)
    found = knapsack(profit, use, room, taken)
    assert found == _most(profit.tolist(), use.tolist(), room) == profit[taken].sum()
    assert use[taken].sum() <= room


@given(ITEMS, st.integers(0, 40), st.integers(0, 30))
@settings(max_examples=150, deadline=None)
def test_what_forcing_gives_is_never_too_little(
    items: list[tuple[int, int]], room: int, less: int
) -> None:
    profit = np.array([p - less for p, _ in items], np.int64)
    use = np.array([u for _, u in items], np.int64)
    value = _most(profit.tolist(), use.tolist(), room)
    within, without = np.zeros(len(items), np.int64), np.zeros(len(items), np.int64)
    forced(profit, use, room, value, within, without)
    for k in range(len(items)):
        assert without[k] >= _most(profit.tolist(), use.tolist(), room, k, held=False)
        if use[k] <= room:
            assert within[k] >= _most(profit.tolist(), use.tolist(), room, k, held=True)
