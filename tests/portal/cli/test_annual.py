"""``wurao annual`` on Postgres: a sheet becomes a plan, the office approves and publishes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.resources import deploy_dir
from tests.portal.cli.shell import Shell
from tests.portal.offices import DEPARTMENTS, ITEMS

WHEN = ("--at", "2026-01-12T09:00+08:00")
SHEET = "计划行,检查事项,户次,月份,风险等级,经常性\nL1,F-1,20,1-6、9,高、中,是\nL2,F-1,3,全年,,否\n"


@pytest.mark.lane("postgres")
def test_a_sheet_becomes_a_plan(tmp_path: Path, database_dsn: str) -> None:
    wurao = Shell(tmp_path, database_dsn)
    wurao.ok("import", "calendars", deploy_dir("calendars") / "2026.yaml")
    wurao.ok("import", "policy", "changning-2024")
    for kind, text in {"departments": DEPARTMENTS, "items": ITEMS}.items():
        wurao.ok("import", kind, wurao.file(f"{kind}.csv", text, "gbk"))
    file = ("annual", "file", "fire", 2026, wurao.file("plan.csv", SHEET, "gbk"), *WHEN)
    assert wurao.ok(*file)["status"] == "filed"
    assert wurao.ok("annual", "decide", "fire", 2026, *WHEN)["approved"] == 1
    assert wurao.ok("annual", "publish", "fire", 2026, *WHEN)["status"] == "published"
    assert wurao(*file).code == 1, "an approved plan is amended with a reason"
    shown = wurao.ok("annual", "show", "fire", 2026)
    assert [line["months"] for line in shown["lines"]] == [[1, 2, 3, 4, 5, 6, 9], [*range(1, 13)]]
    rows = {row["department"]: row for row in wurao.ok("annual", "list", "--year", 2026)["plans"]}
    assert rows["fire"]["entries"] == 23
    assert rows["market"]["status"] is None
    bad = SHEET.replace("1-6、9", "13")
    assert wurao("annual", "file", "fire", 2026, wurao.file("bad.csv", bad), *WHEN).code == 1
