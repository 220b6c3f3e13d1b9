"""企业问题: reported by anybody, graded by the office, answered with proof, closed by the enterprise."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from portal.http.changing import CHANGE, SEE, Asking, Asks, there
from portal.http.house import House, In, PathId, PathMonth, Who
from portal.http.limits import StrictRoute
from portal.http.problems import documented, not_found
from portal.matters import pool
from portal.permissions import Action, Resource, authorize, reach
from scheduler import keys
from scheduler.problem_states import LookBackState, PoolState, ProblemState, ProblemStatus
from schemas import problem_commands as c
from schemas.base import Frozen, Id, Month, Name, Text
from schemas.enterprise_problems import (
    CarryCause,
    Checked,
    EnterpriseWord,
    ProblemAnswer,
    ProblemClosing,
    ProblemGrade,
    ProblemReport,
    ProblemReview,
    Proof,
)

router = APIRouter(prefix="/problems", tags=["problems 企业问题"], route_class=StrictRoute)


class ProblemView(Frozen):
    """A problem. Who reported it stays sealed; an unnamed enterprise is not told to departments."""

    id: str
    problem: ProblemReport
    verified: bool
    status: ProblemStatus
    reported: str
    grade: ProblemGrade | None = None
    leader: str | None = None
    department: str | None = None
    section: str | None = None
    answers: tuple[ProblemAnswer, ...] = ()
    words: tuple[EnterpriseWord, ...] = ()
    carried: tuple[str, ...] = ()
    reason: str | None = None
    closing: ProblemClosing | None = None
    closed_in: str | None = None
    into: str | None = None
    joined: tuple[str, ...] = ()
    reopened: int = 0
    reviews: tuple[ProblemReview, ...] = ()
    checks: tuple[Checked, ...] = ()


class ReportBody(Frozen):
    """A problem, and who reports it and how he is reached; that is sealed."""

    problem: ProblemReport
    reporter: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class OwnersBody(Frozen):
    """Grade and owners."""

    grade: ProblemGrade
    leader: Id
    department: Id
    section: Name | None = None


class MoveBody(Frozen):
    """Other owners, and why."""

    leader: Id
    department: Id
    section: Name | None = None
    reason: Text


class ReasonBody(Frozen):
    """Why."""

    reason: Text


class IntoBody(Frozen):
    """The problem in which this one goes on, and why."""

    into: Id
    reason: Text


class AnswerBody(Frozen):
    """What was done, and the files that show it by name and SHA-256."""

    text: Text
    proofs: tuple[Proof, ...] = Field(min_length=1, max_length=20)


class WordBody(Frozen):
    """Whether the problem is solved; a no says why."""

    satisfied: bool
    reason: Text | None = None


class CarryBody(Frozen):
    """The month that the problem outlasts, and why."""

    month: Month
    cause: CarryCause
    reason: Text


class ReviewBody(Frozen):
    """What the problem teaches, and what is changed for the next time."""

    text: Text
    change: Text


class CheckBody(Frozen):
    """Whether the problem stayed solved."""

    holds: bool
    text: Text


class PoolView(Frozen):
    """A month of the pool and its look back."""

    month: str
    pool: PoolState | None
    open: tuple[str, ...]
    closed: tuple[str, ...]
    to_carry: tuple[str, ...]
    look_back: LookBackState | None


def view(state: ProblemState) -> ProblemView:
    """Return a problem as programs see it."""
    return ProblemView(
        reported=state.reported.isoformat(),
        carried=tuple(f"{each.month}: {each.reason}" for each in state.carried),
        **{
            name: getattr(state, name)
            for name in ProblemView.model_fields
            if name not in {"reported", "carried"}
        },
    )


async def _seen(stands: House, who: Who, id_: str) -> ProblemState:
    return there(await pool.problem(stands.service.queries, who.actor, id_), id_)


async def _done(asks: Asking, id_: str, command: c.ProblemCommand) -> ProblemView:
    await asks.ask(command)
    return view(await _seen(asks.stands, asks.who, id_))


@router.get("", responses=documented(401, 403))
async def list_(
    stands: In,
    who: Who,
    *,
    open_: Annotated[bool, Query(alias="open")] = True,
    department: Id | None = None,
) -> tuple[ProblemView, ...]:
    """企业问题清单, 最早的在前 / problems, the oldest first; a department and an enterprise its own."""
    wanted = {"lies_open": open_} | ({"department": department} if department else {})
    found = await pool.listed(stands.service.queries, who.actor, **wanted)
    return tuple(map(view, found))


@router.post("", status_code=201, responses=CHANGE)
async def report(asks: Asks, body: ReportBody) -> dict[str, str]:
    """反映问题 / report a problem; an enterprise for itself only."""
    reach(asks.who.actor, Action.PROBLEM_REPORT)
    id_ = await asks.ask(c.ReportProblem(problem=body.problem, reporter=body.reporter))
    return {"id": id_}


@router.get("/pool/{month}", responses=documented(401, 403))
async def month(stands: In, who: Who, month: PathMonth) -> PoolView:
    """一个月的问题池 / a month of the pool."""
    reach(who.actor, Action.PROBLEM_HANDLE)
    service = stands.service
    found = await pool.month_of(service.queries, service.clock, who.actor, month)
    return PoolView(
        month=month,
        pool=found.state,
        open=tuple(card.state.id for card in found.open),
        closed=tuple(state.id for state in found.closed),
        to_carry=tuple(state.id for state in found.to_carry),
        look_back=found.look_back,
    )


@router.post("/pool/{month}/clearing", responses=CHANGE)
async def clear(asks: Asks, month: PathMonth) -> dict[str, str]:
    """月月清零 / clear a month: every problem still open has its reason for being carried over."""
    reach(asks.who.actor, Action.PROBLEM_HANDLE)
    await asks.ask(await clearing(asks.stands, asks.who, month))
    return {"month": month}


async def clearing(stands: House, who: Who, month: str) -> c.ClearPool:
    """Return the command that clears a month, with all that is open."""
    found = await pool.listed(stands.service.queries, who.actor, lies_open=True)
    return c.ClearPool(month=month, open=tuple(state.id for state in found))


@router.post("/pool/{month}/look-back", responses=CHANGE)
async def look_back(asks: Asks, month: PathMonth) -> LookBackState:
    """回头看抽样 / draw the sample of a month's closed problems, once."""
    reach(asks.who.actor, Action.PROBLEM_WATCH)
    await asks.ask(await drawing(asks.stands, asks.who, month))
    drawn = await asks.stands.service.queries.get(LookBackState, keys.look_back(month))
    return there(drawn, month)


