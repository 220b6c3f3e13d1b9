"""预警疑点: a supervisor works through alerts; a department explains itself where it was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import ProblemError, not_found
from portal.pages.forms import made
from portal.pages.language import marked
from portal.pages.names import names
from portal.pages.routes.uploads import download
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action, Reach, Resource, authorize, reach
from portal.plans.planning import NotReadyError, rules_and_calendar
from portal.proof import alerts
from scheduler import keys
from scheduler.states import AlertState
from schemas import alert_commands as c
from schemas.alert_rules import AlertRule
from schemas.alerts import Finding

router = APIRouter()

STAGES = {
    "new": marked("待核查"),
    "asked": marked("待部门说明"),
    "answered": marked("已说明，待销号"),
    "closed": marked("已销号"),
}
"""What the stages of an alert are called."""

NUMBERS = {
    "days": marked("相隔天数"),
    "first": marked("上一次"),
    "day": marked("日期"),
    "entries": marked("入企次数"),
    "last": marked("最后一天的次数"),
    "exempt": marked("不计次数的"),
    "limit": marked("上限（%）"),
    "officer": marked("执法人员"),
    "seconds": marked("间隔秒数"),
    "minutes": marked("至少须间隔的分钟数"),
    "other": marked("另一家企业"),
    "purpose": marked("目的"),
    "substitutes": marked("更换次数"),
    "others": marked("换上的人"),
    "missing": marked("应到的人"),
}
"""What the numbers of an alert are called."""

SHOWN = 200
"""Alerts that the page shows."""


@router.get("/alerts")
async def list_(visitor: Known) -> Response:
    """预警疑点 / alerts, the newest first."""
    service = visitor.house.service
    if reach(visitor.me, Action.ALERT_READ) is Reach.OWN:
        own = visitor.me.of or ""
        states = await alerts.asked_of(service, own)
        rows = tuple(
            alerts.Listed(s.alert.model_copy(update={"departments": (own,)}), s) for s in states
        )
    else:
        rows = await alerts.listed(service)
    shown = rows[:SHOWN]
    firms = {row.alert.enterprise for row in shown if row.alert.enterprise}
    return visitor.page(
        "alerts.html.j2",
        rows=shown,
        total=len(rows),
        names=await names(visitor.queries, firms),
        titles=_titles(visitor, await _rules(visitor)),
        stages=STAGES,
    )


@router.get("/alerts/{alert}")
async def show(visitor: Known, alert: PathId) -> Response:
    """一条疑点 / one alert with its evidence, the departments' words and what became of it."""
    state = await visitor.queries.get(AlertState, keys.alert(alert))
    supervisor = _may_see(visitor, state) is Reach.ALL
    found = state.alert if state else await alerts.alert_of(visitor.house.service, alert)
    if found is None:
        raise not_found(alert)
    own = visitor.me.of
    rules = await _rules(visitor)
    if not supervisor:
        found = found.model_copy(update={"departments": (own,)})
    return visitor.page(
        "alert.html.j2",
        a=found,
        state=state,
        supervisor=supervisor,
        mine=own,
        words=[w for w in state.words if supervisor or w.department == own] if state else (),
        silent=[id_ for id_ in state.silent if supervisor or id_ == own] if state else (),
        names=await names(visitor.queries, {found.enterprise} if found.enterprise else ()),
        titles=_titles(visitor, rules),
        rule=rules.get(found.rule),
        findings=tuple(Finding),
        numbers=NUMBERS,
    )


def _may_see(visitor: Visitor, state: AlertState | None) -> Reach:
    """Return how far somebody may look; a department only at what it was asked about."""
    found = reach(visitor.me, Action.ALERT_READ)
    asked = state.asked if state else ()
    authorize(visitor.me, Action.ALERT_READ, Resource.owned(*asked))
    return found


@router.post("/alerts/{alert}/case")
async def take_up(visitor: Known, alert: PathId) -> Response:
    """立项核查 / take an alert up."""
    reach(visitor.me, Action.ALERT_HANDLE)
    form = await visitor.form()
    found = await alerts.alert_of(visitor.house.service, alert)
    if found is None:
        raise not_found(alert)
    await visitor.ask(c.TakeUpAlert(alert=found), form.some("key"))
    return visitor.go(f"/alerts/{alert}", "taken-up")


@router.post("/alerts/{alert}/words")
async def answer(visitor: Known, alert: PathId) -> Response:
    """部门说明 / the department's word."""
    _may_see(visitor, await visitor.queries.get(AlertState, keys.alert(alert)))
    reach(visitor.me, Action.ALERT_ANSWER)
    form = await visitor.form()
    await visitor.ask(c.AnswerAlert(alert=alert, text=form.one("text")), form.some("key"))
    return visitor.go(f"/alerts/{alert}", "explained")


@router.post("/alerts/{alert}/closing")
async def close(visitor: Known, alert: PathId) -> Response:
    """销号 / close with a finding and a reason."""
    reach(visitor.me, Action.ALERT_HANDLE)
    form = await visitor.form()
    chosen = form.one("finding")
    if chosen not in set(Finding):
        raise ProblemError(422, "bad-input", ("请选择结论", "choose a finding"))
    command = made(
        lambda: c.CloseAlert(
            alert=alert,
            finding=Finding(chosen),
            reason=form.one("reason"),
            code=form.some("code"),
        )
    )
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/alerts/{alert}", "alert-closed")


@router.post("/alerts/{alert}/dossier")
async def hand_over(visitor: Known, alert: PathId) -> Response:
    """线索移送 / hand a sealed dossier over; the answer is the file."""
    reach(visitor.me, Action.ALERT_HANDLE)
    form = await visitor.form()
    state = await visitor.queries.get(AlertState, keys.alert(alert))
    if state is None:
        raise not_found(alert)
    passphrase = form.one("passphrase")
    if len(passphrase) < alerts.SHORTEST_PASSPHRASE:
        said = ("口令至少 12 个字符", "the passphrase must have 12 characters at least")
        raise ProblemError(422, "bad-input", said)
    made = await alerts.dossier(visitor.house.service, state, passphrase)
    command = c.HandOverAlert(
        alert=alert, to=form.one("to"), dossier=made.digest, entries=made.entries
    )
    await visitor.ask(command, form.some("key"))
    return download(made.body, "application/octet-stream", f"dossier-{alert}.sealed")


@router.post("/alerts/{alert}/receipt")
async def record_handover(visitor: Known, alert: PathId) -> Response:
    """移送回执与结果 / the receiver's receipt, and the outcome."""
    reach(visitor.me, Action.ALERT_HANDLE)
    form = await visitor.form()
    outcome = form.one("outcome") or None
    command = c.RecordHandover(alert=alert, receipt=form.one("receipt"), outcome=outcome)
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/alerts/{alert}", "handover-recorded")


async def _rules(visitor: Visitor) -> dict[str, AlertRule]:
    try:
        rules, _ = await rules_and_calendar(visitor.queries)
    except NotReadyError:
        return {}
    return {test.value: rule for test, rule in rules.alerts.items()}


def _titles(visitor: Visitor, rules: dict[str, AlertRule]) -> Callable[[str], Any]:
    def title(rule: str) -> Any:  # noqa: ANN401 - a text in the visitor's language
        return visitor.tongue.said(rules[rule].title) if rule in rules else rule

    return title
