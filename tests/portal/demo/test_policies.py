"""December under other policies, by their files alone: their own days, their own cap, no breach."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.demo.clock import at
from portal.demo.county.december import MONTH, SERVICE_WEEK
from portal.demo.county.people import county
from portal.demo.county.run import begins_of, days_of, played
from portal.demo.december import BEGINS
from portal.demo.desk import Desk
from portal.demo.reference import CITY, STACK, UnknownPolicyError, policy_layers, stack_of
from portal.running.service import Service
from scheduler.planner.limits import Limits
from schemas.lanes import Lane
from schemas.registry import Jurisdiction
from streams.clock import SimulatedClock

MY_COUNTY = str(Path(__file__).resolve().parents[3] / "deploy" / "examples" / "my-county.yaml")
"""A city of a reader's own making: a file and nothing else."""

QUIET = {
    "hunan-2010": date(2026, 12, 20),
    "liuyang-2025": date(2026, 12, 15),
    MY_COUNTY: date(2026, 12, 12),
}
"""To each policy its last quiet day."""


def test_the_city_s_own_days_are_those_of_the_script() -> None:
    assert stack_of(CITY) == STACK
    assert days_of(CITY) == SERVICE_WEEK


@pytest.mark.parametrize("policy", QUIET, ids=lambda name: Path(name).stem)
def test_a_policy_brings_its_days_and_the_rule_that_keeps_them(policy: str) -> None:
    days = days_of(policy)
    assert days.rule == "quiet-days"
    assert QUIET[policy] < days.first
    assert days.visiting[-1] == date(2026, 12, 31)
    assert max(days.early) <= QUIET[policy]
    assert stack_of(policy) == ("national-54", policy)


def test_a_policy_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(UnknownPolicyError, match="liuyang-2025"):
        stack_of("nowhere-1999")


@pytest.mark.timeout(400)
@pytest.mark.parametrize("policy", QUIET, ids=lambda name: Path(name).stem)
async def test_december_runs_under_it_without_a_breach(policy: str, tmp_path: Path) -> None:
    clock = SimulatedClock(at(begins_of(policy), 0))
    desk = Desk(Service.memory(clock=clock), clock)
    result = await played(desk, tmp_path, policy=policy, scale=8, limits=Limits(steps=1))
    assert result.summary["breaches"] == 0
    assert result.summary["policy"] == policy
    assert result.summary["planned"] > 100
    assert result.summary["joint_visits"] > 0

    local = {d.id for d in county(0).departments if d.jurisdiction is Jurisdiction.LOCAL}
    queries = desk.service.queries
    routine = {state.id for _, state in await queries.find("request", lane=Lane.ROUTINE.value)}
    days = {
        state.line.day
        for _, state in await queries.find("visit", month=MONTH)
        for part in state.line.parts
        if part.department in local and routine & set(part.requests)
    }
    assert days
    assert days <= set(days_of(policy).visiting)


def test_the_county_s_own_file_stands_on_the_national_layer(tmp_path: Path) -> None:
    national, own = policy_layers(stack_of(MY_COUNTY))
    assert (national.policy, own.policy) == ("national-54", "my-county")
    with pytest.raises(UnknownPolicyError):
        stack_of(str(tmp_path / "no-such-county.yaml"))


def another(folder: Path, quiet: tuple[int, int] | None, **timetable: int) -> str:
    """Write the example county's file with other quiet days, or none, and another timetable."""
    stated: dict[str, Any] = yaml.safe_load(Path(MY_COUNTY).read_text(encoding="utf-8"))
    rules = [rule for rule in stated["rules"] if rule["code"] != "quiet-days" or quiet]
    for rule in rules:
        if rule["code"] == "quiet-days" and quiet:
            rule["numbers"] = {"first": quiet[0], "last": quiet[1]}
    stated = {**stated, "rules": rules, "timetable": {**stated["timetable"], **timetable}}
    path = folder / "another-county.yaml"
    path.write_text(yaml.safe_dump(stated, allow_unicode=True), encoding="utf-8")
    return str(path)


ANOTHER: dict[str, tuple[tuple[int, int] | None, dict[str, int]]] = {
    "requests close long before": ((1, 12), {"requests_close": 18, "draft": 16}),
    "a few quiet days": ((1, 5), {"requests_close": 11, "draft": 10, "answers_close": 8}),
    "visits in the first half": ((16, 31), {}),
    "no rule about days": (None, {}),
}
"""Quiet days and timetables of counties, and what is peculiar about each."""


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "terms", ANOTHER.values(), ids=[name.replace(" ", "-") for name in ANOTHER]
)
async def test_december_runs_where_requests_close_before_it(
    terms: tuple[tuple[int, int] | None, dict[str, int]], tmp_path: Path
) -> None:
    quiet, timetable = terms
    policy = another(tmp_path, quiet, **timetable)
    began = begins_of(policy)
    assert began < BEGINS  # everybody has his days to submit, however early that is
    desk = Desk(Service.memory(clock=(clock := SimulatedClock(at(began, 0)))), clock)
    result = await played(desk, tmp_path, policy=policy, scale=16, limits=Limits(steps=1))
    assert result.summary["breaches"] == 0
    assert result.summary["planned"] > 50
    assert result.summary["entries"] > 50
