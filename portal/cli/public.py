"""``wurao bench public``: the planner on instances that others published, with their values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portal.cli.command import command
from portal.cli.exchanging import Seed
from portal.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    from portal.plans.public_instances import Row


def add(bench: typer.Typer) -> None:
    """Register the command among those that measure."""
    command(bench, "public")(public)


async def public(
    session: Session,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="sscflp/ 与 gap/ 所在 / folder with sscflp/, gap/")
    ],
    *,
    seconds: Annotated[float, typer.Option(min=0, help="每例秒数 / seconds for each")] = 10.0,
    only: Annotated[
        str | None, typer.Option(metavar="NAME", help="名称含此的 / those whose name contains it")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(min=0, help="每例至多步数 / steps for each, at most")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="同时几例 / how many at a time")] = 1,
    seed: Seed = 0,
) -> None:
    """用公开算例对照已发表的界 / solve public instances, each against its published bounds."""
    from portal.plans.public_instances import instances, rows

    listed = instances(folder, only)
    done = []
    for row in rows(listed, seconds, seed=seed, steps=steps or 1 << 40, jobs=jobs):
        done.append(row)
        if session.json:
            session.dump(row.told())
        session.line(_line(row))
    _summary(session, done)


def _line(row: Row) -> str:
    return (
        f"{row.instance}: {row.value} [{row.published_lower}, {row.published_upper}] "
        f"{row.gap_percent:+.3f} %, >= {row.bound}, {row.seconds:.1f} s"
    )


def _summary(session: Session, done: list[Row]) -> None:
    unsound = [row.instance for row in done if not row.sound]
    if unsound:
        names = ", ".join(unsound)
        raise Stop(
            Exit.REFUSED,
            [session.text(f"与已发表的界矛盾: {names}", f"contradicts published bounds: {names}")],
            {"error": "unsound", "instances": unsound},
        )
    if done:
        mean = sum(row.gap_percent for row in done) / len(done)
        worst = max(row.gap_percent for row in done)
        proven = sum(row.proven for row in done)
        session.tell(
            f"{len(done)} 例: 平均差 {mean:.3f} %, 最大 {worst:.3f} %, 证明最优 {proven} 例",
            f"{len(done)} instances: mean gap {mean:.3f} %, worst {worst:.3f} %, "
            f"{proven} proven optimal",
        )
