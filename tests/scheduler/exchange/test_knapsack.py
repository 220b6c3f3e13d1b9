"""The most that a packed department-day can be paid, against trying all."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.exchange import knapsack
from scheduler.exchange.knapsack import most_paid

ITEMS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 10**12)), max_size=9)


def by_trying_all(items: list[tuple[int, int]], room: int) -> int:
    subsets = chain.from_iterable(combinations(items, n) for n in range(len(items) + 1))
    return max(sum(m for _, m in own) for own in subsets if sum(u for u, _ in own) <= room)


def columns(items: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    rows = np.array(items, np.int64).reshape(-1, 2)
    return rows[:, 0].copy(), rows[:, 1].copy()


@given(ITEMS, st.integers(0, 30))
@settings(deadline=None)
def test_it_is_exact(items: list[tuple[int, int]], room: int) -> None:
    assert most_paid(*columns(items), room) == (by_trying_all(items, room), True)


@given(ITEMS, st.integers(0, 30))
@settings(deadline=None)
def test_where_it_is_too_large_it_is_never_too_little(
    items: list[tuple[int, int]], room: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(knapsack, "STEPS", 0)
        paid, exact = most_paid(*columns(items), room)
    best = by_trying_all(items, room)
    assert paid >= best
    assert exact == (sum(u for u, m in items if m and u <= room) <= room)
    dearest = max((m for _, m in items), default=0)
    assert paid <= best + dearest


def test_large_rooms_and_many_equal_items_are_quick() -> None:
    units = np.full(100_000, 3_000_000, np.int64)
    micro = np.arange(100_000, dtype=np.int64)
    assert most_paid(units, micro, 9_000_000) == (99_999 + 99_998 + 99_997, True)
