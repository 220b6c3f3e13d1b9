"""Enterprises' problems: two owners, a clock, proof, the enterprise's word; nothing ends in silence."""

from datetime import date
from typing import Any

import pytest

from scheduler import keys
from scheduler.problem_states import ProblemState, ProblemStatus
from scheduler.view import Claims
from schemas import problem_commands as c
from schemas.commands import RegisterEnterprise
from schemas.enterprise_problems import (
    ProblemClosing,
    ProblemGrade,
    ProblemReport,
    ProblemSource,
    Proof,
)
from schemas.envelope import Actor, ActorRole
from tests.builders import a_department, a_uscc, an_enterprise
from tests.worlds import CLERK, HEAD, OFFICE, World, at

FIRM = Actor(id="firm", role=ActorRole.ENTERPRISE, of=a_uscc())
RATER = Actor(id="rater", role=ActorRole.ENTERPRISE)
SUPERVISOR = Actor(id="supervisor", role=ActorRole.AUDITOR)
PROOF = Proof(name="修复照片.jpg", digest="ab" * 32)


def a_report(**changes: Any) -> ProblemReport:  # noqa: ANN401 - any field
    """Return a problem that somebody told by phone."""
    fields = {
        "title": "园区频繁停电",
        "text": "每周停电两次，生产线停工。",
        "source": ProblemSource.PHONE,
        "enterprise": a_uscc(),
        **changes,
    }
    return ProblemReport(**fields)


@pytest.fixture
def world() -> World:
    """Return a world with the shipped policy and a second department."""
    return World.adopted().with_department(a_department(id="market"))


def reported(world: World, actor: Actor = OFFICE, **changes: Any) -> str:  # noqa: ANN401
    """Report a problem; return its id."""
    command = c.ReportProblem(problem=a_report(**changes))
    return world.ok(command, actor).about.partition("/")[2]


def accepted(world: World, grade: ProblemGrade = ProblemGrade.SIMPLE, **changes: Any) -> str:  # noqa: ANN401
    """Report a problem and give it to the fire brigade; return its id."""
    id_ = reported(world, **changes)
    world.ok(c.AcceptProblem(problem=id_, grade=grade, leader="mayor", department="fire"), OFFICE)
    return id_


def answered(world: World, **changes: Any) -> str:  # noqa: ANN401 - any field of the report
    """Report, accept and answer a problem; return its id."""
    id_ = accepted(world, **changes)
    world.ok(c.AnswerProblem(problem=id_, text="已换变压器", proofs=(PROOF,)), CLERK)
    return id_


def the(world: World, id_: str) -> ProblemState:
    """Return a problem as it stands."""
    state = world.cells[keys.problem(id_)]
    assert isinstance(state, ProblemState)
    return state


def clock(world: World, rule: str, id_: str) -> tuple[str, str, int]:
    """Return whose a problem's clock is, how it stands and how many days it has."""
    state = world.cells[keys.deadline(rule, keys.problem(id_))]
    return state.to, state.status, state.working_days


def open_now(world: World) -> int:
    """Return how many problems lie in the pool."""
    return world.tally(keys.PROBLEMS_OPEN)[1]


def test_the_clocks_run_one_three_and_five_days(world: World) -> None:
    simple, hard = accepted(world), accepted(world, ProblemGrade.COMPLEX)
    assert clock(world, "problem-accept", simple) == ("", "met", 1)
    assert clock(world, "problem-simple", simple) == ("fire", "open", 3)
    assert clock(world, "problem-complex", hard) == ("fire", "open", 5)
    assert world.cells[keys.deadline("problem-complex", keys.problem(simple))] is None
    assert world.cells[keys.deadline("problem-simple", keys.problem(hard))] is None


def test_a_problem_has_two_owners_and_closes_by_the_enterprises_word(world: World) -> None:
    id_ = answered(world)
    assert (the(world, id_).leader, the(world, id_).department) == ("mayor", "fire")
    assert clock(world, "problem-simple", id_)[1] == "met"
    world.ok(c.GiveWord(problem=id_, satisfied=True), FIRM)
    state = the(world, id_)
    assert (state.status, state.closing) == (ProblemStatus.CLOSED, ProblemClosing.CONFIRMED)
    assert (state.closed_in, open_now(world)) == ("2026-12", 0)


def test_a_no_starts_the_clock_anew_and_says_why(world: World) -> None:
    id_ = answered(world)
    assert world.no(c.GiveWord(problem=id_, satisfied=False), FIRM) == ["reason-missing"]
    later = at(date(2026, 12, 3))
    world.ok(c.GiveWord(problem=id_, satisfied=False, reason="昨天又停了"), FIRM, later)
    assert the(world, id_).status is ProblemStatus.ACCEPTED
    assert clock(world, "problem-simple", id_) == ("fire", "open", 3)
    assert open_now(world) == 1


