"""What an entry, its relay, its replay and a page cost when the ledger is ever longer.

The ledger is filled through the real transaction: entries, effects, cells and read models, so many
commands at a time; only deciding is left out, whose cost does not know how long a ledger is. A replay from
zero proves that what was filled in is a ledger that a handler could have written. Costs are processor time
where a neighbour on the same machine would distort the clock.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final

import httpx

from benchmarks.load.figures import Cpu, cpu, quantile
from benchmarks.load.options import Options
from benchmarks.load.page import machine, table
from benchmarks.load.stand import SOURCE, Stand, standing
from benchmarks.load.ways import request, world
from benchmarks.pages import Address
from benchmarks.pages import measured as page_measured
from portal.demo.live import strangers
from portal.http.app import create_app
from portal.pages import logins
from portal.pages.reception import Reception
from portal.pages.visitor import cookie_name
from portal.proof.auditing import replay
from scheduler import keys
from scheduler.states import CapacityState, dump_state
from schemas.envelope import Actor, ActorRole
from schemas.events import CapacitySet, Event
from streams.drafting import Origin, draft, entry_id, written
from streams.effects import effect_of
from streams.intake import Raw
from streams.outside import Record
from streams.ports import Append, CommandKey, Draft, Effect
from streams.relay import Relay
from tests.worlds import NOVEMBER

_HOME: Final = "long"
_SAMPLE: Final = 1000
"""Commands and entries by which a cost is read."""

_PAGE: Final = 500
"""Commands in one transaction while the ledger is filled."""

_STREAMS: Final = 250_000
"""Streams over which the entries are spread: later entries change what is there already."""

_TIMES: Final = 20
_OFFICE: Final = Actor(id="office", role=ActorRole.SCHEDULER)
_AUDITOR: Final = Actor(id="auditor", role=ActorRole.AUDITOR)
ADDRESSES: Final = (
    (_OFFICE, Address("home", "/")),
    (_OFFICE, Address("requests", "/requests?month=2026-12")),
    (_AUDITOR, Address("audit", "/audit")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """Costs at a length: milliseconds of an entry, of a page by name; entries a second of a replay."""

    length: int
    filled: float
    append_ms: float
    append_cpu: Cpu
    relay_ms: float
    replay_rate: float
    pages: Sequence[float]


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
    """Fill a ledger to each length and read its costs there; return the page's part."""
    before, rows = os.getloadavg()[0], []
    async with standing("load", kafka=False) as stand:
        await stand.service.submit(list(world(_SAMPLE * len(options.lengths), [_HOME])))
        made = _commands()
        for step, length in enumerate(sorted(options.lengths)):
            start = time.perf_counter()
            filled = await _fill(stand, made, length)
            seconds = time.perf_counter() - start
            rows.append(await _row(stand, step, filled / seconds if filled else 0.0))
            sys.stderr.write(f"{rows[-1].length:,} entries in {seconds:.0f} s\n")
    return _told(rows, before)


async def _row(stand: Stand, step: int, filled: float) -> Row:
    append, spent = await _append(stand, step)
    relay = await _relay(stand)
    pages = await _pages(stand)
    audited = await replay(stand.service)
    if not audited.clean:
        raise SystemExit(f"{audited.findings[:3]} {audited.damage}")
    return Row(audited.entries, filled, append, spent, relay, audited.rate, pages)


