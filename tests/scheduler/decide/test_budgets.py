"""总量调剂: off where a policy does not say otherwise; asked by who gives, decided by another, never rolled over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from portal.importing.documents import read_stack
from scheduler import caps, keys
from scheduler.audit import Auditor
from scheduler.budget_moves import BudgetMoveState, BudgetMoveStatus, deltas
from scheduler.cases import Case
from scheduler.memo import rules_of
from scheduler.ruleset import RuleSet
from scheduler.stacking import weaker_in
from scheduler.states import PolicyState, TallyState
from schemas import budget_commands as b
from schemas import commands as c
from schemas.budgets import BudgetMove, Pot
from schemas.envelope import Actor, ActorRole
from schemas.events.budgets import PolicyUnitsMoved
from schemas.policy import Cap, Policy, Transfers
from schemas.visits import Decision
from tests.builders import a_department, a_request, an_enterprise, an_item
from tests.policy.table import ROOT
from tests.policy.world import CALENDAR
from tests.worlds import CLERK, NOVEMBER, OFFICE, World, at

FILE = str(ROOT / "deploy" / "examples" / "my-county.yaml")
BUDGET = "department-budget"
OTHER = Actor(id="other", role=ActorRole.SCHEDULER)
MARKET = Actor(id="clerk-market", role=ActorRole.CLERK, of="market")


def layers(transfers: str | None) -> tuple[Policy, ...]:
    """Return the example county's policy with another switch; unchanged for ``None``."""
    national, own = read_stack([FILE])
    if transfers is None:
        return national, own
    plain = own.model_dump(mode="json")
    for rule in plain["rules"]:
        if rule["code"] == BUDGET:
            rule["transfers"] = transfers
    return national, Policy.model_validate(plain)


def a_world(transfers: str | None = "both") -> World:
    """Return the example county: the fire brigade has 1 in December and 4 in other months, the market 60."""
    world = World.adopted()
    world.ok(c.AdoptPolicy(layers=layers(transfers)), OFFICE)
    world.with_department(a_department(id="market"))
    return world


def a_move(
    giver: tuple[str, str] = ("market", "2026-12"),
    taker: tuple[str, str] = ("fire", "2026-12"),
    units: int = 5,
    rule: str = BUDGET,
) -> BudgetMove:
    """Return a move of the market's units to the fire brigade."""
    pots = [Pot(department=home, month=month) for home, month in (giver, taker)]
    return BudgetMove(rule=rule, giver=pots[0], taker=pots[1], units=units)


def ask(world: World, move: BudgetMove | None = None, who: Actor = MARKET) -> str:
    """Ask for a move that must be taken in; return its id."""
    command = b.AskBudgetMove(move=move or a_move(), reason="冬季火情多")
    return world.ok(command, who).about.partition("/")[2]


def yes(id_: str) -> b.DecideBudgetMove:
    """Return a yes."""
    return b.DecideBudgetMove(move=id_, decision=Decision.APPROVED)


def limits(world: World, department: str) -> dict[str, int]:
    """Return what binds a department's request in December and in November."""
    policy = world.cells[keys.POLICY]
    assert isinstance(policy, PolicyState)
    case = Case(
        request=a_request(),
        department=a_department(id=department),
        enterprise=an_enterprise(),
        items={"item-1": an_item(id="item-1")},
        calendar=CALENDAR,
    )
    days = (date(2026, 11, 25), date(2026, 12, 25))
    found = [use for day in days for use in caps.uses(case, day, rules_of(policy))]
    return {use.key.rpartition("/")[2]: use.limit for use in found if use.rule.code == BUDGET}


def test_off_is_what_a_file_says_that_says_nothing() -> None:
    world = a_world(None)
    command = b.AskBudgetMove(move=a_move(), reason="冬季火情多")
    decision = world.do(command, MARKET)
    assert decision.status == "refused"
    against, off = decision.objections
    assert (against.rule, off.rule) == (BUDGET, "transfers-off")
    assert against.numbers == {"transfers": "none", "asked": "departments"}
    assert against.origin is not None, "the clause is named with its words"
    assert off.remedies, "and there is a way out"


@pytest.mark.parametrize(
    ("transfers", "departments", "months"),
    [("departments", True, False), ("months", False, True), ("both", True, True)],
)
def test_each_switch_opens_what_it_names(transfers: str, departments: bool, months: bool) -> None:
    early = datetime(2026, 10, 8, 9, tzinfo=NOVEMBER.tzinfo)
    for taker, open_ in ((("fire", "2026-12"), departments), (("market", "2026-11"), months)):
        move = a_move(taker=taker)
        decision = a_world(transfers).do(b.AskBudgetMove(move=move, reason="任务多"), MARKET, early)
        assert (decision.status == "accepted") is open_


def test_no_unit_leaves_its_year() -> None:
    with pytest.raises(ValidationError, match="跨年"):
        a_move(taker=("market", "2027-01"))
    with pytest.raises(ValidationError, match="调出和调入相同"):
        a_move(taker=("market", "2026-12"))


