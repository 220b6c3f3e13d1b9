"""Exports: every digit kept, nothing comes alive, and requests can be handed in again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from portal.exporting import KINDS, export
from portal.importing import requests as request_sheet
from portal.importing.columns import plain
from portal.settings import Lang
from portal.spreadsheets import XlsxWriter, guarded
from tests.builders import a_uscc
from tests.portal.importing.books import xlsx
from tests.portal.offices import an_office, sheet, take

HEADING = "部门,统一社会信用代码,检查事项,月份,理由,是否提前告知,申请编号\n"


def cells(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


async def test_exported_requests_can_be_handed_in_again(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    rows = "".join(f"fire,{a_uscc(n)},F-1,2026-12,=1+{n},否,R-{n}\n" for n in (1, 2, 3))
    await take(service, "requests", sheet(tmp_path, "r", HEADING + rows))
    path = tmp_path / "out.xlsx"
    assert await export(service.queries, "requests", path) == 3
    heading, *found = cells(path)
    row = dict(zip(heading, found[0], strict=True))
    assert (row["部门"], row["企业名称"], row["目的"]) == ("fire", "第1机械厂", "行政检查")
    assert {r[heading.index("统一社会信用代码")] for r in found} == {a_uscc(n) for n in (1, 2, 3)}
    assert {r[heading.index("理由")] for r in found} == {"'=1+1", "'=1+2", "'=1+3"}

    (tmp_path / "other").mkdir()
    other = await an_office(tmp_path / "other")
    report = await take(other, "requests", path)
    assert (report.taken, report.faulty, report.refused) == (3, 0, 0)
    originals = {s.id: s.request for _, s in await service.queries.find("request")}
    copies = [s.request for _, s in await other.queries.find("request")]
    assert sorted(copies, key=str) == sorted(originals.values(), key=str)


async def test_an_export_may_be_narrowed_and_in_english(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    rows = f"fire,{a_uscc(1)},F-1,2026-12,,是,\nmarket,{a_uscc(1)},M-1,2026-12,,是,\n"
    await take(service, "requests", sheet(tmp_path, "r", HEADING + rows))
    path = tmp_path / "out.xlsx"
    queries = service.queries
    assert await export(queries, "requests", path, lang=Lang.EN, department="market") == 1
    heading, row = cells(path)
    assert (heading[0], row[0], row[3]) == ("department", "market", "inspection")
    assert await export(queries, "visits", path) == 0
    assert cells(path)[0][0] == "入企"


def test_the_headings_of_requests_are_those_that_imports_know() -> None:
    known = {plain(name) for column in request_sheet.COLUMNS for name in column.names}
    headings = [field.zh for field in KINDS["requests"][1]]
    told = {"企业名称", "状态", "审批已齐", "入企日期", "入企", "系统编号"}
    assert {h for h in headings if plain(h) not in known} == told
    english = [field.en for field in KINDS["requests"][1]][: len(request_sheet.COLUMNS)]
    assert "uscc" in english


@pytest.mark.parametrize("cell", ["=1", "+SUM(A1)", "-cmd", "@x", "\t=1", "\r=1"])
def test_a_cell_that_would_run_is_put_to_sleep(tmp_path: Path, cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    writer = XlsxWriter(tmp_path / "a.xlsx", "x")
    writer.write(["head"])
    writer.write([cell, "430482199001011234", "https://example.org", "-12.5"])
    writer.close()
    row = cells(tmp_path / "a.xlsx")[1]
    assert row[1:] == ["430482199001011234", "https://example.org", "-12.5"]
    assert "=" not in row[0][:1]


def test_an_earlier_book_is_replaced_whole(tmp_path: Path) -> None:
    path = xlsx(tmp_path, [["old"]])
    assert cells(path) == [["old"]]
