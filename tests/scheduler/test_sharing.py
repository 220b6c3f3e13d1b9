"""A department's units between domains: nobody's day is promised twice, and need decides."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.sharing import Need, apportioned, need_of, shares

FRIDAY = date(2026, 12, 25)
DAYS = [FRIDAY + timedelta(days=n) for n in (0, 3, 4, 5, 6)]

names = st.sampled_from([f"county-{n}" for n in range(8)])
needs = st.dictionaries(
    names,
    st.builds(Need, st.integers(0, 40), st.integers(0, 40), st.integers(1, 6)),
    max_size=8,
)
rooms = st.dictionaries(st.sampled_from(DAYS), st.integers(0, 12), max_size=5)


@given(rooms, needs)
def test_no_unit_is_promised_twice_and_none_is_given_that_nobody_asked(
    room: dict[date, int], wanted: dict[str, Need]
) -> None:
    found = shares(room, wanted)
    assert found.keys() == wanted.keys()
    for day, units in room.items():
        assert sum(share.days.get(day, 0) for share in found.values()) <= units
    for name, share in found.items():
        assert share.units + share.missing == wanted[name].units
        assert share.missing >= 0
    asked = sum(need.units for need in wanted.values())
    assert sum(share.units for share in found.values()) == min(asked, sum(room.values()))


@given(rooms, needs)
def test_what_must_be_done_comes_first(room: dict[date, int], wanted: dict[str, Need]) -> None:
    found, whole = shares(room, wanted), sum(room.values())
    if sum(need.must for need in wanted.values()) <= whole:
        assert all(found[name].units >= need.must for name, need in wanted.items())


@given(rooms, needs)
def test_the_order_of_names_changes_nothing(room: dict[date, int], wanted: dict[str, Need]) -> None:
    other = dict(reversed(wanted.items()))
    assert shares(dict(reversed(room.items())), other) == shares(room, wanted)


@given(st.integers(0, 100), st.dictionaries(names, st.integers(0, 100), min_size=1))
def test_each_gets_its_quota_rounded(units: int, wanted: dict[str, int]) -> None:
    found, total = apportioned(units, wanted), sum(wanted.values())
    for name, want in wanted.items():
        if total > units:
            assert want * units // total <= found[name] <= -(-want * units // total)
        else:
            assert found[name] == want


def test_a_city_s_fire_brigade_between_three_counties() -> None:
    """Tests the arithmetic by hand: 8 units a day for 5 days are 40; 6 must, then 34 for 68."""
    wanted = {"a": Need(must=6, wish=24, largest=3), "b": Need(wish=34), "c": Need(wish=10)}
    found = shares(dict.fromkeys(DAYS, 8), wanted)
    assert {name: share.units for name, share in found.items()} == {"a": 18, "b": 17, "c": 5}
    assert {name: share.missing for name, share in found.items()} == {"a": 12, "b": 17, "c": 5}
    # Visits of three units fit: no day holds a part of one.
    assert all(units % 3 == 0 for units in found["a"].days.values())


def test_a_need_is_what_requests_come_to() -> None:
    assert need_of([(2, True), (3, False), (1, False)]) == Need(must=2, wish=4, largest=3)
    assert need_of([]) == Need()
