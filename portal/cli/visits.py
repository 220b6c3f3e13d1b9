"""``wurao visit``: what happens to a visit between the plan and the gate, and after it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from portal.cli.acting import By, Key, act, clerk, missing, officer
from portal.cli.command import bad_values, command
from portal.cli.requests import known_request
from portal.cli.session import Session
from portal.running.service import Service
from portal.wording.words import label
from scheduler import keys
from scheduler.states import VisitState, VisitStatus
from schemas.commands import (
    ArrangeVisit,
    CancelVisit,
    RecordFiling,
    RecordOutcome,
    ReportNoEntry,
    StaffVisit,
)
from schemas.lanes import HalfDay, Lane
from schemas.visits import Filing, Finding, NoEntry, Outcome

app = typer.Typer(name="visit", help="入企 / visits", no_args_is_help=True)

Visit = Annotated[str, typer.Argument(metavar="VISIT", help="入企编号 / id of the visit")]
Department = Annotated[str, typer.Option(help="部门 / department")]
Reason = Annotated[str, typer.Option(help="理由 / reason")]


@command(app, "list")
async def list_(
    session: Session,
    *,
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="日期 / day")] = None,
    month: Annotated[str | None, typer.Option(help="计划月份 / month of the plan")] = None,
    enterprise: Annotated[str | None, typer.Option(help="USCC")] = None,
    status: Annotated[VisitStatus | None, typer.Option(help="状态 / status")] = None,
    limit: Annotated[int, typer.Option(min=1, help="最多行数 / rows at most")] = 100,
) -> None:
    """列出入企 / list visits."""
    wanted: dict[str, Any] = {
        "day": day.date() if day else None,
        "month": month,
        "enterprise": enterprise,
        "status": status.value if status else None,
    }
    equals = {name: value for name, value in wanted.items() if value is not None}
    async with session.service() as service:
        rows = await service.queries.rows("visit", limit=limit, **equals)
    columns = [
        ("日期", "day"),
        ("企业", "enterprise"),
        ("通道", "lane"),
        ("状态", "status"),
        ("牵头", "lead"),
        ("部门数", "departments"),
        ("入企", "visit"),
    ]
    session.table(
        columns,
        [
            (
                row["day"],
                row["enterprise"],
                label(Lane(row["lane"]), session.lang),
                label(VisitStatus(row["status"]), session.lang),
                row["lead"],
                row["departments"],
                row["id"],
            )
            for row in rows
        ],
    )
    # How the rating station ended is nobody's business here: pages show it to all at one time.
    hidden = {"rated"}
    session.result(visits=[{k: v for k, v in row.items() if k not in hidden} for row in rows])


@command(app, "show")
async def show(session: Session, visit: Visit) -> None:
    """一次入企的各个环节 / a visit, station by station."""
    async with session.service() as service:
        state = await known(session, service, visit)
    line = state.line
    filing = state.filing.number if state.filing else None
    code = state.code
    facts = [
        (("入企", "visit"), state.id),
        (("状态", "status"), label(state.status, session.lang)),
        (("企业", "enterprise"), line.enterprise),
        (("日期", "day"), f"{line.day} {label(line.half, session.lang) if line.half else ''}"),
        (("通道", "lane"), label(state.lane, session.lang)),
        (("牵头", "lead"), line.lead),
        (
            ("部门与人员", "departments and officers"),
            "\n".join(
                f"{part.department}: {', '.join(part.officers) or '-'}" for part in line.parts
            ),
        ),
        (("备案", "filing"), filing),
        (("赋码", "code"), code.serial if code else None),
        (("检查码", "external code"), code.external if code else None),
        (("扫码入企", "entered"), state.scan.at if state.scan else None),
        (("离企", "left"), state.left_at),
        (("检查结果", "outcomes"), ", ".join(o.department for o in state.outcomes)),
    ]
    session.table(
        [("项目", "field"), ("内容", "value")],
        [(session.text(*name), value) for name, value in facts if value],
    )
    session.result(visit=state.model_dump(mode="json", exclude={"rating", "rated", "comment"}))


@command(app, "arrange", acts=True)
async def arrange(
    session: Session,
    *,
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="申请编号 / request")],
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="日期 / day")],
    half: Annotated[HalfDay | None, typer.Option(help="半天 / half-day")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """安排计划外的入企: 有因、提级、紧急、预约 / arrange a visit outside the plan."""
    async with session.service() as service:
        state = await known_request(session, service, request)
        asked = ArrangeVisit(request=request, day=day.date(), half=half)
        effect = await act(session, service, asked, clerk(state.request.department, by), key)
    visit = effect.about.partition("/")[2]
    session.tell(f"已安排在 {day.date()}, 入企编号 {visit}", f"set for {day.date()} as {visit}")
    session.result(request=request, visit=visit, day=str(day.date()))


@command(app, "staff", acts=True)
async def staff(
    session: Session,
    *,
    visit: Visit,
    department: Department,
    officer_: Annotated[
        list[str], typer.Option("--officer", help="人员编号 / officer, repeatable")
    ],
    half: Annotated[HalfDay, typer.Option(help="半天 / half-day")] = HalfDay.MORNING,
    by: By = None,
    key: Key = None,
) -> None:
    """派员 / name the officers."""
    async with session.service() as service:
        asked = StaffVisit(visit=visit, department=department, officers=tuple(officer_), half=half)
        await act(session, service, asked, clerk(department, by), key)
    session.tell("已派员", "officers are named")
    session.result(visit=visit, department=department, officers=officer_, half=half.value)


@command(app, "cancel", acts=True)
async def cancel(
    session: Session, visit: Visit, reason: Reason, by: By = None, key: Key = None
) -> None:
    """取消入企 / call a visit off."""
    async with session.service() as service:
        state = await known(session, service, visit)
        asked = CancelVisit(visit=visit, reason=reason)
        await act(session, service, asked, clerk(state.line.lead, by), key)
    session.tell("已取消", "called off")
    session.result(visit=visit, status=VisitStatus.CANCELLED.value)


@command(app, "failed", acts=True)
async def failed(
    session: Session,
    *,
    visit: Visit,
    cause: Annotated[NoEntry, typer.Option(help="原因 / cause")],
    reason: Reason,
    by: By = None,
    key: Key = None,
) -> None:
    """未能入企 / report that a visit that was due did not enter."""
    async with session.service() as service:
        state = await known(session, service, visit)
        asked = ReportNoEntry(visit=visit, cause=cause, reason=reason)
        await act(session, service, asked, officer(state.line.lead, by), key)
    session.tell("已记录", "on record")
    session.result(visit=visit, status=VisitStatus.NOT_ENTERED.value, cause=cause.value)


@command(app, "outcome", acts=True)
async def outcome(
    session: Session,
    *,
    visit: Visit,
    department: Department,
    measure: Annotated[
        str, typer.Option(help="none | guidance | rectification | penalty_case")
    ] = "none",
    bad: Annotated[list[str] | None, typer.Option(help="不合格事项 / items not in order")] = None,
    rectify_by: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="整改期限 / put right by")
    ] = None,
    cite: Annotated[
        list[str] | None, typer.Option(help="引用清单代码, 如免罚 / cited code, as list:code")
    ] = None,
    package: Annotated[
        list[str] | None, typer.Option(help="送达的政策包 / package handed over")
    ] = None,
    major: Annotated[bool, typer.Option(help="重大执法决定 / a major decision")] = False,
    by: By = None,
    key: Key = None,
) -> None:
    """登记检查结果 / record a department's result."""
    async with session.service() as service:
        state = await known(session, service, visit)
        items = [i for p in state.line.parts if p.department == department for i in p.items]
        wrong = set(bad or ())
        with bad_values():
            result = Outcome(
                department=department,
                findings=tuple(
                    Finding(item=item, compliant=item not in wrong)
                    for item in (*items, *sorted(wrong.difference(items)))
                ),
                measure=measure,
                rectify_by=rectify_by.date() if rectify_by else None,
                cites=tuple(cite or ()),
                packages=tuple(package or ()),
                major=major,
            )
        asked = RecordOutcome(visit=visit, outcome=result)
        await act(session, service, asked, officer(department, by), key)
    session.tell("已登记", "on record")
    session.result(visit=visit, outcome=result.model_dump(mode="json"))


