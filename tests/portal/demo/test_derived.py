"""What a past year's records do not say and is derived from them."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from portal.demo.derived import Registers, capacities, own_day, registers, uscc_of
from portal.demo.mapping import Record, read_mapping, read_records
from portal.resources import deploy_dir
from scheduler.workdays import WorkCalendar
from schemas import uscc
from schemas.calendars import Calendar
from tests.portal.demo.histories import rows, written

MAPPING = read_mapping(2012)
MONTHS = {f"2012-{n:02d}": 5 for n in range(1, 13)}


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return WorkCalendar(
        Calendar.model_validate(
            yaml.safe_load((deploy_dir("calendars") / f"{year}.yaml").read_text(encoding="utf-8"))
        )
        for year in (2012, 2013)
    )


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> tuple[Record, ...]:
    path = written(tmp_path_factory.mktemp("history") / "year.csv", rows(200))
    return read_records(path, MAPPING)


@pytest.fixture(scope="module")
def found(records: tuple[Record, ...], calendar: WorkCalendar) -> Registers:
    return registers(records, MAPPING, calendar, MONTHS)


@pytest.mark.parametrize("number", ["0", "7", "12345678", "123456789", "A-1"])
def test_every_number_gets_a_valid_code(number: str) -> None:
    assert uscc.faults(uscc_of(number, MAPPING)) == ()


def test_different_numbers_get_different_codes() -> None:
    numbers = [str(n) for n in range(2_000)]
    assert len({uscc_of(number, MAPPING) for number in numbers}) == len(numbers)


def a_row(n: int, day: date, department: str = "liquor", purpose: str = "Canvass") -> Record:
    return Record(
        ref=f"r{n}",
        day=day,
        enterprise=str(n),
        department=department,
        purpose=purpose,
        risk=MAPPING.risks[""],
        kind="",
        place="",
        rule=MAPPING.rule(purpose),
    )


def test_capacity_is_a_little_more_than_the_month_needs() -> None:
    # 24 planned rows on 5 days: 1.04 x 24 / 5 = 4.992, so 5. Complaints use none of it; other
    # months' rows neither.
    may = [a_row(n, date(2012, 5, 3)) for n in range(24)]
    complaints = [a_row(n, date(2012, 5, 3), purpose="Complaint") for n in range(24, 30)]
    june = [a_row(n, date(2012, 6, 3)) for n in range(30, 40)]
    week = [date(2012, 5, n) for n in (25, 28, 29, 30, 31)]
    some = [*may, *complaints, *june]
    assert capacities(some, "2012-05", week, 104) == {"liquor": 5}
    # 25 rows: 1.04 x 25 / 5 = 5.2, so 6.
    more = [*some, a_row(99, date(2012, 5, 9))]
    assert capacities(more, "2012-05", week, 104) == {"liquor": 6}


def test_a_row_without_a_plan_enters_on_its_day_or_the_next_working_day(
    calendar: WorkCalendar,
) -> None:
    assert own_day(a_row(1, date(2012, 5, 3)), calendar) == date(2012, 5, 3)
    # 2012-01-22 to 01-28 was Spring Festival, and Sunday 01-29 was worked.
    assert own_day(a_row(1, date(2012, 1, 24)), calendar) == date(2012, 1, 29)


def test_everything_derived_is_marked_as_generated(found: Registers) -> None:
    assert all(x.generated for x in found.departments)
    assert all(x.generated for x in found.officers)
    assert all(x.generated for x in found.enterprises)
    assert all(x.generated for x in found.items)


def test_each_department_and_purpose_has_one_item_of_its_own(
    found: Registers, records: tuple[Record, ...]
) -> None:
    pairs = {(r.department, r.purpose) for r in records}
    assert found.item_of.keys() == pairs
    assert len(set(found.item_of.values())) == len(pairs) == len(found.items)
    by_id = {item.id: item for item in found.items}
    assert all(
        by_id[id_].department == department for (department, _), id_ in found.item_of.items()
    )


def test_teams_are_licensed_and_even(found: Registers) -> None:
    assert all(officer.licence for officer in found.officers)
    assert all(len(team) % 2 == 0 and team for team in found.teams.values())
