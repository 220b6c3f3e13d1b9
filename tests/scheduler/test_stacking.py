"""Stacking: precedence, duties that nothing weakens, dates in force, and "as if"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scheduler.ruleset import BadStack, RuleSet
from scheduler.stacking import weaker_in
from scheduler.states import PolicyState
from schemas.lanes import Lane, Purpose
from schemas.policy import (
    Cap,
    CapField,
    CapRow,
    Deadline,
    Floor,
    Gate,
    GateTest,
    InForce,
    MatrixRow,
    Policy,
    Rule,
    Share,
    Timetable,
    VisitHours,
)
from schemas.registry import Level, RiskClass
from schemas.visits import Role
from tests.builders import a_cap, a_policy

A_YEAR = date(2026, 1, 1)
BASE = {"title": a_cap().title, "origin": a_cap().origin}
SCOPES = ("national", "province", "city")


def a_rule(shape: type[Any], **fields: Any) -> Any:  # noqa: ANN401 - any shape of rule
    """Return a rule of a shape, in force since 2024."""
    return shape(**{"code": "r", **BASE, "in_force": InForce(since=date(2024, 1, 1)), **fields})


def a_stack(*rules: Sequence[Rule], as_if_from: date | None = None) -> RuleSet:
    """Stack layers of these rules, lowest first; the lowest states timetable and hours."""
    layers = [
        a_policy(policy=f"layer-{n}", scope=SCOPES[min(n, 2)]).model_copy(
            update={
                "rules": tuple(of),
                "timetable": Timetable(
                    requests_close=5, draft=4, answers_close=3, publish=2, officers_named=1
                ),
                "hours": VisitHours(opens=8, closes=18),
            }
        )
        for n, of in enumerate(rules)
    ]
    return RuleSet(layers, as_if_from)


# ---------------------------------------------------------------- precedence and duties

caps = st.builds(
    lambda limit, duty, binding, lanes: a_cap(
        limit=limit, duty=duty, binding=binding, lanes=tuple(sorted(lanes))
    ),
    st.integers(0, 5),
    st.booleans(),
    st.booleans(),
    st.sets(st.sampled_from(list(Lane)), min_size=1),
)


@given(st.lists(caps, min_size=1, max_size=5))
def test_no_layer_weakens_a_duty(rules: list[Cap]) -> None:
    """Tests that what stands is no weaker than any duty that had its own way."""
    stack = a_stack(*([rule] for rule in rules))
    standing = stack.rule("twice-a-year", A_YEAR)
    assert isinstance(standing, Cap)
    # The first duty of all has no duty below it to contradict, so it always counts.
    first_duty = next((rule for rule in rules if rule.duty), None)
    if first_duty is not None:
        assert weaker_in(first_duty, standing) == ()
        assert standing.limit <= first_duty.limit


@given(st.lists(caps, min_size=1, max_size=5))
def test_the_last_layer_wins_where_no_duty_is_in_the_way(rules: list[Cap]) -> None:
    """Tests that without duties the later layer's rule stands, and nothing is in conflict."""
    free = [rule.model_copy(update={"duty": False}) for rule in rules]
    stack = a_stack(*([rule] for rule in free))
    assert stack.rule("twice-a-year", A_YEAR) == free[-1]
    assert stack.conflicts() == ()


def test_a_conflict_names_both_layers_and_what_is_weaker() -> None:
    """Tests that a person reads who is overruled by whom, since when and in what."""
    stack = a_stack([a_cap(limit=2, duty=True)], [], [a_cap(limit=4, lanes=(Lane.ROUTINE,))])
    (conflict,) = stack.conflicts()
    assert (conflict.stands, conflict.overruled) == ("layer-0", "layer-2")
    assert conflict.weaker == ("lanes", "limit")
    assert conflict.since == date(2024, 7, 1)
    assert stack.rule("twice-a-year", A_YEAR) == a_cap(limit=2, duty=True)


def test_a_stricter_city_rule_stands_over_a_duty() -> None:
    """Tests that one visit a year may replace the nation's two."""
    stack = a_stack([a_cap(limit=2, duty=True)], [a_cap(limit=1)])
    assert stack.conflicts() == ()
    assert stack.rule("twice-a-year", A_YEAR) == a_cap(limit=1)


SERVICE = {"test": GateTest.SERVICE_WEEK, "numbers": {"days": 5}}
CLOCK = {"starts": "a", "ends": ("b",), "working_days": 2, "owner": "department"}


