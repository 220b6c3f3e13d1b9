"""``wurao scorecard``: 督查 from draft to signature, appeal, bulletin and evidence pack."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from portal.archives.evidence import pack_evidence
from portal.cli.acting import By, Key, act, missing, office
from portal.cli.command import bad_values, command
from portal.cli.session import Session
from portal.matters import scorecards as cards
from portal.matters.scorecards import hundredths
from portal.messages import Sender
from portal.pages.papers import FORMATS
from portal.papers import bulletins as papers
from portal.running.service import Service
from portal.wording.words import label
from scheduler.scorecards.states import ScorecardState
from schemas import score_commands as c
from schemas.envelope import ActorRole
from schemas.scorecards import Veto
from schemas.visits import Decision

app = typer.Typer(name="scorecard", help="督查和通报 / scorecards, bulletins", no_args_is_help=True)

Department = Annotated[str, typer.Argument(metavar="DEPARTMENT", help="部门 / department")]
Period = Annotated[
    str, typer.Argument(metavar="PERIOD", help="月、季、年 / 2026-11, 2026-Q4, 2026")
]
Reason = Annotated[str, typer.Option("--reason", help="理由 / why")]


@command(app, "show")
async def show(session: Session, *, department: Department, period: Period) -> None:
    """现在的数字, 以及签发过的各版 / the figures as they stand, and what was signed."""
    async with session.service() as service:
        draft = await cards.draft(service.queries, department, period, session.now.date())
        state = await cards.card(service.queries, department, period)
    session.table(
        [("指标", "indicator"), ("分子", "part"), ("分母", "whole"), ("得分", "points")],
        [
            (
                label(each.measured.indicator, session.lang),
                each.measured.part,
                each.measured.whole,
                hundredths(each.points) or "—",
            )
            for each in draft.figures
        ],
    )
    session.result(
        draft=[each.model_dump(mode="json") for each in draft.figures],
        points=draft.points,
        possible=draft.possible,
        signed=[card.model_dump(mode="json") for card in state.versions] if state else [],
    )


@command(app, "sign", acts=True)
async def sign(
    session: Session,
    *,
    department: Department,
    period: Period,
    veto: Annotated[
        list[str] | None,
        typer.Option("--veto", metavar="ALERT", help="一票否决: 查实的疑点 / a confirmed alert"),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="更正或否决的理由 / why")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """签发现在的数字; 更正即新版 / sign the figures as they stand; a correction is a new version."""
    async with session.service() as service:
        draft = await cards.draft(service.queries, department, period, session.now.date())
        with bad_values():
            asked = c.SignScorecard(
                department=department,
                period=period,
                figures=tuple(each.measured for each in draft.counted),
                vetoes=tuple(Veto(alert=each, reason=reason or "-") for each in veto or ()),
                reason=reason,
            )
        await act(session, service, asked, office(by), key)
        state = await _known(session, service, department, period)
    _tell(session, state)


@command(app, "appeal", acts=True)
async def appeal(
    session: Session,
    *,
    department: Department,
    period: Period,
    reason: Reason,
    by: By = None,
    key: Key = None,
) -> None:
    """部门申诉 / the department objects to the newest version."""
    async with session.service() as service:
        state = await _known(session, service, department, period)
        asked = c.AppealScorecard(
            department=department, period=period, version=state.newest.version, reason=reason
        )
        sender = Sender.of(by or f"head.{department}", ActorRole.HEAD, department)
        await act(session, service, asked, sender, key)
        state = await _known(session, service, department, period)
    _tell(session, state)


@command(app, "decide", acts=True)
async def decide(
    session: Session,
    *,
    department: Department,
    period: Period,
    uphold: Annotated[bool, typer.Option("--uphold/--refuse", help="申诉是否成立 / upheld or not")],
    reason: Reason,
    by: By = None,
    key: Key = None,
) -> None:
    """裁定申诉 / decide an appeal; never whoever signed."""
    async with session.service() as service:
        state = await _known(session, service, department, period)
        asked = c.DecideScoreAppeal(
            department=department,
            period=period,
            version=state.newest.version,
            decision=Decision.APPROVED if uphold else Decision.REFUSED,
            reason=reason,
        )
        sender = Sender.of(by or "supervisor", ActorRole.AUDITOR)
        await act(session, service, asked, sender, key)
        state = await _known(session, service, department, period)
    _tell(session, state)


@command(app, "publish", acts=True)
async def publish(
    session: Session,
    *,
    period: Period,
    text: Annotated[str | None, typer.Option(help="正文 / what is said")] = None,
    reason: Annotated[str | None, typer.Option(help="更正理由 / why a new one")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """签发通报: 本期全部已签发的督查表 / sign the bulletin of a period's signed cards."""
    async with session.service() as service:
        found = await cards.to_publish(service.queries, period)
        if not found:
            raise missing(session, "没有签发的督查表", "no scorecard of the period was signed")
        asked = c.PublishBulletin(period=period, cards=found, text=text, reason=reason)
        await act(session, service, asked, office(by), key)
        state = await cards.bulletin(service.queries, period)
    session.tell(f"已签发: {len(found)} 个部门", f"signed: {len(found)} departments")
    session.result(bulletin=state.newest.model_dump(mode="json") if state else None)


@command(app, "print")
async def print_(
    session: Session,
    *,
    period: Period,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="写到 .docx .pdf / file")],
) -> None:
    """通报文书; 季度即政府常务会报告 / the bulletin as a paper; a quarter's is the report."""
    maker, _ = FORMATS.get(out.suffix.removeprefix("."), (None, ""))
    if maker is None:
        raise typer.BadParameter(f"{out.name}: .docx .pdf", param_hint="--out")
    async with session.service() as service:
        state = await cards.bulletin(service.queries, period)
        if state is None:
            raise missing(session, f"没有这一期通报: {period}", f"no bulletin of {period}")
        signed = await cards.signed_in(service.queries, state.newest, period)
        rows = await service.queries.rows("department")
    called = {row["id"]: row["name"] for row in rows}
    body = await asyncio.to_thread(maker, papers.bulletin(period, state.newest, signed, called))
    await asyncio.to_thread(out.write_bytes, body)
    session.result(path=str(out), bytes=len(body))


@command(app, "pack")
async def pack(
    session: Session,
    *,
    department: Department,
    period: Period,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="证据包 / the pack: .zip")],
) -> None:
    """考核、巡察、审计证据包 / the evidence behind a signed card, as one archive."""
    async with session.service() as service:
        await _known(session, service, department, period)
        packed = await pack_evidence(service, department, period, file)
    session.tell(f"{packed.path}: 记录 {packed.entries} 条", f"{packed.entries} entries")
    session.line(f"SHA-256 {packed.manifest}")
    session.result(path=str(packed.path), entries=packed.entries, sealed=packed.sealed)


async def _known(
    session: Session, service: Service, department: str, period: str
) -> ScorecardState:
    state = await cards.card(service.queries, department, period)
    if state is None:
        what = f"{department} {period}"
        raise missing(session, f"没有签发的督查表: {what}", f"no scorecard was signed: {what}")
    return state


def _tell(session: Session, state: ScorecardState) -> None:
    card = state.newest
    points = f"{hundredths(card.points)} / {hundredths(card.possible)}"
    said = label(card.status, session.lang)
    session.tell(
        f"{said}: 第 {card.version} 版, {points}", f"{said}: version {card.version}, {points}"
    )
    session.result(
        version=card.version,
        status=card.status.value,
        points=card.points,
        possible=card.possible,
    )
