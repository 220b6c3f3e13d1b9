"""The pool is cleared at the month's end or carried over with reasons; a sample is looked at again."""

from datetime import date

import pytest

from scheduler import keys
from scheduler.problem_states import LookBackState, PoolState
from schemas import problem_commands as c
from schemas.enterprise_problems import CarryCause
from tests.builders import a_department
from tests.scheduler.decide.test_problems import (
    FIRM,
    SUPERVISOR,
    accepted,
    answered,
    open_now,
    reported,
    the,
)
from tests.worlds import CLERK, HEAD, OFFICE, World, at

LAST = at(date(2026, 12, 31))
SEED = "5e" * 32


@pytest.fixture
def world() -> World:
    """Return a world with the shipped policy."""
    return World.adopted().with_department(a_department(id="market"))


def pool(world: World, month: str = "2026-12") -> PoolState:
    """Return a month of the pool."""
    state = world.cells[keys.pool(month)]
    assert isinstance(state, PoolState)
    return state


def carry(id_: str, month: str = "2026-12") -> c.CarryProblem:
    """Return the command that carries a problem over."""
    return c.CarryProblem(problem=id_, month=month, cause=CarryCause.MONEY, reason="待预算")


def test_the_first_problem_of_a_month_opens_its_pool(world: World) -> None:
    reported(world)
    reported(world)
    clock = world.cells[keys.deadline("pool-cleared", keys.pool("2026-12"))]
    assert (clock.owner, clock.since, clock.status) == ("coordinator", date(2026, 12, 1), "open")
    assert clock.working_days == 22, "the working days from 2 to 31 December"
    assert sum(type(event).__name__ == "PoolOpened" for _, event in world.log) == 1


def test_no_open_problem_is_left_out(world: World) -> None:
    first, second = accepted(world), reported(world)
    assert world.no(c.ClearPool(month="2026-12", open=(first,)), OFFICE, LAST) == ["pool-differs"]
    both = c.ClearPool(month="2026-12", open=(first, second))
    assert world.no(both, OFFICE, LAST) == ["carry-missing"]
    world.ok(carry(first), CLERK)
    assert world.no(carry(first), CLERK) == ["already-recorded"]
    assert world.no(carry(second), CLERK) == ["not-your-department"], "nobody's but the office's"
    world.ok(carry(second), OFFICE)
    assert world.no(both, CLERK, LAST) == ["role-not-asked"]
    assert world.no(both, OFFICE, at(date(2026, 12, 30))) == ["too-early"]
    world.ok(both, OFFICE, LAST)
    assert pool(world).carried == tuple(sorted((first, second)))
    assert world.cells[keys.deadline("pool-cleared", keys.pool("2026-12"))].status == "met"
    assert world.no(both, OFFICE, LAST) == ["wrong-state"], "once"


def test_what_was_carried_opens_the_next_months_pool(world: World) -> None:
    id_ = accepted(world)
    world.ok(carry(id_), CLERK)
    world.ok(c.ClearPool(month="2026-12", open=(id_,)), OFFICE, LAST)
    assert pool(world, "2027-01").cleared is None
    clock = world.cells[keys.deadline("pool-cleared", keys.pool("2027-01"))]
    assert (clock.since, clock.status) == (date(2026, 12, 31), "open")


def test_a_pool_without_open_problems_is_cleared_to_zero(world: World) -> None:
    id_ = answered(world)
    world.ok(c.GiveWord(problem=id_, satisfied=True), FIRM)
    world.ok(c.ClearPool(month="2026-12", open=()), OFFICE, LAST)
    assert (pool(world).closed, pool(world).carried) == (1, ())
    assert world.cells[keys.pool("2027-01")] is None
    assert world.no(c.ClearPool(month="2027-01", open=()), OFFICE, LAST) == ["wrong-state"]


def closed(world: World, number: int) -> tuple[str, ...]:
    """Let problems be closed by the enterprise's word; return their ids."""
    ids = tuple(answered(world) for _ in range(number))
    for id_ in ids:
        world.ok(c.GiveWord(problem=id_, satisfied=True), FIRM)
    return ids


def test_the_look_back_takes_a_tenth_and_all_without_a_word(world: World) -> None:
    heard = closed(world, 11)
    silent = answered(world)
    world.ok(c.CloseProblem(problem=silent, reason="无人接听"), OFFICE, at(date(2026, 12, 20)))
    january = at(date(2027, 1, 5))
    some = c.LookBack(month="2026-12", closed=heard, seed=SEED)
    assert world.no(some, SUPERVISOR, january) == ["pool-differs"]
    every = c.LookBack(month="2026-12", closed=(*heard, silent), seed=SEED)
    assert world.no(every, SUPERVISOR, LAST) == ["too-early"]
    assert world.no(every, HEAD, january) == ["role-not-asked"]
    world.ok(every, SUPERVISOR, january)
    drawn = world.cells[keys.look_back("2026-12")]
    assert isinstance(drawn, LookBackState)
    assert (drawn.of, len(drawn.sample), silent in drawn.sample) == (12, 3, True)
    assert world.no(every, SUPERVISOR, january) == ["already-recorded"], "nobody draws again"


def test_a_problem_that_came_back_is_opened_again(world: World) -> None:
    (id_,) = closed(world, 1)
    january = at(date(2027, 1, 5))
    world.ok(c.LookBack(month="2026-12", closed=(id_,), seed=SEED), OFFICE, january)
    came_back = c.CheckProblem(month="2026-12", problem=id_, holds=False, text="仍然停电")
    assert world.no(came_back, CLERK, january) == ["role-not-asked"]
    world.ok(came_back, SUPERVISOR, january)
    state = the(world, id_)
    assert (state.open, state.reopened, open_now(world)) == (True, 1, 1)
    assert [check.holds for check in state.checks] == [False]
    elsewhere = c.CheckProblem(month="2026-11", problem=id_, holds=True, text="好")
    assert world.no(elsewhere, SUPERVISOR, january) == ["not-in-sample"]
