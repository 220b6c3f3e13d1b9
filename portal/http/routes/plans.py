"""The month's plan: read, answered, drafted and published; versions are guarded by entity tags."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from portal.http.changing import CHANGE, SEE, Asks, there
from portal.http.house import House, In, Key, PathId, PathMonth, Who
from portal.http.identity import Principal
from portal.http.limits import StrictRoute
from portal.http.problems import ProblemError, documented, not_found
from portal.http.solving import How, JobView
from portal.http.views import PlanView, plan_view
from portal.messages import content_id, fresh_id
from portal.permissions import Action, Reach, Resource, authorize, reach
from scheduler import keys, replanning
from scheduler.states import DraftState, MonthState
from schemas import commands as c
from schemas.base import Frozen, Id, Text
from schemas.plans import Answer, AnswerKind, Pin

router = APIRouter(tags=["plans 月度计划"], route_class=StrictRoute)

Version = Annotated[int | None, Query(ge=1, le=999)]
IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=2000)]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", max_length=2000)]


class AnswerBody(Frozen):
    """The department's answer about one line."""

    visit: Id
    kind: AnswerKind
    reason: Text | None = None


class AnswersBody(Frozen):
    """A department's answers to a version of the draft."""

    version: int = Field(ge=1, le=999)
    answers: tuple[AnswerBody, ...] = Field(min_length=1, max_length=500)


class PublicationBody(Frozen):
    """Which version is published."""

    version: int = Field(ge=1, le=999)


class DraftBody(Frozen):
    """How to search: the same seed and steps on the same ledger give the same plan.

    ``seconds`` and ``memory_mib`` end the search early, and keep the best plan. ``revise`` plans a
    published month again: each request that leaves its day costs ``change`` points more.
    """

    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    steps: int | None = Field(default=None, ge=1, le=10_000)
    seconds: float | None = Field(default=None, gt=0, le=86_400)
    memory_mib: int | None = Field(default=None, ge=64, le=1_048_576)
    pins: tuple[Pin, ...] = Field(default=(), max_length=1000)
    revise: bool = False
    change: int = Field(default=replanning.CHANGE, ge=0, le=40)


@router.get(
    "/plans/{month}",
    responses={304: {"description": "没有变化 / unchanged"}, **SEE},
    response_model=PlanView,
)
async def show(  # noqa: PLR0917 - FastAPI calls by name
    stands: In,
    who: Who,
    month: PathMonth,
    reply: Response,
    version: Version = None,
    if_none_match: IfNoneMatch = None,
) -> PlanView | Response:
    """月度计划 / the month's plan: the published version, else the newest draft."""
    only = _only(who)
    state = await _month(stands, month)
    chosen = version or state.published or state.drafted
    draft = await _draft(stands, month, chosen)
    if version and draft is None:
        raise not_found(f"{month} v{version}")
    tag = await _tag(stands, month, chosen, only)
    if if_none_match and _names(if_none_match, tag):
        return Response(status_code=304, headers={"etag": tag})
    reply.headers["etag"] = tag
    return plan_view(month, state, draft, only)


@router.post("/plans/{month}/closing", responses=CHANGE)
async def close(asks: Asks, month: PathMonth) -> PlanView:
    """截止该月申请 / close the month's requests."""
    authorize(asks.who.actor, Action.PLAN_CLOSE, Resource())
    await asks.ask(c.CloseMonth(month=month))
    return await _seen(asks.stands, asks.who, month, asks.reply)


@router.post("/plans/{month}/drafts", status_code=202, responses=CHANGE)
async def draft(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, who: Who, month: PathMonth, body: DraftBody, reply: Response, key: Key = None
) -> JobView:
    """排程 / search for a plan; its progress is read at the address in Location."""
    authorize(who.actor, Action.PLAN_DRAFT, Resource())
    state = await _month(stands, month)
    if not state.closed:
        said = ("该月申请尚未截止", "requests for the month are still open")
        raise ProblemError(409, "month-open", said, about=keys.month(month))
    id_ = content_id((who.source, key, month)) if key else fresh_id()
    how = How(
        seconds=body.seconds,
        memory_mib=body.memory_mib,
        pins={pin.request: pin.day for pin in body.pins},
        revise=body.revise,
        change=body.change,
    )
    job = stands.solving.start(id_, month, seed=body.seed, steps=body.steps, how=how)
    reply.headers["location"] = f"/api/v1/planning-jobs/{job.id}"
    return job


