"""``wurao bench``: instances to measure planners with."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from portal.cli.command import command
from portal.cli.exchanging import Out, Seed
from portal.cli.session import Exit, Session, Stop

app = typer.Typer()


class Law(StrEnum):
    """How enterprises and departments are drawn."""

    UNIFORM = "uniform"
    ZIPF = "zipf"


def _durations(text: str) -> tuple[int, int]:
    low, _, high = text.partition("-")
    try:
        return int(low), int(high or low)
    except ValueError:
        raise typer.BadParameter(f"{text}: 1-4") from None


def _ratio(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise typer.BadParameter(f"{text}: 1.04") from None


@command(app, "make")
async def make(
    session: Session,
    *,
    requests: Annotated[int, typer.Option(min=1, help="申请数 / requests")],
    departments: Annotated[int, typer.Option(min=1, help="部门数 / departments")],
    days: Annotated[int, typer.Option(min=1, help="服务日数 / service days")],
    out: Out,
    durations: Annotated[
        str, typer.Option(metavar="LOW-HIGH", help="时长 / units of a request")
    ] = "1-1",
    tightness: Annotated[
        str, typer.Option(metavar="R", help="能力与负荷之比 / capacity over load")
    ] = "1.04",
    seed: Seed = 0,
    law: Annotated[Law, typer.Option(help="分布 / law of the draws")] = Law.UNIFORM,
    caps: Annotated[
        bool,
        typer.Option("--caps", help="每部门每企业两次 / two presences per department, enterprise"),
    ] = False,
    history: Annotated[
        int, typer.Option(min=0, max=100, help="已用次数, 百分比 / percent of those used up")
    ] = 0,
    budget: Annotated[
        int | None,
        typer.Option(min=0, help="全市入企上限, 占申请百分比 / entries, percent of requests"),
    ] = None,
    pins: Annotated[
        int, typer.Option(min=0, max=100, help="指定日, 百分比 / percent of days fixed")
    ] = 0,
) -> None:
    """按分布造一个问题 / make a problem by a law and a seed."""
    from portal.plans.problems import store_problem
    from scheduler.exchange import generate

    ratio = _ratio(tightness)
    try:
        statement = generate.make(
            requests,
            departments,
            days,
            durations=_durations(durations),
            tightness=ratio,
            seed=seed,
            law=law.value,
            extras=generate.Extras(caps=caps, history=history, budget=budget, pins=pins),
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    made = {
        "by": "wurao bench make",
        "requests": requests,
        "departments": departments,
        "days": days,
        "durations": durations,
        "tightness": tightness,
        "seed": seed,
        "law": law.value,
        "caps": caps,
        "history": history,
        "budget": budget,
        "pins": pins,
    }
    store_problem(out, statement, made)
    session.tell(f"已写入 {out}", f"written to {out}")
    session.result(problem=str(out), requests=requests, units=int(statement.capacity.sum()))


@command(app, "real")
async def real(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="检查记录 / past records, CSV")],
    *,
    out: Out,
    year: Annotated[int, typer.Option(help="记录的年份 / year of the records")] = 2012,
) -> None:
    """把一年的真实记录写成一个问题 / state a real year's planned rows as one problem."""
    from portal.demo.mapping import BadHistory
    from portal.demo.whole_year import problem_of_year
    from portal.plans.problems import store_problem

    try:
        statement = problem_of_year(file, year)
    except BadHistory as bad:
        raise Stop(Exit.BAD_ROWS, [str(bad)], {"error": "bad-history"}) from None
    store_problem(out, statement, {"by": "wurao bench real", "file": file.name, "year": year})
    session.tell(f"已写入 {out}", f"written to {out}")
    session.result(
        problem=str(out), requests=statement.requests, units=int(statement.capacity.sum())
    )
