"""deploy/examples/my-county.yaml, the county of the how-to: its own days, its binding monthly budgets."""

from __future__ import annotations

from datetime import date

import pytest

from portal.importing.documents import read_stack
from scheduler import caps
from scheduler.cases import Case
from scheduler.judge import judge_request
from scheduler.ruleset import RuleSet
from scheduler.states import TallyState
from schemas.lanes import Lane
from schemas.visits import Request
from tests.builders import a_cause, a_department, a_request, an_enterprise, an_item
from tests.policy.table import ROOT
from tests.policy.world import CALENDAR

FILE = ROOT / "deploy" / "examples" / "my-county.yaml"
RULES = RuleSet(read_stack([str(FILE)]))
BUDGET = "department-budget"


def a_case(request: Request, department: str = "fire") -> Case:
    """Return a request's case."""
    return Case(
        request=request,
        department=a_department(id=department),
        enterprise=an_enterprise(),
        items={"item-1": an_item(id="item-1")},
        calendar=CALENDAR,
    )


def limit(day: date, department: str = "fire") -> dict[str, int]:
    """Return the budget's key and limit on a day."""
    found = caps.uses(a_case(a_request(), department), day, RULES)
    return {use.key: use.limit for use in found if use.rule.code == BUDGET}


def test_it_stands_on_the_nation_and_keeps_its_own_days() -> None:
    assert [layer.policy for layer in RULES.layers] == ["national-54", "my-county"]
    days = RULES.visiting_days("2026-12", CALENDAR)
    assert days[0] == date(2026, 12, 14), "the first working day after the 12th"
    assert RULES.max_people == 8


def test_each_department_and_month_has_its_own_units() -> None:
    assert limit(date(2026, 12, 25)) == {"tally/cap/department-budget/fire/2026-12": 1}
    assert limit(date(2026, 11, 25)) == {"tally/cap/department-budget/fire/2026-11": 4}
    assert limit(date(2026, 12, 25), "market") == {"tally/cap/department-budget/market/2026-12": 60}
    assert limit(date(2026, 12, 25), "health") == {}, "who is not listed has no budget"


@pytest.mark.parametrize(("used", "refused"), [(0, False), (1, True), (2, True)])
def test_what_is_used_up_refuses_routine_visits_and_a_leader_may_lift_it(
    used: int, refused: bool
) -> None:
    case = a_case(a_request())
    under = caps.uses(case, date(2026, 12, 25), RULES)
    tallies = {use.key: TallyState(used=used) for use in under if use.rule.code == BUDGET}
    against = {o.rule for o in caps.objections(under, tallies)}
    assert (BUDGET in against) is refused
    rule = RULES.rule(BUDGET)
    assert rule is not None
    assert [role.value for role in rule.liftable_by] == ["leader"]
    assert "escalate" in rule.remedies


@pytest.mark.parametrize("lane", [Lane.STATUTORY, Lane.EMERGENCY, Lane.ON_CALL])
def test_no_other_lane_ever_meets_a_budget(lane: Lane) -> None:
    request = a_request(lane=lane, cause=a_cause())
    case = a_case(request)
    assert not [u for u in caps.uses(case, date(2026, 12, 25), RULES) if u.rule.code == BUDGET]
    full = {f"tally/cap/{BUDGET}/fire/2026-12": TallyState(used=99)}
    assert BUDGET not in {o.rule for o in judge_request(case, RULES, full).binding}


def test_what_november_left_unused_is_not_december_s() -> None:
    november, december = limit(date(2026, 11, 25)), limit(date(2026, 12, 25))
    assert not set(november) & set(december), "another month, another key: nothing rolls over"
