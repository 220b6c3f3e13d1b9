"""``wurao problem``: enterprises' problems, from their report to the month's clearing and the look back."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Annotated

import typer

from portal.cli.acting import (
    By,
    Key,
    Month,
    act,
    clerk,
    enterprise,
    hand_in,
    missing,
    office,
)
from portal.cli.command import bad_values, command
from portal.cli.session import Session
from portal.matters import pool
from portal.messages import Sender
from portal.papers.docx import docx
from portal.papers.pdf import pdf
from portal.running.service import Service
from portal.wording.words import label
from schemas import problem_commands as c
from schemas.enterprise_problems import (
    CarryCause,
    ProblemGrade,
    ProblemReport,
    ProblemSource,
    ProblemTopic,
    Proof,
)
from schemas.envelope import ActorRole

app = typer.Typer(name="problem", help="企业问题 / enterprises' problems", no_args_is_help=True)

Problem = Annotated[str, typer.Argument(metavar="PROBLEM", help="问题编号 / id of the problem")]
Reason = Annotated[str, typer.Option(help="理由 / why")]
Leader = Annotated[str, typer.Option(help="牵头领导 / leading official")]
Department = Annotated[str, typer.Option(help="责任部门 / department that answers for it")]


@command(app, "list")
async def list_(
    session: Session,
    *,
    closed_in: Annotated[
        str | None, typer.Option(metavar="MONTH", help="某月销号的 / those closed in a month")
    ] = None,
) -> None:
    """列出在办问题, 最早的在前 / list open problems, the oldest first."""
    reader = office().actor
    async with session.service() as service:
        wanted = {"closed_in": closed_in} if closed_in else {"lies_open": True}
        found = await pool.listed(service.queries, reader, **wanted)
        cards = await pool.cards(service.queries, service.clock, found)
    session.table(
        [
            ("编号", "id"),
            ("问题", "title"),
            ("状态", "status"),
            ("部门", "department"),
            ("期限", "due"),
        ],
        [
            (
                card.state.id,
                card.state.problem.title,
                label(card.state.status, session.lang),
                card.state.department or "",
                str(card.clock.due.day) if card.clock else "",
            )
            for card in cards
        ],
    )
    session.result(
        problems=[
            {
                "id": card.state.id,
                "title": card.state.problem.title,
                "status": card.state.status.value,
                "department": card.state.department,
                "due": str(card.clock.due.day) if card.clock else None,
                "late": card.late,
            }
            for card in cards
        ]
    )


@command(app, "report", acts=True)
async def report(
    session: Session,
    *,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="一句话说明 / in one line")],
    text: Annotated[str, typer.Option(help="具体情况 / what is the matter")],
    source: Annotated[ProblemSource, typer.Option(help="渠道 / channel")] = ProblemSource.PHONE,
    topic: Annotated[ProblemTopic, typer.Option(help="类别 / topic")] = ProblemTopic.OTHER,
    firm: Annotated[
        str | None, typer.Option("--enterprise", help="统一社会信用代码 / credit code")
    ] = None,
    unnamed: Annotated[
        bool, typer.Option("--unnamed", help="不向部门透露企业 / departments do not learn whose")
    ] = False,
    by: By = None,
    key: Key = None,
) -> None:
    """反映问题 / report a problem."""
    with bad_values():
        problem = ProblemReport(
            title=title,
            text=text,
            source=source,
            topic=topic,
            enterprise=firm,
            unnamed=unnamed,
        )
    await hand_in(session, c.ReportProblem(problem=problem), office(by), key, "problem")


@command(app, "accept", acts=True)
async def accept(
    session: Session,
    *,
    problem: Problem,
    grade: Annotated[ProblemGrade, typer.Argument(help="定级 / grade")],
    leader: Leader,
    department: Department,
    by: By = None,
    key: Key = None,
) -> None:
    """定级交办 / grade a problem and give it to its two owners."""
    asked = c.AcceptProblem(problem=problem, grade=grade, leader=leader, department=department)
    await hand_in(session, asked, office(by), key, "problem")


@command(app, "reassign", acts=True)
async def reassign(
    session: Session,
    *,
    problem: Problem,
    leader: Leader,
    department: Department,
    reason: Reason,
    by: By = None,
    key: Key = None,
) -> None:
    """改派, 期限继续计算 / other owners; the clock goes on."""
    asked = c.ReassignProblem(problem=problem, leader=leader, department=department, reason=reason)
    await hand_in(session, asked, office(by), key, "problem")


@command(app, "decline", acts=True)
async def decline(
    session: Session, *, problem: Problem, reason: Reason, by: By = None, key: Key = None
) -> None:
    """不予受理并告知理由 / decline, telling whoever reported why."""
    await hand_in(
        session, c.DeclineProblem(problem=problem, reason=reason), office(by), key, "problem"
    )


@command(app, "merge", acts=True)
async def merge(
    session: Session,
    *,
    problem: Problem,
    into: Annotated[str, typer.Argument(metavar="INTO", help="并入哪一件 / into which one")],
    reason: Reason,
    by: By = None,
    key: Key = None,
) -> None:
    """并案 / let a problem go on in another that says the same."""
    asked = c.MergeProblem(problem=problem, into=into, reason=reason)
    await hand_in(session, asked, office(by), key, "problem")


@command(app, "answer", acts=True)
async def answer(
    session: Session,
    *,
    problem: Problem,
    department: Department,
    text: Annotated[str, typer.Option(help="做了什么 / what was done")],
    proof: Annotated[list[Path], typer.Option(help="证明文件 / a file that shows it")],
    by: By = None,
    key: Key = None,
) -> None:
    """办理答复并附证明 / answer with proof; the enterprise is asked for its word."""
    proofs = tuple(
        Proof(name=path.name, digest=hashlib.sha256(path.read_bytes()).hexdigest())
        for path in proof
    )
    asked = c.AnswerProblem(problem=problem, text=text, proofs=proofs)
    await hand_in(session, asked, clerk(department, by), key, "problem")


@command(app, "word", acts=True)
async def word(
    session: Session,
    *,
    problem: Problem,
    firm: Annotated[str, typer.Option("--enterprise", help="统一社会信用代码 / credit code")],
    solved: Annotated[bool, typer.Option("--solved/--unsolved", help="是否解决 / whether solved")],
    reason: Annotated[str | None, typer.Option(help="没有解决的说明 / why not")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """企业确认 / the enterprise says whether it is solved."""
    asked = c.GiveWord(problem=problem, satisfied=solved, reason=reason)
    await hand_in(session, asked, enterprise(firm, by), key, "problem")


@command(app, "close", acts=True)
async def close(
    session: Session, *, problem: Problem, reason: Reason, by: By = None, key: Key = None
) -> None:
    """未经企业确认的销号, 确认期满才可 / close without a word, once its time is over."""
    await hand_in(
        session, c.CloseProblem(problem=problem, reason=reason), office(by), key, "problem"
    )


@command(app, "carry", acts=True)
async def carry(
    session: Session,
    *,
    problem: Problem,
    month: Month,
    cause: Annotated[CarryCause, typer.Option(help="原因 / cause")],
    reason: Reason,
    by: By = None,
    key: Key = None,
) -> None:
    """结转理由 / why a problem outlasts its month."""
    with bad_values():
        asked = c.CarryProblem(problem=problem, month=month, cause=cause, reason=reason)
    await hand_in(session, asked, office(by), key, "problem")


@command(app, "reopen", acts=True)
async def reopen(
    session: Session, *, problem: Problem, reason: Reason, by: By = None, key: Key = None
) -> None:
    """重新打开 / open a closed problem again."""
    await hand_in(
        session, c.ReopenProblem(problem=problem, reason=reason), office(by), key, "problem"
    )


@command(app, "review", acts=True)
async def review(
    session: Session,
    *,
    problem: Problem,
    text: Annotated[str, typer.Option(help="问题的根子 / what was at its root")],
    change: Annotated[str, typer.Option(help="今后怎么改 / what is changed")],
    by: By = None,
    key: Key = None,
) -> None:
    """复盘 / put on record what a problem teaches."""
    asked = c.ReviewProblem(problem=problem, text=text, change=change)
    await hand_in(session, asked, office(by), key, "problem")


@command(app, "clear", acts=True)
async def clear(session: Session, *, month: Month, by: By = None, key: Key = None) -> None:
    """月月清零 / clear a month's pool; each open problem needs its reason."""
    async with session.service() as service:
        found = await pool.listed(service.queries, office().actor, lies_open=True)
        asked = c.ClearPool(month=month, open=tuple(state.id for state in found))
        await act(session, service, asked, office(by), key)
    session.tell(f"已清零, 结转 {len(found)} 件", f"cleared, {len(found)} carried over")
    session.result(month=month, carried=[state.id for state in found])


