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
from scheduler import keys
from scheduler.callbacks import CallbackState
from scheduler.states import VisitState
from schemas import callback_commands as c
from schemas.alerts import Finding
from streams.readmodels import Row

router = APIRouter()


@router.get("/callbacks")
async def list_(visitor: Known) -> Response:
    """差评回访 / bad ratings that wait for a call, and what became of the others."""
    own = reach(visitor.me, Action.CALLBACK_READ) is Reach.OWN
    service = visitor.house.service
    waiting = () if own else await callbacks.waiting(service)
    records = await callbacks.listed(service, visitor.me)
    about = [] if own else [keys.visit(each.visit) for each in records]
    found = (await visitor.queries.get_many(about)).values()
    called = {each.id: each for each in found if isinstance(each, VisitState)}
    firms = {each.line.enterprise for each in (*called.values(), *(w.visit for w in waiting))}
    return visitor.page(
        "callbacks.html.j2",
        waiting=waiting,
        records=records,
        own=own,
        calls=may(visitor, Action.CALLBACK_RECORD),
        visits=called,
        seconds={each.visit.id: await _seconds(visitor, each.visit) for each in waiting},
        names=await names(visitor.queries, firms),
    )


async def _seconds(visitor: Visitor, visit: VisitState) -> list[Row]:
    """Return whom a word may be passed on to: people of the visit's departments who were not there."""
    came = {id_ for part in visit.line.parts for id_ in part.officers}
    rows = await visitor.queries.rows("officer", department=list(visit.line.departments))
    return [row for row in rows if row["id"] not in came]


async def _visit(visitor: Visitor, state: CallbackState, *, own: bool) -> VisitState | None:
    """Return the visit that a callback is about; the second person never learns which it is."""
    return None if own else await visitor.queries.get(VisitState, keys.visit(state.visit))


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
    calls = may(visitor, Action.CALLBACK_RECORD)
    visit = await _visit(visitor, state, own=own)
    return visitor.page(
        "callback.html.j2",
        visit=visit,
        seconds=await _seconds(visitor, visit) if visit and calls and not state.to else (),
        b=state,
        own=own,
        calls=calls,
        findings=tuple(Finding),
        names=await names(
            visitor.queries,
            {visit.line.enterprise} if visit else (),
            people={state.to} if state.to else (),
        ),
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
