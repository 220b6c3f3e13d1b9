"""Working days: the golden service weeks, the laws of counting, and years that nobody knows yet."""

import calendar as stdlib_calendar
import pickle
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scheduler.workdays import CalendarMissing, Due, WorkCalendar
from schemas.calendars import Calendar

ROOT = Path(__file__).parents[2]


def read(year: int, **changes: object) -> Calendar:
    """Read a shipped calendar, with some fields changed."""
    text = (ROOT / "deploy" / "calendars" / f"{year}.yaml").read_text(encoding="utf-8")
    return Calendar.model_validate(yaml.safe_load(text) | changes)


GOLDEN: dict[str, Any] = yaml.safe_load(
    (ROOT / "tests" / "golden" / "service_weeks.yaml").read_text(encoding="utf-8")
)
SERVICE_WEEKS: dict[str, list[int]] = GOLDEN["service_weeks"]
WORK = WorkCalendar(read(year) for year in range(2012, 2027))
FIRST, LAST = date(2012, 1, 1), date(2026, 12, 31)

known_days = st.dates(FIRST, LAST)
months = st.tuples(st.integers(2012, 2026), st.integers(1, 12))


def monday_to_friday(year: int, month: int) -> tuple[date, ...]:
    """Give the last five weekdays of a month, the rule that is not enough."""
    length = stdlib_calendar.monthrange(year, month)[1]
    days = (date(year, month, day) for day in range(1, length + 1))
    return tuple(day for day in days if day.weekday() < 5)[-5:]


# ---------------------------------------------------------------- the golden table


@pytest.mark.parametrize("month", SERVICE_WEEKS)
def test_golden_service_week(month: str) -> None:
    """Tests the service week of every month of 2024 to 2026 against the table."""
    year, number = map(int, month.split("-"))
    assert [day.day for day in WORK.service_week(year, number)] == SERVICE_WEEKS[month]


def test_the_golden_table_is_complete() -> None:
    """Tests that no month of the three years was left out."""
    assert list(SERVICE_WEEKS) == [f"{y}-{m:02}" for y in (2024, 2025, 2026) for m in range(1, 13)]


def test_monday_to_friday_is_wrong_in_exactly_seven_months() -> None:
    """Tests that a rule of weekdays fails where the table says so, and nowhere else."""
    wrong = [
        month
        for month in SERVICE_WEEKS
        if WORK.service_week(*map(int, month.split("-")))
        != monday_to_friday(*map(int, month.split("-")))
    ]
    assert wrong == GOLDEN["monday_to_friday_is_wrong"]


def test_weekend_days_of_service_weeks() -> None:
    """Tests that six service weeks contain a make-up day on a weekend."""
    days = [d for y in (2024, 2025, 2026) for m in range(1, 13) for d in WORK.service_week(y, m)]
    assert [day for day in days if day.weekday() >= 5] == GOLDEN["weekend"]


@pytest.mark.parametrize(("year", "count"), GOLDEN["working_days"].items())
def test_working_days_of_a_year(year: int, count: int) -> None:
    """Tests the number of working days of a year: 52 weeks less holidays, plus make-up days."""
    assert len(WORK.working_days(date(year, 1, 1), date(year, 12, 31))) == count
    assert WORK.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == count


# ---------------------------------------------------------------- small worked cases


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 2, 28), True),  # Saturday, makes up for the Spring Festival
        (date(2026, 2, 27), True),  # Friday
        (date(2026, 2, 23), False),  # Monday, last day of the Spring Festival
        (date(2026, 3, 1), False),  # an ordinary Sunday
        (date(2020, 2, 1), False),  # was a make-up day until the festival was prolonged
        (date(2020, 2, 3), True),
        (date(2015, 9, 3), False),  # the one-off holiday of 2015
        (date(2015, 9, 6), True),
        (date(2018, 12, 29), True),  # by the notice for 2019
        (date(2018, 12, 31), False),
    ],
)
def test_is_working_day(day: date, worked: bool) -> None:
    """Tests days that a rule of weekdays or a careless table gets wrong."""
    assert WORK.is_working_day(day) is worked


