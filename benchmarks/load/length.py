"""What an entry, its relay, its replay and a page cost when the ledger is ever longer.

`benchmarks.load.filling` makes it long. Costs are processor time, because a neighbour on the same
machine would distort the clock.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import httpx

from benchmarks.load.figures import Cpu, cpu
from benchmarks.load.filling import FIRMS, SIZE, fill, homes, stamp_of
from benchmarks.load.options import Options
from benchmarks.load.page import machine, table
from benchmarks.load.replaying import Replayed, audited, replayed, verified
from benchmarks.load.stand import SOURCE, Stand, standing
from benchmarks.load.ways import world
from portal.demo.live import strangers
from portal.http.app import create_app
from portal.messages import Sender
from portal.pages import logins
from portal.pages.reception import Reception
from portal.pages.visitor import cookie_name
from portal.proof.sealing import database_of
from schemas import commands as c
from schemas.base import CHINA
from schemas.envelope import Actor, ActorRole
from schemas.visits import Window
from streams.intake import Raw
from streams.outside import Record
from streams.relay import Relay
from tests.builders import a_request, a_uscc

_HOME: Final = "long"
_SHOWN: Final = "shown"
_SHOWN_MONTH: Final = 12
_MONTHS: Final = tuple(range(11, 11 - FIRMS // 1000, -1))
"""Months of 2026 to which the requests of a length belong, so that the month that is shown stays as it is."""

_SAMPLE: Final = 1000
"""Commands and entries by which a cost is read."""

_WHOLE: Final = 1_500_000
"""Entries up to which a ledger is replayed from zero and its tree audited."""

_TAIL: Final = 99_999
"""Entries at the end of a longer one that are replayed."""

_TIMES: Final = 10
_OFFICE: Final = Actor(id="office", role=ActorRole.SCHEDULER)
_AUDITOR: Final = Actor(id="auditor", role=ActorRole.AUDITOR)
ADDRESSES: Final = (
    (_OFFICE, "/"),
    (_OFFICE, "/requests?month=2026-12"),
    (_AUDITOR, "/audit"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """Costs at a length, all in milliseconds of processor time but for the speed of filling."""

    length: int
    each: float
    """Bytes of the database for an entry."""
    filled: float
    append: Cpu
    relay: float
    pages: Sequence[Cpu]
    replay: Replayed


class Counting:
    """A publisher that stands at a position and counts what it is given: what a relay does before it."""

    def __init__(self, after: int) -> None:
        self._after = after
        self.records = 0

    async def last(self) -> int:
        """Return where to go on."""
        return self._after

    async def publish(self, records: Sequence[Record]) -> None:
        """Count records."""
        self.records += len(records)


async def measured(options: Options) -> str:
    """Fill a ledger to each length and read its costs there; return the page's part.

    Raises:
        SystemExit: If there are more lengths than months to ask for, or something differs.
    """
    if len(options.lengths) > len(_MONTHS):
        raise SystemExit(f"at most {len(_MONTHS)} lengths")
    before, rows, cases = os.getloadavg()[0], [], 1
    async with standing("load", kafka=False) as stand:
        await stand.service.submit(list(world(FIRMS, [_HOME, _SHOWN, *homes()])))
        await _asked(stand, _SHOWN, _SHOWN_MONTH, 0)
        stamp = await stamp_of(stand)
        for step, length in enumerate(sorted(options.lengths)):
            start = time.perf_counter()
            more = await fill(stand, stamp, cases, length)
            seconds = time.perf_counter() - start
            cases += more
            rows.append(await _row(stand, step, SIZE * more / seconds))
            sys.stderr.write(f"{rows[-1].length:,} entries; filled in {seconds:.0f} s\n")
    return _told(rows, before)


async def _row(stand: Stand, step: int, filled: float) -> Row:
    used = cpu([os.getpid()], stand.settings.postgres)
    await _asked(stand, _HOME, _MONTHS[step], step)
    append = cpu([os.getpid()], stand.settings.postgres).since(used)
    relay = await _relay(stand)
    pages = await _pages(stand)
    length = await stand.service.ledger.position()
    if length <= _WHOLE:
        replay = await audited(stand)
        await verified(stand)
    else:
        replay = await replayed(stand, length - _TAIL - _SAMPLE)
    async with database_of(stand.service).connection() as connection:
        size = await connection.fetchval("SELECT pg_database_size(current_database())")
    return Row(length, size / length, filled, append.of(_SAMPLE), relay, pages, replay)


async def _asked(stand: Stand, home: str, month: int, step: int) -> None:
    """Let the handler take requests of a month, each about a firm of its own.

    Raises:
        SystemExit: If one was refused.
    """
    numbers = range(step * _SAMPLE, (step + 1) * _SAMPLE)
    effects = await stand.service.submit([_request(home, month, number) for number in numbers])
    for effect in effects:
        if effect.status != "accepted":
            raise SystemExit(str(effect))


def _request(home: str, month: int, number: int) -> Raw:
    window = Window(first=date(2026, month, 1), last=date(2026, month, 30))
    asked = a_request(
        department=home, enterprise=a_uscc(number), items=(f"item-{home}",), window=window
    )
    clerk = Sender.of("clerk", ActorRole.CLERK, home, source=SOURCE)
    at = datetime(2026, month, 1, 9, 0, tzinfo=CHINA)
    return clerk.message(c.SubmitRequest(request=asked), id_=f"{home}-{number}", at=at)


async def _relay(stand: Stand) -> float:
    """Let a relay make records of the last entries; return the processor milliseconds of one."""
    end = await stand.service.ledger.position()
    publisher, stop = Counting(end - _SAMPLE), asyncio.Event()
    used = cpu([os.getpid()], stand.settings.postgres)
    relay = Relay(stand.service.ledger, lambda: nullcontext(publisher))
    async for last in relay.pages(publisher, stop):
        if last == end:
            stop.set()
    spent = cpu([os.getpid()], stand.settings.postgres).since(used)
    return 1000 * (spent.workers + spent.database) / _SAMPLE


async def _pages(stand: Stand) -> list[Cpu]:
    """Return the milliseconds of each page, of the portal and of the database."""
    reception = Reception.of(stand.service)
    app = create_app(stand.service, strangers(), reception)
    found = []
    for actor, path in ADDRESSES:
        token = await logins.begin(reception, actor)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url="http://bench.test",
            cookies={cookie_name(reception): token},
        ) as client:
            await _opened(client, path, 2)  # what is remembered from page to page is there then
            used = cpu([os.getpid()], stand.settings.postgres)
            await _opened(client, path, _TIMES)
            found.append(cpu([os.getpid()], stand.settings.postgres).since(used).of(_TIMES))
    return found


async def _opened(client: httpx.AsyncClient, path: str, times: int) -> None:
    for _ in range(times):
        (await client.get(path)).raise_for_status()


def _told(rows: Sequence[Row], before: float) -> str:
    said = (
        f"{machine(before)}. All milliseconds are processor time, of the program + of the database. Append: one of "
        f"{_SAMPLE:,} requests judged by every rule, in batches. Relay: reading an entry and making its records, "
        f"without the broker. Pages: the mean of {_TIMES}. Replay: of an entry; from zero into a fresh schema, all "
        f"tables compared and the tree over the entries audited, 0 differences, up to {_WHOLE:,} entries; of longer "
        f"ledgers the last {_TAIL + _SAMPLE:,}, their effects and cells compared, 0 differences."
    )
    head = [
        "entries", "bytes of an entry", "filled, entries/s", "append ms", "relay ms",
        *(f"`{path}` ms" for _, path in ADDRESSES), "replay ms", "replayed",
    ]  # fmt: skip
    cells = [
        [
            f"{row.length:,}",
            f"{row.each:,.0f}",
            f"{row.filled:,.0f}",
            _both(row.append, 2),
            f"{row.relay:.3f}",
            *(_both(page, 0) for page in row.pages),
            _both(row.replay.each, 2),
            f"{row.replay.entries:,}",
        ]
        for row in rows
    ]
    return f"{said}\n\n{table(head, cells)}"


def _both(spent: Cpu, digits: int) -> str:
    return f"{spent.workers:.{digits}f} + {spent.database:.{digits}f}"
