"""Cases judged: caps with their keys and tables, candidate days, and what becomes of objections."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scheduler import caps
from scheduler.candidates import MOST_DAYS, candidate_days
from scheduler.cases import Case
from scheduler.judge import judge, judge_request, reserved_at_intake
from scheduler.refusals import REFUSALS, objection
from scheduler.ruleset import RuleSet
from scheduler.states import TallyState
from schemas.lanes import Ground, Lane, Purpose
from schemas.policy import CapField, CapRow, Gate, GateTest, Rule, Timetable, VisitHours
from schemas.registry import Jurisdiction, Level, RiskClass, Standing
from tests.builders import (
    A_DAY,
    a_cap,
    a_cause,
    a_department,
    a_policy,
    a_uscc,
    a_window,
    an_enterprise,
    an_item,
)
from tests.policy.world import CALENDAR, RULES, a_case, codes

ROOT = Path(__file__).resolve().parents[2]
STEPS = Timetable(requests_close=5, draft=4, answers_close=3, publish=2, officers_named=1)


def rules_of(*of: Rule) -> RuleSet:
    """Return the rules of one layer."""
    return RuleSet([a_policy(*of, timetable=STEPS, hours=VisitHours(opens=8, closes=18))])


def used(case: Case, rules: RuleSet, **units: int) -> dict[str, TallyState]:
    """Return the same tally under each key of a case."""
    return {use.key: TallyState(**units) for use in caps.uses(case, A_DAY, rules)}


# ---------------------------------------------------------------- caps


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (("department", "enterprise", "year"), f"fire/{a_uscc()}/2026"),
        (("level", "enterprise", "month"), f"county/{a_uscc()}/2026-12"),
        (("enterprise", "week"), f"{a_uscc()}/2026-W52"),
        (("city", "year"), "city/2026"),
    ],
)
def test_a_key_says_what_is_shared(key: tuple[CapField, ...], text: str) -> None:
    """Tests every field of a key; 25 December 2026 lies in the ISO week 52."""
    rules = rules_of(a_cap(key=key))
    (use,) = caps.uses(a_case(), A_DAY, rules)
    assert use.key == f"tally/cap/twice-a-year/{text}"


def test_a_week_belongs_to_its_iso_year() -> None:
    """Tests that 1 January 2027 counts in week 53 of 2026, as its Monday does."""
    rules = rules_of(a_cap(key=("enterprise", "week")))
    (use,) = caps.uses(a_case(), date(2027, 1, 1), rules)
    assert use.key.endswith("/2026-W53")


def test_a_cap_by_item_has_a_key_for_each_item() -> None:
    """Tests that two items take two units, each with the limit of its own row."""
    rules = rules_of(
        a_cap(key=("item", "enterprise", "year"), table=(CapRow(limit=1, items=("item-2",)),))
    )
    case = a_case(items=[an_item(1), an_item(2)])
    request = case.request.model_copy(update={"items": ("item-1", "item-2")})
    both = caps.uses(replace(case, request=request), A_DAY, rules)
    assert [(use.key.split("/")[3], use.limit) for use in both] == [("item-1", 2), ("item-2", 1)]


@pytest.mark.parametrize(
    ("risk", "level", "purpose", "limit"),
    [
        (RiskClass.HIGH, Level.COUNTY, Purpose.INSPECTION, 12),
        (RiskClass.HIGH, Level.CITY, Purpose.INSPECTION, 4),
        (RiskClass.LOW, Level.CITY, Purpose.INSPECTION, 2),
        (RiskClass.HIGH, Level.COUNTY, Purpose.SERVICE, 2),
    ],
)
def test_the_first_row_that_fits_gives_the_limit(
    risk: RiskClass, level: Level, purpose: Purpose, limit: int
) -> None:
    """Tests a table by risk, level and purpose; where no row fits the cap's own limit holds."""
    inspections = (Purpose.INSPECTION,)
    table = (
        CapRow(limit=12, risks=(RiskClass.HIGH,), levels=(Level.COUNTY,), purposes=inspections),
        CapRow(limit=4, risks=(RiskClass.HIGH,), purposes=inspections),
    )
    case = a_case(
        department=a_department(level=level), enterprise=an_enterprise(risk=risk), purpose=purpose
    )
    (use,) = caps.uses(case, A_DAY, rules_of(a_cap(table=table)))
    assert use.limit == limit


