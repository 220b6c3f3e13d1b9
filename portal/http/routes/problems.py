"""企业问题: reported by anybody, graded by the office, answered with proof, closed by the enterprise."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from portal.http.authorize import Action, Resource, authorize, reach
from portal.http.house import House, In, Key, PathId, PathMonth, Who, ask
from portal.http.limits import StrictRoute
from portal.http.problems import documented, not_found
from portal.matters import pool
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

_CHANGE = documented(400, 401, 403, 404, 409, 413, 422)


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
    state = await pool.problem(stands.service.queries, who.actor, id_)
    if state is None:
        raise not_found(id_)
    return state


async def _done(  # noqa: PLR0917 - what every change has at hand
    stands: House, who: Who, id_: str, command: c.ProblemCommand, key: str | None, reply: Response
) -> ProblemView:
    told = await ask(stands, who, command, key)
    reply.headers.update(told.headers)
    return view(await _seen(stands, who, id_))


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


@router.post("", status_code=201, responses=_CHANGE)
async def report(
    stands: In, who: Who, body: ReportBody, reply: Response, key: Key = None
) -> dict[str, str]:
    """反映问题 / report a problem; an enterprise for itself only."""
    reach(who.actor, Action.PROBLEM_REPORT)
    told = await ask(
        stands, who, c.ReportProblem(problem=body.problem, reporter=body.reporter), key
    )
    reply.headers.update(told.headers)
    return {"id": told.id}


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


@router.post("/pool/{month}/clearing", responses=_CHANGE)
async def clear(stands: In, who: Who, month: PathMonth, key: Key = None) -> dict[str, str]:
    """月月清零 / clear a month: every problem still open has its reason for being carried over."""
    reach(who.actor, Action.PROBLEM_HANDLE)
    await ask(stands, who, await clearing(stands, who, month), key)
    return {"month": month}


async def clearing(stands: House, who: Who, month: str) -> c.ClearPool:
    """Return the command that clears a month, with all that is open."""
    found = await pool.listed(stands.service.queries, who.actor, lies_open=True)
    return c.ClearPool(month=month, open=tuple(state.id for state in found))


@router.post("/pool/{month}/look-back", responses=_CHANGE)
async def look_back(stands: In, who: Who, month: PathMonth, key: Key = None) -> LookBackState:
    """回头看抽样 / draw the sample of a month's closed problems, once."""
    reach(who.actor, Action.PROBLEM_WATCH)
    await ask(stands, who, await drawing(stands, who, month), key)
    drawn = await stands.service.queries.get(LookBackState, keys.look_back(month))
    if drawn is None:
        raise not_found(month)
    return drawn


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


@router.post("/pool/{month}/checks/{problem}", responses=_CHANGE)
async def check(  # noqa: PLR0917 - FastAPI calls by name
    stands: In,
    who: Who,
    month: PathMonth,
    problem: PathId,
    body: CheckBody,
    reply: Response,
    key: Key = None,
) -> ProblemView:
    """回头看结果 / what the look back found at a problem of the sample."""
    reach(who.actor, Action.PROBLEM_WATCH)
    command = c.CheckProblem(month=month, problem=problem, holds=body.holds, text=body.text)
    return await _done(stands, who, problem, command, key, reply)


@router.get("/{problem}", responses=documented(401, 403, 404))
async def show(stands: In, who: Who, problem: PathId) -> ProblemView:
    """一个问题的全过程 / one problem with all that happened to it."""
    return view(await _seen(stands, who, problem))


@router.post("/{problem}/acceptance", responses=_CHANGE)
async def accept(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, who: Who, problem: PathId, body: OwnersBody, reply: Response, key: Key = None
) -> ProblemView:
    """定级交办 / grade a problem and give it to its two owners."""
    reach(who.actor, Action.PROBLEM_HANDLE)
    command = c.AcceptProblem(problem=problem, **body.model_dump())
    return await _done(stands, who, problem, command, key, reply)


