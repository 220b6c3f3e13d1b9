"""``wurao draw`` and ``wurao alert`` on Postgres. The steps that wait for an hour are tested elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.resources import deploy_dir
from scheduler.draw.bundle import bundle
from tests.portal.cli.shell import Shell
from tests.portal.offices import DEPARTMENTS, ITEMS, enterprises
from tests.scheduler.draw.lists import a_plan, a_world, bodies, revealed

OFFICERS = "人员编号,部门,姓名,执法证号,手机\n" + "".join(
    f"{department}-{n},{department},执法员{n},L-{department}-{n},1380000000{n}\n"
    for department in ("fire", "market")
    for n in (1, 2)
)
LATER = "2999-01-01T20:00"
OPEN = (
    *("draw", "open", "联合抽查", "--share", "fire:F-1", "--share", "market:M-1"),
    *("--first", "2998-12-25", "--last", "2998-12-31"),
)


@pytest.fixture
def wurao(tmp_path: Path, database_dsn: str) -> Shell:
    """Return an installation with registers, policy and a calendar."""
    shell = Shell(tmp_path, database_dsn)
    shell.ok("import", "calendars", deploy_dir("calendars") / "2026.yaml")
    shell.ok("import", "policy", "changning-2024")
    sheets = {
        "departments": DEPARTMENTS,
        "items": ITEMS,
        "officers": OFFICERS,
        "enterprises": enterprises(12),
    }
    for kind, text in sheets.items():
        assert shell.ok("import", kind, shell.file(f"{kind}.csv", text, "gbk"))["taken"]
    return shell


@pytest.mark.lane("postgres")
def test_lists_come_from_the_registers_and_every_draw_stays(wurao: Shell) -> None:
    opened = wurao.ok(*OPEN)
    assert (opened["members"], opened["inspectors"], opened["number"]) == (12, 4, 1)
    id_ = opened["draw"]
    words = ("--source", "双色球", "--public-at", LATER)
    committed = wurao.ok("draw", "commit", id_, *words)
    assert committed["status"] == "committed"
    assert len(committed["receipts"]) == 2
    assert wurao("draw", "public", id_, "1").code == 1, "not before its hour"
    assert wurao("draw", "bundle", id_).code == 1
    wurao.ok("draw", "withdraw", id_, "--reason", "名单有误")
    again = wurao.ok(*OPEN, "--repeats", id_, "--reason", "名单有误")
    assert again["number"] == 2
    rows = wurao.ok("draw", "list")["draws"]
    assert {(row["id"], row["status"]) for row in rows} == {
        (id_, "withdrawn"),
        (again["draw"], "opened"),
    }
    assert wurao.ok("draw", "show", id_)["withdrawn"] == "名单有误"
    assert wurao.ok("alert", "list", "--rebuild") == {"ok": True, "alerts": [], "same": True}
    assert wurao.ok("audit", "replay")["differences"] == 0


def test_a_bundle_is_verified_without_a_ledger(tmp_path: Path) -> None:
    shell = Shell(tmp_path, "postgresql://nobody@127.0.0.1:1/none")
    world = a_world(12)
    state = revealed(world, a_plan(12))
    body = bundle(bodies(world, state.id))
    file = tmp_path / "bundle.json"
    file.write_bytes(body)
    found = shell.ok("draw", "verify", file)
    assert (found["verified"], found["members"]) == (True, 12)
    assert shell("draw", "verify", file, "--receipt", "0" * 64).code != 0
    file.write_bytes(body.replace(b"fire", b"fine", 1))
    assert shell("draw", "verify", file).code != 0
