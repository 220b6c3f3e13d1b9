"""What a new edition changes: nothing against itself, and every change seen from both sides."""

from __future__ import annotations

from datetime import date

import yaml
from hypothesis import given
from hypothesis import strategies as st

from portal.importing.documents import read_stack
from portal.resources import deploy_dir
from scheduler.amendments import calendar_change, policy_change
from scheduler.ruleset import RuleSet
from schemas.calendars import SATURDAY, Calendar, Holiday
from schemas.policy import Deadline, Policy
from tests.builders import a_policy_stack


def calendar_of(year: int) -> Calendar:
    """Return a shipped calendar."""
    text = (deploy_dir("calendars") / f"{year}.yaml").read_text(encoding="utf-8")
    return Calendar.model_validate(yaml.safe_load(text))


CAL = calendar_of(2026)
WEEKDAYS = [
    day
    for n in range(1, 29)
    if (day := date(2026, 11, n)).weekday() < SATURDAY and day not in CAL.days_off
]


def with_days_off(days: frozenset[date]) -> Calendar:
    """Return next edition of 2026 with more days off in November."""
    more = Holiday(name=CAL.holidays[0].name, days=tuple(sorted(days)))
    return CAL.model_copy(update={"version": 2, "holidays": (*CAL.holidays, more)})


def test_an_edition_changes_nothing_against_itself() -> None:
    change = calendar_change([CAL], CAL, RuleSet(a_policy_stack()))
    assert change.same
    assert not change.newly_off
    assert not change.no_longer_off
    assert not change.weeks
    assert policy_change(a_policy_stack(), a_policy_stack()).same


def test_the_first_calendar_of_a_year_opens_its_months() -> None:
    change = calendar_change([calendar_of(2025)], CAL, RuleSet(a_policy_stack()))
    assert change.before is None
    assert [week.month for week in change.weeks][-1] == "2026-12"
    assert all(week.before == () and week.after for week in change.weeks)


@given(st.frozensets(st.sampled_from(WEEKDAYS), min_size=1, max_size=5))
def test_days_off_are_told_and_the_weeks_that_move(days: frozenset[date]) -> None:
    rules, new = RuleSet(a_policy_stack()), with_days_off(days)
    change = calendar_change([CAL], new, rules)
    assert frozenset(change.newly_off) == days
    assert change.no_longer_off == ()
    back = calendar_change([new], CAL.model_copy(update={"version": 3}), rules)
    assert frozenset(back.no_longer_off) == days
    for week in change.weeks:
        assert week.month == "2026-11"
        assert not days & frozenset(week.after)
    moved = bool(days & frozenset(calendar_week(rules)))
    assert bool(change.weeks) == moved


def calendar_week(rules: RuleSet) -> tuple[date, ...]:
    """Return November's visiting days as they stand."""
    (week,) = [w for w in calendar_change([], CAL, rules).weeks if w.month == "2026-11"]
    return week.after


def changed(stack: tuple[Policy, ...]) -> tuple[Policy, ...]:
    """Return a stack whose top layer gives one deadline a day more and drops another rule."""
    top = stack[-1]
    clock = next(rule for rule in top.rules if isinstance(rule, Deadline))
    longer = clock.model_copy(update={"working_days": clock.working_days + 1})
    gone = next(rule for rule in top.rules if rule is not clock)
    rules = tuple(longer if r is clock else r for r in top.rules if r is not gone)
    return (*stack[:-1], top.model_copy(update={"version": top.version + 1, "rules": rules}))


def test_rules_are_compared_one_by_one_and_seen_from_both_sides() -> None:
    stack = read_stack(["changning-2024"])
    forth, back = policy_change(stack, changed(stack)), policy_change(changed(stack), stack)
    assert sorted(each.kind for each in forth.rules) == ["changed", "removed"]
    assert sorted(each.kind for each in back.rules) == ["added", "changed"]
    (field,) = next(each for each in forth.rules if each.kind == "changed").fields
    assert field.name == "working_days"
    assert int(field.will) == int(field.was) + 1
    assert [layer.name for layer in forth.layers] == [stack[-1].policy]


def test_another_stack_is_told_layer_by_layer() -> None:
    one, other = read_stack(["changning-2024"]), read_stack(["liuyang-2025"])
    change = policy_change(one, other)
    names = {layer.name: (layer.was, layer.will) for layer in change.layers}
    gone, new = names[one[-1].policy], names[other[-1].policy]
    assert gone[1] == "—"
    assert new[0] == "—"
