"""``wurao problem`` on Postgres: a problem to its end, the month cleared, the material written."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.resources import deploy_dir
from tests.portal.cli.shell import Shell
from tests.portal.offices import DEPARTMENTS, enterprises

DAY = ("--at", "2026-12-03T09:00")


@pytest.mark.lane("postgres")
def test_a_problem_goes_to_its_end(tmp_path: Path, database_dsn: str) -> None:
    wurao = Shell(tmp_path, database_dsn)
    wurao.ok("import", "calendars", deploy_dir("calendars") / "2026.yaml")
    wurao.ok("import", "policy", "changning-2024")
    for kind, text in (("departments", DEPARTMENTS), ("enterprises", enterprises(3))):
        wurao.ok("import", kind, wurao.file(f"{kind}.csv", text, "gbk"))
    sheet = wurao.file("短信.csv", "短信内容,渠道\n断水,短信\n断水了,短信\n", "gbk")
    assert wurao.ok("import", "problems", sheet, *DAY)["taken"] == 2
    listed = wurao.ok("problem", "list")
    first, second = (row["id"] for row in listed["problems"])
    owners = ("--leader", "mayor", "--department", "fire")
    wurao.ok("problem", "accept", first, "simple", *owners, *DAY)
    wurao.ok("problem", "merge", second, first, "--reason", "重复", *DAY)
    proof = wurao.file("照片.jpg", "picture", "utf-8")
    told = ("--department", "fire", "--text", "已修", "--proof", proof)
    wurao.ok("problem", "answer", first, *told, *DAY)
    wurao.ok("problem", "close", first, "--reason", "商会确认", *DAY)
    cleared = wurao.ok("problem", "clear", "2026-12", "--at", "2026-12-31T09:00")
    assert cleared["carried"] == []
    out = tmp_path / "材料.csv"
    wurao.ok("problem", "material", "2026-12", "--out", out)
    assert "断水" in out.read_text(encoding="utf-8-sig")
    assert wurao.ok("audit", "replay")["differences"] == 0
