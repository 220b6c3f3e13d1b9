"""The list of misconfigurations: twenty at least, each with its mend and a test that is there."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "misconfigurations.md"


def test_each_has_a_mend_and_a_test() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line[:3] > "| 0"
    ]
    rows = [row for row in rows if row[0].isdigit()]
    assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) >= 20
    for _, check, wrong, mend, test in rows:
        assert check
        assert wrong
        assert mend
        path, _, name = test.strip("`").partition("::")
        assert (ROOT / path).is_file()
        assert not name or f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
