"""``wurao plan``: why it is so, what would be if, what differs, and the plan made again."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from portal.cli.acting import By, Key, Month, missing
from portal.cli.command import bad_values, command
from portal.cli.plans import Version, figures, summary
from portal.cli.searching import (
    Ending,
    Memory,
    Pins,
    Seconds,
    Steps,
    drafted,
    limits_of,
    pins_of,
)
from portal.cli.session import Session, Stop
from portal.plans import comparing, explaining, planning
from portal.plans.explaining import AccountView, UnknownPlanError
from portal.plans.reasons import WhyView, points
from scheduler import keys
from scheduler.planner import variations as v
from scheduler.planner.variations import MoreUnits
from scheduler.replanning import CHANGE
from scheduler.states import VisitState
from schemas.base import Bilingual

_SHOWN = 12


def add(app: typer.Typer) -> None:
    """Register the commands in the plan's group."""
    command(app, "why")(why)
    command(app, "explain")(explain)
    command(app, "what-if")(what_if)
    command(app, "diff")(diff)
    command(app, "revise", acts=True)(revise)


async def why(
    session: Session,
    id_: Annotated[str, typer.Argument(metavar="REQUEST|VISIT", help="申请或入企 / which one")],
    month: Annotated[str | None, typer.Option(help="月份 / month, 默认其所在月")] = None,
    version: Version = None,
) -> None:
    """为什么排在这天, 或没有排入; 还有哪些日子, 代价多少 / why this day, or none, and the others."""
    async with session.service() as service:
        queries = service.queries
        try:
            if await queries.get(VisitState, keys.visit(id_)) is not None:
                views = await explaining.why_visit(queries, id_)
            else:
                views = (await explaining.why_request(queries, id_, month, version),)
        except LookupError as error:
            raise _unknown(session, error) from None
    for view in views:
        _why(session, view)
    session.result(reasons=[view.model_dump(mode="json") for view in views])


def _why(session: Session, view: WhyView) -> None:
    session.line(f"{view.request} ({view.department}): {_said(session, view.said)}")
    if not view.exact:
        session.tell(
            "  台账在排程之后有变化, 以下按现在的情况",
            "  the ledger has changed since; this is as of now",
        )
    for fact in view.grounds:
        session.line(f"  {_said(session, fact.said)}")
    if view.crowd:
        session.line(f"  {_said(session, view.crowd.said)}")
        session.line(f"    {', '.join(view.crowd.requests[:_SHOWN])}")
        for fact in view.crowd.barriers[:_SHOWN]:
            session.line(f"    {_said(session, fact.said)}")
    if view.swap:
        session.line(f"  {_said(session, view.swap.said)}")
    session.tell("  其他日期:", "  other days:")
    for option in view.options:
        session.line(f"    {_said(session, option.said)}")
    if view.ways_out:
        ways = "; ".join(_said(session, fact.said) for fact in view.ways_out)
        session.line("  " + session.text("解决办法", "ways out") + f": {ways}")


async def explain(session: Session, month: Month, version: Version = None) -> None:
    """计划的分数从哪来, 部门是否均衡, 满员日值多少 / points, fairness, the price of full days."""
    async with session.service() as service:
        try:
            found = await explaining.explained(service.queries, month, version)
        except LookupError as error:
            raise _unknown(session, error) from None
        speaker = await explaining.speaker_of(service.queries, found.prepared)
    view = explaining.account_view(found, speaker)
    _account(session, view)
    session.result(**view.model_dump(mode="json"))


def _account(session: Session, view: AccountView) -> None:
    gap = "-" if view.gap_percent is None else f"{view.gap_percent} %"
    session.tell(
        f"{view.month} 第 {view.version} 版: 目标 {view.objective}, 下界 {view.bound}, "
        f"差距至多 {gap}",
        f"version {view.version}: objective {view.objective}, bound {view.bound}, at most "
        f"{gap} from the best",
    )
    for term in view.terms:
        session.line(f"  {_said(session, term.said)}")
    columns = [
        ("部门", "department"),
        ("申请", "requests"),
        ("已排", "placed"),
        ("联合", "joint"),
        ("千分比", "per mille"),
        ("负荷", "load"),
        ("每日多一单位值", "a unit more each day is worth"),
    ]
    rows = [
        (
            s.department,
            s.requests,
            s.placed,
            s.joint,
            s.permille,
            f"{s.load}/{s.units}",
            points(s.team),
        )
        for s in view.departments
    ]
    session.table(columns, rows)
    for load in view.full_days:
        session.line(f"  {_said(session, load.said)}")