@pytest.mark.parametrize(
    ("lower", "upper", "weaker"),
    [
        (
            a_rule(Gate, **SERVICE),
            a_rule(Gate, test="service_week", numbers={"days": 6}),
            "numbers",
        ),
        (a_rule(Gate, **SERVICE), a_rule(Gate, test="service_week", numbers={"days": 4}), None),
        (a_rule(Gate, **SERVICE), a_rule(Gate, test="working_day"), "test"),
        (a_rule(Gate, **SERVICE), a_rule(Gate, **SERVICE, purposes=(Purpose.SERVICE,)), "purposes"),
        (a_rule(Gate, **SERVICE), a_rule(Gate, **SERVICE, liftable_by=(Role.HEAD,)), "liftable_by"),
        (
            a_rule(Gate, test="licensed_officers", numbers={"officers": 2}),
            a_rule(Gate, test="licensed_officers", numbers={"officers": 1}),
            "numbers",
        ),
        (
            a_rule(Gate, test="quiet_days", numbers={"first": 1, "last": 15}),
            a_rule(Gate, test="quiet_days", numbers={"first": 2, "last": 20}),
            "numbers",
        ),
        (a_cap(), a_cap(binding=False), "binding"),
        (a_cap(), a_cap(key=(CapField.DEPARTMENT, CapField.YEAR)), "key"),
        (a_cap(), a_cap(counts="entry"), "counts"),
        (a_cap(), a_cap(table=(CapRow(limit=9, items=("boiler",)),)), "limit"),
        (a_cap(), a_cap(table=(CapRow(limit=1, risks=(RiskClass.LOW,)),)), None),
        (
            a_rule(Floor, measure="coded", at_least=90),
            a_rule(Floor, measure="coded", at_least=80),
            "at_least",
        ),
        (
            a_rule(Floor, measure="coded", at_least=90),
            a_rule(Floor, measure="rated", at_least=90),
            "measure",
        ),
        (
            a_rule(Share, measure="joint", target=50),
            a_rule(Share, measure="joint", target=40),
            "target",
        ),
        (
            a_rule(Share, measure="exempt", target=35),
            a_rule(Share, measure="exempt", target=40),
            "target",
        ),
        (
            a_rule(Deadline, **CLOCK),
            a_rule(Deadline, **CLOCK | {"working_days": 3}),
            "working_days",
        ),
        (a_rule(Deadline, **CLOCK), a_rule(Deadline, **CLOCK | {"ends": ("b", "c")}), "ends"),
        (a_rule(Deadline, **CLOCK), a_rule(Deadline, **CLOCK, by=Role.HEAD), "starts"),
        (a_rule(Deadline, **CLOCK), a_rule(Deadline, **CLOCK | {"owner": "head"}), None),
        (a_cap(), a_rule(Gate, **SERVICE), "shape"),
    ],
)
def test_what_counts_as_weaker(lower: Rule, upper: Rule, weaker: str | None) -> None:
    """Tests each field of each shape, in the direction in which it gets weaker."""
    assert weaker_in(lower, upper) == (() if weaker is None else (weaker,))


def test_a_table_is_compared_at_every_level() -> None:
    """Tests that a higher limit for one level alone is found."""
    looser = a_cap(table=(CapRow(limit=3, levels=(Level.CITY,)),))
    assert weaker_in(a_cap(), looser) == ("limit",)
    assert weaker_in(looser, a_cap()) == ()


# ---------------------------------------------------------------- dates

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(days, st.integers(0, 900), days)
def test_a_rule_is_in_force_on_its_days_only(since: date, length: int, day: date) -> None:
    """Tests both ends of the days in force, which are included."""
    until = since + timedelta(days=length)
    stack = a_stack([a_cap(in_force=InForce(since=since, until=until))])
    assert (stack.rule("twice-a-year", day) is not None) == (since <= day <= until)
    assert stack.in_force(since - timedelta(days=1)) == ()
    assert len(stack.in_force(until)) == 1
    assert stack.in_force(until + timedelta(days=1)) == ()


@given(days, days, days)
def test_as_if_reaches_back_and_never_forward(since: date, as_if_from: date, day: date) -> None:
    """Tests that "as if" adds the days from its first to the rule's own, and says so."""
    stack = a_stack([a_cap(in_force=InForce(since=since))], as_if_from=as_if_from)
    assert bool(stack.in_force(day)) == (day >= min(since, as_if_from))
    assert stack.as_if(day) == (as_if_from <= day < since)


