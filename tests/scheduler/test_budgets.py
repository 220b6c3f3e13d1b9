"""Budgets of a year: what is allowed, what lapses, where the year is heading."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scheduler.budgets import MONTHS, Budget, budget, worst

HALF = 50
COUNTS = st.dictionaries(st.sampled_from(MONTHS), st.integers(0, 500))


def a_year(now: int = 7, **counts: dict[int, int]) -> Budget:
    """Return a year of ten entries a month in the baseline, to be halved."""
    baseline = counts.get("baseline", dict.fromkeys(MONTHS, 10))
    used, planned, exempt = (counts.get(name, {}) for name in ("used", "planned", "exempt"))
    return budget(baseline, used, planned, exempt, HALF, now)


def test_half_of_an_odd_number_is_the_smaller_half() -> None:
    assert a_year(baseline={1: 7}).months[0].allowed == 3


def test_what_a_month_does_not_use_lapses_and_adds_nothing_later() -> None:
    year = a_year(now=3, used={1: 1, 2: 7})
    assert [month.left for month in year.months[:3]] == [4, -2, 5]
    assert year.lapsed == 4
    assert year.over == (2,)


def test_exempt_entries_stand_beside_and_use_nothing_up() -> None:
    without, with_ = a_year(used={1: 3}), a_year(used={1: 3}, exempt={1: 40})
    assert with_.exempt == 40
    assert [month.left for month in with_.months] == [month.left for month in without.months]
    assert with_.forecast == without.forecast


def test_the_forecast_goes_on_at_the_pace_of_the_months_that_are_over() -> None:
    steady = a_year(now=7, used=dict.fromkeys(range(1, 7), 4))
    assert steady.forecast == 24 + 0 + 5 * 4
    planned = a_year(now=7, used=dict.fromkeys(range(1, 7), 4), planned={7: 3, 12: 9})
    assert planned.forecast == 24 + 3 + 4 * 4 + 9


def test_nobody_forecasts_before_a_month_is_over() -> None:
    assert a_year(now=1, used={1: 9}).forecast is None
    assert a_year(now=0).forecast is None
    assert a_year(now=13, used={12: 9}).forecast == 9


def test_who_goes_furthest_beyond_comes_first() -> None:
    calm, wild = a_year(used={1: 1}), a_year(used={1: 99})
    assert [id_ for id_, _ in worst([("calm", calm), ("wild", wild)])] == ["wild", "calm"]


@given(COUNTS, COUNTS, COUNTS, st.integers(0, 100), st.integers(0, 13))
def test_the_burn_down_ends_where_the_year_does(
    baseline: dict[int, int], used: dict[int, int], planned: dict[int, int], per_cent: int, now: int
) -> None:
    year = budget(baseline, used, planned, {}, per_cent, now)
    assert year.burned()[-1] == (year.allowed, year.used + year.planned)
    assert 0 <= year.allowed <= year.baseline
    assert year.lapsed <= year.allowed
    assert year.forecast is None or year.forecast >= sum(
        month.used for month in year.months if month.month <= now
    )