def test_intake_reserves_what_is_known_without_a_day() -> None:
    """Tests that presences of an enterprise in a year are reserved; budgets and entries are not."""
    rules = rules_of(
        a_cap(code="a", key=("department", "enterprise", "year")),
        a_cap(code="b", key=("department", "year")),
        a_cap(code="c", key=("enterprise", "month")),
        a_cap(code="d", key=("enterprise", "year"), counts="entry"),
        a_cap(code="e", key=("level", "enterprise", "year")),
    )
    assert [use.rule.code for use in reserved_at_intake(a_case(), rules)] == ["a", "e"]


def test_room_gives_back_what_is_being_planned() -> None:
    """Tests that limit 2, one used, one reserved by the very request leave room for it."""
    rules = rules_of(a_cap())
    (use,) = caps.uses(a_case(), A_DAY, rules)
    tally = TallyState(used=1, reserved=1)
    assert caps.room(use, tally) == 0
    assert caps.room(use, tally, own=1) == 1
    assert caps.objections([use], {use.key: tally}, held=[use.key]) == ()
    assert codes(caps.objections([use], {use.key: tally})) == {"twice-a-year"}


# ---------------------------------------------------------------- judging


def test_a_cap_that_does_not_bind_is_advice() -> None:
    """Tests that a reported cap objects and refuses nobody."""
    rules = rules_of(a_cap(binding=False))
    verdict = judge(a_case(), A_DAY, rules, tallies=used(a_case(), rules, used=2))
    assert verdict.stands
    assert codes(verdict.advice) == {"twice-a-year"}


def test_a_rule_that_nobody_may_lift_stays() -> None:
    """Tests that an approval that names such a rule lifts nothing."""
    rules = rules_of(a_cap())
    verdict = judge(
        a_case(), A_DAY, rules, lifted={"twice-a-year"}, tallies=used(a_case(), rules, used=2)
    )
    assert codes(verdict.binding) == {"twice-a-year"}


@pytest.mark.parametrize(
    "jurisdiction", [Jurisdiction.VERTICAL, Jurisdiction.SUPERIOR, Jurisdiction.JUDICIAL]
)
def test_a_body_beyond_the_city_is_only_advised(jurisdiction: Jurisdiction) -> None:
    """Tests that everything may be wrong with its visit and nothing refuses it."""
    department = a_department(jurisdiction=jurisdiction, enforcement_subject=False)
    case = a_case(
        department=department,
        enterprise=an_enterprise(standing=Standing.DORMANT, closed_days=(A_DAY,)),
        items=[an_item(published=False)],
    )
    day = date(2026, 12, 6)
    verdict = judge(case, day, RULES, tallies={}, officers=())
    assert verdict.stands
    assert codes(verdict.advice) >= {"service-week", "item-published", "two-licensed-officers"}
    assert judge_request(case, RULES).stands
    assert candidate_days(case, RULES).closed == ()


def test_no_lawful_duty_is_refused_by_caps_freezes_or_whitelists() -> None:
    """Tests a re-check at a white-listed enterprise, on its blocked day, outside the week."""
    day = date(2026, 12, 8)
    case = a_case(
        enterprise=an_enterprise(standing=Standing.WHITELISTED, closed_days=(day,)),
        lane=Lane.STATUTORY,
        cause=a_cause(Ground.RECTIFICATION),
        window=a_window(day, day),
    )
    full = {f"tally/cap/twice-a-year/fire/{a_uscc()}/2026": TallyState(used=9)}
    assert judge(case, day, RULES, tallies=full).stands
    assert judge_request(case, RULES, full).stands


# ---------------------------------------------------------------- candidate days


