"""Quantiles, slopes and thinning, on numbers that can be worked out by hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.load.figures import cpu, quantile, resident, slope, thinned

POINTS = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(-(10**6), 10**6)), min_size=1, max_size=60
)


def test_a_quantile_needs_no_order() -> None:
    samples = [float(n) for n in range(1000, 0, -1)]
    assert quantile(samples, 0.5) == pytest.approx(500.5, abs=1)
    assert quantile(samples, 0.99) == pytest.approx(990, abs=1)
    assert quantile([7.0], 0.99) == 7.0


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50), st.sampled_from((0.5, 0.95, 0.99)))
def test_a_quantile_lies_among_its_samples(samples: list[float], share: float) -> None:
    assert min(samples) - 1e-6 <= quantile(samples, share) <= max(samples) + 1e-6


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(2, 40))
def test_the_slope_of_a_line_is_its_own(rise: int, start: int, count: int) -> None:
    line = [(float(x), float(start + rise * x)) for x in range(count)]
    assert slope(line) == pytest.approx(rise, abs=1e-6)


def test_one_instant_has_no_slope() -> None:
    assert slope([(3.0, 1.0), (3.0, 9.0)]) == 0.0
    assert slope([]) == 0.0


@given(POINTS, st.integers(2, 12))
def test_thinning_keeps_order_and_both_ends(points: list[tuple[float, float]], most: int) -> None:
    found = thinned(points, most)
    assert len(found) == min(most, len(points))
    assert (found[0], found[-1]) == (points[0], points[-1])
    places = iter(points)
    assert all(point in places for point in found)


def test_memory_is_read_and_a_process_that_is_gone_has_none() -> None:
    assert resident(os.getpid()) > 10
    assert resident(2**22 - 1) == 0.0


def test_processor_time_only_grows(tmp_path: Path) -> None:
    before = cpu([os.getpid()], tmp_path)
    sum(n * n for n in range(200_000))
    spent = cpu([os.getpid()], tmp_path).since(before)
    assert spent.workers >= 0
    assert spent.database == 0
