"""``wurao budget``: what the city and each department may still use of the year (总量控制)."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from portal.cli.acting import missing
from portal.cli.command import command
from portal.cli.session import Session
from portal.matters.budgets import budgets, rule_of
from portal.plans.planning import NotReadyError
from scheduler.budgets import Budget


def add(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "budget")(budget)


async def budget(
    session: Session,
    *,
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help="年份 / year")] = None,
    rule: Annotated[
        Path | None,
        typer.Option(
            "--rule", metavar="FILE", help="写成有约束力的规则 / write them as a binding rule"
        ),
    ] = None,
) -> None:
    """总量控制: 基数、预算、已用、预测, 只通报 / baseline, budget, used, forecast: reported only."""
    today = session.now.date()
    async with session.service() as service:
        try:
            found = await budgets(service.queries, year or today.year, today)
        except NotReadyError as error:
            zh, _, en = str(error).partition(" / ")
            raise missing(session, zh, en or zh) from None
    if rule is not None:
        made = rule_of(found, date(found.year, 1, 1))
        text = yaml.safe_dump([made], allow_unicode=True, sort_keys=False, width=120)
        await asyncio.to_thread(rule.write_text, text, encoding="utf-8")
    columns = [("部门", "department"), ("基数", "baseline"), ("预算", "budget"), ("已用", "used")]
    columns += [("已排", "planned"), ("预测", "forecast"), ("不计次数", "exempt")]
    rows = [(session.text("全市", "city"), found.city), *found.departments]
    session.table(
        columns,
        [
            (name, b.baseline, b.allowed, b.used, b.planned, b.forecast, b.exempt)
            for name, b in rows
        ],
    )
    covered = f"{found.coverage.reached}/{found.coverage.of}"
    session.tell(f"高风险企业已查 {covered}", f"enterprises of high risk entered: {covered}")
    session.result(
        year=found.year,
        baseline_year=found.baseline_year,
        evidence=list(found.evidence),
        target=found.target.target if found.target else None,
        city=_told(found.city),
        departments={id_: _told(own) for id_, own in found.departments},
        frozen=[pool.key for pool in found.pools if pool.frozen],
        high_risk=found.coverage.of,
        high_risk_reached=found.coverage.reached,
    )


def _told(own: Budget) -> dict[str, Any]:
    names = ("baseline", "allowed", "used", "planned", "lapsed", "exempt", "forecast")
    return {name: getattr(own, name) for name in names}
