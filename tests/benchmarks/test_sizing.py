"""The arithmetic of the page on sizing, on numbers that can be worked out by hand."""

from __future__ import annotations

import pytest

from benchmarks.sizing import Costs, Event, Measured, Planned, page, size, workers

COSTS = Costs(
    runs=(Measured(1, 400.0, 2.0, 1.0), Measured(2, 450.0, 2.2, 1.1)),
    event=Event(3000.0, 900.0, 0.5, 0.25),
    gap=3.5,
    plan_cpu=18.0,
    plan_mib=500.0,
    planned=(Planned(1, 12.0, 5.0), Planned(2, 20.0, 5.5)),
    commands=1000,
    machine="somewhere",
)


def test_the_busiest_second() -> None:
    # 115,200 visits x 6 / 12 = 57,600 commands a month, a quarter of them in 8 hours: 14,400 / 28,800.
    county = size(COSTS, "county", 115_200, 1)
    assert county.per_second == pytest.approx(0.5)
    # 0.5/s x 2 ms = 1 ms of a core's second; loaded by half, that is 2 ms.
    assert county.worker_cores == pytest.approx(0.002)
    assert county.database_cores == pytest.approx(0.001)
    # 10 events for 6 commands, half a millisecond each, a core loaded by half.
    assert county.relay_cores == pytest.approx(0.5 * 10 / 6 * 0.001)
    assert county.gigabytes == pytest.approx(115_200 * 10 * 3000 / 1e9)


def test_a_small_month_costs_a_plan_and_a_larger_one_in_proportion() -> None:
    assert size(COSTS, "small", 6_000, 1).plan_hours == pytest.approx(18 / 3600)
    assert size(COSTS, "large", 24_000, 1).plan_hours == pytest.approx(2 * 18 / 3600)
    assert size(COSTS, "two", 24_000, 2).plan_hours == pytest.approx(2 * 18 / 3600)


def test_every_domain_has_a_worker() -> None:
    assert workers(size(COSTS, "province", 1_000_000, 100)) == 100


def test_the_page_holds_what_was_measured_and_the_country() -> None:
    text = page(COSTS)
    assert "| 1 | 400 | 2.00 | 1.00 |" in text
    # 14,000,000 commands a month, 3,500,000 in 28,800 s, 2 ms each, a core loaded by half.
    assert "= 121.53 a second,\n  x 2.00 ms / 0.5 = 0.49 cores" in text
    assert "3,000 bytes" in text
    assert "| 2 | 20.0 | 5.5 |" in text
