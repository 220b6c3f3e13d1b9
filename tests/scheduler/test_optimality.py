"""One formula says how far a plan may be from the best."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.optimality import gap_percent


@pytest.mark.parametrize(
    ("objective", "bound", "percent"),
    [(200, 160, 25.0), (160, 160, 0.0), (0, 0, 0.0), (5, 0, None), (5, -1, None)],
)
def test_a_gap_is_told_in_percent_of_the_bound(
    objective: int, bound: int, percent: float | None
) -> None:
    assert gap_percent(objective, bound) == percent


@given(bound=st.integers(1, 10**9), more=st.integers(0, 10**9))
def test_a_worse_plan_has_the_larger_gap(bound: int, more: int) -> None:
    gap = gap_percent(bound + more, bound)
    assert gap is not None
    assert gap <= (gap_percent(bound + more + 1, bound) or 0)