@command(app, "look-back", acts=True)
async def look_back(session: Session, *, month: Month, by: By = None, key: Key = None) -> None:
    """回头看抽样 / draw the sample of a month's closed problems, once."""
    sender = Sender.of(by or "supervisor", ActorRole.AUDITOR)
    async with session.service() as service:
        found = await _month(service, month)
        if not found.closed:
            raise missing(session, f"{month} 没有销号的问题", f"nothing was closed in {month}")
        asked = c.LookBack(
            month=month,
            closed=tuple(state.id for state in found.closed),
            seed=secrets.token_hex(32),
        )
        await act(session, service, asked, sender, key)
        drawn = (await _month(service, month)).look_back
    sample = drawn.sample if drawn else ()
    session.tell(f"抽中 {len(sample)} 件", f"{len(sample)} drawn")
    session.result(month=month, seed=asked.seed, sample=list(sample))


@command(app, "check", acts=True)
async def check(
    session: Session,
    *,
    month: Month,
    problem: Problem,
    holds: Annotated[bool, typer.Option("--holds/--came-back", help="没有反弹 / stayed solved")],
    text: Annotated[str, typer.Option(help="看到的情况 / what was seen")],
    by: By = None,
    key: Key = None,
) -> None:
    """回头看结果, 反弹的重新打开 / what the look back found; one that came back is opened again."""
    asked = c.CheckProblem(month=month, problem=problem, holds=holds, text=text)
    await hand_in(session, asked, Sender.of(by or "supervisor", ActorRole.AUDITOR), key, "problem")


