"""``wurao joint``: bundles of a trade, joint visits, what could go together, who declined or did not come."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from portal.cli.acting import By, Key, Month, act, clerk, hand_in, identity, office
from portal.cli.command import bad_values, command
from portal.cli.session import Session
from portal.matters import joint
from schemas import bundle_commands as c
from schemas.lanes import OnSiteGround
from schemas.visits import Window

app = typer.Typer(name="joint", help="一业一查 / joint visits by trade", no_args_is_help=True)

Line = Annotated[str | None, typer.Option(help="年度计划行 / line of the annual plan")]
OffPlan = Annotated[str | None, typer.Option(help="计划外的依据 / basis off-plan")]
_DAYS = ["%Y-%m-%d"]


@command(app, "bundles")
async def bundles(session: Session) -> None:
    """一业一册, 附可装载的行业文件 / bundles in use, and the trades' files that come along."""
    async with session.service() as service:
        found = await joint.bundles(service.queries)
    session.table(
        [("编号", "id"), ("名称", "title"), ("行业", "trades"), ("部门", "departments")],
        [(b.id, b.title.zh, "、".join(b.trades), len(b.parts)) for b in found],
    )
    session.result(bundles=[b.id for b in found], shipped=list(joint.shipped()))


@command(app, "load", acts=True)
async def load(
    session: Session,
    *,
    name: Annotated[
        str, typer.Argument(metavar="FILE", help="行业文件或其名称 / file, or its name")
    ],
    by: By = None,
    key: Key = None,
) -> None:
    """按行业文件和本地已公布事项公布一业一册 / publish a trade's bundle of the county's own items."""
    async with session.service() as service:
        with bad_values():
            made, missing = await joint.bundle_of(service.queries, joint.read(name))
            if made is None:
                msg = (
                    f"不到两个部门有相应事项 / fewer than two departments have items of it: {name}"
                )
                raise ValueError(msg)
        effect = await act(session, service, c.PublishBundle(bundle=made), office(by), key)
    session.tell(f"已公布: {len(made.parts)} 个部门", f"published: {len(made.parts)} departments")
    session.result(
        id=identity(effect.about),
        departments=[part.department for part in made.parts],
        missing=list(missing),
    )


@command(app, "suggest")
async def suggest(session: Session, *, month: Month) -> None:
    """本月可以一起去的 / where a month's requests could become one visit of a bundle."""
    async with session.service() as service:
        found = await joint.suggestions(service.queries, month)
    session.table(
        [("企业", "enterprise"), ("一业一册", "bundle"), ("已申请", "asking"), ("还有", "missing")],
        [(s.enterprise, s.bundle.id, "、".join(s.asking), "、".join(s.missing)) for s in found],
    )
    session.result(
        suggestions=[
            {
                "enterprise": s.enterprise,
                "bundle": s.bundle.id,
                "asking": list(s.asking),
                "missing": list(s.missing),
            }
            for s in found
        ]
    )


@command(app, "report")
async def report(session: Session, *, month: Month) -> None:
    """不参加合并和应到未到 / declined merges and phantom partners of a month."""
    async with session.service() as service:
        declined = await joint.noes(service.queries, month)
        absent = await joint.phantoms(service.queries, month)
    counted = joint.by_department(declined, absent)
    session.table(
        [("部门", "department"), ("不参加合并", "declined"), ("应到未到", "did not come")],
        [(home, no, away) for home, (no, away) in counted.items()],
    )
    session.result(
        month=month,
        departments={
            home: {"declined": no, "absent": away} for home, (no, away) in counted.items()
        },
    )


@command(app, "propose", acts=True)
async def propose(
    session: Session,
    *,
    why: Annotated[str, typer.Argument(metavar="WHY", help="为何须到现场 / why on site")],
    bundle: Annotated[str, typer.Option(help="一业一册 / bundle")],
    firm: Annotated[str, typer.Option("--enterprise", help="统一社会信用代码 / credit code")],
    lead: Annotated[str, typer.Option(help="牵头部门 / lead department")],
    first: Annotated[datetime, typer.Option(formats=_DAYS, help="最早 / first day")],
    last: Annotated[datetime, typer.Option(formats=_DAYS, help="最晚 / last day")],
    on_site: Annotated[OnSiteGround, typer.Option(help="理由 / ground")] = OnSiteGround.PHYSICAL,
    line: Line = None,
    off_plan: OffPlan = None,
    by: By = None,
    key: Key = None,
) -> None:
    """发起联合检查, 牵头部门同时申请 / propose a joint visit; the lead's request comes with it."""
    with bad_values():
        asked = c.ProposeJoint(
            bundle=bundle,
            enterprise=firm,
            lead=lead,
            window=Window(first=first.date(), last=last.date()),
            on_site=on_site,
            why_on_site=why,
            line=line,
            off_plan=off_plan,
        )
    await hand_in(session, asked, clerk(lead, by), key)


@command(app, "answer", acts=True)
async def answer(
    session: Session,
    *,
    joint_id: Annotated[str, typer.Argument(metavar="JOINT", help="联合申请编号 / its id")],
    department: Annotated[str, typer.Option(help="部门编号 / the department")],
    decline: Annotated[str | None, typer.Option(help="不参加的理由 / why it does not join")] = None,
    line: Line = None,
    off_plan: OffPlan = None,
    by: By = None,
    key: Key = None,
) -> None:
    """参加, 或写明理由不参加 / join, or say why not."""
    with bad_values():
        asked = c.AnswerJoint(
            joint=joint_id,
            department=department,
            joins=decline is None,
            reason=decline,
            line=line,
            off_plan=off_plan,
        )
    await hand_in(session, asked, clerk(department, by), key)
