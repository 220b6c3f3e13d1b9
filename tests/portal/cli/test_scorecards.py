"""``wurao scorecard`` on Postgres: signed, appealed, decided, published, printed, packed; budgets as a rule."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from portal.resources import deploy_dir
from schemas.policy import Cap
from tests.portal.cli.shell import Shell
from tests.portal.offices import DEPARTMENTS, ITEMS

WHEN = ("--at", "2026-11-03T09:00+08:00")


@pytest.mark.lane("postgres")
def test_a_month_is_accounted_for(tmp_path: Path, database_dsn: str) -> None:
    wurao = Shell(tmp_path, database_dsn)
    for year in (2025, 2026):
        wurao.ok("import", "calendars", deploy_dir("calendars") / f"{year}.yaml")
    wurao.ok("import", "policy", "changning-2024")
    for kind, text in {"departments": DEPARTMENTS, "items": ITEMS}.items():
        wurao.ok("import", kind, wurao.file(f"{kind}.csv", text, "gbk"))
    card = ("fire", "2026-10")
    assert wurao.ok("scorecard", "show", *card)["signed"] == []
    assert wurao.ok("scorecard", "sign", *card, *WHEN)["version"] == 1
    assert wurao("scorecard", "sign", *card, *WHEN).code == 1, "a correction says why"
    assert wurao("scorecard", "sign", *card, *WHEN, "--veto", "nothing", "--reason", "无").code == 1
    assert wurao.ok("scorecard", "appeal", *card, "--reason", "口径", *WHEN)["status"] == "appealed"
    assert wurao("scorecard", "publish", "2026-10", *WHEN).code == 1, "an appeal is open"
    decided = wurao.ok("scorecard", "decide", *card, "--refuse", "--reason", "一致", *WHEN)
    assert decided["status"] == "stands"
    told = wurao.ok("scorecard", "publish", "2026-10", "--text", "情况如下", *WHEN)
    assert [line["department"] for line in told["bulletin"]["cards"]] == ["fire"]
    out = tmp_path / "bulletin.docx"
    assert wurao.ok("scorecard", "print", "2026-10", "--out", out)["bytes"] > 1000
    pack = tmp_path / "fire.zip"
    assert wurao.ok("scorecard", "pack", *card, pack)["entries"] == 3
    assert wurao.ok("audit", "check", pack)["kind"] == "evidence"
    assert wurao("scorecard", "pack", "market", "2026-10", pack).code == 1
    rule = tmp_path / "budgets.yaml"
    wurao.ok("budget", "--year", 2026, "--rule", rule)
    (made,) = yaml.safe_load(rule.read_text(encoding="utf-8"))
    assert Cap.model_validate(made).binding
