"""A city's fire brigade and two counties: need decides, each county's plan keeps to its share."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.resources import deploy_dir
from tests.builders import a_uscc
from tests.portal.cli.shell import Shell
from tests.portal.offices import DEPARTMENTS, ITEMS, enterprises

pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(300)]

SUBMITTED, CLOSED, DRAFTED = "2026-12-01T09:00", "2026-12-10T18:00", "2026-12-11T09:00"
HEADING = "部门,统一社会信用代码,检查事项,月份,申请编号,时长\n"


def county(folder: Path, dsn: str, name: str, visits: int) -> Shell:
    """Return a county that asks for so many visits of the fire brigade, two units each, approved."""
    (folder / name).mkdir()
    shell = Shell(folder / name, dsn, domain=name)
    shell.ok("import", "calendars", deploy_dir("calendars") / "2026.yaml")
    shell.ok("import", "policy", "changning-2024")
    sheets = {"departments": DEPARTMENTS, "items": ITEMS, "enterprises": enterprises(visits)}
    sheets["requests"] = HEADING + "".join(
        f"fire,{a_uscc(n)},F-1,2026-12,{name}-{n},2\n" for n in range(1, visits + 1)
    )
    for kind, text in sheets.items():
        when = ("--at", SUBMITTED) if kind == "requests" else ()
        shell.ok("import", kind, shell.file(f"{kind}.csv", text), *when)
    for request in shell.ok("request", "list")["requests"]:
        shell.ok("approve", request["id"], "--at", SUBMITTED)
    return shell


def test_two_counties_plan_with_what_they_were_given(tmp_path: Path, database_dsn: str) -> None:
    a, b = (county(tmp_path, database_dsn, name, n) for name, n in (("a", 6), ("b", 3)))
    city = Shell(tmp_path, database_dsn, domain="city")
    regions = ("--region", "a", "--region", "b")
    found = city.ok("share", "fire", "2026-12", *regions, "--units", 2, "--at", SUBMITTED)
    # Ten units for eighteen: 6 2/3 and 3 1/3, rounded; the odd ones are of use to no visit of two.
    told = {name: sum(each["days"].values()) for name, each in found["regions"].items()}
    assert (told, [found["regions"][r]["missing"] for r in "ab"]) == ({"a": 7, "b": 3}, [5, 3])
    for day, units in found["units"].items():
        assert sum(each["days"][day] for each in found["regions"].values()) == units

    for shell, most in ((a, 3), (b, 1)):
        shell.ok("plan", "close", "2026-12", "--at", CLOSED)
        plan = shell.ok("plan", "solve", "2026-12", "--steps", 2, "--at", DRAFTED)
        assert plan["entries"] == most
        assert shell.ok("audit", "replay")["differences"] == 0
    before = {shell: shell.ok("audit", "digest")["digest"] for shell in (a, b)}
    again = city.ok("share", "fire", "2026-12", *regions, "--units", 2, "--at", SUBMITTED)
    assert again["share"] == found["share"]
    assert {shell: shell.ok("audit", "digest")["digest"] for shell in (a, b)} == before


def test_nobody_says_how_many_units_there_are(tmp_path: Path, database_dsn: str) -> None:
    county(tmp_path, database_dsn, "a", 1)
    city = Shell(tmp_path, database_dsn, domain="city")
    said = city("share", "fire", "2026-12", "--region", "a", "--at", SUBMITTED)
    assert (said.code, "--units" in said.err + said.out) == (1, True)
    unknown = city("share", "police", "2026-12", "--region", "a", "--units", 1, "--at", SUBMITTED)
    assert (unknown.code, "unknown-department" in unknown.err + unknown.out) == (1, True)
