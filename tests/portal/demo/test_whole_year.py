"""A past year's planned rows as one problem."""

from pathlib import Path

import numpy as np
import pytest

from portal.demo.whole_year import problem_of_year
from scheduler.exchange.files import read_problem, write_problem
from tests.portal.demo.histories import rows, written
from tests.scheduler.exchange.test_files import same

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "inspections_2012.csv.gz"


def a_row(ref: str, day: str, purpose: str) -> dict[str, str]:
    (row,) = rows(1)
    return {
        **row,
        "ref": ref,
        "date": day,
        "purpose": purpose,
        "department": "liquor",
        "enterprise": "7",
    }


def test_rows_become_requests_on_the_service_days_of_their_months(tmp_path: Path) -> None:
    told = [
        a_row("a", "2012-03-08", "Canvass"),
        a_row("b", "2012-03-09", "Licence check"),
        a_row("c", "2012-12-01", "Licence check"),
        a_row("d", "2012-12-01", "Canvass Re-Inspection"),
        a_row("e", "2012-12-01", "Complaint"),
    ]
    found = problem_of_year(written(tmp_path / "year.csv", told), 2012)
    assert found.ids == ("a", "b", "c", "d")
    assert found.must.tolist() == [False, False, False, True]
    months = [
        {(found.days[found.choice_day[c]].month, int(found.choice_points[c])) for c in range(*ends)}
        for ends in zip(found.choice_first.tolist(), found.choice_first.tolist()[1:], strict=False)
    ]
    assert months == [{(3, 0)}, {(3, 0), (4, 1)}, {(12, 0)}, {(12, 0)}]
    (units,) = {tuple(row) for row in found.capacity.tolist()}
    march = [n for n, day in enumerate(found.days) if day.month == 3]
    assert [units[n] for n in march] == [1] * len(march)
    assert sum(units) == len(march) + len([day for day in found.days if day.month == 12])
    (cap,) = found.caps.names
    assert cap == "liquor 7"
    members = np.searchsorted(found.choice_first, found.caps.member_choice, side="right") - 1
    assert sorted(set(members.tolist())) == [0, 1, 2]
    assert same(read_problem(write_problem(found)), found)


@pytest.mark.skipif(not REAL.exists(), reason="the real year 2012 is not on this machine")
def test_the_real_year_as_one_problem() -> None:
    found = problem_of_year(REAL, 2012)
    assert (found.requests, len(found.departments), len(found.days)) == (16_730, 14, 60)
    assert int(found.must.sum()) == 3_197
    assert found.capacity.sum() >= found.requests