def test_nobody_speaks_for_another_enterprise(world: World) -> None:
    world.ok(RegisterEnterprise(enterprise=an_enterprise(2)), OFFICE)
    other = Actor(id="other", role=ActorRole.ENTERPRISE, of=a_uscc(2))
    id_ = answered(world)
    yes = c.GiveWord(problem=id_, satisfied=True)
    assert world.no(yes, other) == ["not-your-enterprise"]
    for actor in (CLERK, HEAD, OFFICE, RATER):
        assert world.no(yes, actor) == ["token-forged"]
    assert world.no(yes, RATER, claims=Claims(token="another")) == ["token-forged"]
    world.ok(yes, RATER, claims=Claims(token=id_))
    assert world.no(c.ReportProblem(problem=a_report()), other) == ["not-your-enterprise"]


def test_who_is_not_logged_in_shows_for_whom_he_speaks(world: World) -> None:
    report = c.ReportProblem(problem=a_report(enterprise=None, source=ProblemSource.ENTERPRISE))
    assert world.no(report, RATER) == ["token-forged"]
    decision = world.ok(report, RATER, claims=Claims(gate=a_uscc()))
    state = the(world, decision.about.partition("/")[2])
    assert (state.problem.enterprise, state.verified) == (a_uscc(), True)
    assert not the(world, reported(world, CLERK)).verified, "a clerk tells what he was told"


def test_silence_is_no_yes(world: World) -> None:
    id_ = answered(world)
    close = c.CloseProblem(problem=id_, reason="三次电话无人接听")
    assert world.no(close, OFFICE, at(date(2026, 12, 8))) == ["word-awaited"]
    assert world.no(close, CLERK, at(date(2026, 12, 9))) == ["role-not-asked"]
    world.ok(close, OFFICE, at(date(2026, 12, 9)))
    state = the(world, id_)
    assert (state.closing, state.reason) == (ProblemClosing.NO_WORD, "三次电话无人接听")
    without = answered(world, enterprise=None)
    world.ok(c.CloseProblem(problem=without, reason="商会确认"), OFFICE)
    assert the(world, without).closing is ProblemClosing.NO_ENTERPRISE


def test_a_duplicate_goes_on_in_the_other(world: World) -> None:
    first, second = accepted(world), reported(world, FIRM)
    same = c.MergeProblem(problem=second, into=second, reason="重复")
    assert world.no(same, OFFICE) == ["problem-itself"]
    world.ok(c.MergeProblem(problem=second, into=first, reason="同一条线路"), OFFICE)
    assert (the(world, second).status, the(world, second).into) == (ProblemStatus.MERGED, first)
    assert the(world, first).joined == (second,)
    assert clock(world, "problem-accept", second)[1] == "met"
    assert open_now(world) == 1
    assert world.no(c.MergeProblem(problem=first, into=second, reason="反向"), OFFICE) == [
        "wrong-state"
    ]


def test_another_owner_gets_the_days_that_are_left(world: World) -> None:
    id_ = accepted(world)
    moved = c.ReassignProblem(
        problem=id_, leader="secretary", department="market", reason="职责在市场监管"
    )
    assert world.no(moved, CLERK) == ["role-not-asked"]
    world.ok(moved, OFFICE, at(date(2026, 12, 3)))
    assert clock(world, "problem-simple", id_) == ("market", "open", 1)
    answer = c.AnswerProblem(problem=id_, text="已办", proofs=(PROOF,))
    assert world.no(answer, CLERK) == ["not-your-department"]


def test_a_problem_is_declined_with_a_reason(world: World) -> None:
    id_ = reported(world)
    decline = c.DeclineProblem(problem=id_, reason="属民事纠纷，已告知诉讼途径")
    assert world.no(decline, CLERK) == ["role-not-asked"]
    world.ok(decline, OFFICE)
    assert the(world, id_).reason == "属民事纠纷，已告知诉讼途径"
    assert (clock(world, "problem-accept", id_)[1], open_now(world)) == ("met", 0)


def test_a_closed_problem_opens_again_and_teaches(world: World) -> None:
    id_ = answered(world)
    world.ok(c.GiveWord(problem=id_, satisfied=True), FIRM)
    review = c.ReviewProblem(problem=id_, text="变压器容量不足", change="扩容前置到招商阶段")
    assert world.no(review, CLERK) == ["role-not-asked"]
    world.ok(review, SUPERVISOR)
    world.ok(c.ReopenProblem(problem=id_, reason="又停电"), FIRM, at(date(2026, 12, 10)))
    state = the(world, id_)
    assert (state.status, state.reopened, state.closed_in) == (ProblemStatus.ACCEPTED, 1, None)
    assert [each.change for each in state.reviews] == ["扩容前置到招商阶段"]
    assert world.tally(keys.problems_closed("2026-12")) == (0, 0)
    assert clock(world, "problem-simple", id_)[1] == "open"


def test_what_is_in_no_register_is_told(world: World) -> None:
    assert world.no(c.ReportProblem(problem=a_report(enterprise=a_uscc(9)))) == [
        "unknown-enterprise"
    ]
    assert world.no(c.ReportProblem(problem=a_report(against="none"))) == ["unknown-department"]
    assert world.no(c.DeclineProblem(problem="none", reason="x"), OFFICE) == ["unknown-problem"]