async def drawing(stands: House, who: Who, month: str) -> c.LookBack:
    """Return the command that draws a month's sample.

    Raises:
        ProblemError: If nothing was closed in the month.
    """
    found = await pool.listed(stands.service.queries, who.actor, closed_in=month)
    if not found:
        raise not_found(month)
    closed = tuple(state.id for state in found)
    return c.LookBack(month=month, closed=closed, seed=secrets.token_hex(32))


@router.post("/pool/{month}/checks/{problem}", responses=CHANGE)
async def check(asks: Asks, month: PathMonth, problem: PathId, body: CheckBody) -> ProblemView:
    """回头看结果 / what the look back found at a problem of the sample."""
    reach(asks.who.actor, Action.PROBLEM_WATCH)
    command = c.CheckProblem(month=month, problem=problem, holds=body.holds, text=body.text)
    return await _done(asks, problem, command)


@router.get("/{problem}", responses=SEE)
async def show(stands: In, who: Who, problem: PathId) -> ProblemView:
    """一个问题的全过程 / one problem with all that happened to it."""
    return view(await _seen(stands, who, problem))


@router.post("/{problem}/acceptance", responses=CHANGE)
async def accept(asks: Asks, problem: PathId, body: OwnersBody) -> ProblemView:
    """定级交办 / grade a problem and give it to its two owners."""
    reach(asks.who.actor, Action.PROBLEM_HANDLE)
    command = c.AcceptProblem(problem=problem, **body.model_dump())
    return await _done(asks, problem, command)


