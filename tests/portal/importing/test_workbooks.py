"""Workbooks: read like CSV, handed back as workbooks, and harmless whatever they hold."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from portal.importing.archives import check_archive
from portal.importing.faults import BadFile
from portal.importing.handback import handback_path
from portal.importing.reading import MOST_ROWS
from portal.importing.registers import Lookups, enterprises
from portal.importing.sheets import open_sheet
from portal.importing.workbooks import read_workbook
from tests.builders import a_uscc
from tests.portal.importing.books import bomb, ods, overlapping, xlsx
from tests.portal.offices import an_office, take

HEADING = ("部门", "统一社会信用代码", "检查事项", "月份", "申请编号")
DATA = Path(__file__).with_name("data")


def row(number: int, reference: Any = "", item: str = "F-1", month: Any = "2026-12") -> list[Any]:  # noqa: ANN401 - cells of any kind
    return ["消防救援大队", a_uscc(number), item, month, reference]


def cells(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


async def test_a_workbook_is_imported_as_a_csv_is(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    path = xlsx(tmp_path, [HEADING, row(1), row(2, month=date(2026, 12, 1)), row(3, reference=7)])
    report = await take(service, "requests", path)
    assert (report.taken, report.clean) == (3, True)
    assert report.encoding == "工作表 / sheet 「申请」"
    assert (await take(service, "requests", path)).repeated == 3


async def test_other_formats_are_read_too(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    opened = await take(service, "requests", ods(tmp_path, [HEADING[:4], row(2)[:4]]))
    assert opened.taken == 1, opened.faults
    old = await take(service, "requests", DATA / "requests.xls")
    assert old.taken == 1, old.faults


async def test_faults_come_back_as_a_workbook_that_can_be_corrected(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    path = xlsx(tmp_path, [HEADING, row(1, "A-1"), row(2, "=HYPERLINK(0)"), row(3, "A-3", "F-9")])
    report = await take(service, "requests", path)
    assert (report.taken, report.faulty, report.refused) == (1, 1, 1)
    assert [fault.row for fault in report.faults] == [3, 4]
    assert report.handback == handback_path(path, workbook=True)
    heading, second, third = cells(report.handback)
    assert heading[:5] == list(HEADING)
    assert heading[5].startswith("错误说明")
    assert second[1] == a_uscc(2)
    assert second[4] == "'=HYPERLINK(0)"
    assert "第 4 行" in third[5]
    # Corrected and handed in again: what was taken is not taken twice.
    again = xlsx(
        tmp_path, [heading, [*second[:4], "A-2", ""], [*third[:2], "F-1", *third[3:]]], "c.xlsx"
    )
    assert (await take(service, "requests", again)).taken == 2


async def test_a_title_above_the_heading_and_hidden_sheets_are_passed_over(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    rows: Sequence[Sequence[Any]] = [
        ["消防救援大队12月入企申请表"],
        [],
        HEADING,
        row(1),
        [],
        row(9),
    ]
    path = xlsx(tmp_path, rows, before=["参数"], after=["说明"])
    report = await take(service, "requests", path)
    assert (report.taken, report.refused) == (1, 1)
    assert report.faults[0].row == 6
    assert "另有 1 张表未读" in report.encoding


async def test_a_long_number_that_was_rounded_is_told(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    path = xlsx(tmp_path, [HEADING, ["消防救援大队", 914304820000000000, "F-1", "2026-12", ""]])
    report = await take(service, "requests", path)
    assert report.faulty == 1
    assert "B 列" in report.faults[0].reason.zh
    assert "文本格式" in report.faults[0].fix.zh


def test_a_workbook_without_our_headings_is_told(tmp_path: Path) -> None:
    book = read_workbook(xlsx(tmp_path, [["甲", "乙"], [1.5, True]]))
    assert [record.cells for record in book.rows] == [("甲", "乙"), ("1.5", "是")]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.xlsx", b"PK\x03\x04"),
        ("a.xlsx", b"PK\x03\x04" + b"\x00" * 500),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\xff" * 5000),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
    ],
)
def test_broken_workbooks_are_told(tmp_path: Path, name: str, body: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(BadFile):
        read_workbook(path)


@pytest.mark.parametrize("told", [None, 1000])
def test_a_bomb_is_measured_and_not_believed(tmp_path: Path, told: int | None) -> None:
    path = bomb(tmp_path, 200, told=told)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(BadFile, match="解开后过大"):
        check_archive(path)


def test_members_that_share_their_bytes_are_counted_each(tmp_path: Path) -> None:
    path = overlapping(tmp_path, 900)
    with pytest.raises(BadFile, match="解开后过大"):
        check_archive(path)


def test_an_honest_workbook_passes(tmp_path: Path) -> None:
    check_archive(xlsx(tmp_path, [HEADING, *(row(n % 9 + 1) for n in range(5000))]))


def test_a_cell_at_the_far_corner_costs_no_memory_here(tmp_path: Path) -> None:
    path = xlsx(tmp_path, [HEADING, row(1)], far=(1_048_575, 16_383))
    with pytest.raises(BadFile):
        read_workbook(path)


def test_repeated_cells_cost_no_memory_here(tmp_path: Path) -> None:
    repeated = 'table:number-columns-repeated="16384"'
    path = ods(tmp_path, [HEADING] * 3000, repeated)
    with pytest.raises(BadFile):
        read_workbook(path)


def test_too_many_rows_or_bytes_are_told(tmp_path: Path) -> None:
    path = xlsx(tmp_path, [HEADING, *(["x"] for _ in range(MOST_ROWS + 1))])
    with pytest.raises(BadFile, match="行"):
        read_workbook(path)
    assert len(read_workbook(xlsx(tmp_path, [["x"]] * (MOST_ROWS + 1))).rows) == MOST_ROWS + 1
    big = tmp_path / "big.xlsx"
    with zipfile.ZipFile(big, "w") as archive:
        archive.writestr("a", bytes(11_000_000))
    with pytest.raises(BadFile, match="10 MB"):
        read_workbook(big)


def test_a_member_that_begins_before_the_file_is_told(tmp_path: Path) -> None:
    """Tests a directory that claims to lie elsewhere: found by the fuzzer, it was an error of the disk."""
    path = tmp_path / "before.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.xml", "<a/>")
    raw = path.read_bytes()
    end = raw.rindex(b"PK\x05\x06")
    place = int.from_bytes(raw[end + 16 : end + 20], "little")
    path.write_bytes(raw[: end + 16] + (place + 9).to_bytes(4, "little") + raw[end + 20 :])
    with pytest.raises(BadFile, match="damaged"):
        check_archive(path)


def test_a_name_that_is_not_in_the_encoding_it_says_is_told(tmp_path: Path) -> None:
    """Tests a directory with a name of broken UTF-8: found by the fuzzer, nothing said whose fault it was."""
    path = tmp_path / "name.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("\N{BULLET}.xml", "<a/>")
    path.write_bytes(path.read_bytes().replace("\N{BULLET}".encode(), b"\x80\x80\x80"))
    with pytest.raises(BadFile, match="damaged"):
        check_archive(path)


@pytest.mark.parametrize(
    "body", [b"\r\x00", "部\x01门,名称\n".encode(), ("列" * 3000 + ",x\n").encode()]
)
def test_a_heading_that_cannot_be_repeated_is_told(tmp_path: Path, body: bytes) -> None:
    """Tests a bare return, a control character, an endless heading: found by the fuzzer."""
    path = tmp_path / "heading.csv"
    path.write_bytes(body)
    kind = enterprises(Lookups())
    with pytest.raises(BadFile):
        open_sheet(path, kind.columns)
