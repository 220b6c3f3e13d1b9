"""差评回访: bad ratings that wait for a call, what was said, and to whom it may go."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from portal.http.authorize import Action, Reach, reach
from portal.http.house import House, In, Key, PathId, Who, ask
from portal.http.limits import StrictRoute
from portal.http.problems import documented, not_found
from portal.matters import callbacks
from scheduler.callbacks import CallbackState
from schemas import callback_commands as c
from schemas.alerts import Finding
from schemas.base import Frozen, Id, Text

router = APIRouter(prefix="/callbacks", tags=["callbacks 差评回访"], route_class=StrictRoute)

_CHANGE = documented(400, 401, 403, 404, 409, 413, 422)


class CallbackView(Frozen):
    """A callback. An officer sees what was passed on to him, never which visit it was."""

    id: str
    visit: str | None = None
    calls: int | None = None
    reached: bool | None = None
    consent: bool | None = None
    department: str | None = None
    to: str | None = None
    passed_on: str | None = None
    answer: str | None = None
    finding: Finding | None = None
    reason: str | None = None


class WaitingView(Frozen):
    """A bad rating that nobody has called back yet."""

    visit: str
    enterprise: str
    departments: tuple[str, ...]
    rated: str
    due: str | None
    late: bool


class CallBody(Frozen):
    """What came of a call. The note stays sealed; ``passed_on`` goes to the second person."""

    visit: Id
    callback: Id | None = None
    reached: bool
    consent: bool = False
    to: Id | None = None
    passed_on: Text | None = None
    note: Annotated[str, Field(min_length=1, max_length=2000)] | None = None


class AnswerBody(Frozen):
    """What was done."""

    text: Text


class ClosingBody(Frozen):
    """What was found, and why."""

    finding: Finding
    reason: Text


def view(state: CallbackState, *, own: bool) -> CallbackView:
    """Return a callback as somebody may see it."""
    if own:
        return CallbackView(id=state.id, passed_on=state.passed_on, answer=state.answer)
    return CallbackView(
        id=state.id,
        visit=state.visit,
        calls=len(state.calls),
        reached=state.reached,
        consent=state.consent,
        department=state.department,
        to=state.to,
        passed_on=state.passed_on,
        answer=state.answer,
        finding=state.finding,
        reason=state.reason,
    )


@router.get("", responses=documented(401, 403))
async def list_(stands: In, who: Who) -> tuple[CallbackView, ...]:
    """回访, 最新的在前 / callbacks, the newest first; an officer those passed on to him."""
    own = reach(who.actor, Action.CALLBACK_READ) is Reach.OWN
    found = await callbacks.listed(stands.service, who.actor)
    return tuple(view(state, own=own) for state in found)


@router.get("/waiting", responses=documented(401, 403))
async def waiting(stands: In, who: Who) -> tuple[WaitingView, ...]:
    """待回访的差评 / bad ratings that nobody has called back."""
    reach(who.actor, Action.CALLBACK_RECORD)
    return tuple(
        WaitingView(
            visit=each.visit.id,
            enterprise=each.visit.line.enterprise,
            departments=tuple(each.visit.line.departments),
            rated=str(each.rated),
            due=str(each.due.day) if each.due else None,
            late=each.late,
        )
        for each in await callbacks.waiting(stands.service)
    )


@router.post("", status_code=201, responses=_CHANGE)
async def record(
    stands: In, who: Who, body: CallBody, reply: Response, key: Key = None
) -> CallbackView:
    """登记回访 / what came of a call; with consent it goes to a second person of the department."""
    reach(who.actor, Action.CALLBACK_RECORD)
    told = await ask(stands, who, c.RecordCallback(**body.model_dump()), key)
    reply.headers.update(told.headers)
    return view(await _seen(stands, who, told.id), own=False)


@router.post("/{callback}/answer", responses=_CHANGE)
async def answer(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, who: Who, callback: PathId, body: AnswerBody, reply: Response, key: Key = None
) -> CallbackView:
    """答复 / the second person says what was done."""
    reach(who.actor, Action.CALLBACK_ANSWER)
    await _seen(stands, who, callback)
    told = await ask(stands, who, c.AnswerCallback(callback=callback, text=body.text), key)
    reply.headers.update(told.headers)
    return view(await _seen(stands, who, callback), own=True)


@router.post("/{callback}/closing", responses=_CHANGE)
async def close(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, who: Who, callback: PathId, body: ClosingBody, reply: Response, key: Key = None
) -> CallbackView:
    """办结 / close a callback with a finding, above the department."""
    reach(who.actor, Action.CALLBACK_CLOSE)
    command = c.CloseCallback(callback=callback, finding=body.finding, reason=body.reason)
    told = await ask(stands, who, command, key)
    reply.headers.update(told.headers)
    return view(await _seen(stands, who, callback), own=False)


async def _seen(stands: House, who: Who, id_: str) -> CallbackState:
    state = await callbacks.callback(stands.service, who.actor, id_)
    if state is None:
        raise not_found(id_)
    return state
