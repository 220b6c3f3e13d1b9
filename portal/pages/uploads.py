"""A sheet of requests on its way: looked at first, handed in when its sender says so.

The file waits at its sender's desk between the two. Both times it goes the way of every import: the
first time into a trial, which writes nothing.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from portal.importing.counter import import_sheet
from portal.importing.faults import BadFile
from portal.importing.requests import COLUMNS
from portal.importing.run import Pace
from portal.pages.forms import Sent
from portal.running.service import Service
from portal.spreadsheets import XlsxWriter
from schemas.envelope import Actor
from streams.desk import Desk, Kept

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The type of a workbook."""

_FILE, _REPORT, _HANDBACK = "upload", "upload-report", "upload-handback"
_MOST: Final = 3
_LONGEST: Final = timedelta(days=1)
"""How long a file waits at a desk."""

PACE: Final = Pace(rows=20, pause=0.01)
"""So many rows are judged at once, and then others are served: a sheet of 20,000 keeps nobody waiting."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a file, or would: its report, and whether it still waits to be handed in."""

    id: str
    name: str
    report: dict[str, Any]
    waiting: bool
    handback: bool


async def look(
    service: Service, desk: Desk, actor: Actor, sent: Sent, kind: str = "requests"
) -> str:
    """Judge a file without handing it in, and keep it; return under which id.

    Raises:
        BadFile: If no row of it can be read.
    """
    now = service.clock.now()
    for kept in (_FILE, _REPORT, _HANDBACK):
        await desk.purge(kept, now - _LONGEST)
    counter = _Counter(service, desk, actor, secrets.token_hex(16), sent.name, kind)
    await counter.take(service.trial(), sent.body, dry_run=True)
    await counter.keep(_FILE, sent.name, sent.body)
    return counter.id


async def hand_in(
    service: Service, desk: Desk, actor: Actor, id_: str, kind: str = "requests"
) -> bool:
    """Hand a waiting file in; ``False`` when it waits no longer."""
    kept = await desk.find(_FILE, id_)
    if kept is None or kept.owner != actor.id:
        return False
    await desk.drop(_HANDBACK, id_)
    counter = _Counter(service, desk, actor, id_, kept.title, kind)
    await counter.take(service, kept.body, dry_run=False)
    await desk.drop(_FILE, id_)
    return True


async def seen(desk: Desk, actor: Actor, id_: str) -> Seen | None:
    """Return what became of somebody's file, ``None`` when it is unknown."""
    told = await desk.find(_REPORT, id_)
    if told is None or told.owner != actor.id:
        return None
    return Seen(
        id=id_,
        name=told.title,
        report=json.loads(told.body),
        waiting=await desk.find(_FILE, id_) is not None,
        handback=await desk.find(_HANDBACK, id_) is not None,
    )


async def waiting(desk: Desk, actor: Actor, id_: str) -> bytes | None:
    """Return somebody's file that still waits to be handed in."""
    kept = await desk.find(_FILE, id_)
    return kept.body if kept is not None and kept.owner == actor.id else None


async def handback(desk: Desk, actor: Actor, id_: str) -> Kept | None:
    """Return the sheet that is handed back: the faulty rows with a column of errors."""
    kept = await desk.find(_HANDBACK, id_)
    return kept if kept is not None and kept.owner == actor.id else None


def blank_sheet() -> bytes:
    """Return an empty sheet under the headings that an import knows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        writer = XlsxWriter(path, "入企申请")
        writer.widths([16] * len(COLUMNS))
        writer.write([column.names[0] for column in COLUMNS])
        writer.close()
        return path.read_bytes()


@dataclass(frozen=True, slots=True)
class _Counter:
    """Where one person's file is judged or handed in, and what came of it is kept."""

    service: Service
    desk: Desk
    actor: Actor
    id: str
    name: str
    sheet: str

    async def take(self, service: Service, body: bytes, *, dry_run: bool) -> None:
        """Import a file; keep its report, and the sheet that is handed back."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sheet"
            await asyncio.to_thread(path.write_bytes, body)
            report = await import_sheet(
                service,
                self.sheet,
                path,
                at=service.clock.now(),
                dry_run=dry_run,
                by=self.actor,
                pace=PACE,
            )
            text = json.dumps(report.plain(), ensure_ascii=False).encode()
            await self.keep(_REPORT, self.name, text)
            if report.handback is not None:
                title = f"{Path(self.name).stem[:60]}-errors{report.handback.suffix}"
                back = await asyncio.to_thread(report.handback.read_bytes)
                await self.keep(_HANDBACK, title, back)

    async def keep(self, kind: str, title: str, body: bytes) -> None:
        """Keep something of this file at its sender's desk."""
        now = self.service.clock.now()
        await self.desk.keep(Kept(kind, self.id, self.actor.id, title, body, now), most=_MOST)


__all__ = [
    "XLSX",
    "BadFile",
    "Seen",
    "blank_sheet",
    "hand_in",
    "handback",
    "look",
    "seen",
    "waiting",
]