@command(app, "material")
async def material(
    session: Session,
    month: Month,
    out: Annotated[Path, typer.Option(help="写到 .docx .pdf .csv / file to write")],
) -> None:
    """每周调度材料 / the material for the weekly meeting."""
    if out.suffix not in {".docx", ".pdf", ".csv"}:
        raise typer.BadParameter(".docx .pdf .csv", param_hint="--out")
    async with session.service() as service:
        found = await _month(service, month)
        known = {row["id"]: row["name"] for row in await service.queries.rows("department")}
        states = (*(card.state for card in found.open), *found.closed)
        firms = sorted({state.problem.enterprise or "" for state in states} - {""})
        if firms:
            rows = await service.queries.rows("enterprise", id=firms)
            known |= {row["id"]: row["name"] for row in rows}
        today = service.clock.now().date()
    paper = pool.material(found, known, today)
    makers = {".docx": docx, ".pdf": pdf}
    body = pool.sheet(found, known) if out.suffix == ".csv" else makers[out.suffix](paper)
    out.write_bytes(body)
    session.tell(f"已写 {out}", f"{out} written")
    session.result(file=str(out), open=len(found.open), closed=len(found.closed))


async def _month(service: Service, month: str) -> pool.PoolMonth:
    return await pool.month_of(service.queries, service.clock, office().actor, month)