@router.post("/{problem}/owners", responses=_CHANGE)
async def reassign(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, who: Who, problem: PathId, body: MoveBody, reply: Response, key: Key = None
) -> ProblemView:
    """改派 / other owners; the clock goes on."""
    reach(who.actor, Action.PROBLEM_HANDLE)
    command = c.ReassignProblem(problem=problem, **body.model_dump())
    return await _done(stands, who, problem, command, key, reply)


@router.post("/{problem}/decline", responses=_CHANGE)
async def decline(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, who: Who, problem: PathId, body: ReasonBody, reply: Response, key: Key = None
) -> ProblemView:
    """不予受理并说明理由 / decline with a reason that whoever reported is told."""
    reach(who.actor, Action.PROBLEM_HANDLE)
    command = c.DeclineProblem(problem=problem, reason=body.reason)
    return await _done(stands, who, problem, command, key, reply)


@router.post("/{problem}/merge", responses=_CHANGE)
async def merge(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, who: Who, problem: PathId, body: IntoBody, reply: Response, key: Key = None
) -> ProblemView:
    """并案 / let a problem go on in another that says the same."""
    reach(who.actor, Action.PROBLEM_HANDLE)
    command = c.MergeProblem(problem=problem, into=body.into, reason=body.reason)
    return await _done(stands, who, problem, command, key, reply)


@router.post("/{problem}/answer", responses=_CHANGE)
async def answer(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, who: Who, problem: PathId, body: AnswerBody, reply: Response, key: Key = None
) -> ProblemView:
    """办理答复并附证明 / what was done, with proof; the enterprise is asked for its word."""
    state = await _seen(stands, who, problem)
    authorize(who.actor, Action.PROBLEM_ANSWER, Resource.owned(state.department or ""))
    command = c.AnswerProblem(problem=problem, text=body.text, proofs=body.proofs)
    return await _done(stands, who, problem, command, key, reply)


@router.post("/{problem}/word", responses=_CHANGE)
async def word(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, who: Who, problem: PathId, body: WordBody, reply: Response, key: Key = None
) -> ProblemView:
    """企业确认 / the enterprise says whether it is solved."""
    reach(who.actor, Action.PROBLEM_WORD)
    command = c.GiveWord(problem=problem, satisfied=body.satisfied, reason=body.reason)
    return await _done(stands, who, problem, command, key, reply)


@router.post("/{problem}/closing", responses=_CHANGE)
async def close(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, who: Who, problem: PathId, body: ReasonBody, reply: Response, key: Key = None
) -> ProblemView:
    """未得到企业确认的销号, 须说明理由 / close without the enterprise's word, saying why."""
    reach(who.actor, Action.PROBLEM_HANDLE)
    command = c.CloseProblem(problem=problem, reason=body.reason)
    return await _done(stands, who, problem, command, key, reply)


@router.post("/{problem}/carry", responses=_CHANGE)
async def carry(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, who: Who, problem: PathId, body: CarryBody, reply: Response, key: Key = None
) -> ProblemView:
    """结转理由 / why a problem outlasts its month."""
    state = await _seen(stands, who, problem)
    authorize(who.actor, Action.PROBLEM_ANSWER, Resource.owned(state.department or ""))
    command = c.CarryProblem(problem=problem, **body.model_dump())
    return await _done(stands, who, problem, command, key, reply)


@router.post("/{problem}/reopening", responses=_CHANGE)
async def reopen(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, who: Who, problem: PathId, body: ReasonBody, reply: Response, key: Key = None
) -> ProblemView:
    """重新打开 / open a closed problem again."""
    reach(who.actor, Action.PROBLEM_REOPEN)
    command = c.ReopenProblem(problem=problem, reason=body.reason)
    return await _done(stands, who, problem, command, key, reply)


@router.post("/{problem}/review", responses=_CHANGE)
async def review(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, who: Who, problem: PathId, body: ReviewBody, reply: Response, key: Key = None
) -> ProblemView:
    """复盘 / put on record what a problem teaches."""
    reach(who.actor, Action.PROBLEM_WATCH)
    command = c.ReviewProblem(problem=problem, text=body.text, change=body.change)
    return await _done(stands, who, problem, command, key, reply)
