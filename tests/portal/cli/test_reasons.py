"""Why, what if, what differs, and the plan made again, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.resources import deploy_dir
from tests.builders import a_uscc
from tests.portal.cli.shell import Shell
from tests.portal.offices import DEPARTMENTS, ITEMS, enterprises

pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(400)]

MONTH = "2026-12"
SUBMITTED, CLOSED = "2026-12-01T09:00", "2026-12-10T18:00"
DRAFTED, PUBLISHED, ILL, AGAIN = (f"2026-12-{d}T09:00" for d in (11, 16, 17, 18))
REQUESTS = "部门,统一社会信用代码,检查事项,月份,申请编号\n" + "".join(
    f"消防救援大队,{a_uscc(n)},F-1,2026-12,F-00{n}\n" for n in (1, 2)
)


@pytest.fixture
def wurao(tmp_path: Path, database_dsn: str) -> Shell:
    """Return an installation whose December has two requests and one unit on each of two days."""
    shell = Shell(tmp_path, database_dsn)
    shell.ok("import", "calendars", *(deploy_dir("calendars") / f"{y}.yaml" for y in (2025, 2026)))
    shell.ok("import", "policy", "changning-2024")
    sheets = {"departments": DEPARTMENTS, "items": ITEMS, "enterprises": enterprises(2)}
    for kind, text in sheets.items():
        shell.ok("import", kind, shell.file(f"{kind}.csv", text, "gbk"))
    shell.ok("import", "requests", shell.file("requests.csv", REQUESTS), "--at", SUBMITTED)
    for request in shell.ok("request", "list")["requests"]:
        shell.ok("approve", request["id"], "--at", SUBMITTED)
    shell.ok("plan", "close", MONTH, "--at", CLOSED)
    return shell


def test_a_month_is_explained_tried_revised_and_made_again(wurao: Shell) -> None:
    """Tests the commands' plain form as well: what people read is in both languages."""
    drafted = wurao.ok("plan", "solve", MONTH, "--steps", 3, "--seconds", 60, "--at", DRAFTED)
    assert (drafted["unplaced"], drafted["ended"]) == (0, None)
    request = wurao.ok("request", "list")["requests"][0]["id"]
    (reason,) = wurao.ok("plan", "why", request)["reasons"]
    assert (reason["exact"], reason["day"] is not None) == (True, True)
    told = wurao("plan", "why", request)
    assert told.code == 0
    assert "其他日期" in told.out
    assert "other days" in told.out
    account = wurao.ok("plan", "explain", MONTH)
    assert account["objective"] == drafted["objective"]
    assert wurao("plan", "explain", MONTH).code == 0
    fewer = wurao.ok("plan", "what-if", MONTH, "--without", request, "--steps", 2)
    assert fewer["found"] == 10
    assert wurao("plan", "what-if", MONTH).code == 2
    assert wurao("plan", "what-if", MONTH, "--units", "water=1").code == 1

    wurao.ok("plan", "publish", MONTH, "--at", PUBLISHED)
    assert wurao.ok("audit", "resolve", MONTH)["equal"]
    day = reason["day"]
    other = next(d for d in ("2026-12-28", "2026-12-30") if d != day)
    pin = f"{request}={other}"
    revised = wurao.ok("plan", "revise", MONTH, "--steps", 3, "--pin", pin, "--at", ILL)
    assert [(m["request"], m["before"], m["after"]) for m in revised["moved"]] == [
        (request, day, other)
    ]
    diff = wurao.ok("plan", "diff", MONTH, 1, 2)
    assert len(diff["moved"]) == 1
    assert wurao("plan", "diff", MONTH, 1, 2).code == 0
    assert wurao("plan", "diff", MONTH, 1, 9).code == 1
    wurao.ok("plan", "publish", MONTH, "--at", AGAIN)
    assert wurao.ok("audit", "resolve", MONTH)["version"] == 2
    assert wurao.ok("audit", "replay")["differences"] == 0
    visit = wurao.ok("request", "show", request)["request"]["visit"]
    (again,) = wurao.ok("plan", "why", visit)["reasons"]
    assert again["day"] == other
    assert wurao("plan", "why", "nobody").code == 1
    assert wurao("plan", "solve", MONTH, "--pin", "nonsense").code == 2
