"""The month from the command line: two departments, one factory, one morning in December."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest

from portal.resources import deploy_dir
from tests.builders import a_uscc
from tests.databases import execute
from tests.portal.cli.shell import Shell
from tests.portal.offices import DEPARTMENTS, ITEMS, enterprises

pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(300)]

SUBMITTED = "2026-12-01T09:00"
CLOSED, DRAFTED, PUBLISHED = "2026-12-10T18:00", "2026-12-11T09:00", "2026-12-16T09:00"
STAFFED, ENTERED, LEFT = "2026-12-23T09:00", "2026-12-25T09:30", "2026-12-25T11:00"

OFFICERS = "人员编号,部门,姓名,执法证号,手机\n" + "".join(
    f"{department}-{n},{department},执法员{n},L-{department}-{n},1380000000{n}\n"
    for department in ("fire", "market")
    for n in (1, 2)
)
REQUESTS = (
    "部门,统一社会信用代码,检查事项,月份,申请编号\n"
    f"消防救援大队,{a_uscc(1)},F-1,2026-12,F-001\n"
    f"市场监督管理局,{a_uscc(1)},M-1,2026-12,M-001\n"
)


@pytest.fixture
def wurao(tmp_path: Path, database_dsn: str) -> Shell:
    """Return an installation with registers, policy and calendars."""
    shell = Shell(tmp_path, database_dsn)
    shell.ok("import", "calendars", *(deploy_dir("calendars") / f"{y}.yaml" for y in (2025, 2026)))
    shell.ok("import", "policy", "changning-2024")
    sheets = {
        "departments": DEPARTMENTS,
        "items": ITEMS,
        "officers": OFFICERS,
        "enterprises": enterprises(2),
    }
    for kind, text in sheets.items():
        assert shell.ok("import", kind, shell.file(f"{kind}.csv", text, "gbk"))["taken"]
    return shell


def published(wurao: Shell) -> str:
    """Bring December as far as its published plan; return the one visit of it."""
    path = wurao.file("requests.csv", REQUESTS)
    assert wurao.ok("import", "requests", path, "--at", SUBMITTED)["taken"] == 2
    return planned(wurao)


def planned(wurao: Shell) -> str:
    """Bring what was asked for as far as the published plan; return the one visit of it."""
    for request in wurao.ok("request", "list")["requests"]:
        if request["status"] == "accepted":
            assert wurao.ok("approve", request["id"], "--at", SUBMITTED)["approved"]
    wurao.ok("plan", "close", "2026-12", "--at", CLOSED)
    plan = wurao.ok("plan", "solve", "2026-12", "--steps", 3, "--at", DRAFTED)
    assert (plan["entries"], plan["joint_visits"], plan["unplaced"]) == (1, 1, 0)
    wurao.ok("plan", "publish", "2026-12", "--at", PUBLISHED)
    ((visit,),) = [wurao.ok("visit", "list")["visits"]]
    found: str = visit["id"]
    return found


def staffed(wurao: Shell) -> str:
    """Bring it as far as the visit's code; return the visit."""
    visit = published(wurao)
    coded(wurao, visit)
    return visit


def coded(wurao: Shell, visit: str) -> None:
    """Name the officers of a visit and issue its code."""
    for department in ("fire", "market"):
        team = ("--officer", f"{department}-1", "--officer", f"{department}-2")
        wurao.ok("visit", "staff", visit, "--department", department, *team, "--at", STAFFED)
    wurao.ok("code", "issue", visit, "--at", STAFFED)


def test_two_departments_become_one_visit_that_is_entered_and_rated(wurao: Shell) -> None:
    visit = staffed(wurao)
    code = wurao.ok("code", "show", visit)["code"]
    gate = wurao.ok("code", "gate", a_uscc(1))["gate"]
    entered = wurao.ok("scan", "in", "--code", code, "--gate", gate, "--at", ENTERED)
    assert (entered["departments"], entered["absent"]) == (["fire", "market"], [])
    wurao.ok("scan", "out", visit, "--at", LEFT)
    wurao.ok("visit", "outcome", visit, "--department", "fire", "--bad", "F-1", "--at", LEFT)

    notes = (wurao.folder / "data/outbox/notifications.jsonl").read_text(encoding="utf-8")
    tokens = [
        note["params"]["rating_token"]
        for note in map(json.loads, notes.splitlines())
        if "rating_token" in note["params"]
    ]
    assert wurao.ok("rate", tokens[-1], "good", "--at", LEFT)["grade"] == "good"
    again = wurao("rate", tokens[-1], "good", "--at", LEFT)
    assert (again.code, "[already-rated]" in again.out or "[wrong-state]" in again.out) == (1, True)

    shown = wurao.ok("visit", "show", visit)["visit"]
    # How a visit was rated is shown to no department.
    assert not {"rating", "rated", "comment"} & shown.keys()
    assert wurao.ok("audit", "replay")["differences"] == 0
    assert wurao.ok("audit", "digest") == wurao.ok("audit", "digest")


