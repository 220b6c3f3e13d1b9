from pathlib import Path

import pytest

from portal.importing.encoding import LONGEST_LINE, detect
from portal.importing.faults import BadFile

HEADING = "部门编号,部门名称\n"


def write(folder: Path, body: bytes) -> Path:
    path = folder / "sheet.csv"
    path.write_bytes(body)
    return path


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ((HEADING + "D1,消防救援大队\n").encode(), "UTF-8"),
        ((HEADING + "D1,消防救援大队\n").encode("utf-8-sig"), "UTF-8 (BOM)"),
        ((HEADING + "D1,消防救援大队\n").encode("gbk"), "GB18030/GBK"),
        # A rare name that GBK cannot write but GB18030 can: 㙍 lies beyond GBK.
        ((HEADING + "D1,㙍镇政府\n").encode("gb18030"), "GB18030/GBK"),
        (b"id,name\nD1,fire\n", "UTF-8"),
    ],
)
def test_what_a_file_was_taken_for_is_told(tmp_path: Path, body: bytes, name: str) -> None:
    assert detect(write(tmp_path, body)).name == name


def test_one_line_in_another_encoding_does_not_change_the_choice(tmp_path: Path) -> None:
    good = (HEADING + "D1,消防\nD2,应急\nD3,环保\n").encode()
    found = detect(write(tmp_path, good + "D4,市场监管\n".encode("gbk")))
    assert (found.name, found.strange) == ("UTF-8", 1)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "空"),
        (b"PK\x03\x04rest", "Excel"),
        (b"\xd0\xcf\x11\xe0rest", "Excel"),
        (HEADING.encode("utf-16"), "UTF-16"),
        (b"\xff\xff\x80\x80\n" * 5, "GB18030"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(tmp_path: Path, body: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said) as caught:
        detect(write(tmp_path, body))
    assert caught.value.fix.zh


def test_a_huge_line_is_looked_at_in_part_only(tmp_path: Path) -> None:
    # Cut in the middle of a letter of three bytes, which is no fault of the file.
    huge = "中" * LONGEST_LINE
    assert detect(write(tmp_path, (HEADING + huge + "\n").encode())).strange == 0
