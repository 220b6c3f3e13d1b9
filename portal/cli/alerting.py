"""``wurao alert``: what the rules over many entries found, and how a supervisor works through it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from portal.cli.acting import By, Key, act, clerk, missing
from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop
from portal.messages import Sender
from portal.proof import alerts
from portal.running.service import Service
from portal.wording.words import label
from scheduler import keys
from scheduler.states import AlertState
from schemas import alert_commands as c
from schemas.alerts import Finding
from schemas.envelope import ActorRole

app = typer.Typer(name="alert", help="预警疑点 / alerts", no_args_is_help=True)

Alert = Annotated[str, typer.Argument(metavar="ALERT", help="疑点编号 / id of the alert")]
Passphrase = Annotated[
    str, typer.Option(prompt=True, hide_input=True, help="卷宗口令 / what opens the dossier")
]


def _supervisor(by: str | None) -> Sender:
    return Sender.of(by or "supervisor", ActorRole.AUDITOR)


@command(app, "list")
async def list_(
    session: Session,
    *,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="从第一条记录重算 / from the first entry anew")
    ] = False,
) -> None:
    """列出疑点, 最新的在前 / list alerts, the newest first."""
    async with session.service() as service:
        before = await service.watch.look()
        same = await service.watch.rebuild() == before if rebuild else None
        rows = await alerts.listed(service)
    session.table(
        [
            ("编号", "id"),
            ("规则", "rule"),
            ("企业", "enterprise"),
            ("部门", "departments"),
            ("状态", "stage"),
        ],
        [
            (
                r.alert.id,
                r.alert.rule,
                r.alert.enterprise or "-",
                " ".join(r.alert.departments),
                r.stage,
            )
            for r in rows
        ],
    )
    told = [{**row.alert.model_dump(mode="json"), "stage": row.stage} for row in rows]
    if same is False:
        zh, en = "重算结果不同", "the rebuilt alerts differ"
        raise Stop(Exit.REFUSED, [session.text(zh, en)], {"alerts": told, "same": same})
    session.result(alerts=told, same=same)


@command(app, "take-up", acts=True)
async def take_up(session: Session, *, alert: Alert, by: By = None, key: Key = None) -> None:
    """立项核查, 请部门说明 / take an alert up and ask the departments."""
    async with session.service() as service:
        found = await alerts.alert_of(service, alert)
        if found is None:
            raise missing(session, f"没有这条疑点: {alert}", f"there is no alert {alert}")
        await act(session, service, c.TakeUpAlert(alert=found), _supervisor(by), key)
        state = await _taken_up(session, service, alert)
    session.tell("已立项", "taken up")
    session.result(alert=alert, asked=list(state.asked))


@command(app, "answer", acts=True)
async def answer(
    session: Session,
    *,
    alert: Alert,
    department: Annotated[str, typer.Option(help="部门 / department")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="说明 / the department's word")],
    by: By = None,
    key: Key = None,
) -> None:
    """部门说明 / a department's word."""
    async with session.service() as service:
        asked = c.AnswerAlert(alert=alert, text=text)
        await act(session, service, asked, clerk(department, by), key)
    session.tell("已说明", "recorded")
    session.result(alert=alert, department=department)


@command(app, "close", acts=True)
async def close(
    session: Session,
    *,
    alert: Alert,
    finding: Annotated[Finding, typer.Argument(help="结论 / finding")],
    reason: Annotated[str, typer.Option(help="理由 / reason")],
    code: Annotated[
        str | None,
        typer.Option(help="违反负面清单的代码 / line of the negative list, as list:code"),
    ] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """销号: 只能由监督人员办理 / close an alert; supervisors only."""
    async with session.service() as service:
        asked = c.CloseAlert(alert=alert, finding=finding, reason=reason, code=code)
        await act(session, service, asked, _supervisor(by), key)
    session.line(label(finding, session.lang))
    session.result(alert=alert, finding=finding.value)


@command(app, "hand-over", acts=True)
async def hand_over(
    session: Session,
    *,
    alert: Alert,
    to: Annotated[str, typer.Option(help="移送给 / to whom")],
    passphrase: Passphrase,
    out: Annotated[Path, typer.Option(help="写到 / file to write")],
    by: By = None,
    key: Key = None,
) -> None:
    """线索移送: 写出加密卷宗 / hand over: write the sealed dossier."""
    if len(passphrase) < alerts.SHORTEST_PASSPHRASE:
        raise typer.BadParameter(f"口令至少 / at least {alerts.SHORTEST_PASSPHRASE}")
    async with session.service() as service:
        state = await _taken_up(session, service, alert)
        made = await alerts.dossier(service, state, passphrase)
        out.write_bytes(made.body)
        asked = c.HandOverAlert(alert=alert, to=to, dossier=made.digest, entries=made.entries)
        await act(session, service, asked, _supervisor(by), key)
    session.tell(f"已写 {out}, {made.entries} 条记录", f"{out}: {made.entries} entries")
    session.result(alert=alert, file=str(out), dossier=made.digest, entries=made.entries)


@command(app, "receipt", acts=True)
async def receipt(
    session: Session,
    *,
    alert: Alert,
    number: Annotated[str, typer.Argument(metavar="RECEIPT", help="回执编号 / the receipt")],
    outcome: Annotated[str | None, typer.Option(help="处理结果 / outcome")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """登记移送回执与结果 / record the receipt of a handover, and its outcome."""
    async with session.service() as service:
        asked = c.RecordHandover(alert=alert, receipt=number, outcome=outcome)
        await act(session, service, asked, _supervisor(by), key)
    session.tell("已登记", "recorded")
    session.result(alert=alert, receipt=number, outcome=outcome)


async def _taken_up(session: Session, service: Service, id_: str) -> AlertState:
    state = await service.queries.get(AlertState, keys.alert(id_))
    if state is None:
        raise missing(session, f"疑点尚未立项: {id_}", f"the alert {id_} is not taken up")
    return state