def test_counting_over_national_day() -> None:
    """Tests the two working days of a filing across the holiday, worked out by hand."""
    # Decided on Wednesday 30 September 2026. 1-7 October are off; Thursday 8 is the first working
    # day after it, Friday 9 the second, Saturday 10 (made up) the third, Monday 12 the fourth.
    decided = date(2026, 9, 30)
    assert WORK.nth_working_day_after(decided, 2) == date(2026, 10, 9)
    assert WORK.nth_working_day_after(decided, 3) == date(2026, 10, 10)
    assert WORK.nth_working_day_after(decided, 4) == date(2026, 10, 12)
    assert WORK.nth_working_day_before(date(2026, 10, 9), 2) == decided
    assert WORK.working_days_between(decided, date(2026, 10, 12)) == 4
    assert WORK.working_days_between(date(2026, 10, 12), decided) == -4
    assert WORK.next_working_day(decided) == date(2026, 10, 8)
    assert WORK.previous_working_day(date(2026, 10, 8)) == decided
    assert WORK.on_or_after(date(2026, 10, 3)) == date(2026, 10, 8)
    assert WORK.on_or_after(decided) == decided
    assert WORK.nth_working_day_before(date(2026, 10, 3), 0) == date(2026, 10, 3)
    assert WORK.nth_working_day_after(date(2026, 10, 3), 0) == date(2026, 10, 3)


def test_a_span_that_ends_before_it_starts_is_empty() -> None:
    """Tests that a reversed window has no days."""
    assert WORK.working_days(date(2026, 5, 9), date(2026, 5, 6)) == ()


def test_a_longer_service_week_than_the_month_is_the_whole_month() -> None:
    """Tests the bounds of the week's length."""
    assert WORK.service_week(2026, 2, 99) == WORK.working_days_of_month(2026, 2)
    assert WORK.service_week(2026, 12, 1) == (date(2026, 12, 31),)
    with pytest.raises(ValueError, match="at least one day"):
        WORK.service_week(2026, 2, 0)


def test_negative_numbers_of_days_are_refused() -> None:
    """Tests that counting backwards has its own name."""
    for count in (WORK.nth_working_day_after, WORK.nth_working_day_before, WORK.due):
        with pytest.raises(ValueError, match="negative"):
            count(date(2026, 5, 6), -1)


def test_an_instant_is_no_day() -> None:
    """Tests that a datetime, which is a date to the type checker, is refused and not misread."""
    instant = datetime(2026, 5, 6, 23, 30, tzinfo=UTC)
    for question in (WORK.is_working_day, WORK.next_working_day, WORK.on_or_after):
        with pytest.raises(TypeError, match="not an instant"):
            question(instant)
    with pytest.raises(TypeError):
        WORK.working_days(instant, instant)


# ---------------------------------------------------------------- laws


@given(known_days, st.integers(0, 400))
def test_the_nth_day_after_is_the_inverse_of_counting(day: date, n: int) -> None:
    """Tests that counting to the n-th working day after a day gives n, to the end of knowledge."""
    if WORK.working_days_between(day, LAST) < n:
        with pytest.raises(CalendarMissing, match="2027"):
            WORK.nth_working_day_after(day, n)
    else:
        after = WORK.nth_working_day_after(day, n)
        assert WORK.working_days_between(day, after) == n
        assert n == 0 or WORK.is_working_day(after)


@given(known_days, st.integers(1, 400))
def test_the_nth_day_before_is_the_inverse_of_counting(day: date, n: int) -> None:
    """Tests that exactly n working days lie from the n-th day before up to, not with, the day."""
    known = len(WORK.working_days(FIRST, day)) - WORK.is_working_day(day)
    if known < n:
        with pytest.raises(CalendarMissing, match="2011"):
            WORK.nth_working_day_before(day, n)
    else:
        before = WORK.nth_working_day_before(day, n)
        assert WORK.is_working_day(before)
        assert len(WORK.working_days(before, day)) - WORK.is_working_day(day) == n


