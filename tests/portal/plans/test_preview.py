from datetime import date

import pytest

from portal.importing.documents import read_calendar, read_stack, shipped_calendars
from portal.importing.history import PastVisit
from portal.plans.preview import Preview, Rehearsal, preview
from scheduler.ruleset import RuleSet
from scheduler.workdays import WorkCalendar
from schemas.lanes import Lane
from tests.builders import a_department, a_uscc

YEAR = 2025


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return WorkCalendar(read_calendar(path) for path in shipped_calendars())


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return RuleSet(read_stack(["changning-2024"]), as_if_from=date(YEAR, 1, 1))


def visit(month: int, department: str = "fire", lane: Lane = Lane.ROUTINE) -> PastVisit:
    """Return a past visit to the same factory, on the tenth of a month."""
    return PastVisit(department, a_uscc(1), date(YEAR, month, 10), lane)


def judged(rules: RuleSet, calendar: WorkCalendar, *visits: PastVisit) -> Preview:
    return preview(visits, Rehearsal(rules, calendar), working_days=250)


def test_a_third_routine_visit_is_refused_and_could_go_to_the_leader(
    rules: RuleSet, calendar: WorkCalendar
) -> None:
    found = judged(rules, calendar, *(visit(month) for month in (1, 2, 3)))
    assert (found.visits, found.accepted, found.refused) == (3, 2, 1)
    assert dict(found.by_rule) == {"twice-a-year": 1}
    # One decision in 250 working days.
    assert (found.for_leader, found.leader_per_day) == (1, 0.0)


def test_no_exempt_visit_is_ever_stopped(rules: RuleSet, calendar: WorkCalendar) -> None:
    lanes = (Lane.STATUTORY, Lane.EMERGENCY, Lane.ON_CALL)
    visits = [visit(month, lane=lane) for month in range(1, 13) for lane in lanes]
    found = judged(rules, calendar, *visits)
    assert (found.accepted, found.refused) == (36, 0)
    assert not found.exempt_touched


def test_entries_stand_between_all_merged_and_none_merged(
    rules: RuleSet, calendar: WorkCalendar
) -> None:
    # Three departments on one day of January, one of them again in February.
    visits = [visit(1, d) for d in ("fire", "market", "water")] + [visit(2, "fire")]
    found = judged(rules, calendar, *visits)
    assert (found.entries_before, found.entries_least, found.entries_most) == (2, 2, 4)


def test_a_body_that_the_city_cannot_bind_is_not_stopped_by_a_cap(
    rules: RuleSet, calendar: WorkCalendar
) -> None:
    tax = a_department(id="tax", jurisdiction="vertical")
    rehearsal = Rehearsal(rules, calendar, [tax])
    found = preview([visit(m, "tax") for m in range(1, 6)], rehearsal, working_days=250)
    assert found.refused == 0


def test_an_enterprise_may_go_by_any_name(rules: RuleSet, calendar: WorkCalendar) -> None:
    visits = [PastVisit("fire", name, date(YEAR, 5, 8)) for name in ("老厂", "新厂", "老厂")]
    found = judged(rules, calendar, *visits)
    assert (found.accepted, found.entries_before) == (3, 2)
