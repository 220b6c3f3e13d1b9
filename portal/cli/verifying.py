"""``wurao plan verify``: judge a plan of the neutral format with an evaluator of its own."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import typer

from portal.cli.command import command
from portal.cli.exchanging import PlanFolder, ProblemFolder, faults_told, rounded
from portal.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    from scheduler.exchange.levels import Level
    from scheduler.exchange.rules import Breach
    from scheduler.exchange.verify import Verdict

_RULES: Final = {
    "choice": ("排在不可选的日", "on a day that is none of its choices"),
    "pin": ("未排在指定日", "not on the day that was fixed"),
    "capacity": ("超出能力", "more units than there are"),
    "cap": ("超出上限", "more than the cap has room for"),
    "departments": ("一次入企部门过多", "too many departments in one visit"),
    "shortfall": ("所称缺口无据", "a shortfall that does not follow"),
    "certificate": ("证书有误", "a certificate that says what cannot be"),
    "problem": ("是另一问题的计划", "a plan of another problem"),
}

_KINDS: Final = {
    "free": ("不计能力", "capacities are let go"),
    "tolls": ("部门日按量计价", "prices on the units of department-days"),
    "packing": ("申请在部门日计价并精确装箱", "prices on requests, department-days packed exactly"),
    "values": ("申请计值并精确装箱", "a worth of each request, department-days packed exactly"),
}
_LEVELS: Final = {
    "must_unplaced": ("必排未排", "must requests unplaced"),
    "pinned_unplaced": ("指定日未排", "pinned requests unplaced"),
    "objective": ("目标", "objective"),
    "weight_unplaced": ("未排权重", "weight unplaced"),
}


def add(plan: typer.Typer) -> None:
    """Register the command among those on plans."""
    command(plan, "verify")(verify)


async def verify(session: Session, problem: ProblemFolder, plan: PlanFolder) -> None:
    """核验计划: 规则、数字、下界 / check a plan: its rules, its numbers, its bound."""
    from portal.plans.problems import load_plan, load_problem
    from scheduler.exchange import verify as judge

    with faults_told(session), session.waiting("正在核验", "verifying"):
        read = load_problem(problem)
        verdict = judge.verify(read.statement, load_plan(plan, read.statement), read.digest)
    figures = _figures(verdict)
    if not verdict.ok:
        raise Stop(Exit.REFUSED, _told(session, verdict), figures)
    for line in _told(session, verdict):
        session.line(line)
    session.result(**figures)


def _figures(verdict: Verdict) -> dict[str, Any]:
    value, bound = verdict.value, verdict.bound
    return {
        "objective": value.objective,
        "bound": bound.points,
        "gap_percent": rounded(verdict.gap_percent),
        "breaches": [asdict(breach) for breach in verdict.breaches],
        "breaches_total": verdict.breaches_total,
        "claims": [asdict(claim) for claim in verdict.claims],
        "kind": bound.kind,
        "levels": [asdict(level) for level in verdict.levels],
        "entries": value.entries,
        "unplaced": value.unplaced,
        "must_unplaced": value.must_unplaced,
        "pinned_unplaced": value.pinned_unplaced,
        "weight_unplaced": value.weight_unplaced,
        "weak_groups": bound.weak_groups,
        "weak_days": bound.weak_days,
        "parts_micro": {
            "groups": bound.groups,
            "tolls": bound.tolls,
            "packings": bound.packings,
            "budgets": bound.budgets,
            "shortfalls": bound.shortfalls,
            "values": bound.values,
        },
    }


def _told(session: Session, verdict: Verdict) -> list[str]:
    value, bound = verdict.value, verdict.bound
    gap = "-" if verdict.gap_percent is None else f"{verdict.gap_percent:.2f} %"
    lines = [
        session.text(
            f"目标 {value.objective}, 下界 {bound.points}, 差距 {gap}; "
            f"入企 {value.entries}, 未排 {value.unplaced}",
            f"objective {value.objective}, bound {bound.points}, gap {gap}; "
            f"{value.entries} entries, {value.unplaced} unplaced",
        ),
        session.text(f"证书: {_KINDS[bound.kind][0]}", f"certificate: {_KINDS[bound.kind][1]}"),
        *(_level(session, level) for level in verdict.levels if level.value or level.bound),
        *(_breach(session, breach) for breach in verdict.breaches),
        *(
            session.text(
                f"{claim.name}: 称 {claim.claimed}, 实为 {claim.found}",
                f"{claim.name}: {claim.claimed} claimed, {claim.found} found",
            )
            for claim in verdict.claims
        ),
    ]
    if bound.weak_groups or bound.weak_days:
        lines.append(
            session.text(
                f"{bound.weak_groups} 家企业、{bound.weak_days} 个部门日过大, 以较弱下界计",
                f"{bound.weak_groups} groups and {bound.weak_days} department-days are too large "
                "and count with a weaker bound",
            )
        )
    verdict_text = ("通过", "ok") if verdict.ok else ("不通过", "not ok")
    return [session.text(*verdict_text), *lines]


def _breach(session: Session, breach: Breach) -> str:
    zh, en = _RULES[breach.rule]
    return f"{breach.where}: {session.text(zh, en)} ({breach.found} > {breach.limit})"


def _level(session: Session, level: Level) -> str:
    zh, en = _LEVELS[level.name]
    return session.text(
        f"{zh} {level.value}, 至少 {level.bound}", f"{en} {level.value}, at least {level.bound}"
    )
