"""A department cannot find out who rated it: not by small groups, by timing, or by subtracting sums."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scheduler.rating_batches import FEWEST, Batch, batches
from scheduler.states import VisitState, VisitStatus
from schemas.lanes import Lane
from schemas.visits import Closing, Grade, Rating
from tests.builders import a_plan_line

LATE = date(2027, 6, 1)


def a_visit(number: int, day: date, grade: Grade | None, *, over: bool = True) -> VisitState:
    """Return a visit that was entered; rated where a grade is given."""
    ended = Closing.RATED if grade else Closing.UNRATED
    return VisitState(
        id=f"v{number}",
        line=a_plan_line(number, day=day),
        lane=Lane.ROUTINE,
        status=VisitStatus.CLOSED if over else VisitStatus.LEFT,
        rating=Rating(grade=grade) if grade else None,
        rated=ended if over else None,
    )


def december(count: int, grade: Grade = Grade.POOR) -> list[VisitState]:
    """Return rated visits of December 2026."""
    return [a_visit(n, date(2026, 12, 25), grade) for n in range(1, count + 1)]


def test_four_ratings_are_told_nobody() -> None:
    assert batches(december(4), "fire", LATE) == ()
    assert batches(december(5), "fire", LATE) == (Batch("2026-12", "2026-12", 5, 5),)


def test_five_ratings_of_one_enterprise_are_still_one_rater() -> None:
    visits = [a_visit(1, date(2026, 12, day), Grade.POOR) for day in range(25, 30)]
    assert batches(visits, "fire", LATE) == ()


def test_nothing_is_told_before_the_next_month_but_one() -> None:
    assert batches(december(9), "fire", date(2027, 1, 31)) == ()
    assert len(batches(december(9), "fire", date(2027, 2, 1))) == 1


def test_one_rating_that_is_still_open_holds_its_month_and_all_later_ones_back() -> None:
    visits = [*december(9), a_visit(20, date(2026, 12, 31), None, over=False)]
    later = [a_visit(n, date(2027, 1, 28), Grade.GOOD) for n in range(30, 40)]
    assert batches([*visits, *later], "fire", LATE) == ()


def test_a_month_with_too_few_waits_for_the_next() -> None:
    later = [a_visit(n, date(2027, 1, 28), Grade.GOOD) for n in range(30, 33)]
    found = batches([*december(3), *later], "fire", LATE)
    assert found == (Batch("2026-12", "2027-01", 6, 3),)


def test_another_departments_visits_are_not_among_them() -> None:
    assert batches(december(9), "market", LATE) == ()


@given(st.lists(st.tuples(st.integers(1, 12), st.sampled_from([None, *Grade])), max_size=60))
def test_no_two_looks_ever_differ_by_fewer_than_five(made: list[tuple[int, Grade | None]]) -> None:
    """Tests that sums seen on any day are whole batches: no difference of two looks is a small group."""
    visits = [a_visit(n, date(2026, month, 20), grade) for n, (month, grade) in enumerate(made, 1)]
    seen: tuple[Batch, ...] = ()
    for month in range(1, 13):
        now = batches(visits, "fire", date(2027, month, 1))
        assert now[: len(seen)] == seen, "what was told once never changes"
        assert all(batch.ratings >= FEWEST for batch in now)
        seen = now
