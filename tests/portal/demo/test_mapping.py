"""How rows of a past year become requests."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from portal.demo.mapping import BadHistory, read_mapping, read_records
from schemas.lanes import Ground, Lane
from schemas.registry import RiskClass
from tests.portal.demo.histories import rows, written

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "inspections_2012.csv.gz"


@pytest.mark.parametrize(
    ("purpose", "lane", "ground", "plan"),
    [
        ("Canvass", Lane.ROUTINE, None, "month"),
        ("Licence check", Lane.ROUTINE, None, "month"),
        ("Consultation", Lane.ROUTINE, None, "month"),
        ("Canvass Re-Inspection", Lane.STATUTORY, Ground.RECTIFICATION, "month"),
        ("License Re-Inspection", Lane.STATUTORY, Ground.RECTIFICATION, "month"),
        ("Complaint Re-Inspection", Lane.STATUTORY, Ground.RECTIFICATION, "month"),
        ("Suspected Food Poisoning Re-inspection", Lane.STATUTORY, Ground.RECTIFICATION, "month"),
        ("Complaint", Lane.STATUTORY, Ground.COMPLAINT, "own_day"),
        ("Short Form Fire-Complaint", Lane.STATUTORY, Ground.COMPLAINT, "own_day"),
        ("Suspected Food Poisoning", Lane.EMERGENCY, Ground.IMMINENT_DANGER, "own_day"),
        ("License", Lane.ON_CALL, None, "own_day"),
        ("License-Task Force", Lane.ON_CALL, None, "own_day"),
        ("Pre-License Consultation", Lane.ROUTINE, None, "month"),
    ],
)
def test_each_purpose_goes_its_way(
    purpose: str, lane: Lane, ground: Ground | None, plan: str
) -> None:
    rule = read_mapping(2012).rule(purpose)
    assert (rule.lane, rule.ground, rule.plan) == (lane, ground, plan)


def test_only_licence_checks_may_wait_for_the_next_month() -> None:
    mapping = read_mapping(2012)
    assert mapping.rule("Licence check").months == 2
    assert mapping.rule("Canvass").months == 1


def test_a_recheck_has_a_last_legal_date() -> None:
    mapping = read_mapping(2012)
    assert mapping.rule("Canvass Re-Inspection").legal == "last_working_day"
    assert mapping.rule("Complaint").legal is None


@pytest.mark.parametrize("name", ["year.csv", "year.csv.gz"])
def test_plain_and_gzipped_files_are_read_alike(tmp_path: Path, name: str) -> None:
    some = rows(40)
    found = read_records(written(tmp_path / name, some), read_mapping(2012))
    assert [r.ref for r in found] == [row["ref"] for row in some]
    blank = next(row["ref"] for row in some if row["risk"] == "")
    assert next(r.risk for r in found if r.ref == blank) is RiskClass.UNRATED


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("date", "2012-02-30", "第 2 行"),
        ("date", "2013-01-01", "2012"),
        ("enterprise", "", "enterprise"),
        ("risk", "Risk 9", "Risk 9"),
        ("ref", "2012-00002", "stands on two rows"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, column: str, value: str, said: str) -> None:
    some = rows(2)
    some[0][column] = value
    with pytest.raises(BadHistory, match=said):
        read_records(written(tmp_path / "year.csv", some), read_mapping(2012))


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BadHistory, match="columns are missing"):
        read_records(path, read_mapping(2012))


@pytest.mark.parametrize("body", [b"\x1f\x8bnonsense", b"\xff\xfe\x00"])
def test_a_file_that_is_no_csv_is_refused(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "year.csv.gz"
    path.write_bytes(body)
    with pytest.raises(BadHistory, match=r"year\.csv\.gz"):
        read_records(path, read_mapping(2012))


def test_a_missing_file_and_a_year_without_a_mapping_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadHistory, match=r"gone\.csv"):
        read_records(tmp_path / "gone.csv", read_mapping(2012))
    with pytest.raises(BadHistory, match="1999"):
        read_mapping(1999)


@pytest.mark.skipif(not REAL.exists(), reason="the real year 2012 is not on this machine")
def test_every_row_of_the_real_year_has_its_way() -> None:
    found = read_records(REAL, read_mapping(2012))
    ways = Counter((r.rule.lane, r.planned) for r in found)
    assert ways.total() == 22_225
    assert set(ways) == {
        (Lane.ROUTINE, True),
        (Lane.STATUTORY, True),
        (Lane.STATUTORY, False),
        (Lane.EMERGENCY, False),
        (Lane.ON_CALL, False),
    }
