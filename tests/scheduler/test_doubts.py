"""Doubtful points: each from its own record, none where nothing is odd, patterns beyond their number."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import doubts as d
from scheduler.audit import Breach
from scheduler.doubts import Kind
from scheduler.states import DeadlineState, VisitState, VisitStatus
from schemas.base import CHINA
from schemas.lanes import Lane
from schemas.visits import Filing, Grade, NoEntry, Part, PlanLine, Rating, Scan
from tests.builders import a_uscc

DAY = date(2026, 12, 25)
NOON = datetime(2026, 12, 25, 12, tzinfo=CHINA)


def a_visit(number: int = 1, **more: Any) -> VisitState:  # noqa: ANN401 - fields of a visit
    """Return a visit of one department that entered and left."""
    line = PlanLine(
        visit=f"v{number}",
        enterprise=a_uscc(1),
        day=DAY + timedelta(days=number),
        lead="fire",
        parts=(Part(department="fire", requests=("r",), items=("i",)),),
    )
    plain = VisitState(id=f"v{number}", line=line, lane=Lane.ROUTINE, status=VisitStatus.LEFT)
    return plain.model_copy(update=more)


def kinds(state: VisitState) -> set[Kind]:
    """Return the kinds of points of a visit."""
    return {point.kind for point in d.of_visit(state)}


def test_a_visit_in_order_raises_no_question() -> None:
    assert kinds(a_visit()) == set()


FILING = Filing(number="B-1", at=NOON, by="clerk")
SCAN = Scan(at=NOON, departments=("fire",), officers=("o",), offline=True, late_reason="没有信号")


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"filing": FILING, "filing_late": True}, Kind.FILING_LATE),
        ({"filing": FILING, "filing_back_dated": True}, Kind.BACK_DATED),
        ({"scan": SCAN}, Kind.LATE_SCAN),
        ({"absent": ("fire",)}, Kind.ABSENT),
        ({"no_entry": NoEntry.TURNED_AWAY}, Kind.TURNED_AWAY),
        ({"status": VisitStatus.CLOSED}, Kind.NO_OUTCOME),
        ({"rating": Rating(grade=Grade.POOR, forward=True)}, Kind.POOR_RATING),
    ],
)
def test_each_oddity_is_a_point_of_its_own(more: dict[str, Any], kind: Kind) -> None:
    (point,) = d.of_visit(a_visit(**more))
    assert (point.kind, point.about, point.evidence != ()) == (kind, "visit/v1", True)


def test_a_poor_rating_is_passed_on_with_the_raters_consent_alone() -> None:
    silent = Rating(grade=Grade.VERY_POOR, forward=False)
    assert kinds(a_visit(rating=silent)) == set()
    assert kinds(a_visit(rating=Rating(grade=Grade.GOOD, forward=True))) == set()


def test_a_deadline_that_passed_is_a_point_but_the_raters() -> None:
    clock = DeadlineState(
        id="d", rule="filing", about="visit/v1", owner="department", to="fire",
        since=DAY, working_days=2, status="lapsed",
    )  # fmt: skip
    (point,) = d.of_deadline(clock, a_visit())
    assert point.numbers == {"rule": "filing", "working_days": 2}
    assert not list(d.of_deadline(clock.model_copy(update={"owner": "enterprise"}), a_visit()))
    assert not list(d.of_deadline(clock.model_copy(update={"status": "met"}), a_visit()))
    assert not list(d.of_deadline(clock, None))


def test_a_breach_names_its_rule_and_its_numbers() -> None:
    breach = Breach(rule="twice-a-year", visit="v1", day=DAY, limit=2, total=3)
    (point,) = d.of_breach(breach, a_visit())
    assert point.numbers == {"rule": "twice-a-year", "limit": 2, "total": 3}


@given(st.integers(0, 8), st.sampled_from([Lane.STATUTORY, Lane.EMERGENCY, Lane.ROUTINE]))
def test_exempt_entries_are_asked_about_beyond_their_number(count: int, lane: Lane) -> None:
    visits = [a_visit(n, lane=lane) for n in range(count)]
    found = list(d.often_exempt(reversed(visits)))
    # The last ones of the year: 2026 has room for six days after the 25th.
    in_year = sum(v.line.day.year == 2026 for v in visits)
    wanted = max(0, in_year - d.EXEMPT_MOST) + max(0, count - in_year - d.EXEMPT_MOST)
    assert len(found) == (wanted if lane.exempt else 0)
    assert [point.day for point in found] == sorted(point.day for point in found)


@given(st.permutations(range(5)))
def test_the_order_of_a_list_is_its_own(order: list[int]) -> None:
    points = [p for n in range(5) for p in d.of_visit(a_visit(n, absent=("fire",)))]
    assert d.in_order(points[n] for n in order) == tuple(reversed(points))