@command(app, "file", acts=True)
async def file(
    session: Session,
    *,
    visit: Visit,
    number: Annotated[str, typer.Option(help="备案号 / number of the filing")],
    dated: Annotated[
        datetime | None, typer.Option(help="备案上写的日期 / the date that stands on it")
    ] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """备案: 提级和紧急入企 / the filing of an escalated or emergency visit."""
    async with session.service() as service:
        state = await known(session, service, visit)
        sender = clerk(state.line.lead, by)
        at = dated.replace(tzinfo=session.now.tzinfo) if dated else session.now
        with bad_values():
            filing = Filing(number=number, at=at, by=sender.actor.id)
        await act(session, service, RecordFiling(visit=visit, filing=filing), sender, key)
        state = await known(session, service, visit)
    session.tell("已备案", "filed")
    if state.filing_late:
        session.tell("注意: 已超过备案期限", "note: it came late")
    if state.filing_back_dated:
        session.tell("注意: 日期早于收到日期", "note: it is dated before it came in")
    session.result(
        visit=visit,
        filing=number,
        late=state.filing_late,
        back_dated=state.filing_back_dated,
    )


async def known(session: Session, service: Service, visit: str) -> VisitState:
    """Return a visit.

    Raises:
        Stop: If there is none with this id.
    """
    state = await service.queries.get(VisitState, keys.visit(visit))
    if state is None:
        raise missing(session, f"没有这次入企: {visit}", f"there is no visit {visit}")
    return state
