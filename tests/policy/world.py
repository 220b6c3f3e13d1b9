"""The small world in which the rules' stories take place: the shipped policy, December 2026.

The service week of December 2026 is 25, 28, 29, 30 and 31; today's fire brigade wants to visit one
machine works. A story changes only what it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import yaml

from portal.resources import deploy_dir
from scheduler import caps
from scheduler.cases import Case
from scheduler.judge import Verdict, judge, judge_request
from scheduler.ruleset import RuleSet
from scheduler.states import TallyState
from scheduler.workdays import WorkCalendar
from schemas.calendars import Calendar
from schemas.objections import Objection
from schemas.policy import Deadline, Floor, Share
from schemas.registry import Department, Enterprise, Item
from tests.builders import (
    A_DAY,
    a_department,
    a_policy_stack,
    a_request,
    an_enterprise,
    an_item,
)

NATION, CITY = a_policy_stack("national-54", "changning-2024")
RULES = RuleSet((NATION, CITY))


def read_calendar(year: int) -> Calendar:
    """Read a shipped calendar."""
    path = deploy_dir("calendars") / f"{year}.yaml"
    return Calendar.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


CALENDAR = WorkCalendar(map(read_calendar, range(2024, 2027)))


def a_case(
    department: Department | None = None,
    enterprise: Enterprise | None = None,
    items: Collection[Item] = (),
    **request: Any,  # noqa: ANN401 - any field of a request
) -> Case:
    """Return a case of a routine inspection in the service week, changed as told."""
    return Case(
        request=a_request(**request),
        department=department or a_department(),
        enterprise=enterprise or an_enterprise(),
        items={item.id: item for item in items or (an_item(),)},
        calendar=CALENDAR,
    )


def at_intake(case: Case, **tallies: int) -> Verdict:
    """Judge at intake; ``used`` units lie under each of the case's caps."""
    return judge_request(case, RULES, _tallies(case, case.first_day, **tallies))


def on_day(case: Case, day: date = A_DAY, **judging: Any) -> Verdict:  # noqa: ANN401
    """Judge on a day, by default the first of the service week."""
    return judge(case, day, RULES, **judging)


def _tallies(case: Case, day: date, used: int = 0, reserved: int = 0) -> dict[str, TallyState]:

    state = TallyState(used=used, reserved=reserved)
    return {use.key: state for use in caps.uses(case, day, RULES)}


def codes(objections: Iterable[Objection]) -> set[str]:
    """Return the codes of objections."""
    return {objection.rule for objection in objections}


def deadline(code: str, day: date = A_DAY) -> Deadline:
    """Return a deadline of the shipped policy."""
    rule = RULES.rule(code, day)
    assert isinstance(rule, Deadline)
    return rule


def hoped_for(code: str) -> Floor | Share:
    """Return a floor or share of the shipped policy."""
    rule = RULES.rule(code, A_DAY)
    assert isinstance(rule, Floor | Share)
    return rule


def last_day(code: str, opened: date) -> date:
    """Return the last day of a deadline that was opened on a day."""
    due = CALENDAR.due(opened, deadline(code, opened).working_days)
    assert not due.provisional
    return due.day