async def what_if(
    session: Session,
    *,
    month: Month,
    units: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DEPARTMENT=N[@DAY]", help="多几个单位 / more units: fire=+2@2026-12-28"
        ),
    ] = None,
    cap: Annotated[
        list[str] | None, typer.Option(metavar="RULE=N", help="放宽频次 / more room under a cap")
    ] = None,
    open_day: Annotated[
        list[str] | None, typer.Option(metavar="DAY", help="多开一天 / a day opened to visits")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="REQUEST", help="不排这份 / without a request")
    ] = None,
    departments: Annotated[
        int | None, typer.Option(min=1, help="一次入企部门数上限 / most departments in a visit")
    ] = None,
    steps: Steps = None,
    version: Version = None,
) -> None:
    """如果多一个班组、多开一天、放宽频次: 按同样算法再排一次 / plan twice and compare."""
    changes: list[v.Variation] = []
    with bad_values():
        changes += [_units(text) for text in units or ()]
        changes += [v.MoreRoom(code=c, more=int(n)) for c, _, n in map(_parted, cap or ())]
        changes += [v.Without(ask=request) for request in without or ()]
        changes += [v.WiderVisits(most=departments)] if departments else []
        opened = frozenset(map(date.fromisoformat, open_day or ()))
        if not changes and not opened:
            raise typer.BadParameter("--units / --cap / --open-day / --without / --departments")
    change = comparing.Change(variations=changes, opened=opened)
    async with session.service() as service:
        try:
            found = await explaining.explained(service.queries, month, version)
            with session.waiting("排两次", "planning twice"):
                view = await comparing.what_if(found, change, limits_of(steps))
        except (UnknownPlanError, planning.NotReadyError, v.UnknownVariationError) as error:
            raise _unknown(session, error) from None
    session.tell(
        f"目标由 {view.before.objective} 变为 {view.after.objective}, 未排由 "
        f"{view.before.unplaced} 变为 {view.after.unplaced}; 值 {view.found} 分, "
        f"已证明在 {view.least} 到 {view.most} 之间",
        f"objective {view.before.objective} becomes {view.after.objective}, without a day "
        f"{view.before.unplaced} becomes {view.after.unplaced}: worth {view.found} points, "
        f"proven between {view.least} and {view.most}",
    )
    session.result(**view.model_dump(mode="json"))


def _parted(text: str) -> tuple[str, str, str]:
    return text.partition("=")


def _units(text: str) -> MoreUnits:
    department, _, rest = text.partition("=")
    number, _, day = rest.partition("@")
    return MoreUnits(
        department=department,
        units=int(number),
        day=date.fromisoformat(day) if day else None,
    )


async def diff(
    session: Session,
    month: Month,
    before: Annotated[int, typer.Argument(metavar="A", min=1, help="前一版 / earlier version")],
    after: Annotated[int, typer.Argument(metavar="B", min=1, help="后一版 / later version")],
) -> None:
    """两版计划的差别 / what differs between two versions of a plan."""
    async with session.service() as service:
        try:
            view = await comparing.difference_of(service.queries, month, before, after)
        except LookupError as error:
            raise _unknown(session, error) from None
    old, new = view.worth_before, view.worth_after
    session.tell(
        f"第 {before} 版 -> 第 {after} 版: 改期 {len(view.moved)}, 新排入 {len(view.placed)}, "
        f"落空 {len(view.unplaced)}, 新增 {len(view.added)}, 去掉 {len(view.dropped)}",
        f"version {before} -> {after}: {len(view.moved)} moved, {len(view.placed)} placed, "
        f"{len(view.unplaced)} lost their day, {len(view.added)} added, {len(view.dropped)} dropped",
    )
    if old and new:
        session.line(
            f"  {session.text('入企', 'entries')} {old.entries} -> {new.entries}  "
            f"{session.text('目标', 'objective')} {old.objective} -> {new.objective}  "
            f"{session.text('下界', 'bound')} {old.bound} -> {new.bound}"
        )
    moves = (*view.moved, *view.placed, *view.unplaced, *view.added, *view.dropped)
    columns = [("申请", "request"), ("部门", "department"), ("原", "before"), ("现", "after")]
    session.table(columns, [(m.request, m.department, m.before, m.after) for m in moves])
    session.result(**view.model_dump(mode="json"))


async def revise(
    session: Session,
    *,
    month: Month,
    change: Annotated[
        int, typer.Option(min=0, max=40, help="每改动一份已发布申请的分数 / points for each move")
    ] = CHANGE,
    seed: Annotated[int, typer.Option(min=0, help="随机种子 / seed")] = 0,
    steps: Steps = None,
    seconds: Seconds = None,
    memory: Memory = None,
    pin: Pins = None,
    by: By = None,
    key: Key = None,
) -> None:
    """调整已发布的计划: 只动必须动的, 作为新一版草案 / plan a published month again, as a draft."""
    async with session.service() as service:
        with bad_values():
            order = await planning.revision(
                service.queries,
                month,
                session.now.date(),
                change=change,
                seed=seed,
                limits=limits_of(steps),
                pins=pins_of(pin),
            )
        ending = Ending(seconds=seconds, memory=memory, by=by, key=key)
        version, body, ended = await drafted(session, service, order, ending)
        view = await comparing.difference_of(service.queries, month, body.base, version)
    summary(session, month, version, body)
    session.tell(
        f"与已发布的第 {body.base} 版相比: 改期 {len(view.moved)}, 新排入 {len(view.placed)}, "
        f"落空 {len(view.unplaced)}",
        f"against the published version {body.base}: {len(view.moved)} moved, "
        f"{len(view.placed)} placed, {len(view.unplaced)} lost their day",
    )
    session.result(
        month=month,
        version=version,
        base=body.base,
        ended=ended,
        moved=[m.model_dump(mode="json") for m in view.moved],
        newly_placed=[m.model_dump(mode="json") for m in view.placed],
        lost=[m.model_dump(mode="json") for m in view.unplaced],
        **figures(body),
    )


def _said(session: Session, text: Bilingual) -> str:
    return session.text(text.zh, text.en)


def _unknown(session: Session, error: LookupError) -> Stop:
    zh, _, en = str(error).partition(" / ")
    return missing(session, zh or "-", en or zh or "-")