def test_units_move_when_another_says_yes_and_the_table_says_so_from_then_on() -> None:
    world = a_world()
    assert limits(world, "fire") == {"2026-11": 4, "2026-12": 1}
    id_ = ask(world)
    assert limits(world, "fire")["2026-12"] == 1, "asking moves nothing"
    world.ok(yes(id_), OTHER)
    assert limits(world, "fire") == {"2026-11": 4, "2026-12": 6}
    assert limits(world, "market") == {"2026-11": 60, "2026-12": 55}
    state = world.cells[keys.budget_move(id_)]
    assert isinstance(state, BudgetMoveState)
    assert (state.status, state.decided_by) == (BudgetMoveStatus.MOVED, "other")
    world.ok(c.AdoptPolicy(layers=layers("none")), OFFICE)
    assert limits(world, "fire")["2026-12"] == 6, "a new edition takes nothing back"
    assert world.no(b.AskBudgetMove(move=a_move(), reason="再调"), MARKET)[1] == "transfers-off"


def test_nobody_takes_what_another_has_or_decides_on_his_own() -> None:
    world = a_world()
    assert world.no(b.AskBudgetMove(move=a_move(), reason="要"), CLERK) == ["not-your-department"]
    by_office = ask(world, who=OFFICE)
    assert world.no(yes(by_office), OFFICE) == ["self-approval"]
    assert world.no(yes(by_office), MARKET) == ["role-not-asked"]
    refusal = b.DecideBudgetMove(move=by_office, decision=Decision.REFUSED)
    assert world.no(refusal, OTHER) == ["reason-missing"]
    world.ok(refusal.model_copy(update={"reason": "余量须留给年底"}), OTHER)
    assert world.no(yes(by_office), OTHER) == ["wrong-state"]
    assert limits(world, "fire")["2026-12"] == 1
    assert world.no(yes("nobody"), OTHER) == ["unknown-budget-move"]


def test_what_is_used_or_gone_moves_nowhere() -> None:
    world = a_world()
    key = f"tally/cap/{BUDGET}/market/2026-12"
    world.cells[key] = TallyState(used=50, reserved=6)
    five = b.AskBudgetMove(move=a_move(), reason="冬季火情多")
    assert world.no(five, MARKET) == [BUDGET, "units-taken"]
    id_ = ask(world, a_move(units=4))
    world.cells[key] = TallyState(used=50, reserved=7)
    assert world.no(yes(id_), OTHER) == [BUDGET, "units-taken"], "used since"
    over = a_move(("market", "2026-11"), ("market", "2026-12"))
    assert world.no(b.AskBudgetMove(move=over, reason="结余"), MARKET) == ["month-over"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rule": "twice-a-year"}, "no-such-budget"),
        ({"rule": "no-such-rule"}, "no-such-budget"),
        ({"taker": ("health", "2026-12")}, "unknown-department"),
        ({"taker": ("park", "2026-12")}, "no-such-pot"),
    ],
)
def test_what_is_no_budget_is_named(change: dict[str, Any], code: str) -> None:
    world = a_world()
    world.with_department(a_department(id="park"))
    assert world.no(b.AskBudgetMove(move=a_move(**change), reason="冬季火情多"), MARKET) == [code]


def test_a_switch_needs_a_budget_that_binds_by_department_and_month() -> None:
    rule = next(rule for rule in layers(None)[1].rules if rule.code == BUDGET)
    plain = {**rule.model_dump(mode="json"), "transfers": "both"}
    assert Cap.model_validate(plain).transfers is Transfers.BOTH
    for change in (
        {"binding": False},
        {"key": ["department", "year"]},
        {"table": [{"limit": 1, "departments": ["fire"], "risks": ["high"]}]},
    ):
        with pytest.raises(ValidationError, match="调剂"):
            Cap.model_validate({**plain, **change})


def test_a_layer_above_opens_no_budget_that_a_duty_below_keeps_shut() -> None:
    def weaker(below: str, above: str) -> bool:
        one, other = (RuleSet(layers(each)).rule(BUDGET) for each in (below, above))
        assert one is not None
        assert other is not None
        return "transfers" in weaker_in(one, other)

    assert weaker("none", "both")
    assert weaker("departments", "months")
    assert not weaker("both", "departments")


def a_published_december(moved: int) -> World:
    """Return a December with two wishes of the fire brigade, so many units having moved there before."""
    world = a_world()
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(2)), OFFICE)
    for n in (1, 2):
        world.head_approves(world.submit(a_request(enterprise=an_enterprise(n).id)))
    if moved:
        world.ok(yes(ask(world, a_move(units=moved))), OTHER)
    world.publish("2026-12", at(date(2026, 12, 4)), at(date(2026, 12, 9)))
    return world


def breached(world: World, *, without: type | None = None) -> set[str]:
    """Return the rules that an auditor finds broken, who reads all entries but those of a type."""
    auditor = Auditor()
    for stream, event in world.log:
        if without is None or not isinstance(event, without):
            auditor.observe(stream, event)
    return {breach.rule for breach in auditor.breaches()}


def test_planner_publication_and_auditor_go_by_what_was_moved() -> None:
    alone, helped = a_published_december(0), a_published_december(1)
    visits = [sum(stream.startswith("visit/") for stream, _ in w.log) for w in (alone, helped)]
    assert visits == [1, 2]
    assert not breached(alone)
    assert not breached(helped)
    assert breached(helped, without=PolicyUnitsMoved) == {BUDGET}


@given(
    st.lists(
        st.tuples(st.sampled_from(["fire", "market"]), st.integers(1, 12), st.integers(1, 12)),
        max_size=8,
    )
)
def test_moves_change_no_sum(drawn: list[tuple[str, int, int]]) -> None:
    rules = RuleSet(layers("both"))
    moves = [
        a_move((home, f"2026-{one:02d}"), ("park", f"2026-{other:02d}"), one)
        for home, one, other in drawn
    ]
    assert sum(deltas(moves, rules.rule).values()) == 0
