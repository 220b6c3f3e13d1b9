"""差异化监管 as people see it: marks in force, gradings of a list against what stands, lists of codes."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from portal.importing.sheets import open_sheet, read_rows
from portal.importing.tiers import Change, change, tiers
from portal.running.service import Service
from scheduler import keys
from schemas.code_lists import CodeList, CodeListKind
from schemas.registry import Enterprise, Mark, MarkKind
from schemas.treatment_commands import GradeEnterprise
from streams.queries import Queries

SOON = 60
"""Days before its end from which a mark is shown as ending soon."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark in force, and how many days it has left; None where it has no end."""

    enterprise: str
    mark: Mark
    left: int | None

    @property
    def soon(self) -> bool:
        """Whether it ends soon."""
        return self.left is not None and self.left <= SOON


async def marked(
    queries: Queries, day: date, kind: MarkKind | None = None, enterprise: str | None = None
) -> tuple[Marked, ...]:
    """Return the marks that hold on a day, those that end first before the others."""
    wanted: dict[str, Any] = {"kind": kind.value} if kind else {}
    wanted |= {"enterprise": enterprise} if enterprise else {}
    firms = sorted({row["enterprise"] for row in await queries.rows("mark", **wanted)})
    states = await queries.get_many([keys.enterprise(id_) for id_ in firms])
    found = [
        Marked(firm.id, mark, (mark.until - day).days if mark.until else None)
        for firm in states.values()
        if isinstance(firm, Enterprise)
        for mark in firm.marks_on(day)
        if kind in {None, mark.kind}
    ]
    return tuple(sorted(found, key=lambda m: (m.left is None, m.left or 0, m.enterprise)))


async def uncategorised(queries: Queries) -> int:
    """Return how many published items have no category, so that no white list knows to spare them."""
    items = [state for _, state in await queries.find("item", published=True)]
    return sum(item.category is None for item in items)


async def code_lists(queries: Queries, *kinds: CodeListKind) -> tuple[CodeList, ...]:
    """Return the lists of codes in use, of some kinds or all."""
    found = [state for _, state in await queries.find("code_list")]
    return tuple(each for each in found if not kinds or each.kind in kinds)


async def offences(queries: Queries, enterprise: str) -> dict[str, int]:
    """Return how often each code was cited against an enterprise."""
    start = keys.offences(enterprise, "")
    rows = await queries.rows("tally", family="offence")
    own = ((row["key"], row["used"]) for row in rows)
    return {key.removeprefix(start): used for key, used in own if key.startswith(start)}


async def changes(service: Service, body: bytes, at: datetime) -> tuple[Change, ...]:
    """Return what a list of tiers would change; rows that cannot be read, and unknown firms, are not here.

    Raises:
        BadFile: If no row of the file can be read.
    """
    sheet = tiers(at)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet"
        await asyncio.to_thread(path.write_bytes, body)
        opened = await asyncio.to_thread(open_sheet, path, sheet.columns)
        asked = [row.value for row in read_rows(opened, sheet)]
    found = []
    for command in asked:
        if not isinstance(command, GradeEnterprise):
            continue
        firm = await service.queries.get(Enterprise, keys.enterprise(command.enterprise))
        if firm is not None:
            found.append(change(firm, command))
    return tuple(found)
