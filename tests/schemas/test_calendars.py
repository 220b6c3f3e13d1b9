"""The calendar files: what a notice can say gets in, a slip in typing one does not."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from schemas.calendars import Calendar

FILES = sorted((Path(__file__).parents[2] / "deploy" / "calendars").glob("*.yaml"))

SHIPPED = [Calendar.model_validate(yaml.safe_load(f.read_text(encoding="utf-8"))) for f in FILES]

# Weekend days that the notices declare worked, counted in their texts.
MAKEUP_DAYS = {
    2012: 6,  # the seventh of its notice was 31 December 2011
    2013: 12,
    2014: 5,
    2015: 5,
    2016: 6,
    2017: 5,
    2018: 7,  # one of them, 29 December, by the notice for 2019
    2019: 6,
    2020: 6,
    2021: 7,
    2022: 7,
    2023: 7,
    2024: 8,
    2025: 5,
    2026: 6,
}


def made_up_2027(**changes: object) -> dict[str, Any]:
    """Give a small official calendar of 2027 (invented), with some fields changed."""
    return {
        "year": 2027,
        "version": 1,
        "status": "official",
        "source": {"document": "a notice"},
        "holidays": [
            {"name": {"zh": "元旦", "en": "New Year's Day"}, "days": ["2027-01-01"]},
            {"name": {"zh": "劳动节", "en": "Labour Day"}, "days": ["2027-05-01", "2027-05-03"]},
            {
                "name": {"zh": "国庆节", "en": "National Day"},
                "days": ["2027-10-01", "2027-10-02", "2027-10-03", "2027-10-04"],
            },
        ],
        "makeup": ["2027-05-08", "2027-10-09"],
    } | changes


def test_the_years_shipped_are_official_and_the_next_one_is_missing() -> None:
    """Tests that 2012 to 2026 are there under their own names; 2027 waits for its notice."""
    assert [calendar.year for calendar in SHIPPED] == list(range(2012, 2027))
    assert [int(file.stem) for file in FILES] == list(range(2012, 2027))
    assert all(calendar.official for calendar in SHIPPED)


@pytest.mark.parametrize("calendar", SHIPPED, ids=lambda calendar: str(calendar.year))
def test_each_shipped_calendar_names_its_notice(calendar: Calendar) -> None:
    """Tests that every file says which document of which year it follows."""
    assert calendar.source.document == f"国务院办公厅关于{calendar.year}年部分节假日安排的通知"
    assert calendar.source.number is not None
    assert str(calendar.year - 1) in calendar.source.number


@pytest.mark.parametrize("calendar", SHIPPED, ids=lambda calendar: str(calendar.year))
def test_each_shipped_calendar_has_the_announced_make_up_days(calendar: Calendar) -> None:
    """Tests the number of make-up days against the notices, counted by hand."""
    assert len(calendar.makeup) == MAKEUP_DAYS[calendar.year]


@pytest.mark.parametrize("calendar", SHIPPED, ids=lambda calendar: str(calendar.year))
def test_holiday_periods_have_no_holes_on_weekdays(calendar: Calendar) -> None:
    """Tests that between the first and last day off of a period no weekday is left out."""
    for holiday in calendar.holidays:
        first, last = holiday.days[0], holiday.days[-1]
        assert last - first < timedelta(days=10)
        span = (first + timedelta(days=n) for n in range((last - first).days))
        assert all(day in holiday.days for day in span if day.weekday() < 5)


def test_a_calendar_survives_a_round_trip() -> None:
    """Tests that a calendar read back from its JSON is the same value."""
    calendar = SHIPPED[-1]
    assert Calendar.model_validate_json(calendar.model_dump_json()) == calendar
    assert date(2026, 2, 23) in calendar.days_off
    assert date(2026, 2, 28) in calendar.makeup


def test_a_provisional_calendar_may_know_nothing_yet() -> None:
    """Tests that an expectation needs no holidays, while an official calendar does."""
    provisional = Calendar.model_validate(
        made_up_2027(status="provisional", holidays=[], makeup=[])
    )
    assert not provisional.official
    assert provisional.days_off == frozenset()


NEW_YEAR = {"name": {"zh": "元旦", "en": "New Year's Day"}, "days": ["2027-01-01"]}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"makeup": ["2026-05-09"]}, "2026-05-09 不在 2027 年 / 2026-05-09: not in 2027"),
        ({"makeup": ["2027-05-10"]}, "不是周末"),
        ({"makeup": ["2027-05-01"]}, "既放假又上班"),
        ({"makeup": ["2027-10-09", "2027-05-08"]}, "由早到晚"),
        ({"makeup": ["2027-05-08", "2027-05-08"]}, "不重复"),
        ({"makeup": ["2027-02-29"]}, "date"),
        ({"holidays": [NEW_YEAR]}, "2027-05-01, 2027-10-01, 2027-10-02, 2027-10-03 是法定节假日"),
        ({"holidays": [*made_up_2027()["holidays"], NEW_YEAR]}, "属于两个假期"),
        ({"holidays": [NEW_YEAR | {"days": []}]}, "at least 1"),
        ({"status": "rumoured"}, "official"),
        ({"version": 0}, "greater than or equal to 1"),
        ({"source": {"document": ""}}, "at least 1"),
        ({"weekends": True}, "Extra inputs"),
    ],
)
def test_a_slip_is_refused_with_its_day(changes: dict[str, Any], complaint: str) -> None:
    """Tests that what no notice can say is refused and named."""
    Calendar.model_validate(made_up_2027())
    with pytest.raises(ValidationError, match=complaint):
        Calendar.model_validate(made_up_2027(**changes))