def test_a_forged_code_a_strange_gate_and_another_day_do_not_enter(wurao: Shell) -> None:
    visit = staffed(wurao)
    code = wurao.ok("code", "show", visit)["code"]
    gate, other = (wurao.ok("code", "gate", a_uscc(n))["gate"] for n in (1, 2))
    forged = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert wurao("scan", "in", "--code", forged, "--gate", gate, "--at", ENTERED).code == 1
    strange = wurao("scan", "in", "--code", code, "--gate", other, "--at", ENTERED)
    assert (strange.code, "[code-not-yours]" in strange.out) == (1, True)
    early = wurao("scan", "in", "--code", code, "--gate", gate, "--at", STAFFED)
    assert (early.code, "[code-not-now]" in early.out) == (1, True)
    wurao.ok("code", "revoke", visit, "--reason", "改期", "--at", STAFFED)
    revoked = wurao("scan", "in", "--code", code, "--gate", gate, "--at", ENTERED)
    assert (revoked.code, "[code-revoked]" in revoked.out) == (1, True)


def test_a_code_is_drawn_on_the_terminal_and_into_files(wurao: Shell) -> None:
    visit = staffed(wurao)
    drawn = wurao("code", "show", visit)
    assert "█" in drawn.out
    for name, start in {"code.svg": b"<?xml", "code.png": b"\x89PNG"}.items():
        wurao.ok("code", "show", visit, "--to", wurao.folder / name)
        assert (wurao.folder / name).read_bytes().startswith(start)
    assert wurao("code", "show", visit, "--to", wurao.folder / "code.pdf").code == 2


def test_a_third_routine_visit_is_refused_beside_a_re_check_that_passes(wurao: Shell) -> None:
    where = ("--department", "fire", "--enterprise", a_uscc(1), "--item", "F-1")
    for _ in range(2):
        wurao.ok("request", "submit", *where, "--month", "2026-12", "--at", SUBMITTED)
    third = wurao("request", "submit", *where, "--month", "2026-12", "--at", SUBMITTED)
    assert third.code == 1
    assert re.search(r"\[twice-a-year\].*2", third.out)
    assert "出处" in third.out
    assert "非现场办理" in third.out
    told = wurao(
        "request", "submit", *where, "--month", "2026-12", "--json", "--at", SUBMITTED
    ).json
    (objection,) = told["objections"]
    assert (told["ok"], objection["rule"], objection["numbers"]["limit"]) == (
        False,
        "twice-a-year",
        2,
    )
    ground = ("--lane", "statutory", "--ground", "rectification", "--number", "R-1")
    days = ("--first", "2026-12-02", "--last", "2026-12-10")
    passed = wurao.ok("request", "submit", *where, *ground, *days, "--at", SUBMITTED)
    assert passed["request"]["status"] == "accepted"


def test_a_key_has_its_effect_once(wurao: Shell) -> None:
    words: tuple[str, ...] = (
        "request",
        "submit",
        "--department",
        "fire",
        "--enterprise",
        a_uscc(1),
    )
    words += ("--item", "F-1", "--month", "2026-12", "--id", "mine-1", "--at", SUBMITTED)
    first, second = wurao.ok(*words), wurao.ok(*words)
    assert first == second
    assert wurao.ok("request", "list")["total"] == 1


def test_a_dry_run_shows_refusals_and_writes_nothing(wurao: Shell) -> None:
    path = wurao.file("requests.csv", REQUESTS + REQUESTS.splitlines()[1].replace("F-1,", "F-9,"))
    before = wurao.ok("audit", "digest")
    said = wurao("import", "requests", path, "--dry-run", "--at", SUBMITTED)
    assert said.code == 3
    assert "预演" in said.out
    assert wurao.ok("audit", "digest") == before


def test_a_draft_can_be_declined_and_planned_again(wurao: Shell) -> None:
    path = wurao.file("requests.csv", REQUESTS)
    wurao.ok("import", "requests", path, "--at", SUBMITTED)
    for request in wurao.ok("request", "list")["requests"]:
        wurao.ok("approve", request["id"], "--at", SUBMITTED)
    wurao.ok("plan", "close", "2026-12", "--at", CLOSED)
    wurao.ok("plan", "solve", "2026-12", "--steps", 3, "--at", DRAFTED)
    (line,) = wurao.ok("plan", "show", "2026-12")["lines"]
    no = ("--department", "fire", "--kind", "decline_merge", "--reason", "涉密事项")
    wurao.ok("plan", "answer", "2026-12", line["visit"], *no, "--at", DRAFTED)
    refused = wurao("plan", "publish", "2026-12", "--at", PUBLISHED)
    assert (refused.code, "[answers-declined]" in refused.out) == (1, True)
    second = wurao.ok("plan", "solve", "2026-12", "--steps", 3, "--at", DRAFTED)
    assert (second["version"], second["entries"], second["joint_visits"]) == (2, 2, 0)
    assert "第 2 版" in wurao("plan", "show", "2026-12").out


def test_a_damaged_read_model_is_named(wurao: Shell, database_dsn: str) -> None:
    published(wurao)
    damage = "UPDATE wurao.enterprise SET name = '别的厂' WHERE site = '工业大道1号'"
    asyncio.run(execute(database_dsn, damage))
    said = wurao("audit", "replay")
    assert said.code == 1
    assert f"enterprise {a_uscc(1)}: changed (name)" in said.out
