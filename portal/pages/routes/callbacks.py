"""差评回访: the office calls and records; an officer answers what was passed on to him."""

from __future__ import annotations

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import ProblemError, not_found
from portal.matters import callbacks
from portal.pages.matters import may
from portal.pages.names import names
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action, Reach, reach
from scheduler.callbacks import CallbackState
from schemas import callback_commands as c
from schemas.alerts import Finding

router = APIRouter()


@router.get("/callbacks")
async def list_(visitor: Known) -> Response:
    """差评回访 / bad ratings that wait for a call, and what became of the others."""
    own = reach(visitor.me, Action.CALLBACK_READ) is Reach.OWN
    service = visitor.house.service
    waiting = () if own else await callbacks.waiting(service)
    return visitor.page(
        "callbacks.html.j2",
        waiting=waiting,
        records=await callbacks.listed(service, visitor.me),
        own=own,
        calls=may(visitor, Action.CALLBACK_RECORD),
        names=await names(visitor.queries, {each.visit.line.enterprise for each in waiting}),
    )


@router.post("/callbacks")
async def record(visitor: Known) -> Response:
    """Put a call on record."""
    reach(visitor.me, Action.CALLBACK_RECORD)
    form = await visitor.form()
    consent = form.ticked("consent")
    command = c.RecordCallback(
        visit=form.one("visit"),
        callback=form.some("callback"),
        reached=form.one("reached") == "yes",
        consent=consent,
        to=form.some("to") if consent else None,
        passed_on=form.some("passed_on") if consent else None,
        note=form.some("note"),
    )
    told = await visitor.ask(command, form.some("key"))
    return visitor.go(f"/callbacks/{told.id}", "called-back")


@router.get("/callbacks/{callback}")
async def show(visitor: Known, callback: PathId) -> Response:
    """一次回访 / one callback: calls, consent, answer, finding."""
    state = await _seen(visitor, callback)
    own = reach(visitor.me, Action.CALLBACK_READ) is Reach.OWN
    return visitor.page(
        "callback.html.j2",
        b=state,
        own=own,
        calls=may(visitor, Action.CALLBACK_RECORD),
        findings=tuple(Finding),
        names=await names(visitor.queries),
    )


@router.post("/callbacks/{callback}/answer")
async def answer(visitor: Known, callback: PathId) -> Response:
    """答复 / the second person says what was done."""
    reach(visitor.me, Action.CALLBACK_ANSWER)
    state = await _seen(visitor, callback)
    form = await visitor.form()
    command = c.AnswerCallback(callback=state.id, text=form.one("text"))
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/callbacks/{state.id}", "callback-answered")


@router.post("/callbacks/{callback}/closing")
async def close(visitor: Known, callback: PathId) -> Response:
    """办结 / close with a finding and a reason."""
    reach(visitor.me, Action.CALLBACK_CLOSE)
    state = await _seen(visitor, callback)
    form = await visitor.form()
    finding = form.choice(Finding, "finding")
    if finding is None:
        raise ProblemError(422, "bad-input", ("请选择结论", "choose a finding"))
    command = c.CloseCallback(callback=state.id, finding=finding, reason=form.one("reason"))
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/callbacks/{state.id}", "callback-closed")


async def _seen(visitor: Visitor, id_: str) -> CallbackState:
    state = await callbacks.callback(visitor.house.service, visitor.me, id_)
    if state is None:
        raise not_found(id_)
    return state
