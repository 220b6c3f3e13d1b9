"""``wurao off-site``: tasks that open no door, and results of other departments that are taken over."""

from __future__ import annotations

from typing import Annotated

import typer

from portal.cli.acting import By, Key, act, clerk, hand_in, identity, office
from portal.cli.command import bad_values, command
from portal.cli.session import Session
from portal.matters import off_site
from schemas import off_site_commands as c
from schemas.base import CHINA
from schemas.off_site import OffSiteResult, OffSiteSettlement, OffSiteWay

app = typer.Typer(name="off-site", help="非现场监管 / without coming", no_args_is_help=True)

Task = Annotated[str, typer.Argument(metavar="TASK", help="任务编号 / id of the task")]
Department = Annotated[str, typer.Option(help="部门编号 / the department")]
Firm = Annotated[str, typer.Option("--enterprise", help="统一社会信用代码 / credit code")]


@command(app, "list")
async def list_(session: Session) -> None:
    """非现场任务, 未办结的在前, 附全年数 / tasks, the open ones first, with the year in figures."""
    async with session.service() as service:
        rows = await off_site.listed(service.queries, office().actor)
        year = service.clock.now().astimezone(CHINA).year
        found = await off_site.counts(service.queries, year)
    session.table(
        [
            ("编号", "id"),
            ("企业", "enterprise"),
            ("部门", "department"),
            ("方式", "way"),
            ("状态", "status"),
        ],
        [
            (s.id, s.task.enterprise, s.task.department, s.task.way.value, s.status.value)
            for s in rows
        ],
    )
    session.result(
        tasks=[{"id": s.id, "status": s.status.value} for s in rows],
        year={"total": found.total, "settled": found.settled, "spared": found.spared},
    )


@command(app, "offers", acts=True)
async def offers(session: Session, *, department: Department, firm: Firm) -> None:
    """可以互认的结果 / results of others that a department may take over."""
    async with session.service() as service:
        today = session.now.astimezone(CHINA).date()
        found = await off_site.offers(service.queries, department, firm, today)
    session.table(
        [("事项", "item"), ("来源", "source"), ("部门", "of"), ("日期", "day")],
        [(o.item, o.found.source.id, o.found.source.department, str(o.found.day)) for o in found],
    )
    session.result(
        offers=[{"item": o.item, "source": o.found.source.model_dump(mode="json")} for o in found]
    )


@command(app, "open", acts=True)
async def open_(
    session: Session,
    *,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="查什么 / what is asked")],
    department: Department,
    firm: Firm,
    way: Annotated[OffSiteWay, typer.Option(help="方式 / how")],
    item: Annotated[list[str], typer.Option(help="事项, 可多次 / item, several times")],
    by: By = None,
    key: Key = None,
) -> None:
    """开展非现场监管 / open a task."""
    with bad_values():
        asked = c.OpenOffSite(
            department=department, enterprise=firm, way=way, items=tuple(item), text=text
        )
    await hand_in(session, asked, clerk(department, by), key)


@command(app, "settle", acts=True)
async def settle(
    session: Session,
    *,
    task: Task,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="结论 / what was found")],
    department: Department,
    result: Annotated[OffSiteResult, typer.Option(help="结果 / the result")] = OffSiteResult.CLEAR,
    by: By = None,
    key: Key = None,
) -> None:
    """办结 / put a task's result on record."""
    with bad_values():
        said = OffSiteSettlement(result=result, text=text)
    await hand_in(session, c.SettleOffSite(task=task, settlement=said), clerk(department, by), key)


@command(app, "drop", acts=True)
async def drop(
    session: Session,
    *,
    task: Task,
    department: Department,
    reason: Annotated[str, typer.Option(help="理由 / why")],
    by: By = None,
    key: Key = None,
) -> None:
    """撤销 / drop a task."""
    await hand_in(session, c.DropOffSite(task=task, reason=reason), clerk(department, by), key)


@command(app, "share", acts=True)
async def share(
    session: Session,
    *,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="本部门事项 / the department's item")],
    department: Department,
    firm: Firm,
    by: By = None,
    key: Key = None,
) -> None:
    """结果互认: 采用其他部门最近的合格结果 / take over the newest good result of another department."""
    async with session.service() as service:
        today = session.now.astimezone(CHINA).date()
        found = await off_site.offers(service.queries, department, firm, today)
        offer = next((o for o in found if o.item == item), None)
        with bad_values():
            if offer is None:
                msg = f"没有可以互认的结果 / nothing to take over: {item}"
                raise ValueError(msg)
            asked = c.TakeOverResult(
                department=department,
                enterprise=firm,
                item=item,
                source=offer.found.source,
            )
        effect = await act(session, service, asked, clerk(department, by), key)
    session.tell("已采用, 不用上门", "taken over; nobody need come")
    session.result(id=identity(effect.about))
