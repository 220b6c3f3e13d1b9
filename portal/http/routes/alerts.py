"""疑点: a supervisor's alerts, the departments' word, and how each ends."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from portal.http.changing import CHANGE, Asking, Asks, there
from portal.http.house import House, In, Key, PathId, Who, ask
from portal.http.limits import StrictRoute
from portal.http.problems import documented
from portal.permissions import Action, Reach, Resource, authorize, reach
from portal.proof import alerts
from scheduler import keys
from scheduler.states import AlertState
from schemas import alert_commands as c
from schemas.alerts import Alert, DepartmentWord, Evidence, Finding, Handover
from schemas.base import Frozen, Id, Name, Text

router = APIRouter(prefix="/alerts", tags=["alerts 疑点"], route_class=StrictRoute)


class ShownAlert(Alert):
    """An alert as it is shown. A department gets no evidence: places of entries would count ratings."""

    evidence: tuple[Evidence, ...] = ()


class AlertView(Frozen):
    """An alert with its evidence, and what became of it. It is a question, no finding."""

    alert: ShownAlert
    stage: str
    asked: tuple[str, ...] = ()
    words: tuple[DepartmentWord, ...] = ()
    finding: Finding | None = None
    reason: str | None = None
    handover: Handover | None = None


class WordBody(Frozen):
    """A department's word."""

    text: Text


class ClosingBody(Frozen):
    """What was found, and why."""

    finding: Finding
    reason: Text
    code: Id | None = None


class HandoverBody(Frozen):
    """To whom the dossier goes, and what opens it."""

    to: Name
    passphrase: Annotated[str, Field(min_length=alerts.SHORTEST_PASSPHRASE, max_length=200)]


class ReturnBody(Frozen):
    """The receiver's receipt, and what came of it."""

    receipt: Id
    outcome: Text | None = None


def _view(row: alerts.Listed) -> AlertView:
    state, alert = row.state, ShownAlert(**dict(row.alert))
    if state is None:
        return AlertView(alert=alert, stage=row.stage)
    return AlertView(
        alert=alert,
        stage=row.stage,
        asked=state.asked,
        words=state.words,
        finding=state.finding,
        reason=state.reason,
        handover=state.handover,
    )


def _own_view(state: AlertState, department: str) -> AlertView:
    """Return an alert for a department that was asked: its own word, nobody else's."""
    words = tuple(word for word in state.words if word.department == department)
    stage = alerts.Listed(state.alert, state).stage
    alert = ShownAlert(**{**dict(state.alert), "departments": (department,), "evidence": ()})
    return AlertView(alert=alert, stage=stage, asked=(department,), words=words)


@router.get("", responses=documented(401, 403))
async def list_(stands: In, who: Who) -> tuple[AlertView, ...]:
    """疑点, 最新的在前 / alerts, the newest first; a department those that it was asked about."""
    if reach(who.actor, Action.ALERT_READ) is Reach.OWN:
        own = who.actor.of or ""
        return tuple(_own_view(s, own) for s in await alerts.asked_of(stands.service, own))
    return tuple(_view(row) for row in await alerts.listed(stands.service))


@router.post("/{alert}/case", responses=CHANGE)
async def take_up(asks: Asks, alert: PathId) -> AlertView:
    """立项核查 / take an alert up: the departments are asked for their word."""
    reach(asks.who.actor, Action.ALERT_HANDLE)
    found = there(await alerts.alert_of(asks.stands.service, alert), alert)
    return await _done(asks, c.TakeUpAlert(alert=found))


@router.post("/{alert}/words", responses=CHANGE)
async def answer(asks: Asks, alert: PathId, body: WordBody) -> AlertView:
    """部门说明 / the department's word."""
    actor, state = asks.who.actor, await _taken_up(asks.stands, alert)
    authorize(actor, Action.ALERT_READ, Resource.owned(*state.asked))
    reach(actor, Action.ALERT_ANSWER)
    await asks.ask(c.AnswerAlert(alert=alert, text=body.text))
    return _own_view(await _taken_up(asks.stands, alert), actor.of or "")


@router.post("/{alert}/closing", responses=CHANGE)
async def close(asks: Asks, alert: PathId, body: ClosingBody) -> AlertView:
    """销号 / close an alert with a finding and a reason."""
    reach(asks.who.actor, Action.ALERT_HANDLE)
    command = c.CloseAlert(alert=alert, **body.model_dump())
    return await _done(asks, command)


@router.post("/{alert}/dossier", responses=CHANGE)
async def hand_over(
    stands: In, who: Who, alert: PathId, body: HandoverBody, key: Key = None
) -> Response:
    """线索移送 / hand a sealed dossier over; the answer is the file."""
    reach(who.actor, Action.ALERT_HANDLE)
    state = await _taken_up(stands, alert)
    made = await alerts.dossier(stands.service, state, body.passphrase)
    command = c.HandOverAlert(alert=alert, to=body.to, dossier=made.digest, entries=made.entries)
    told = await ask(stands, who, command, key)
    return Response(made.body, media_type="application/octet-stream", headers=told.headers)


@router.post("/{alert}/receipt", responses=CHANGE)
async def record_handover(asks: Asks, alert: PathId, body: ReturnBody) -> AlertView:
    """移送回执与结果 / the receiver's receipt, and the outcome."""
    reach(asks.who.actor, Action.ALERT_HANDLE)
    command = c.RecordHandover(alert=alert, receipt=body.receipt, outcome=body.outcome)
    return await _done(asks, command)


async def _taken_up(stands: House, id_: str) -> AlertState:
    return there(await stands.service.queries.get(AlertState, keys.alert(id_)), id_)


async def _done(
    asks: Asking, command: c.TakeUpAlert | c.CloseAlert | c.RecordHandover
) -> AlertView:
    state = await _taken_up(asks.stands, await asks.ask(command))
    return _view(alerts.Listed(state.alert, state))