def test_each_closed_day_names_its_rule() -> None:
    """Tests the days from Thursday 24 to Monday 28: week, week-end, open days."""
    case = a_case(window=a_window(date(2026, 12, 24), date(2026, 12, 28)))
    days = candidate_days(case, RULES)
    assert [day.day for day in days.open] == [25, 28]
    assert [(day.day, o.rule) for day, o in days.closed] == [
        (24, "service-week"),
        (26, "service-week"),
        (27, "service-week"),
    ]


def test_days_outside_the_window_are_not_looked_at() -> None:
    """Tests that the planner's month is cut to the request's window."""
    days = [date(2026, 12, day) for day in (24, 25, 28, 29)]
    case = a_case(window=a_window(A_DAY, date(2026, 12, 28)))
    found = candidate_days(case, RULES, days)
    assert [day.day for day in found.open] == [25, 28]
    assert found.closed == ()


def test_a_year_without_a_calendar_closes_its_days() -> None:
    """Tests that a window over New Year keeps its days of December and guesses none of January."""
    case = a_case(window=a_window(date(2026, 12, 31), date(2027, 1, 2)))
    found = candidate_days(case, RULES)
    assert found.open == (date(2026, 12, 31),)
    assert codes(o for _, o in found.closed) == {"calendar-missing"}
    only_january = a_case(window=a_window(date(2027, 1, 4), date(2027, 1, 8)))
    assert codes(judge_request(only_january, RULES).binding) == {"calendar-missing"}


def test_a_legal_date_centuries_away_holds_up_nobody() -> None:
    """Tests that a bounded number of days is looked at."""
    cause = a_cause(Ground.LEGAL_DUE_DATE, last_legal_date=date(9999, 12, 31))
    found = candidate_days(a_case(lane=Lane.STATUTORY, cause=cause), RULES)
    assert len(found.open) + len(found.closed) == MOST_DAYS


def test_quiet_days_instead_of_a_service_week() -> None:
    """Tests a policy that closes the 1st to the 15th to inspections, and no other day."""
    quiet = Gate(
        code="quiet-days",
        test=GateTest.QUIET_DAYS,
        numbers={"first": 1, "last": 15},
        title=a_cap().title,
        origin=a_cap().origin,
        in_force=a_cap().in_force,
    )
    rules = rules_of(quiet)
    case = a_case(window=a_window(date(2026, 12, 14), date(2026, 12, 17)))
    found = candidate_days(case, rules)
    assert [day.day for day in found.open] == [16, 17]
    assert codes(o for _, o in found.closed) == {"quiet-days"}
    # The working days of December from the 16th on: 16-18, 21-25, 28-31.
    assert [day.day for day in rules.visiting_days("2026-12", CALENDAR)] == [
        *(16, 17, 18),
        *(21, 22, 23, 24, 25),
        *(28, 29, 30, 31),
    ]


# ---------------------------------------------------------------- texts


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_every_refusal_speaks_both_languages(code: str) -> None:
    """Tests that the Chinese text is Chinese, the English one English, and the numbers carried."""
    against = objection(code, number=3)
    assert any("\u4e00" <= c <= "\u9fff" for c in against.title.zh)
    assert against.title.en.isascii()
    assert (against.rule, against.numbers) == (code, {"number": 3})


def test_an_unknown_refusal_is_a_fault_of_the_program() -> None:
    """Tests that no refusal is made up on the spot."""
    with pytest.raises(KeyError):
        objection("no-such-code")


def test_rules_and_refusals_share_no_code() -> None:
    """Tests that a code means one thing."""
    named: set[Any] = {rule.code for rule in RULES.in_force(A_DAY)}
    assert named.isdisjoint(REFUSALS)


def test_every_refusal_in_the_code_has_its_text() -> None:
    """Tests that no decision refuses with a code that the table lacks."""
    asked = {
        node.args[0].value
        for path in (ROOT / "scheduler").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "objection"
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    assert asked
    assert asked <= REFUSALS.keys()
