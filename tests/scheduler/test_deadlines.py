from datetime import UTC, date, datetime, timedelta

import yaml
from hypothesis import given
from hypothesis import strategies as st

from portal.resources import deploy_dir
from scheduler.deadlines import Standing, due, judge
from scheduler.states import DeadlineState
from scheduler.workdays import WorkCalendar
from schemas.base import CHINA
from schemas.calendars import Calendar


def calendar(*years: int) -> WorkCalendar:
    texts = [(deploy_dir("calendars") / f"{y}.yaml").read_text(encoding="utf-8") for y in years]
    return WorkCalendar(Calendar.model_validate(yaml.safe_load(text)) for text in texts)


CALENDAR = calendar(2026)


def deadline(since: date, working_days: int = 2, status: str = "open") -> DeadlineState:
    return DeadlineState(
        id=f"deadline/filing/{since}",
        rule="filing",
        about="request/1",
        owner="department",
        to="D1",
        since=since,
        working_days=working_days,
        status=status,
    )


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)


FRIDAY = date(2026, 12, 25)


def test_the_due_day_itself_still_belongs_to_the_deadline() -> None:
    # Friday 25 December + 2 working days = Tuesday 29 December.
    filing = deadline(FRIDAY)
    on_the_day = judge(filing, CALENDAR, noon(date(2026, 12, 29)))
    after = judge(filing, CALENDAR, noon(date(2026, 12, 30)))
    assert on_the_day.due.day == date(2026, 12, 29)
    assert (on_the_day.standing, on_the_day.fires) == (Standing.OPEN, False)
    assert (after.standing, after.fires) == (Standing.LATE, True)


def test_the_day_is_the_day_in_china() -> None:
    # 29 December, 16:00 in UTC is midnight of the 30th in China.
    late = datetime(2026, 12, 29, 16, 0, tzinfo=UTC)
    assert not judge(deadline(FRIDAY), CALENDAR, late - timedelta(seconds=1)).fires
    assert judge(deadline(FRIDAY), CALENDAR, late).fires


def test_a_deadline_that_runs_into_a_year_without_calendar_waits_for_it() -> None:
    filing = deadline(date(2026, 12, 30), working_days=5)
    judged = judge(filing, CALENDAR, noon(date(2027, 6, 1)))
    assert judged.standing is Standing.PENDING_CALENDAR
    assert judged.due.awaits == 2027
    assert not judged.fires


def test_it_fires_once_its_calendar_is_adopted() -> None:
    filing = deadline(date(2025, 12, 30), working_days=5)
    now = noon(date(2026, 2, 1))
    assert not judge(filing, calendar(2025), now).fires
    assert judge(filing, calendar(2025, 2026), now).fires


def test_what_was_met_or_lapsed_waits_for_nothing() -> None:
    now = noon(date(2026, 12, 31))
    states = [deadline(FRIDAY, status=status) for status in ("met", "lapsed")]
    assert [judge(state, CALENDAR, now).standing for state in states] == ["met", "lapsed"]
    assert due(states, CALENDAR, now) == ()


@given(st.lists(st.tuples(st.dates(date(2026, 1, 5), date(2026, 12, 20)), st.integers(0, 9))))
def test_the_next_due_comes_first(wanted: list[tuple[date, int]]) -> None:
    states = [deadline(since, days) for since, days in wanted]
    days = [judged.due.day for judged in due(states, CALENDAR, noon(FRIDAY))]
    assert days == sorted(days)
    assert len(days) == len(states)
