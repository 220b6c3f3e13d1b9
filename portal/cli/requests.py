"""``wurao request``: submit, look up, withdraw."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer

from portal.cli.acting import By, Key, act, clerk, enterprise, missing
from portal.cli.command import bad_values, command
from portal.cli.session import Exit, Session, Stop
from portal.messages import content_id
from portal.plans.planning import rules_and_calendar
from portal.running.service import Service
from portal.wording.refusals import lines
from portal.wording.words import label
from scheduler import keys
from scheduler.states import RequestState, RequestStatus
from schemas.commands import ConfirmOnCall, SubmitRequest, WithdrawRequest
from schemas.lanes import Ground, Lane, Purpose, Remedy
from schemas.visits import Cause, Request, Urgency, Window

app = typer.Typer(name="request", help="入企申请 / visit requests", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="REQUEST", help="申请编号 / id of the request")]
_DAY = ["%Y-%m-%d"]


@command(app, "submit", acts=True)
async def submit(
    session: Session,
    *,
    department: Annotated[str, typer.Option(help="部门 / department")],
    enterprise_: Annotated[str, typer.Option("--enterprise", help="统一社会信用代码 / USCC")],
    item: Annotated[list[str] | None, typer.Option(help="检查事项 / item, repeatable")] = None,
    month: Annotated[str | None, typer.Option(help="月份 / month: its service week")] = None,
    first: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="最早日期 / first day")
    ] = None,
    last: Annotated[datetime | None, typer.Option(formats=_DAY, help="最晚日期 / last day")] = None,
    purpose: Annotated[Purpose, typer.Option(help="目的 / purpose")] = Purpose.INSPECTION,
    lane: Annotated[Lane, typer.Option(help="通道 / lane")] = Lane.ROUTINE,
    ground: Annotated[Ground | None, typer.Option(help="事由 / ground")] = None,
    number: Annotated[str | None, typer.Option(help="事由编号 / number of the ground")] = None,
    legal_date: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="法定期限 / last legal date")
    ] = None,
    why: Annotated[str | None, typer.Option(help="不能等的原因 / why it cannot wait")] = None,
    tried: Annotated[list[Remedy] | None, typer.Option(help="已考虑的办法 / ways tried")] = None,
    lift: Annotated[list[str] | None, typer.Option(help="提请放行的规则 / rules to lift")] = None,
    unannounced: Annotated[
        bool, typer.Option("--unannounced", help="不提前告知 / not announced")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="理由 / reason")] = None,
    line: Annotated[str | None, typer.Option(help="年度计划行 / line of the annual plan")] = None,
    off_plan: Annotated[str | None, typer.Option(help="计划外依据 / basis off-plan")] = None,
    duration: Annotated[int, typer.Option(min=1, max=64, help="占用能力 / units")] = 1,
    by: By = None,
    key: Key = None,
) -> None:
    """提交一份入企申请 / submit a request: accepted, or refused with every rule in the way."""
    with bad_values():
        cause = cause_of(ground, number, legal_date)
        urgency = (
            Urgency(why_cannot_wait=why, tried=tuple(tried or ()), lift=tuple(lift or ()))
            if why
            else None
        )
    async with session.service() as service:
        window = await _window(service, month, first, last)
        with bad_values():
            request = Request(
                department=department,
                enterprise=enterprise_,
                purpose=purpose,
                lane=lane,
                items=tuple(item or ()),
                window=window,
                preferred_month=month,
                duration=duration,
                announced=not unannounced,
                reason=reason,
                line=line,
                off_plan=off_plan,
                cause=cause,
                urgency=urgency,
            )
        effect = await act(
            session, service, SubmitRequest(request=request), clerk(department, by), key
        )
        state = await service.queries.get(RequestState, effect.about)
    if state is not None:
        _show(session, state)


@command(app, "show")
async def show(session: Session, request: Id) -> None:
    """一份申请的全部情况 / everything about one request."""
    async with session.service() as service:
        state = await known_request(session, service, request)
    _show(session, state)


@command(app, "list")
async def list_(
    session: Session,
    *,
    month: Annotated[str | None, typer.Option(help="月份 / month")] = None,
    department: Annotated[str | None, typer.Option(help="部门 / department")] = None,
    enterprise_: Annotated[str | None, typer.Option("--enterprise", help="USCC")] = None,
    status: Annotated[RequestStatus | None, typer.Option(help="状态 / status")] = None,
    limit: Annotated[int, typer.Option(min=1, help="最多行数 / rows at most")] = 100,
) -> None:
    """列出申请 / list requests."""
    wanted = {
        "month": month,
        "department": department,
        "enterprise": enterprise_,
        "status": status.value if status else None,
    }
    equals = {name: value for name, value in wanted.items() if value is not None}
    async with session.service() as service:
        rows = await service.queries.rows("request", limit=limit, **equals)
        counts = await service.queries.sums("request", **equals)
    total = next(iter(counts.values()), (0,))[0]
    columns = [
        ("申请", "request"),
        ("部门", "department"),
        ("企业", "enterprise"),
        ("目的", "purpose"),
        ("通道", "lane"),
        ("状态", "status"),
        ("日期", "day"),
    ]
    session.table(
        columns,
        [
            (
                row["id"],
                row["department"],
                row["enterprise"],
                label(Purpose(row["purpose"]), session.lang),
                label(Lane(row["lane"]), session.lang),
                label(RequestStatus(row["status"]), session.lang),
                row["day"] or f"{row['window_first']}..{row['window_last']}",
            )
            for row in rows
        ],
    )
    session.tell(f"共 {total} 份, 显示 {len(rows)} 份", f"{total} in all, {len(rows)} shown")
    session.result(total=total, requests=[dict(row) for row in rows])


@command(app, "withdraw", acts=True)
async def withdraw(
    session: Session,
    requests: Annotated[
        list[str], typer.Argument(metavar="REQUEST...", help="申请编号 / ids of the requests")
    ],
    reason: Annotated[str, typer.Option(help="理由 / reason")],
    by: By = None,
    key: Key = None,
) -> None:
    """撤回申请, 一份或多份, 逐份答复 / take requests back, each answered for itself."""
    done: list[str] = []
    told: list[str] = []
    refused: list[dict[str, Any]] = []
    async with session.service() as service:
        for id_ in dict.fromkeys(requests):
            own = key if key is None or len(requests) == 1 else content_id((key, id_))
            try:
                await _withdraw(
                    session, service, WithdrawRequest(request=id_, reason=reason), by, own
                )
            except Stop as stop:
                told += [f"{id_}:", *stop.told]
                refused.append({"request": id_, **stop.data})
            else:
                done.append(id_)
                session.line(f"{id_}: {session.text('已撤回', 'withdrawn')}")
    if refused:
        raise Stop(Exit.REFUSED, told, {"withdrawn": done, "refused": refused})
    session.result(withdrawn=done, refused=[])


async def _withdraw(
    session: Session, service: Service, asked: WithdrawRequest, by: str | None, key: str | None
) -> None:
    state = await known_request(session, service, asked.request)
    await act(session, service, asked, clerk(state.request.department, by), key)


async def known_request(session: Session, service: Service, id_: str) -> RequestState:
    """Return a request.

    Raises:
        Stop: If there is none.
    """
    state = await service.queries.get(RequestState, keys.request(id_))
    if state is None:
        raise missing(session, f"没有这份申请: {id_}", f"there is no request {id_}")
    return state


@command(app, "confirm", acts=True)
async def confirm(session: Session, request: Id, by: By = None, key: Key = None) -> None:
    """企业确认是自己预约的 / the enterprise confirms that it asked."""
    async with session.service() as service:
        state = await known_request(session, service, request)
        sender = enterprise(state.request.enterprise, by)
        await act(session, service, ConfirmOnCall(request=request), sender, key)
    session.tell("已确认", "confirmed")
    session.result(request=request, confirmed=True)


async def _window(
    service: Service, month: str | None, first: datetime | None, last: datetime | None
) -> Window:
    """Return the window that was asked for; a month alone stands for its visiting days."""
    if first and last:
        with bad_values():
            return Window(first=first.date(), last=last.date())
    if month is None:
        raise typer.BadParameter("--month, 或 / or --first + --last")
    with bad_values():
        rules, calendar = await rules_and_calendar(service.queries)
        days = rules.visiting_days(month, calendar)
    if not days:
        raise typer.BadParameter(f"{month}: 没有可入企的日子 / no visiting days")
    return Window(first=first.date() if first else days[0], last=last.date() if last else days[-1])


def cause_of(ground: Ground | None, number: str | None, legal: datetime | None) -> Cause | None:
    """Return the cause that options state, if there is one."""
    if ground is None:
        return None
    if number is None:
        raise typer.BadParameter("--ground: 还须 / also needs --number")
    return Cause(ground=ground, reference=number, last_legal_date=legal.date() if legal else None)


def _show(session: Session, state: RequestState) -> None:
    request, lang = state.request, session.lang
    day: date | str = state.day or f"{request.window.first}..{request.window.last}"
    facts = [
        (("申请", "request"), state.id),
        (("状态", "status"), label(state.status, lang)),
        (("部门", "department"), request.department),
        (("企业", "enterprise"), request.enterprise),
        (("目的", "purpose"), label(request.purpose, lang)),
        (("通道", "lane"), label(request.lane, lang)),
        (("事项", "items"), ", ".join(request.items)),
        (("日期", "day"), day),
        (("入企", "visit"), state.visit),
        (("待审批", "approvals needed"), ", ".join(_waiting(state))),
        (("占用", "holds"), "\n".join(state.held)),
    ]
    session.table(
        [("项目", "field"), ("内容", "value")],
        [(session.text(*name), value) for name, value in facts if value],
    )
    for line in lines(state.objections, lang):
        session.line(line)
    session.result(request=state.model_dump(mode="json"), waiting_for=_waiting(state))


def _waiting(state: RequestState) -> list[str]:
    given = {a.role.value for a in state.approvals if a.decision == "approved"}
    return [role for role in state.approvals_needed if role not in given]
