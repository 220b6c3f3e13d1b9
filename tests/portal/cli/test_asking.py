"""A plan asked for on the command line: its job is posted, stopped, and never claimed twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.cli.shell import Shell

pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(200)]


def test_a_job_is_posted_and_stopped(tmp_path: Path, database_dsn: str) -> None:
    wurao = Shell(tmp_path, database_dsn)
    asked = ("plan", "ask", "2026-12", "--no-wait", "--seconds", 5, "--memory", 500)
    named = wurao.ok(*asked, "--id", "mine")
    assert named["job"] == "planner#mine"
    assert wurao.ok(*asked, "--id", "mine") == named
    assert wurao.ok(*asked)["job"] != wurao.ok(*asked)["job"]
    assert wurao.ok("plan", "stop", "planner#mine")["stopping"]
    unknown = wurao("plan", "stop", "planner#nobody", "--json")
    assert (unknown.code, unknown.json["error"]) == (1, "no-job")


def test_who_waits_without_a_broker_is_told_what_brings_one_up(
    tmp_path: Path, database_dsn: str
) -> None:
    said = Shell(tmp_path, database_dsn)("plan", "ask", "2026-12", "--json")
    assert said.json["error"] == "not-up"
    assert said.code != 0
