"""差评回访: bad ratings that wait for a call, what was said, and to whom it may go."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from portal.http.changing import CHANGE, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.limits import StrictRoute
from portal.http.problems import documented
from portal.matters import callbacks
from portal.permissions import Action, Reach, reach
from scheduler.callbacks import CallbackState
from schemas import callback_commands as c
from schemas.alerts import Finding
from schemas.base import Frozen, Id, Text

router = APIRouter(prefix="/callbacks", tags=["callbacks 差评回访"], route_class=StrictRoute)


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


@router.post("", status_code=201, responses=CHANGE)
async def record(asks: Asks, body: CallBody) -> CallbackView:
    """登记回访 / what came of a call; with consent it goes to a second person of the department."""
    reach(asks.who.actor, Action.CALLBACK_RECORD)
    id_ = await asks.ask(c.RecordCallback(**body.model_dump()))
    return view(await _seen(asks.stands, asks.who, id_), own=False)


@router.post("/{callback}/answer", responses=CHANGE)
async def answer(asks: Asks, callback: PathId, body: AnswerBody) -> CallbackView:
    """答复 / the second person says what was done."""
    reach(asks.who.actor, Action.CALLBACK_ANSWER)
    await _seen(asks.stands, asks.who, callback)
    await asks.ask(c.AnswerCallback(callback=callback, text=body.text))
    return view(await _seen(asks.stands, asks.who, callback), own=True)


@router.post("/{callback}/closing", responses=CHANGE)
async def close(asks: Asks, callback: PathId, body: ClosingBody) -> CallbackView:
    """办结 / close a callback with a finding, above the department."""
    reach(asks.who.actor, Action.CALLBACK_CLOSE)
    command = c.CloseCallback(callback=callback, finding=body.finding, reason=body.reason)
    await asks.ask(command)
    return view(await _seen(asks.stands, asks.who, callback), own=False)


async def _seen(stands: House, who: Who, id_: str) -> CallbackState:
    return there(await callbacks.callback(stands.service, who.actor, id_), id_)
