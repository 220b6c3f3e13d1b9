"""Which lines of an annual plan stand, and which requests they cover."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.annual.lines import standing, unfit
from scheduler.annual.states import AnnualState, Filed
from scheduler.trades import in_trade
from schemas.annual import AnnualLine, MonthDay
from schemas.policy import AnnualRules
from schemas.registry import RiskClass
from tests.builders import AN_INSTANT, a_window, an_enterprise
from tests.policy.world import a_case

RULES = AnnualRules(due=MonthDay(month=1, day=31), provisional_until=MonthDay(month=1, day=31))


def a_line(number: int = 1, **changes: object) -> AnnualLine:
    """Return a line of the fire brigade's item for the whole year."""
    fields = {"id": f"L{number}", "items": ("item-1",), "number": 10, "months": tuple(range(1, 13))}
    return AnnualLine.model_validate({**fields, **changes})


def a_plan(year: int, *lines: AnnualLine, approved: bool = True) -> AnnualState:
    """Return a department's plan of a year."""
    filed = Filed(version=1, lines=lines, by="clerk", at=AN_INSTANT)
    approved_ = filed if approved else None
    return AnnualState(department="fire", year=year, filed=filed, approved=approved_)


LAST_YEAR = a_plan(2026, a_line(1, recurring=True), a_line(2))


@pytest.mark.parametrize("day", [date(2027, 1, 4), date(2027, 1, 31)])
def test_last_years_recurring_lines_stand_in_until_the_day(day: date) -> None:
    found = standing(None, LAST_YEAR, day, RULES)
    assert found is not None
    assert [line.id for line in found.lines] == ["L1"]
    assert found.provisional


def test_after_the_day_nothing_stands_in() -> None:
    found = standing(None, LAST_YEAR, date(2027, 2, 1), RULES)
    assert found is not None
    assert found.lines == ()


def test_the_own_plan_replaces_last_years_when_it_is_approved_and_not_before() -> None:
    day = date(2027, 1, 20)
    waits = standing(a_plan(2027, a_line(7), approved=False), LAST_YEAR, day, RULES)
    stands = standing(a_plan(2027, a_line(7)), LAST_YEAR, day, RULES)
    assert waits is not None
    assert stands is not None
    assert [line.id for line in waits.lines] == ["L1"]
    assert [line.id for line in stands.lines] == ["L7"]
    assert not stands.provisional


def test_who_never_had_a_plan_need_not_cite_one() -> None:
    assert standing(None, None, date(2027, 1, 4), RULES) is None
    waits = a_plan(2027, a_line(), approved=False)
    assert standing(waits, None, date(2027, 1, 4), RULES) is None


@given(
    st.dates(date(2027, 1, 1), date(2027, 12, 31)),
    st.sets(st.integers(1, 12), min_size=1),
)
def test_a_line_covers_the_months_that_it_names(day: date, months: set[int]) -> None:
    case = a_case(window=a_window(day, day))
    line = a_line(months=tuple(sorted(months)))
    assert ("months" in set(unfit(line, case))) == (day.month not in months)


def test_a_line_covers_its_items_and_its_class_of_enterprises() -> None:
    case = a_case(enterprise=an_enterprise(risk=RiskClass.LOW, industry="C2651"))
    assert list(unfit(a_line(), case)) == []
    assert list(unfit(a_line(items=("item-9",)), case)) == ["items"]
    assert list(unfit(a_line(risks=("high", "medium")), case)) == ["risks"]
    assert list(unfit(a_line(trades=("C33", "F")), case)) == ["trades"]
    assert list(unfit(a_line(risks=("low",), trades=("26",)), case)) == []


@pytest.mark.parametrize(
    ("industry", "trade", "within"),
    [("C2651", "C26", True), ("C2651", "26", True), ("2651", "26", True), ("C2651", "27", False)],
)
def test_a_trade_is_the_beginning_of_an_industrys_code(
    industry: str, trade: str, within: bool
) -> None:
    assert in_trade(an_enterprise(industry=industry), trade) is within


def test_an_enterprise_without_an_industry_is_in_no_trade() -> None:
    assert not in_trade(an_enterprise(), "C26")


def test_months_rise_and_a_day_of_every_year_is_one() -> None:
    with pytest.raises(ValueError, match="rise"):
        a_line(months=(3, 2))
    with pytest.raises(ValueError, match="day"):
        MonthDay(month=2, day=29)
