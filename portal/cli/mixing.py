"""``wurao mix``: shares of service, supervision and enforcement in a quarter (七二一)."""

from __future__ import annotations

from typing import Annotated

import typer

from portal.cli.acting import missing
from portal.cli.command import command
from portal.cli.session import Session
from portal.matters.mix import Mixed, Quarter, mix
from portal.plans.planning import NotReadyError
from portal.wording.words import label
from schemas.acts import ActShare


def add(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "mix")(shares)


async def shares(
    session: Session,
    *,
    quarter: Annotated[str, typer.Option(help="季度 / quarter: 2026-4")] = "",
    department: Annotated[str | None, typer.Option(help="部门 / department, with its acts")] = None,
) -> None:
    """七二一: 全部行为的占比, 只通报 / shares over all acts: reported, never asked for."""
    chosen = Quarter.read(quarter, session.now.date())
    async with session.service() as service:
        try:
            found = await mix(service.queries, chosen, department)
        except NotReadyError as error:
            zh, _, en = str(error).partition(" / ")
            raise missing(session, zh, en or zh) from None
    whole = [] if department else [(session.text("全市", "city"), found.city)]
    rows = [*((own.department, own) for own in found.departments), *whole]
    session.table(
        [("部门", "department"), *((label(s, session.lang),) * 2 for s in ActShare)],
        [
            (name, *(f"{own.counts[s]} ({own.per_cent(s)}%)" for s in ActShare))
            for name, own in rows
        ],
    )
    session.result(
        quarter=str(chosen),
        city=_told(found.city),
        departments={own.department: _told(own) for own in found.departments},
        acts=len(found.acts),
    )


def _told(own: Mixed) -> dict[str, int]:
    return {share.value: own.counts[share] for share in ActShare} | {"other": own.other}
