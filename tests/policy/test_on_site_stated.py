"""Rule on-site-stated: from 2027 on a routine inspection says why off-site does not do."""

from datetime import date
from typing import Any

import pytest

from scheduler import gates
from scheduler.ruleset import RuleSet
from schemas.lanes import Lane, OnSiteGround, Purpose
from schemas.policy import InForce
from tests.builders import a_cause, a_window
from tests.policy.world import CITY, NATION, RULES, a_case, codes

EARLIER = NATION.model_copy(
    update={
        "rules": tuple(
            rule.model_copy(update={"in_force": InForce(since=date(2026, 1, 1))})
            if rule.code == "on-site-stated"
            else rule
            for rule in NATION.rules
        )
    }
)
SOONER = RuleSet((EARLIER, CITY))
"""The same policy of a city that asks for it a year sooner: the day is in the file."""


def test_admits_a_choice_with_its_words() -> None:
    """Tests that both together are enough."""
    case = a_case(on_site=OnSiteGround.SAMPLING, why_on_site="须取样")
    assert codes(gates.at_intake(case, SOONER)) == set()


@pytest.mark.parametrize(
    ("ground", "words"), [(None, None), (None, "须取样"), (OnSiteGround.SAMPLING, None)]
)
def test_refuses_one_without_the_other(ground: OnSiteGround | None, words: str | None) -> None:
    """Tests that neither a choice nor words alone will do."""
    case = a_case(on_site=ground, why_on_site=words)
    assert codes(gates.at_intake(case, SOONER)) == {"on-site-stated"}


def test_binds_routine_inspections_from_its_day_on() -> None:
    """Tests that what was asked for before stays valid, and no duty and no service waits for a reason."""
    silent: dict[str, Any] = {"on_site": None, "why_on_site": None}
    assert codes(gates.at_intake(a_case(**silent), RULES)) == set()
    january = a_window(date(2027, 1, 4), date(2027, 1, 8))
    assert codes(gates.at_intake(a_case(window=january, **silent), RULES)) == {"on-site-stated"}
    for_cause = a_case(lane=Lane.STATUTORY, cause=a_cause(), **silent)
    service = a_case(purpose=Purpose.SERVICE, items=(), **silent)
    assert not gates.at_intake(for_cause, SOONER)
    assert not gates.at_intake(service, SOONER)


def test_admits_whom_a_draw_sends() -> None:
    """Tests that a draw says it for all whom it draws."""
    drawn = a_case(draw="draw-1", on_site=None, why_on_site=None)
    assert not gates.at_intake(drawn, SOONER)