@router.post("/{problem}/owners", responses=CHANGE)
async def reassign(asks: Asks, problem: PathId, body: MoveBody) -> ProblemView:
    """改派 / other owners; the clock goes on."""
    reach(asks.who.actor, Action.PROBLEM_HANDLE)
    command = c.ReassignProblem(problem=problem, **body.model_dump())
    return await _done(asks, problem, command)


@router.post("/{problem}/decline", responses=CHANGE)
async def decline(asks: Asks, problem: PathId, body: ReasonBody) -> ProblemView:
    """不予受理并说明理由 / decline with a reason that whoever reported is told."""
    reach(asks.who.actor, Action.PROBLEM_HANDLE)
    command = c.DeclineProblem(problem=problem, reason=body.reason)
    return await _done(asks, problem, command)


@router.post("/{problem}/merge", responses=CHANGE)
async def merge(asks: Asks, problem: PathId, body: IntoBody) -> ProblemView:
    """并案 / let a problem go on in another that says the same."""
    reach(asks.who.actor, Action.PROBLEM_HANDLE)
    command = c.MergeProblem(problem=problem, into=body.into, reason=body.reason)
    return await _done(asks, problem, command)


@router.post("/{problem}/answer", responses=CHANGE)
async def answer(asks: Asks, problem: PathId, body: AnswerBody) -> ProblemView:
    """办理答复并附证明 / what was done, with proof; the enterprise is asked for its word."""
    state = await _seen(asks.stands, asks.who, problem)
    authorize(asks.who.actor, Action.PROBLEM_ANSWER, Resource.owned(state.department or ""))
    command = c.AnswerProblem(problem=problem, text=body.text, proofs=body.proofs)
    return await _done(asks, problem, command)


@router.post("/{problem}/word", responses=CHANGE)
async def word(asks: Asks, problem: PathId, body: WordBody) -> ProblemView:
    """企业确认 / the enterprise says whether it is solved."""
    reach(asks.who.actor, Action.PROBLEM_WORD)
    command = c.GiveWord(problem=problem, satisfied=body.satisfied, reason=body.reason)
    return await _done(asks, problem, command)


@router.post("/{problem}/closing", responses=CHANGE)
async def close(asks: Asks, problem: PathId, body: ReasonBody) -> ProblemView:
    """未得到企业确认的销号, 须说明理由 / close without the enterprise's word, saying why."""
    reach(asks.who.actor, Action.PROBLEM_HANDLE)
    command = c.CloseProblem(problem=problem, reason=body.reason)
    return await _done(asks, problem, command)


@router.post("/{problem}/carry", responses=CHANGE)
async def carry(asks: Asks, problem: PathId, body: CarryBody) -> ProblemView:
    """结转理由 / why a problem outlasts its month."""
    state = await _seen(asks.stands, asks.who, problem)
    authorize(asks.who.actor, Action.PROBLEM_ANSWER, Resource.owned(state.department or ""))
    command = c.CarryProblem(problem=problem, **body.model_dump())
    return await _done(asks, problem, command)


@router.post("/{problem}/reopening", responses=CHANGE)
async def reopen(asks: Asks, problem: PathId, body: ReasonBody) -> ProblemView:
    """重新打开 / open a closed problem again."""
    reach(asks.who.actor, Action.PROBLEM_REOPEN)
    command = c.ReopenProblem(problem=problem, reason=body.reason)
    return await _done(asks, problem, command)


@router.post("/{problem}/review", responses=CHANGE)
async def review(asks: Asks, problem: PathId, body: ReviewBody) -> ProblemView:
    """复盘 / put on record what a problem teaches."""
    reach(asks.who.actor, Action.PROBLEM_WATCH)
    command = c.ReviewProblem(problem=problem, text=body.text, change=body.change)
    return await _done(asks, problem, command)
