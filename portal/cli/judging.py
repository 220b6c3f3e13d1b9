"""``wurao audit judge``: a period judged again by the rules of its days."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from portal.cli.audits import log_of
from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop
from portal.wording.word import Word

if TYPE_CHECKING:
    from portal.proof.judging import Judged
    from scheduler.audit import Breach, Standing

_SHOWN: Final = 50

GROUNDS: Final = {
    "lifted": Word("审批点名放开", "an approval lifts it by name"),
    "not-bound": Word("非本级主体, 规则只作提示", "a body that the city cannot bind"),
    "reported": Word("该规则只统计不约束", "the rule is reported and does not bind"),
}
"""Why something stands that a rule of its day speaks against."""


def add(app: typer.Typer) -> None:
    """Register the command."""
    command(app, "judge")(judge)


async def judge(
    session: Session,
    first: Annotated[
        str, typer.Option("--from", metavar="DAY", help="起始日 / first day: 2026-12-01")
    ],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="截止日 / last day: 2026-12-31")],
    source: Annotated[
        str, typer.Option("--log", metavar="postgres|kafka|FILE", help="台账来源 / where to read")
    ] = "postgres",
) -> None:
    """只凭台账, 按当日规则重判一段时间 / decide a period again from the ledger alone."""
    from portal.proof import judging

    period = _day(first), _day(last)
    log = await log_of(session, source)
    with session.progress("重判", "judging") as bar:
        if log is not None:
            found = await judging.judge(log, *period, bar)
        else:
            async with session.service() as service:
                found = await judging.judge(service.ledger, *period, bar)
    _tell(session, found)
    data = {
        "entries": found.entries,
        "visits": found.visits,
        "requests": found.requests,
        "breaches": [_breach(each) for each in found.breaches],
        "standing": [_standing(each) for each in found.standing],
        "intake": [
            {"request": i.request, "rule": i.rule, "accepted": i.accepted} for i in found.intake
        ],
    }
    if not found.clean:
        raise Stop(Exit.REFUSED, [], data)
    session.result(**data)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text}: 2026-12-25") from None


def _tell(session: Session, found: Judged) -> None:
    session.tell(
        f"重判 {found.visits} 次入企, {found.requests} 份申请: 违反当日规则且无审批的 "
        f"{len(found.breaches)} 处, 有依据而成立的 {len(found.standing)} 处, "
        f"受理结论与规则不符的 {len(found.intake)} 份",
        f"{found.visits} visits and {found.requests} requests judged again: "
        f"{len(found.breaches)} breaches, {len(found.standing)} that stand on a ground, "
        f"{len(found.intake)} answered otherwise than the rules say",
    )
    for breach in found.breaches[:_SHOWN]:
        numbers = f" {breach.total}>{breach.limit} {breach.key}" if breach.key else ""
        session.line(f"  ! {breach.day} {breach.visit} [{breach.rule}]{numbers} {breach.request}")
    for intake in found.intake[:_SHOWN]:
        said = (
            session.text("应退回而受理", "taken, and had to be refused")
            if intake.accepted
            else session.text("无此规则依据而退回", "refused, and no rule asks for it")
        )
        session.line(f"  ! {intake.request} [{intake.rule}] {said}")
    approved = [each for each in found.standing if each.approval is not None]
    for each in approved[:_SHOWN]:
        session.line(f"  = {each.day} {each.visit} [{each.rule}] {_approval(each)}")
    others = Counter((s.rule, s.why) for s in found.standing if s.approval is None)
    for (rule, why), count in sorted(others.items()):
        session.line(f"  = {count} x [{rule}] {session.text(GROUNDS[why].zh, GROUNDS[why].en)}")


def _approval(each: Standing) -> str:
    given = each.approval
    if given is None:
        return ""
    paper = " (纸质 / on paper)" if given.on_paper else ""
    return f"<- {given.role} {given.by} {given.at.isoformat()}{paper}"


def _breach(each: Breach) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "visit": each.visit,
        "day": each.day,
        "request": each.request,
        "key": each.key,
        "limit": each.limit,
        "total": each.total,
    }


def _standing(each: Standing) -> dict[str, Any]:
    given = each.approval
    return {
        "rule": each.rule,
        "visit": each.visit,
        "day": each.day,
        "request": each.request,
        "why": each.why,
        "approval": given.model_dump(mode="json", exclude_defaults=True) if given else None,
    }