def _commands() -> Iterator[tuple[Draft, str, bytes, Effect]]:
    """Yield ever more entries, each with its cell and its command's effect."""
    first = date(2027, 1, 1)
    for n in range(sys.maxsize):
        round_, place = divmod(n, _STREAMS)
        home, day = f"d{place % 100}", first + timedelta(days=place // 100)
        stream = keys.capacity(home, day)
        event, data = written(CapacitySet(department=home, day=day, units=1 + round_ % 7))
        key = CommandKey(SOURCE, f"filled-{n}")
        origin = Origin(key, "0" * 64, key.id, _OFFICE, NOVEMBER, NOVEMBER)
        made = draft(origin, entry_id(key, 0), stream, round_ + 1, event.type, data)
        yield (
            made,
            stream,
            dump_state(_state(event)),
            effect_of(key, origin.hash, [(stream, event)]),
        )


def _state(event: Event) -> CapacityState:
    if not isinstance(event, CapacitySet):
        raise TypeError(event)
    return CapacityState(units=event.units)


async def _fill(
    stand: Stand, commands: Iterator[tuple[Draft, str, bytes, Effect]], length: int
) -> int:
    """Append until the ledger has this length; return how many entries that took."""
    missing = max(0, length - await stand.service.ledger.position())
    for begin in range(0, missing, _PAGE):
        page = list(islice(commands, min(_PAGE, missing - begin)))
        cells = {stream: state for _, stream, state, _ in page}
        async with stand.service.ledger.transaction() as transaction:
            await transaction.lock([], list(cells))
            await transaction.append(
                Append([made for made, *_ in page], cells, [effect for *_, effect in page])
            )
    return missing


async def _append(stand: Stand, step: int) -> tuple[float, Cpu]:
    """Let the handler take requests; return the milliseconds of one, and its processor seconds."""
    raws: list[Raw] = [
        request(_HOME, number)[1] for number in range(step * _SAMPLE, (step + 1) * _SAMPLE)
    ]
    used, start = cpu([os.getpid()], stand.settings.postgres), time.perf_counter()
    effects = await stand.service.submit(raws)
    seconds = time.perf_counter() - start
    spent = cpu([os.getpid()], stand.settings.postgres).since(used)
    if any(effect.status != "accepted" for effect in effects):
        raise SystemExit(str(effects[0]))
    return 1000 * seconds / _SAMPLE, spent


async def _relay(stand: Stand) -> float:
    """Let a relay make records of the last entries; return the processor milliseconds of one."""
    end = await stand.service.ledger.position()
    publisher, stop = Counting(end - _SAMPLE), asyncio.Event()
    used = time.process_time()
    relay = Relay(stand.service.ledger, lambda: nullcontext(publisher))
    async for last in relay.pages(publisher, stop):
        if last == end:
            stop.set()
    return 1000 * (time.process_time() - used) / _SAMPLE


async def _pages(stand: Stand) -> list[float]:
    """Return the median milliseconds of each page."""
    reception = Reception.of(stand.service)
    app = create_app(stand.service, strangers(), reception)
    found = []
    for actor, address in ADDRESSES:
        token = await logins.begin(reception, actor)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url="http://bench.test",
            cookies={cookie_name(reception): token},
        ) as client:
            result = await page_measured(client, address, _TIMES)
        found.append(quantile(result.times, 0.5))
    return found


def _told(rows: Sequence[Row], before: float) -> str:
    said = (
        f"{machine(before)}. Append: {_SAMPLE:,} requests judged by every rule, milliseconds of one, and of "
        "these the CPU of the handler and of the database. Relay: CPU of reading an entry and making its "
        "records, without the broker. Pages: median of "
        f"{_TIMES}. Replay: from zero into a fresh schema, all tables compared, 0 differences at each length."
    )
    head = [
        "entries", "filled, entries/s", "append ms", "handler CPU ms", "database CPU ms", "relay CPU ms",
        *(f"`{address.path}` ms" for _, address in ADDRESSES), "replay entries/s",
    ]  # fmt: skip
    cells = [
        [
            f"{row.length:,}",
            f"{row.filled:,.0f}",
            f"{row.append_ms:.2f}",
            f"{1000 * row.append_cpu.workers / _SAMPLE:.2f}",
            f"{1000 * row.append_cpu.database / _SAMPLE:.2f}",
            f"{row.relay_ms:.3f}",
            *(f"{ms:.0f}" for ms in row.pages),
            f"{row.replay_rate:,}",
        ]
        for row in rows
    ]
    return f"{said}\n\n{table(head, cells)}"