def test_as_if_moves_only_the_first_rule_of_a_code() -> None:
    """Tests that the limit that begins in 2027 does not reach back over that of 2024."""
    two = a_cap(in_force=InForce(since=date(2024, 1, 1), until=date(2026, 12, 31)))
    one = a_cap(limit=1, in_force=InForce(since=date(2027, 1, 1)))
    stack = a_stack([one, two], as_if_from=date(2012, 1, 1))
    limits = [stack.rule("twice-a-year", date(year, 6, 1)) for year in (2012, 2026, 2027)]
    assert limits == [two, two, one]
    assert stack.rule("twice-a-year") == one


def test_a_city_rule_of_later_date_leaves_the_nation_its_days() -> None:
    """Tests that precedence is decided day by day."""
    nation, city = a_cap(), a_cap(limit=1, in_force=InForce(since=date(2026, 7, 1)))
    stack = a_stack([nation], [city])
    assert stack.rule("twice-a-year", date(2026, 6, 30)) == nation
    assert stack.rule("twice-a-year", date(2026, 7, 1)) == city


def test_two_rules_of_a_code_on_one_day_are_refused() -> None:
    """Tests that a layer cannot contradict itself."""
    with pytest.raises(ValidationError, match="in force twice: twice-a-year"):
        a_policy(a_cap(), a_cap(limit=1))


# ---------------------------------------------------------------- the stack as a whole


def a_layer(name: str, scope: str, **changes: Any) -> Policy:  # noqa: ANN401
    """Return a layer that is complete in itself."""
    steps = Timetable(requests_close=5, draft=4, answers_close=3, publish=2, officers_named=1)
    stated = {"timetable": steps, "hours": VisitHours(opens=8, closes=18)}
    return a_policy(policy=name, scope=scope, **{**stated, **changes})


@pytest.mark.parametrize(
    ("layers", "fault"),
    [
        ([a_layer("n", "national"), a_layer("n", "city")], "n: 出现两次"),
        ([a_layer("c", "city", extends=("n",))], "needs n below it"),
        ([a_layer("c", "city"), a_layer("n", "national")], "cannot lie above it"),
        ([a_layer("c", "city", timetable=None)], "no layer states a timetable"),
        ([a_layer("c", "city", hours=None)], "no layer states the hours"),
    ],
)
def test_what_is_no_stack_is_refused(layers: list[Policy], fault: str) -> None:
    """Tests each fault of a stack, with words that name the layer."""
    with pytest.raises(BadStack, match=fault) as caught:
        RuleSet.of(PolicyState(version=1, layers=tuple(layers)))
    assert len(caught.value.faults) == 1


def test_matrices_add_up_and_the_smallest_visit_holds() -> None:
    """Tests that the leader's yes is added to the head's, in the order in which they are asked."""

    def row(*approvers: Role) -> MatrixRow:
        return MatrixRow(purposes=tuple(Purpose), lanes=(Lane.ESCALATED,), approvers=approvers)

    nation = a_layer(
        "n",
        "national",
        max_departments=8,
        max_people=20,
        reserve=10,
        matrix=(row(Role.HEAD),),
    )
    city = a_layer(
        "c",
        "city",
        max_departments=5,
        max_people=30,
        reserve=5,
        matrix=(row(Role.LEADER, Role.LEGAL),),
    )
    stack = RuleSet((nation, city))
    asked = stack.approvers(Purpose.SERVICE, Lane.ESCALATED)
    assert asked == (Role.HEAD, Role.LEGAL, Role.LEADER)
    assert stack.approvers(Purpose.SERVICE, Lane.ROUTINE) == ()
    assert (stack.max_departments, stack.max_people, stack.reserve) == (5, 20, 5)


def test_a_day_before_all_rules_has_none() -> None:
    """Tests that nothing is in force before the first rule."""
    stack, before = a_stack([a_cap()]), date(2000, 1, 1)
    assert stack.in_force(before) == ()
    assert stack.rule("twice-a-year", before) is None
    assert stack.binding(before, Purpose.SERVICE, Lane.ROUTINE).caps == ()
    assert stack.on(before).gates == ()
    assert not stack.as_if(before)
    assert not stack.may_lift("twice-a-year", Role.LEADER, before)
