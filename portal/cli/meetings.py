"""``wurao meeting``: chains, projects, round tables, task forces, packages, monitoring points."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from portal.cli.acting import By, Key, act, enterprise, hand_in, office
from portal.cli.command import bad_values, command
from portal.cli.session import Exit, Session, Stop
from portal.matters import meetings
from portal.messages import fresh_id
from portal.proof import evidence
from portal.wording.words import label
from schemas import contact_commands as k
from schemas import meeting_commands as c
from schemas.base import CHINA
from schemas.contacts import Territory, TerritoryKind
from schemas.meetings import Chain, Meeting, MeetingKind, Package, PackageKind, Project
from schemas.visits import Grade

app = typer.Typer(
    name="meeting", help="产链、项目、会议 / chains, projects, meetings", no_args_is_help=True
)

Id = Annotated[str, typer.Argument(metavar="ID", help="编号 / id")]
Name = Annotated[str, typer.Option(help="名称 / name")]
Leader = Annotated[str, typer.Option(help="牵头人员编号 / who leads")]
Department = Annotated[str, typer.Option(help="部门 / department")]
Firm = Annotated[str, typer.Option("--enterprise", help="统一社会信用代码 / credit code")]
_DAYS = ["%Y-%m-%d"]


@command(app, "list")
async def list_(session: Session) -> None:
    """会议, 下次圆桌会议最迟哪天 / meetings, and by when the next round table is due."""
    async with session.service() as service:
        rows = await meetings.meetings(service.queries)
        due = await meetings.next_round_table(service.queries, service.clock.now())
    session.table(
        [("日期", "day"), ("种类", "kind"), ("主题", "theme"), ("编号", "id")],
        [
            (str(m.meeting.on), label(m.meeting.kind, session.lang), m.meeting.theme, m.meeting.id)
            for m in rows
        ],
    )
    session.result(
        meetings=[{"id": m.meeting.id, "open": m.open} for m in rows],
        next_round_table=str(due.due.day) if due else None,
    )


@command(app, "territory", acts=True)
async def territory(
    session: Session,
    *,
    id_: Id,
    name: Name,
    kind: Annotated[TerritoryKind, typer.Option(help="层级 / level")],
    parent: Annotated[str | None, typer.Option(help="上级片区 / what it hangs from")] = None,
    head: Annotated[str | None, typer.Option(help="负责人 / who answers for it")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """设置片区 / set a part of the territory tree."""
    with bad_values():
        part = Territory(id=id_, name=name, kind=kind, parent=parent, head=head)
    await hand_in(session, k.SetTerritory(territory=part), office(by), key)


@command(app, "chain", acts=True)
async def chain(
    session: Session,
    *,
    id_: Id,
    name: Name,
    trade: Annotated[list[str], typer.Option(help="行业代码开头 / prefix of trades")],
    leader: Leader,
    department: Department,
    team: Annotated[list[str] | None, typer.Option(help="专班人员 / of the team")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """设置产业链和专班 / set a chain, its leader and its team."""
    with bad_values():
        asked = Chain(
            id=id_,
            name=name,
            trades=tuple(trade),
            leader=leader,
            department=department,
            team=tuple(team or ()),
        )
    await hand_in(session, c.SetChain(chain=asked), office(by), key)


@command(app, "project", acts=True)
async def project(
    session: Session,
    *,
    id_: Id,
    name: Name,
    firm: Firm,
    leader: Leader,
    department: Department,
    stage: Annotated[str, typer.Option(help="进度 / how far it is")],
    since: Annotated[datetime, typer.Option(formats=_DAYS, help="自哪天起 / from which day")],
    chain_: Annotated[str | None, typer.Option("--chain", help="产业链 / chain")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """设置项目和包联领导 / set a project and who answers for it."""
    with bad_values():
        asked = Project(
            id=id_,
            name=name,
            enterprise=firm,
            leader=leader,
            department=department,
            stage=stage,
            since=since.date(),
            chain=chain_,
        )
    await hand_in(session, c.SetProject(project=asked), office(by), key)


@command(app, "set", acts=True)
async def set_(
    session: Session,
    *,
    theme: Annotated[str, typer.Argument(metavar="THEME", help="主题 / theme")],
    on: Annotated[datetime, typer.Option(formats=_DAYS, help="日期 / day")],
    kind: Annotated[MeetingKind, typer.Option(help="种类 / kind")] = MeetingKind.ROUND_TABLE,
    meeting: Annotated[str | None, typer.Option(help="要改的会议 / the meeting to change")] = None,
    chain_: Annotated[str | None, typer.Option("--chain", help="产业链 / chain")] = None,
    place: Annotated[str | None, typer.Option(help="地点 / place")] = None,
    invite: Annotated[list[str] | None, typer.Option(help="邀请的企业 / invited")] = None,
    department: Annotated[list[str] | None, typer.Option(help="参加部门 / department")] = None,
    agenda: Annotated[list[str] | None, typer.Option(help="议程 / item of the agenda")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """定会议, 通知受邀企业 / fix a meeting; those invited are told."""
    with bad_values():
        asked = Meeting(
            id=meeting or key or fresh_id(),
            kind=kind,
            theme=theme,
            on=on.date(),
            place=place,
            chain=chain_,
            invited=tuple(invite or ()),
            departments=tuple(department or ()),
            agenda=tuple(agenda or ()),
        )
    await hand_in(session, c.SetMeeting(meeting=asked), office(by), key)


@command(app, "hold", acts=True)
async def hold(
    session: Session,
    *,
    id_: Id,
    note: Annotated[str, typer.Argument(metavar="NOTE", help="结果 / what came of it")],
    came: Annotated[list[str] | None, typer.Option(help="到会企业 / who came")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """登记已召开 / record that a meeting took place."""
    with bad_values():
        asked = c.HoldMeeting(meeting=id_, came=tuple(came or ()), note=note)
    await hand_in(session, asked, office(by), key)


@command(app, "call-off", acts=True)
async def call_off(
    session: Session,
    *,
    id_: Id,
    reason: Annotated[str, typer.Option(help="理由 / why")],
    by: By = None,
    key: Key = None,
) -> None:
    """取消会议 / call a meeting off."""
    await hand_in(session, c.CallOffMeeting(meeting=id_, reason=reason), office(by), key)


@command(app, "package", acts=True)
async def package(
    session: Session,
    *,
    id_: Id,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="PDF, JPEG, PNG")],
    kind: Annotated[PackageKind, typer.Option(help="种类 / kind")] = PackageKind.POLICY,
    by: By = None,
    key: Key = None,
) -> None:
    """发布政策包、服务包 / publish a package with its file."""
    async with session.service() as service:
        today = service.clock.now().astimezone(CHINA).date()
        try:
            paper = await evidence.keep(service, file.read_bytes(), today)
        except evidence.BadScan as bad:
            raise Stop(Exit.REFUSED, [session.text(*bad.said)], {"error": bad.code}) from None
        with bad_values():
            made = Package(
                id=id_,
                name=file.name,
                kind=kind,
                sha256=paper.sha256,
                media=paper.media,
                size=paper.size,
            )
        await act(session, service, c.PublishPackage(package=made), office(by), key)
    session.tell("已发布", "published")
    session.result(id=id_, sha256=made.sha256)


@command(app, "answer", acts=True)
async def answer(
    session: Session,
    *,
    month: Annotated[str, typer.Argument(metavar="MONTH", help="月份 / month: 2026-12")],
    grade: Annotated[Grade, typer.Argument(help="评价 / grade")],
    firm: Firm,
    line: Annotated[str | None, typer.Option(help="一句话 / one line")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """监测点回答 / a monitoring point answers."""
    with bad_values():
        asked = c.AnswerPulse(month=month, grade=grade, line=line)
    await hand_in(session, asked, enterprise(firm, by), key)
