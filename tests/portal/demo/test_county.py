"""The county: the same seed gives the same one, and its numbers are the published ones."""

from __future__ import annotations

from collections import Counter

from portal.demo.county.december import FOUR, MONTH, STAR_MORNING, WEEK, december
from portal.demo.county.people import BUSIEST, STAR, county
from portal.demo.reference import calendar
from scheduler.workdays import WorkCalendar
from schemas import uscc
from schemas.lanes import Lane
from schemas.registry import Jurisdiction, Standing

COUNTY = county(0)
DECEMBER = december(COUNTY, 0)


def test_the_same_seed_gives_the_same_county_and_month() -> None:
    assert county(0) == COUNTY
    assert december(COUNTY, 0) == DECEMBER


def test_another_seed_gives_another_one() -> None:
    other = county(1)
    assert other.enterprises != COUNTY.enterprises
    assert december(other, 1) != DECEMBER


def test_seventy_departments_of_every_jurisdiction() -> None:
    assert len(COUNTY.departments) == 70
    assert {d.jurisdiction for d in COUNTY.departments} == set(Jurisdiction)


def test_nearly_a_thousand_enterprises_with_valid_codes_of_their_own() -> None:
    ids = [e.id for e in COUNTY.enterprises]
    assert 950 <= len(ids) <= 1_050
    assert len(set(ids)) == len(ids)
    assert all(uscc.faults(id_) == () for id_ in ids)
    assert len({e.name for e in COUNTY.enterprises}) == len(ids)
    assert {e.standing for e in COUNTY.enterprises} == set(Standing)


def test_last_year_lies_in_the_published_range() -> None:
    # 5 to 8 receptions a month at the busiest firms, 12,000 to 19,000 visits in the year.
    assert len(COUNTY.receptions) == BUSIEST
    assert set(COUNTY.receptions) <= {5, 6, 7, 8}
    assert 12_000 <= sum(sum(months) for months in COUNTY.baseline.values()) <= 19_000


def test_inspection_subjects_have_items_and_licensed_officers_enough_for_a_full_half_day() -> None:
    licensed = Counter(o.department for o in COUNTY.officers if o.licence)
    for department in COUNTY.departments:
        if department.enforcement_subject:
            assert COUNTY.items_of(department.id)
            assert licensed[department.id] >= 2 * department.daily_units


def test_the_week_is_that_of_the_calendar() -> None:
    known = calendar(2026)
    assert known is not None
    assert WorkCalendar([known]).service_week(2026, 12) == WEEK


def test_the_month_has_every_lane_and_a_thousand_routine_requests() -> None:
    lanes = Counter(s.request.lane for s in DECEMBER)
    assert set(lanes) == set(Lane)
    assert 950 <= lanes[Lane.ROUTINE] <= 1_100
    assert lanes[Lane.EMERGENCY] == 2


def test_a_department_thinks_of_an_enterprise_once() -> None:
    routine = [s.request for s in DECEMBER if s.name.startswith("routine-")]
    pairs = Counter((r.department, r.enterprise) for r in routine)
    assert max(pairs.values()) == 1


def test_the_story_is_in_the_script() -> None:
    named = {s.name: s.request for s in DECEMBER}
    factory = COUNTY.enterprises[STAR]
    assert "机械" in factory.name
    for department in FOUR:
        request = named[f"star-{department}"]
        assert request.enterprise == factory.id
        assert request.window.first == request.window.last == STAR_MORNING
    assert {"star-market-third", "star-recheck", "escalation-1"} <= named.keys()
    assert f"{STAR_MORNING:%Y-%m}" == MONTH
