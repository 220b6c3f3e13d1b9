"""``wurao audit resolve``: a published plan made again, and its certificate verified."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final

import typer

from portal.cli.acting import missing
from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    from portal.proof.resolving import Resolved

_PLAN: Final = re.compile(r"([1-9][0-9]{3}-[01][0-9])(?:/([0-9]{1,3}))?")


def add(app: typer.Typer) -> None:
    """Register the command."""
    command(app, "resolve")(resolve)


async def resolve(
    session: Session,
    plan: Annotated[
        str, typer.Argument(metavar="MONTH[/VERSION]", help="计划 / plan: 2026-12, 2026-12/2")
    ],
    version: Annotated[int | None, typer.Option(min=1, help="第几版 / version")] = None,
) -> None:
    """按台账重做一次排程, 与发布的计划比对并核验证书 / plan again, compare, verify the certificate."""
    from portal.proof import resolving

    match = _PLAN.fullmatch(plan)
    if match is None:
        raise typer.BadParameter(f"{plan}: 2026-12, 2026-12/2")
    month, number = match[1], int(match[2]) if match[2] else version
    async with session.service() as service:
        try:
            with session.progress("重做", "planning again") as bar:
                found = await resolving.resolve(service, month, number, bar)
        except resolving.NotOnRecordError as error:
            zh, _, en = str(error).partition(" / ")
            raise missing(session, zh, en) from None
    _tell(session, month, found)
    verdict = found.verdict
    data = {
        "month": month,
        "version": found.version,
        "equal": found.equal,
        "stands": found.stands,
        "seed": found.seed,
        "step": found.step,
        "steps": found.steps,
        "solver": found.solver,
        "engine": found.engine,
        "snapshot": found.snapshot,
        "policies": list(found.policies),
        "calendars": list(found.calendars),
        "entries": found.cut,
        "breaches": verdict.breaches_total,
        "claims": [c.name for c in verdict.claims],
        "objective": verdict.value.objective,
        "bound_by_prices": verdict.bound.points,
    }
    if not found.stands:
        raise Stop(Exit.REFUSED, [], data)
    session.result(**data)


def _tell(session: Session, month: str, found: Resolved) -> None:
    verdict = found.verdict
    session.tell(
        f"台账第 {found.cut} 条时的问题, 指纹 {found.snapshot}",
        f"the problem as of entry {found.cut}, fingerprint {found.snapshot}",
    )
    session.line(f"  policy {', '.join(found.policies)}; calendars {', '.join(found.calendars)}")
    session.line(f"  seed {found.seed}, step {found.step} of {found.steps}, {found.solver}")
    if found.equal:
        session.tell(
            f"{month} 第 {found.version} 版: 重做到第 {found.step} 步, 计划完全相同",
            f"version {found.version}: planned again to step {found.step}, the very same plan",
        )
    else:
        session.tell(
            f"重做的计划不同 ({found.engine})", f"another plan came of it ({found.engine})"
        )
    session.tell(
        f"独立核验: 违规 {verdict.breaches_total} 处, 目标 {verdict.value.objective}, "
        f"价格可证下界 {verdict.bound.points}, 不实的数 {len(verdict.claims)} 个",
        f"verified on its own: {verdict.breaches_total} breaches, objective "
        f"{verdict.value.objective}, bound by its prices {verdict.bound.points}, "
        f"{len(verdict.claims)} numbers that are not so",
    )
