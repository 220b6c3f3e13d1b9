"""The caps that other places published, as tables: item, risk, credit, level and purpose set the limit."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from scheduler import caps
from scheduler.cases import Case
from scheduler.judge import judge_request
from scheduler.ruleset import RuleSet
from scheduler.states import TallyState
from schemas.lanes import Lane, Purpose
from schemas.policy import Policy
from schemas.visits import Request
from tests.builders import (
    A_DAY,
    a_cause,
    a_department,
    a_request,
    a_uscc,
    an_enterprise,
    an_item,
)
from tests.policy.table import ROOT
from tests.policy.world import CALENDAR, NATION

LAYER = Policy.model_validate(
    yaml.safe_load((ROOT / "deploy/examples/published-caps.yaml").read_text(encoding="utf-8"))
)
RULES = RuleSet((NATION, LAYER))


def a_check(item: str, level: str = "county", **enterprise: Any) -> Case:  # noqa: ANN401 - a class
    """Return a routine inspection of one item at an enterprise of some class."""
    return _case(a_request(items=(item,)), item, level, **enterprise)


def _case(request: Request, item: str, level: str = "county", **enterprise: Any) -> Case:  # noqa: ANN401
    return Case(
        request=request,
        department=a_department(level=level),
        enterprise=an_enterprise(**enterprise),
        items={item: an_item(id=item)},
        calendar=CALENDAR,
    )


def limits(case: Case) -> dict[str, int]:
    """Return the limit of each cap under which a case takes a unit; Jiashan's of two aside."""
    found = caps.uses(case, A_DAY, RULES)
    return {use.rule.code: use.limit for use in found if use.rule.code != "any-subject"}


def refused(case: Case, used: int) -> set[str]:
    """Return the codes that refuse a request when so many units are used."""
    under = caps.uses(case, case.first_day, RULES)
    verdict = judge_request(case, RULES, {use.key: TallyState(used=used) for use in under})
    return {against.rule for against in verdict.binding}


@pytest.mark.parametrize(("tier", "most"), [("A", 2), ("B", 4), ("C", 6), ("D", 4), ("unrated", 4)])
def test_coal_mines_by_class(tier: str, most: int) -> None:
    case = a_check("coal-mine", credit=tier)
    assert limits(case) == {"coal-mine": most}
    assert refused(case, most - 1) == set()
    assert refused(case, most) == {"coal-mine"}


@pytest.mark.parametrize(("tier", "most"), [("A", 1), ("B", 1), ("C", 2), ("D", 4)])
def test_other_mines_by_class(tier: str, most: int) -> None:
    assert limits(a_check("other-mine", credit=tier)) == {"other-mine": most}


@pytest.mark.parametrize(
    ("risk", "hazardous", "industry"),
    [("low", 2, 1), ("medium", 4, 2), ("high", 8, 4), ("unrated", 12, 6)],
)
def test_industry_by_its_safety_standard(risk: str, hazardous: int, industry: int) -> None:
    assert limits(a_check("hazardous", risk=risk)) == {"safety-standard": hazardous}
    assert limits(a_check("industry", risk=risk)) == {"safety-standard": industry}


def test_supervision_of_officials_three_times() -> None:
    request = a_request(items=(), purpose=Purpose.OVERSIGHT)
    assert limits(_case(request, "none")) == {"oversight-three": 3}


def test_radio_vendors_and_stations() -> None:
    assert limits(a_check("radio-vendor")) == {"radio": 4}
    assert limits(a_check("radio-station")) == {"radio": 1}


def test_health_counts_each_level_and_both_together() -> None:
    county, city = a_check("health"), a_check("health", "city")
    assert limits(county) == limits(city) == {"health-each-level": 2, "health-all-levels": 4}
    own, other = ({u.rule.code: u.key for u in caps.uses(c, A_DAY, RULES)} for c in (county, city))
    assert own["health-each-level"] != other["health-each-level"]
    assert own["health-all-levels"] == other["health-all-levels"]


def test_environment_twice_and_credit_d_without_limit() -> None:
    assert limits(a_check("environment", credit="B")) == {"environment": 2}
    case = a_check("environment", credit="D")
    assert limits(case) == {}
    assert refused(case, 99) == set()


def test_the_large_plant_has_twelve_doors_however_many_come() -> None:
    case = a_check("shop", risk="high", credit="A")
    assert limits(case) == {"plant-total": 12}
    (use,) = (u for u in caps.uses(case, A_DAY, RULES) if u.rule.code == "plant-total")
    assert use.key == f"tally/entries/plant-total/{a_uscc()}/2026"


def test_jiashan_says_in_principle_and_is_told_only() -> None:
    case = a_check("shop")
    under = {use.key: TallyState(used=2) for use in caps.uses(case, case.first_day, RULES)}
    verdict = judge_request(case, RULES, under)
    assert verdict.stands
    assert [against.rule for against in verdict.advice] == ["any-subject"]


def test_what_no_table_lists_takes_nothing() -> None:
    assert limits(a_check("shop", risk="low", credit="A")) == {}


@pytest.mark.parametrize("item", ["coal-mine", "environment", "radio-station", "health"])
def test_a_check_for_cause_takes_nothing(item: str) -> None:
    request = a_request(items=(item,), lane=Lane.STATUTORY, cause=a_cause())
    assert limits(_case(request, item, credit="A")) == {}
