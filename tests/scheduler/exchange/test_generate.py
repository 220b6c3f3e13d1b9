"""Made instances: the law as docs/reference/generator.md states it."""

from fractions import Fraction

import numpy as np
import pytest

from scheduler.exchange.files import read_problem, write_problem
from scheduler.exchange.generate import Extras, Law, make
from tests.scheduler.exchange.test_files import same

EVERYTHING = Extras(caps=True, history=30, budget=60, pins=10)


@pytest.mark.parametrize("law", ["uniform", "zipf"])
def test_the_same_arguments_make_the_same_instance(law: Law) -> None:
    made = [make(300, 7, 60, durations=(1, 4), seed=5, law=law, extras=EVERYTHING) for _ in "ab"]
    assert same(*made)
    assert not same(made[0], make(300, 7, 60, durations=(1, 4), seed=6, law=law, extras=EVERYTHING))
    assert same(read_problem(write_problem(made[0])), made[0])


def test_windows_are_three_months_in_a_row_with_one_preferred() -> None:
    found = make(500, 4, 60, seed=1)
    assert found.choice_first.tolist() == list(range(0, 15 * 500 + 1, 15))
    day, points = found.choice_day.reshape(500, 15), found.choice_points.reshape(500, 15)
    assert (np.diff(day, axis=1) == 1).all()
    assert (day[:, 0] % 5 == 0).all()
    assert set(day[:, 0].tolist()) == set(range(0, 50, 5))
    by_month = points.reshape(500, 3, 5)
    assert (by_month == by_month[:, :, :1]).all()
    assert {tuple(row) for row in by_month[:, :, 0].tolist()} == {(0, 1, 2), (1, 0, 1), (2, 1, 0)}


def test_one_week_is_for_all_and_without_preference() -> None:
    found = make(100, 3, 5, durations=(1, 4), seed=1)
    assert found.choice_day.reshape(100, 5).tolist() == [[0, 1, 2, 3, 4]] * 100
    assert not found.choice_points.any()
    assert set(found.duration.tolist()) == {1, 2, 3, 4}
    assert (found.choice_units.reshape(100, 5) == found.duration[:, None]).all()


@pytest.mark.parametrize("days", [5, 7, 16, 60, 61, 130])
def test_capacity_is_the_load_times_the_tightness_spread_evenly(days: int) -> None:
    found = make(400, 6, days, durations=(1, 3), tightness=Fraction("1.04"), seed=2)
    for d in range(6):
        load = int(found.duration[found.department == d].sum())
        assert found.capacity[d].sum() == -(-load * 104 // 100)
        assert np.ptp(found.capacity[d]) <= 1
    assert len(found.days) == days == len(set(found.days))
    assert list(found.days) == sorted(found.days)
    assert found.choice_day.max() == days - 1


def test_an_enterprise_has_three_requests_on_average() -> None:
    found = make(30_000, 4, 60, seed=3)
    each = np.bincount(found.enterprise)
    assert 10_000 * 0.94 < len(each) < 10_000 * 0.96  # e**-3 of 10,000 draw none
    assert each.max() < 15


def test_zipf_makes_few_large_enterprises_and_departments() -> None:
    found = make(30_000, 10, 60, seed=3, law="zipf")
    each = np.bincount(found.enterprise)
    assert 100 < each.max() < 250
    departments = np.bincount(found.department)
    assert departments[0] > 8 * departments[9]


def test_caps_hold_two_presences_less_what_was_used() -> None:
    found = make(3_000, 3, 60, seed=4, extras=EVERYTHING)
    caps = found.caps
    assert caps.names[-1] == "city-entries"
    assert caps.counts_entries.tolist() == [False] * (len(caps.names) - 1) + [True]
    assert caps.room[-1] == 1_800
    request = np.searchsorted(found.choice_first, caps.member_choice, side="right") - 1
    for cap in range(len(caps.names) - 1):
        own = np.unique(request[caps.member_cap == cap])
        assert len({(found.enterprise[r], found.department[r]) for r in own}) == 1
        assert 0 <= caps.room[cap] < len(own)


def test_pins_are_choices_that_fit_together() -> None:
    found = make(2_000, 3, 60, durations=(1, 4), seed=4, extras=EVERYTHING)
    pinned = np.flatnonzero(found.pinned >= 0)
    assert 100 < len(pinned) <= 200
    load = np.zeros_like(found.capacity)
    for r in pinned:
        first, last = found.choice_first[r : r + 2]
        assert found.pinned[r] in found.choice_day[first:last]
        load[found.department[r], found.pinned[r]] += found.duration[r]
    assert (load <= found.capacity).all()


def test_numbers_out_of_range_are_told_together() -> None:
    with pytest.raises(ValueError, match=r"0 requests.*-1 days.*durations \(3, 1\).*pins 101"):
        make(0, 1, -1, durations=(3, 1), extras=Extras(pins=101))