@given(known_days, known_days, known_days)
def test_spans_add_up(a: date, b: date, c: date) -> None:
    """Tests that going by way of any third day counts the same."""
    between = WORK.working_days_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, b) == -between(b, a)


@given(known_days, known_days)
def test_listing_agrees_with_asking_day_by_day(start: date, end: date) -> None:
    """Tests the listing against the plain definition."""
    end = min(end, start + timedelta(days=60))
    span = (start + timedelta(days=n) for n in range((end - start).days + 1))
    assert WORK.working_days(start, end) == tuple(d for d in span if WORK.is_working_day(d))


@given(months, st.integers(1, 12))
def test_a_service_week_is_the_last_working_days(month: tuple[int, int], length: int) -> None:
    """Tests length, order, month and that no later working day of the month was left out."""
    week = WORK.service_week(*month, length)
    end = date(*month, stdlib_calendar.monthrange(*month)[1])
    assert len(week) == length
    assert list(week) == sorted(week)
    assert all((day.year, day.month) == month and WORK.is_working_day(day) for day in week)
    assert WORK.working_days(week[0], end) == week
    assert all(WORK.in_service_week(day, length) for day in week)
    assert not WORK.in_service_week(week[0] - timedelta(days=1), length)


@given(known_days)
def test_neighbours_embrace_the_day(day: date) -> None:
    """Tests that nothing is worked between a day and its neighbours."""
    if WORK.previous_working_day(date(2012, 1, 31)) < day < LAST:
        before, after = WORK.previous_working_day(day), WORK.next_working_day(day)
        assert before < day < after
        assert WORK.working_days_between(before, after) == 1 + WORK.is_working_day(day)
        assert WORK.on_or_after(day) == (day if WORK.is_working_day(day) else after)


@given(st.dates(), st.integers(0, 600))
def test_a_due_day_always_has_an_answer(day: date, n: int) -> None:
    """Tests that a due day is certain exactly where arithmetic is, and else says what it awaits."""
    due = WORK.due(day, n)
    if due.awaits is None:
        assert due.day == WORK.nth_working_day_after(day, n)
    else:
        assert due.provisional
        assert due.day >= day
        with pytest.raises(CalendarMissing, match=str(due.awaits)):
            WORK.nth_working_day_after(day, n)


# ---------------------------------------------------------------- years without a calendar


def test_a_missing_year_says_what_to_do() -> None:
    """Tests that the error names the year and the way out in both languages."""
    with pytest.raises(CalendarMissing) as missing:
        WORK.service_week(2027, 1)
    assert missing.value.year == 2027
    assert "2027 年" in missing.value.zh
    assert "wurao import calendars 2027.yaml" in missing.value.zh
    assert "wurao import calendars 2027.yaml" in missing.value.en
    assert str(missing.value) == f"{missing.value.zh} / {missing.value.en}"
    # A solver process hands it to its parent.
    assert str(pickle.loads(pickle.dumps(missing.value))) == str(missing.value)  # noqa: S301


def test_every_question_refuses_a_missing_year() -> None:
    """Tests that no answer is guessed, on either side of what is known."""
    day = date(2027, 1, 4)
    for question in (WORK.is_working_day, WORK.on_or_after):
        with pytest.raises(CalendarMissing, match="2027"):
            question(day)
    with pytest.raises(CalendarMissing, match="2027"):
        WORK.working_days(date(2026, 12, 30), day)
    with pytest.raises(CalendarMissing, match="2027"):
        WORK.working_days_between(date(2026, 12, 30), day)
    with pytest.raises(CalendarMissing, match="2027"):
        WORK.next_working_day(LAST)
    with pytest.raises(CalendarMissing, match="2011"):
        WORK.previous_working_day(date(2012, 1, 4))
    with pytest.raises(CalendarMissing, match="9999"):
        WORK.next_working_day(date.max)
    with pytest.raises(CalendarMissing, match="1"):
        WORK.previous_working_day(date.min)


