"""A draw's steps come in one order; each refuses what would let somebody choose the result."""

from datetime import timedelta

import pytest

from scheduler.states import DrawStatus
from schemas import commands as c
from schemas import draw_commands as d
from schemas.draws import DrawPlan
from schemas.envelope import Actor, ActorRole
from tests.builders import a_uscc, an_officer
from tests.scheduler.draw.lists import (
    DRAWN_AT,
    SEED,
    a_plan,
    a_world,
    an_inspector,
    committing,
    opened,
    revealed,
    the,
)
from tests.worlds import CLERK, NOVEMBER, OFFICE, World

MARKET = Actor(id="clerk-market", role=ActorRole.CLERK, of="market")


@pytest.fixture
def world() -> World:
    """Return a world of two departments and 40 enterprises."""
    return a_world()


def test_a_draw_goes_through_its_steps(world: World) -> None:
    state = revealed(world)
    assert state.status is DrawStatus.REVEALED
    assert state.result is not None
    assert state.result.targets
    for target in state.result.targets:
        assert [pair.department for pair in target.pairs] == ["fire", "market"]


def test_the_lead_opens_its_own_draw_and_nobody_elses(world: World) -> None:
    world.ok(d.OpenDraw(plan=a_plan()), CLERK)
    assert world.no(d.OpenDraw(plan=a_plan()), MARKET) == ["not-your-department"]


def test_lists_say_what_the_registers_say(world: World) -> None:
    other = a_plan()
    wrong = other.population[0].model_copy(update={"risk": other.population[1].risk})
    changed = other.model_copy(update={"population": (wrong, *other.population[1:])})
    assert world.no(d.OpenDraw(plan=changed), OFFICE) == ["list-differs"]
    assert world.no(d.OpenDraw(plan=a_plan(41)), OFFICE) == ["unknown-enterprise"]


def test_only_licensed_inspectors_with_their_recusals_are_drawn(world: World) -> None:
    world.ok(c.RegisterOfficer(officer=an_officer(1, recused_from=(a_uscc(1),))), OFFICE)
    assert world.no(d.OpenDraw(plan=a_plan()), OFFICE) == ["list-differs"]
    world.ok(c.RegisterOfficer(officer=an_officer(1, licence=None)), OFFICE)
    assert world.no(d.OpenDraw(plan=a_plan()), OFFICE) == ["officer-unlicensed"]
    known = [an_inspector(n) for n in range(2, 5)]
    stranger = an_inspector(9)
    plan = a_plan(departments=("fire",), inspectors=[*known, stranger])
    assert world.no(d.OpenDraw(plan=plan), OFFICE) == ["unknown-officer"]
    foreign = an_inspector(1, "market")
    plan = a_plan(departments=("fire",), inspectors=[foreign, *known])
    assert world.no(d.OpenDraw(plan=plan), OFFICE) == ["officer-not-yours"]


def test_a_list_has_one_order_and_nobody_twice() -> None:
    plan = a_plan()
    for population in (plan.population[::-1], (plan.population[0], *plan.population)):
        with pytest.raises(ValueError, match="sorted by id"):
            DrawPlan.model_validate({**plan.model_dump(), "population": population})


def test_the_seed_is_committed_to_before_the_public_value_can_be_known(world: World) -> None:
    state = opened(world)
    known = committing(state, at=NOVEMBER)
    assert world.no(known, OFFICE) == ["public-value-known"]
    # What counts is when it was recorded, whatever the sender says of when it happened.
    late = NOVEMBER + timedelta(days=2)
    assert world.no(committing(state), OFFICE, recorded=late) == ["public-value-known"]
    world.ok(committing(state), OFFICE)
    assert world.no(committing(state, "11" * 32), OFFICE) == ["wrong-state"]


def test_the_public_value_is_not_entered_before_its_hour_nor_twice(world: World) -> None:
    state = opened(world)
    value = d.SetDrawPublic(draw=state.id, value="1")
    assert world.no(value, OFFICE, DRAWN_AT) == ["wrong-state"]
    world.ok(committing(state), OFFICE)
    assert world.no(value, OFFICE) == ["too-early"]
    world.ok(value, OFFICE, DRAWN_AT)
    again = d.SetDrawPublic(draw=state.id, value="2")
    assert world.no(again, OFFICE, DRAWN_AT) == ["wrong-state"]


def test_only_the_committed_seed_is_taken(world: World) -> None:
    state = opened(world)
    world.ok(committing(state), OFFICE)
    world.ok(d.SetDrawPublic(draw=state.id, value="1"), OFFICE, DRAWN_AT)
    other = d.RevealDraw(draw=state.id, seed="11" * 32)
    assert world.no(other, OFFICE, DRAWN_AT) == ["seed-differs"]
    world.ok(d.RevealDraw(draw=state.id, seed=SEED), OFFICE, DRAWN_AT)
    assert world.no(d.RevealDraw(draw=state.id, seed=SEED), OFFICE, DRAWN_AT) == ["wrong-state"]


def test_a_withdrawn_or_repeated_draw_stays_and_is_counted(world: World) -> None:
    first = revealed(world)
    assert world.no(d.WithdrawDraw(draw=first.id, reason="重抽"), MARKET) == ["not-your-department"]
    world.ok(d.WithdrawDraw(draw=first.id, reason="结果不理想"), OFFICE)
    again = a_plan(repeats=first.id, reason="名单有误")
    second = opened(world, again)
    assert (first.number, second.number) == (1, 2)
    gone = the(world, first.id)
    assert gone.status is DrawStatus.WITHDRAWN
    assert gone.withdrawn == "结果不理想"
    assert gone.result == first.result, "what was drawn stays on record"
    assert world.no(d.WithdrawDraw(draw=first.id, reason="再撤"), OFFICE) == ["wrong-state"]


def test_a_repetition_names_a_draw_of_the_same_lead_and_says_why(world: World) -> None:
    first = opened(world)
    assert world.no(d.OpenDraw(plan=a_plan(repeats=first.id)), OFFICE) == ["reason-missing"]
    plan = a_plan(repeats="none", reason="名单有误")
    assert world.no(d.OpenDraw(plan=plan), OFFICE) == ["unknown-draw"]
    plan = a_plan(departments=("market", "fire"), repeats=first.id, reason="名单有误")
    assert world.no(d.OpenDraw(plan=plan), OFFICE) == ["unknown-draw"]


def test_without_ratios_in_the_policy_nothing_is_drawn() -> None:
    world = World.adopted(policies=("national-54", "hunan-2010"))
    assert world.no(d.OpenDraw(plan=a_plan(1, ("fire",))), OFFICE) == ["no-draw-rules"]
