"""``wurao sealed``: visits that nobody may know of before their day; each look is on record first."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import typer

from portal.cli.acting import By, Key, act, clerk, identity, missing
from portal.cli.command import bad_values, command
from portal.cli.requests import cause_of
from portal.cli.session import Session
from portal.matters import sealed
from portal.messages import Sender
from portal.running.service import Service
from portal.wording.words import label
from scheduler import keys
from scheduler.states import SealedState
from schemas import sealed_commands as c
from schemas.envelope import ActorRole
from schemas.lanes import Ground, HalfDay, Lane, Purpose
from schemas.visits import Request, Window

app = typer.Typer(name="sealed", help="保密检查 (四不两直) / sealed visits", no_args_is_help=True)

Sealed = Annotated[str, typer.Argument(metavar="SEALED", help="保密检查编号 / id of the block")]
Reason = Annotated[str, typer.Option("--reason", help="理由 / why")]
_DAY: Final = ["%Y-%m-%d"]
_LOOKERS: Final = (ActorRole.AUDITOR, ActorRole.LEADER, ActorRole.HEAD)


def _head(department: str, by: str | None) -> Sender:
    return Sender.of(by or f"head.{department}", ActorRole.HEAD, department)


def _looker(text: str) -> ActorRole:
    for role in _LOOKERS:
        if role.value == text:
            return role
    raise typer.BadParameter(" / ".join(role.value for role in _LOOKERS))


@command(app, "list")
async def list_(
    session: Session,
    *,
    department: Annotated[str | None, typer.Option(help="部门 / department")] = None,
) -> None:
    """列出占用, 不显示去哪里 / list blocks of capacity, without a name."""
    equals: dict[str, Any] = {"department": department} if department else {}
    async with session.service() as service:
        rows = await service.queries.rows("sealed", **equals)
    rows = sorted(rows, key=lambda row: (row["day"], row["id"]))
    columns = [("编号", "id"), ("部门", "department"), ("日期", "day"), ("力量", "units")]
    session.table(
        [*columns, ("状态", "status"), ("查看次数", "looks")],
        [(r["id"], r["department"], r["day"], r["units"], r["status"], r["looks"]) for r in rows],
    )
    session.result(sealed=[dict(row) for row in rows])


@command(app, "plan", acts=True)
async def plan(
    session: Session,
    *,
    department: Annotated[str, typer.Option(help="部门 / department")],
    enterprise: Annotated[
        str,
        typer.Option(
            prompt="统一社会信用代码 / USCC",
            help="企业, 不写则询问 / USCC; asked for if absent, so no history of commands holds it",
        ),
    ],
    day: Annotated[datetime, typer.Option(formats=_DAY, help="日期 / day")],
    half: Annotated[HalfDay | None, typer.Option(help="时段 / half of the day")] = None,
    units: Annotated[int, typer.Option(min=1, max=64, help="占用力量 / units")] = 1,
    item: Annotated[list[str] | None, typer.Option(help="检查事项 / item, repeatable")] = None,
    officer: Annotated[list[str] | None, typer.Option(help="执法人员 / officer")] = None,
    purpose: Annotated[Purpose, typer.Option(help="目的 / purpose")] = Purpose.INSPECTION,
    lane: Annotated[Lane, typer.Option(help="通道 / lane")] = Lane.STATUTORY,
    ground: Annotated[Ground | None, typer.Option(help="事由 / ground")] = None,
    number: Annotated[str | None, typer.Option(help="事由编号 / number of the ground")] = None,
    legal_date: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="法定期限 / last legal date")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="补充说明 / more words")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """封存一次检查: 主体负责人封存即为批准 / plan a sealed visit; the head's plan is the approval."""
    with bad_values():
        request = Request(
            department=department,
            enterprise=enterprise,
            purpose=purpose,
            lane=lane,
            items=tuple(item or ()),
            window=Window(first=day.date(), last=day.date()),
            duration=units,
            announced=False,
            reason=reason,
            cause=cause_of(ground, number, legal_date),
        )
        asked = sealed.planning(request, tuple(officer or ()), day.date(), half, units)
    async with session.service() as service:
        effect = await act(session, service, asked, _head(department, by), key)
    id_ = identity(effect.about)
    session.tell(f"已封存 {id_}", f"sealed: {id_}")
    session.result(sealed=id_, department=department, day=str(day.date()), units=units)


@command(app, "look", acts=True)
async def look(
    session: Session,
    *,
    sealed_: Sealed,
    reason: Reason,
    role: Annotated[
        str, typer.Option(help="以何身份 / in which role: auditor, leader, head")
    ] = ActorRole.AUDITOR.value,
    by: By = None,
) -> None:
    """查看: 先留痕, 后显示 / look at what is sealed: first on record, then shown."""
    as_ = _looker(role)
    async with session.service() as service:
        state = await _known(session, service, sealed_)
        of = state.department if as_ is ActorRole.HEAD else None
        sender = Sender.of(by or (f"head.{of}" if of else as_.value), as_, of)
        with bad_values():
            asked = c.LookAtSealed(sealed=sealed_, reason=reason)
        await act(session, service, asked, sender)
        detail = await sealed.detail(service, state)
    if detail is None:
        raise missing(session, "密钥已销毁", "its key was destroyed")
    request, lang = detail.request, session.lang
    facts = [
        (("企业", "enterprise"), request.enterprise),
        (("日期", "day"), state.day),
        (("目的", "purpose"), label(request.purpose, lang)),
        (("通道", "lane"), label(request.lane, lang)),
        (("事项", "items"), ", ".join(request.items)),
        (("事由", "ground"), request.cause.reference if request.cause else ""),
        (("执法人员", "officers"), ", ".join(detail.officers)),
        (("补充说明", "more words"), request.reason),
    ]
    session.table(
        [("项目", "field"), ("内容", "value")],
        [(session.text(*name), value) for name, value in facts if value],
    )
    session.result(
        sealed=sealed_,
        request=request.model_dump(mode="json"),
        officers=list(detail.officers),
    )


@command(app, "open", acts=True)
async def open_(session: Session, *, sealed_: Sealed, by: By = None, key: Key = None) -> None:
    """启封: 当日由本部门另一人办理 / open it on its day; somebody else of the department."""
    async with session.service() as service:
        state = await _known(session, service, sealed_)
        text = await sealed.detail_text(service, state)
        if text is None:
            raise missing(session, "密钥已销毁", "its key was destroyed")
        asked = c.OpenSealed(sealed=sealed_, detail=text)
        await act(session, service, asked, clerk(state.department, by), key)
        state = await _known(session, service, sealed_)
    session.tell(f"已启封, 申请 {state.request}", f"opened: request {state.request}")
    session.result(sealed=sealed_, status=state.status.value, request=state.request)


@command(app, "cancel", acts=True)
async def cancel(
    session: Session, *, sealed_: Sealed, reason: Reason, by: By = None, key: Key = None
) -> None:
    """取消, 内容不公开 / call it off; what was sealed stays so."""
    async with session.service() as service:
        state = await _known(session, service, sealed_)
        with bad_values():
            asked = c.CancelSealed(sealed=sealed_, reason=reason)
        await act(session, service, asked, _head(state.department, by), key)
        state = await _known(session, service, sealed_)
    session.tell("已取消", "called off")
    session.result(sealed=sealed_, status=state.status.value)


async def _known(session: Session, service: Service, id_: str) -> SealedState:
    state = await service.queries.get(SealedState, keys.sealed(id_))
    if state is None:
        raise missing(session, f"没有这处占用: {id_}", f"there is no sealed visit {id_}")
    return state