def test_only_years_that_are_touched_are_needed() -> None:
    """Tests that the last day before a known year counts into it without its own calendar."""
    # 1-3 January 2012 are off, so Wednesday 4 is the first working day.
    assert WORK.nth_working_day_after(date(2011, 12, 31), 1) == date(2012, 1, 4)
    assert WORK.nth_working_day_before(date(2027, 1, 1), 1) == LAST
    assert WORK.working_days_between(date(2011, 12, 31), date(2012, 1, 4)) == 1
    assert WORK.working_days_between(date(2027, 3, 1), date(2027, 3, 1)) == 0


def test_a_gap_between_known_years_is_not_jumped() -> None:
    """Tests that days of 2013 are missed, not skipped, when only its neighbours are known."""
    work = WorkCalendar([read(2014), read(2012)])
    assert [calendar.year for calendar in work.calendars] == [2012, 2014]
    with pytest.raises(CalendarMissing, match="2013"):
        work.nth_working_day_after(date(2012, 12, 28), 5)
    with pytest.raises(CalendarMissing, match="2013"):
        work.nth_working_day_before(date(2014, 1, 3), 5)
    with pytest.raises(CalendarMissing, match="2013"):
        work.working_days_between(date(2012, 12, 28), date(2014, 1, 3))


def test_no_calendar_at_all() -> None:
    """Tests that a fresh installation answers with the error, and with provisional due days."""
    work = WorkCalendar([])
    assert not work.official(2026)
    with pytest.raises(CalendarMissing):
        work.next_working_day(date(2026, 5, 6))
    assert work.due(date(2026, 5, 6), 2) == Due(day=date(2026, 5, 8), awaits=2026)


def test_a_deadline_that_runs_into_an_unknown_year_is_pending() -> None:
    """Tests the provisional date: weekdays, without the days off that the law fixes."""
    # After Monday 28 December 2026: 29, 30, 31; Friday 1 January 2027 is off by law; Monday 4 is
    # the fourth day, Tuesday 5 the fifth.
    assert WORK.due(date(2026, 12, 28), 3) == Due(day=LAST)
    due = WORK.due(date(2026, 12, 28), 5)
    assert due == Due(day=date(2027, 1, 5), awaits=2027)
    assert due.provisional


def test_a_provisional_calendar_helps_the_guess_and_nothing_else() -> None:
    """Tests that an expectation moves the provisional date but answers no other question."""
    expected = Calendar.model_validate(
        {
            "year": 2027,
            "version": 1,
            "status": "provisional",
            "source": {"document": "an expectation"},
            "holidays": [
                {
                    "name": {"zh": "元旦", "en": "New Year's Day"},
                    "days": ["2027-01-01", "2027-01-04"],
                }
            ],
        }
    )
    work = WorkCalendar([*WORK.calendars, expected])
    assert not work.official(2027)
    assert work.due(date(2026, 12, 28), 5) == Due(day=date(2027, 1, 6), awaits=2027)
    with pytest.raises(CalendarMissing, match="2027"):
        work.is_working_day(date(2027, 1, 5))


# ---------------------------------------------------------------- editions


def test_later_and_official_editions_supersede() -> None:
    """Tests that the order in which editions arrive does not matter."""
    first, second = read(2026), read(2026, version=2, makeup=[])
    guess = read(2026, version=9, status="provisional")
    for editions in ([first, second, guess], [guess, second, first]):
        work = WorkCalendar(editions)
        assert work.calendars == (second,)
        assert not work.is_working_day(date(2026, 2, 28))


def test_the_same_edition_twice_is_harmless_but_a_rival_is_refused() -> None:
    """Tests that two different texts under one version are never chosen between silently."""
    assert WorkCalendar([read(2026), read(2026)]).official(2026)
    with pytest.raises(ValueError, match="2026"):
        WorkCalendar([read(2026), read(2026, makeup=[])])
