from pathlib import Path

import pytest

from portal.importing.encoding import LONGEST_LINE, detect
from portal.importing.records import Record, read_records


def records(folder: Path, text: str | bytes) -> list[Record]:
    path = folder / "sheet.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_records(path, detect(path), ","))


def test_a_cell_may_hold_line_feeds_commas_and_quotes(tmp_path: Path) -> None:
    found = records(tmp_path, 'a,b\n1,"two\nlines, ""quoted"""\n3,4\n')
    assert [r.cells for r in found] == [("a", "b"), ("1", 'two\nlines, "quoted"'), ("3", "4")]
    # A spreadsheet numbers records, not lines.
    assert [r.row for r in found] == [1, 2, 3]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_both_line_endings_are_read(tmp_path: Path, end: str) -> None:
    found = records(tmp_path, f"a,b{end}1,2{end}{end}3,4")
    assert [r.cells for r in found if not r.blank] == [("a", "b"), ("1", "2"), ("3", "4")]
    assert found[-1].row == 4


def test_a_quote_that_is_never_closed_costs_its_own_row_only(tmp_path: Path) -> None:
    body = "a,b\n" + '1,"open\n' + "".join(f"{n},x\n" for n in range(2, 200))
    found = records(tmp_path, body)
    assert [r.row for r in found if r.fault] == [2]
    assert len(found) == 200
    assert found[-1].cells == ("199", "x")


def test_two_stray_quotes_do_not_swallow_the_rows_between_them(tmp_path: Path) -> None:
    found = records(tmp_path, 'a,b\n1,"open\n2,x\n3,y\n4,"z\n5,v\n')
    assert [r.row for r in found if r.fault] == [2, 5]
    assert [r.cells for r in found[2:4]] == [("2", "x"), ("3", "y")]


def test_a_huge_line_costs_its_own_row_only(tmp_path: Path) -> None:
    found = records(tmp_path, "a,b\n1," + "x" * (3 * LONGEST_LINE) + "\n2,y\n")
    assert [bool(r.fault) for r in found] == [False, True, False]
    assert found[2] == Record(3, ("2", "y"))


def test_a_line_in_another_encoding_costs_its_own_row_only(tmp_path: Path) -> None:
    body = "甲,乙\n一,二\n".encode() + "消防局,应急\n".encode("gbk") + "三,四\n".encode()
    found = records(tmp_path, body)
    assert [bool(r.fault) for r in found] == [False, False, True, False]
    assert found[2].fault is not None
    assert "UTF-8" in found[2].fault.reason.zh