@router.get("/planning-jobs/{job}", responses=SEE)
async def progress(stands: In, who: Who, job: PathId) -> JobView:
    """排程进度 / how far a search is."""
    authorize(who.actor, Action.PLAN_DRAFT, Resource())
    return there(stands.solving.find(job), job)


@router.post("/planning-jobs/{job}/stop", responses=SEE)
async def stop(stands: In, who: Who, job: PathId) -> JobView:
    """停止并保留当前最好的计划 / end a search at its next step, and keep its best plan."""
    authorize(who.actor, Action.PLAN_DRAFT, Resource())
    return there(stands.solving.stop(job), job)


@router.get(
    "/planning-jobs/{job}/events",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {}}, "description": "进度事件流 / one event a step"},
        **SEE,
    },
)
async def events(stands: In, who: Who, job: PathId) -> StreamingResponse:
    """排程进度流 / a search's progress as server-sent events, until it is over."""
    authorize(who.actor, Action.PLAN_DRAFT, Resource())
    there(stands.solving.find(job), job)

    async def told() -> AsyncIterator[str]:
        async for view in stands.solving.follow(job):
            yield f"event: {view.status}\ndata: {view.model_dump_json()}\n\n"

    return StreamingResponse(told(), media_type="text/event-stream")


@router.post("/plans/{month}/answers", responses=CHANGE)
async def answer(asks: Asks, month: PathMonth, body: AnswersBody) -> PlanView:
    """部门反馈 / the department's answers to its lines; silence accepts."""
    own = asks.who.actor.of or ""
    authorize(asks.who.actor, Action.PLAN_ANSWER, Resource.owned(own))
    given = tuple(Answer(department=own, **dict(each)) for each in body.answers)
    await asks.ask(c.AnswerPlan(month=month, version=body.version, answers=given))
    return await _seen(asks.stands, asks.who, month, asks.reply)


@router.post("/plans/{month}/publication", responses=CHANGE | documented(412, 428))
async def publish(
    asks: Asks, month: PathMonth, body: PublicationBody, if_match: IfMatch = None
) -> PlanView:
    """发布 / publish the version that was read; it is audited again against the ledger."""
    authorize(asks.who.actor, Action.PLAN_PUBLISH, Resource())
    if if_match is None:
        said = ("请带 If-Match: 您所读计划的 ETag", "send If-Match with the ETag of what you read")
        raise ProblemError(428, "if-match-missing", said)
    state = await _month(asks.stands, month)
    tag = await _tag(asks.stands, month, body.version, None)
    # A repetition of what was published already meets its first outcome, whatever it read.
    if state.published != body.version and not _names(if_match, tag):
        said = ("计划已有变化, 请重新读取", "the plan has changed, read it again")
        raise ProblemError(412, "version-stale", said, headers={"etag": tag})
    await asks.ask(c.PublishPlan(month=month, version=body.version))
    return await _seen(asks.stands, asks.who, month, asks.reply)


def _only(who: Principal) -> str | None:
    """Return the department to whose lines a reader is confined."""
    return who.actor.of if reach(who.actor, Action.PLAN_READ) is Reach.OWN else None


async def _month(stands: House, month: str) -> MonthState:
    return await stands.service.queries.get(MonthState, keys.month(month)) or MonthState()


async def _draft(stands: House, month: str, version: int) -> DraftState | None:
    if not version:
        return None
    return await stands.service.queries.get(DraftState, keys.draft(month, version))


async def _seen(stands: House, who: Principal, month: str, reply: Response) -> PlanView:
    """Return the plan as it stands now, with its tag."""
    only, state = _only(who), await _month(stands, month)
    chosen = state.published or state.drafted
    reply.headers["etag"] = await _tag(stands, month, chosen, only)
    return plan_view(month, state, await _draft(stands, month, chosen), only)


async def _tag(stands: House, month: str, version: int, only: str | None) -> str:
    """Return the entity tag of what one kind of reader sees: it changes with every answer."""
    names = [keys.month(month), *([keys.draft(month, version)] if version else [])]
    cells = await stands.service.ledger.peek(names)
    text = "\x1f".join([month, str(version), only or "*", *(str(cells[n].version) for n in names)])
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _names(header: str, tag: str) -> bool:
    stated = {part.strip().removeprefix("W/") for part in header.split(",")}
    return tag in stated or "*" in stated
