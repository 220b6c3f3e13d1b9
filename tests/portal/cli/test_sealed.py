"""``wurao sealed`` and ``wurao identity`` on Postgres: on record first, two hands, no name in a list."""

from __future__ import annotations

import json

import pytest

from tests.builders import a_uscc
from tests.portal.cli.shell import Shell
from tests.portal.cli.test_loop import (
    ENTERED,
    LEFT,
    SUBMITTED,
    staffed,
    wurao,
)

__all__ = ["wurao"]

pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(300)]

DAY, MORNING = "2026-12-02", "2026-12-02T09:00"
PLAN = (
    *("sealed", "plan", "--department", "fire", "--enterprise", a_uscc(1), "--day", DAY),
    *("--item", "F-1", "--officer", "fire-1", "--officer", "fire-2", "--units", 2),
    *("--ground", "complaint", "--number", "12345-7777", "--at", SUBMITTED),
)


def test_a_sealed_visit_is_looked_at_on_record_and_opened_on_its_day(wurao: Shell) -> None:
    id_ = wurao.ok(*PLAN)["sealed"]
    listed = wurao("sealed", "list")
    assert id_ in listed.out
    assert a_uscc(1) not in listed.out
    assert wurao("sealed", "look", id_).code == 2, "a look needs its reason"
    assert wurao("sealed", "look", id_, "--reason", "").code == 2
    assert wurao("sealed", "look", id_, "--reason", "核对", "--role", "clerk").code == 2
    assert [row["looks"] for row in wurao.ok("sealed", "list")["sealed"]] == [0]
    for role in ("auditor", "leader", "head"):
        shown = wurao.ok("sealed", "look", id_, "--reason", "核对", "--role", role)
        assert shown["request"]["enterprise"] == a_uscc(1)
    assert [row["looks"] for row in wurao.ok("sealed", "list")["sealed"]] == [3]
    early = wurao("sealed", "open", id_, "--at", SUBMITTED)
    assert (early.code, "[too-early]" in early.out) == (1, True)
    opened = wurao.ok("sealed", "open", id_, "--at", MORNING)
    assert opened["status"] == "opened"
    found = wurao.ok("request", "show", opened["request"])
    assert (found["request"]["request"]["enterprise"], found["waiting_for"]) == (a_uscc(1), [])
    again = wurao.ok(*PLAN)["sealed"]
    assert wurao.ok("sealed", "cancel", again, "--reason", "撤回")["status"] == "cancelled"
    assert wurao("sealed", "open", again, "--at", MORNING).code == 1
    assert wurao("sealed", "look", "nothing", "--reason", "核对").code == 1


def test_two_hands_in_two_roles_open_an_identity(wurao: Shell) -> None:
    visit = staffed(wurao)
    code = wurao.ok("code", "show", visit)["code"]
    gate = wurao.ok("code", "gate", a_uscc(1))["gate"]
    wurao.ok("scan", "in", "--code", code, "--gate", gate, "--at", ENTERED)
    wurao.ok("scan", "out", visit, "--at", LEFT)
    notes = (wurao.folder / "data/outbox/notifications.jsonl").read_text(encoding="utf-8")
    params = [json.loads(line)["params"] for line in notes.splitlines()]
    token = [each["rating_token"] for each in params if "rating_token" in each][-1]
    wurao.ok("rate", token, "good", "--at", LEFT)
    auditor = ("--by", "zhang", "--role", "auditor")
    leader = ("--by", "li", "--role", "leader")
    why = ("--reason", "核实")
    assert wurao("identity", "ask", visit, *why, "--by", "x", "--role", "clerk").code == 2
    assert wurao("identity", "ask", visit, *why, *leader).code == 1
    id_ = wurao.ok("identity", "ask", visit, *why, *auditor)["identity"]
    assert wurao("identity", "see", id_, *auditor).code == 1
    same = wurao("identity", "grant", id_, *why, "--by", "wang", "--role", "auditor")
    assert (same.code, "[same-hands]" in same.out) == (1, True)
    wurao.ok("identity", "grant", id_, *why, *leader)
    seen = wurao.ok("identity", "see", id_, *auditor)
    assert (seen["enterprise"], seen["rating"]["grade"]) == (a_uscc(1), "good")
    (row,) = wurao.ok("identity", "list")["identities"]
    assert (row["visit"], row["granted_by"], row["seen"]) == (visit, "li", 1)
