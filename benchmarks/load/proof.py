"""The proof after a load test: the checker of the fault laboratory lays all that was left side by side."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from typing import Final

from benchmarks.load.stand import SOURCE, Stand
from benchmarks.load.ways import running
from portal.proof.auditing import replay
from streams.kafka import naming
from streams.kafka.audit import committed
from streams.kafka.ends import last_position
from tests.faults.checker import Evidence, check
from tests.faults.history import Line, What
from tests.faults.observing import effects

HELD: Final = frozenset(
    {
        "acknowledged commands have their effect",
        "effect once",
        "nothing half",
        "no gaps",
        "the topic is the ledger",
        "dead letters are the bad inputs",
        "replay equals live",
    }
)
"""The promises that a load can break; nobody seals here, and nothing falls due."""


async def proven(stand: Stand, asked: Collection[str]) -> str:
    """Publish the ledger, replay it, check everything; return what was found in one line.

    ``asked`` are the ids of all commands that the broker took.

    Raises:
        SystemExit: If a promise is broken.
    """
    started, domain, broker = time.process_time(), stand.settings.domain, stand.settings.kafka or ""
    length = await stand.service.ledger.position()
    async with running(stand, [["relay"]]):
        while await last_position(broker, naming.ledger(domain)) < length:  # noqa: ASYNC110 - another process writes there
            await asyncio.sleep(0.2)
    audited = await replay(stand.service)
    lines = [
        Line(at=0, what=what, source=SOURCE, id=id_)
        for id_ in asked
        for what in (What.ASKED, What.TAKEN)
    ]
    evidence = Evidence(
        history=lines,
        entries=[entry async for entry in stand.service.ledger.entries()],
        effects=await effects(stand.service),
        topic=[record async for record in committed(broker, naming.ledger(domain))],
        letters=[body async for _, body in committed(broker, naming.dead_letters(domain))],
        replay=[*map(str, audited.findings), *([audited.damage] if audited.damage else [])],
    )
    found = [finding for finding in check(evidence) if finding.promise in HELD]
    if found:
        raise SystemExit("\n".join(map(str, found)))
    accepted = sum(status == "accepted" for status in evidence.effects.values())
    return (
        f"Checked afterwards ({time.process_time() - started:.0f} s of CPU): {len(asked):,} distinct "
        f"commands were taken by the broker, {accepted:,} effects are accepted, {length:,} entries stand "
        f"once in the ledger and once in its topic, a replay differs in {len(audited.findings)} rows."
    )
