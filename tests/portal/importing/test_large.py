"""A file of 20,000 rows with broken ones among them: nothing lost, memory bounded."""

import tracemalloc
from pathlib import Path

import pytest

from portal.importing.registers import Lookups, enterprises
from portal.importing.sheets import open_sheet, read_rows
from schemas.uscc import make
from tests.portal.offices import sheet

EVERY = 100
BOUND = 4_000_000


def text(rows: int) -> str:
    lines = ["统一社会信用代码,企业名称,经营场所,风险等级"]
    for n in range(1, rows + 1):
        code = make("9", "1", "430482", f"MB{n:06d}")
        lines.append(f"{code},第{n}厂,路{n}号,{'极高' if n % EVERY == 0 else '高'}")
    return "\n".join(lines) + "\n"


def counts(path: Path) -> tuple[int, int]:
    """Return how many rows are sound and how many are told to be broken."""
    kind = enterprises(Lookups())
    sound = broken = 0
    for row in read_rows(open_sheet(path, kind.columns), kind):
        sound += row.value is not None
        broken += bool(row.faults)
    return sound, broken


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_every_row_is_read_or_told(tmp_path: Path, encoding: str) -> None:
    assert counts(sheet(tmp_path, "large", text(20_000), encoding)) == (19_800, 200)


def test_memory_holds_a_row_at_a_time(tmp_path: Path) -> None:
    path = sheet(tmp_path, "large", text(5_000))
    tracemalloc.start()
    try:
        assert counts(path) == (4_950, 50)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # 1.3 MB at 20,000 rows and at 60,000 alike, most of it a cache of short texts that fills up
    # once. Holding these 5,000 rows would take about 12 MB.
    assert peak < BOUND
