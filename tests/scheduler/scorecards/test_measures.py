"""What is counted of a department, and what it is worth."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.scorecards.measures import Batched, Came, Counted, Given, Ran, counted
from scheduler.scorecards.periods import months_of, span
from scheduler.scorecards.points import points, scored, total
from schemas.enterprise_problems import ProblemSource
from schemas.lanes import Purpose
from schemas.scorecards import AT_MOST, DIAGNOSES, Indicator, ScoreWeight

NOVEMBER = date(2026, 11, 25)


def came(visit: str, day: date = NOVEMBER, **changes: bool | Purpose) -> Came:
    """Return a planned, entered, coded inspection by one department that found nothing."""
    plain: dict[str, bool] = {
        "planned": True,
        "entered": True,
        "joint": False,
        "exempt": False,
        "coded": True,
        "result": True,
        "found": False,
        "penalty": False,
    }
    fields = {"purpose": Purpose.INSPECTION, **plain, **changes}
    return Came(visit=visit, day=day, **fields)  # type: ignore[arg-type]  # as typed above


def problem(id_: str, **changes: object) -> Given:
    """Return an open problem that the hotline brought in."""
    fields = {
        "source": ProblemSource.HOTLINE,
        "reported": NOVEMBER,
        "answered": False,
        "confirmed": False,
        "closed_in": None,
        **changes,
    }
    return Given(problem=id_, **fields)  # type: ignore[arg-type]  # as typed above


def by_indicator(*found: Counted) -> dict[Indicator, tuple[int, int]]:
    """Return part and whole of each indicator."""
    return {each.indicator: (each.part, each.whole) for each in found}


def test_each_indicator_counts_what_it_says() -> None:
    visits = [
        came("v1", joint=True, found=True),
        came("v2", coded=False, purpose=Purpose.SERVICE),
        came("v3", exempt=True, planned=False, result=False),
        came("v4", entered=False, result=False, joint=True),
        came("before", date(2026, 10, 30)),
    ]
    clocks = [
        Ran(deadline="d1", since=NOVEMBER, lapsed=True),
        Ran(deadline="d2", since=NOVEMBER, lapsed=False),
        Ran(deadline="d3", since=date(2026, 12, 1), lapsed=True),
    ]
    problems = [
        problem("p1", closed_in="2026-11", confirmed=True, answered=True),
        problem("p2", source=ProblemSource.ENTERPRISE),
        problem("p3", reported=date(2026, 12, 2)),
        problem("p4", reported=date(2026, 9, 1), closed_in="2026-10"),
    ]
    found = counted("2026-11", visits, clocks, problems, Batched(8, 6, 1), 40)
    assert by_indicator(*found) == {
        Indicator.ENTRIES: (2, 40),
        Indicator.EXEMPT: (1, 3),
        Indicator.JOINT: (2, 3),
        Indicator.CODED: (2, 3),
        Indicator.SERVICE: (1, 3),
        Indicator.FOUND: (1, 2),
        Indicator.PENALTIES: (0, 2),
        Indicator.OVERDUE: (1, 2),
        Indicator.CLEARED: (1, 2),
        Indicator.SOLVED: (1, 1),
        Indicator.HEARD: (1, 1),
        Indicator.RATED: (6, 8),
        Indicator.SATISFIED: (5, 6),
    }
    rows = {each.indicator: each for each in found}
    assert rows[Indicator.CODED].parts == ("visit/v1", "visit/v3")
    assert rows[Indicator.OVERDUE].wholes == ("d1", "d2")
    assert not rows[Indicator.RATED].wholes, "no row may tell which visit was rated"


def test_the_hash_of_the_rows_tells_rows_apart() -> None:
    one = Counted(Indicator.CODED, 1, 2, ("visit/a",), ("visit/a", "visit/b"))
    same = Counted(Indicator.CODED, 1, 2, ("visit/a",), ("visit/b", "visit/a"))
    other = Counted(Indicator.CODED, 1, 2, ("visit/b",), ("visit/a", "visit/b"))
    assert one.measured.rows == same.measured.rows
    assert one.measured.rows != other.measured.rows


def test_points_fall_short_of_the_target_and_beyond_the_most() -> None:
    joint = ScoreWeight(indicator=Indicator.JOINT, weight=20, target=50)
    assert [points(joint, part, 100) for part in (0, 25, 50, 90)] == [0, 1000, 2000, 2000]
    exempt = ScoreWeight(indicator=Indicator.EXEMPT, weight=10, target=40)
    assert [points(exempt, part, 100) for part in (0, 40, 70, 100)] == [1000, 1000, 500, 0]
    assert points(joint, 0, 0) is None


@given(
    indicator=st.sampled_from(sorted(set(Indicator) - DIAGNOSES)),
    weight=st.integers(1, 100),
    target=st.integers(1, 99),
    whole=st.integers(1, 10_000),
    more=st.integers(0, 10_000),
    data=st.data(),
)
def test_points_stay_within_their_weight_and_never_fall_for_what_is_better(  # noqa: PLR0917 - drawn
    indicator: Indicator, weight: int, target: int, whole: int, more: int, data: st.DataObject
) -> None:
    part = data.draw(st.integers(0, whole))
    rule = ScoreWeight(indicator=indicator, weight=weight, target=target)
    own, higher = points(rule, part, whole), points(rule, min(whole, part + more), whole)
    assert own is not None
    assert higher is not None
    assert 0 <= own <= weight * 100
    assert (own >= higher) if indicator in AT_MOST else (own <= higher)


def test_what_was_not_there_to_judge_is_in_no_sum() -> None:
    figures = counted("2026-11", [came("v1", joint=True)], (), (), Batched(), 0)
    weights = [
        ScoreWeight(indicator=Indicator.JOINT, weight=20, target=50),
        ScoreWeight(indicator=Indicator.SATISFIED, weight=30, target=90),
    ]
    result = scored([each.measured for each in figures], weights)
    assert total(result) == (2000, 2000)


@pytest.mark.parametrize("indicator", sorted(DIAGNOSES))
def test_what_diagnoses_can_have_no_weight(indicator: Indicator) -> None:
    with pytest.raises(ValueError, match="gives no points"):
        ScoreWeight(indicator=indicator, weight=1, target=50)


def test_periods_know_their_days() -> None:
    assert months_of("2026-Q4") == ("2026-10", "2026-11", "2026-12")
    assert len(months_of("2026")) == 12
    assert span("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert span("2026-Q1") == (date(2026, 1, 1), date(2026, 3, 31))
