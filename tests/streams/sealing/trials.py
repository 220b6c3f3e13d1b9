"""Trials of the audit: an honest world and an altered one, again and again, and what came of it."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from streams.postgres import Database, PostgresLedger
from streams.postgres.entries import entry_rows
from streams.sealing.audit import STORE, Audit, Fault, Kind
from streams.sealing.copies import Row, of_rows
from tests.streams.sealing.attacks import TOPIC, Attack, World, a_world, attack, judged, judged_copy

_UNNAMED = {Kind.CHECKPOINT, Kind.CONTRADICTS}


@dataclass
class Tally:
    """What became of trials. ``exact`` were named by their entry, ``interval`` by two checkpoints."""

    trials: int = 0
    detected: int = 0
    exact: int = 0
    interval: int = 0
    false_alarms: int = 0
    on_postgres: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def told(self) -> str:
        """Return what is printed."""
        lines = [
            f"detected {self.detected} of {self.trials}",
            f"false alarms {self.false_alarms} of {self.trials}",
            f"exact entry {self.exact}, checkpoint interval {self.interval}",
            f"read from Postgres {self.on_postgres}; {json.dumps(dict(sorted(self.kinds.items())))}",
        ]
        return "\n".join([*lines, *self.missed])


async def trial(seed: int, tally: Tally, database: Database | None = None) -> None:
    """Audit a world, alter it, and audit it again; on a real table where there is a database."""
    rng = random.Random(seed)
    with TemporaryDirectory() as folder:
        world = await a_world(rng, Path(folder))
    altered, done = await attack(rng, world)
    honest = await _audited(world, database)
    found = await _audited(altered, database)
    tally.trials += 1
    tally.kinds[done.kind] += 1
    tally.on_postgres += database is not None
    tally.false_alarms += not honest.clean
    exact, inside = _named(found, done)
    tally.detected += inside
    tally.exact += exact
    tally.interval += inside and not exact
    if not inside or (done.honest_copy and not exact) or not honest.clean:
        tally.missed.append(f"seed {seed}: {done} -> {[*map(str, found.faults or honest.faults)]}")


def _named(found: Audit, done: Attack) -> tuple[bool, bool]:
    """Tell whether every altered copy was named with the very entry, and with an interval at least."""
    copies = [name for name, was in ((STORE, done.table), (TOPIC, done.topic)) if was]
    faults = [_fault(found, name) for name in copies]
    exact = all(f is not None and f.first == f.last == done.first for f in faults)
    return exact, all(f is not None and f.first <= done.first <= f.last for f in faults)


def _fault(found: Audit, copy: str) -> Fault | None:
    return next((f for f in found.faults if f.copy == copy and f.kind not in _UNNAMED), None)


async def _audited(world: World, database: Database | None) -> Audit:
    if database is None:
        return (await judged(world))[0]
    await _fill(database, world.rows())
    table = await of_rows(STORE, entry_rows(database), PostgresLedger(database).entries)
    return (await judged_copy(world, table))[0]


async def _fill(database: Database, rows: list[Row]) -> None:
    """Leave the table as somebody leaves it who owns it: what guards it is switched off."""
    async with database.connection() as connection, connection.transaction():
        await connection.execute("ALTER TABLE entry DISABLE TRIGGER append_only")
        await connection.execute("ALTER TABLE entry DROP CONSTRAINT IF EXISTS entry_place")
        await connection.execute("DELETE FROM entry")
        await connection.executemany("INSERT INTO entry VALUES ($1, $2, $3, $4, $5)", rows)
        await connection.execute("UPDATE head SET position = $1", len(rows))
        await connection.execute("ALTER TABLE entry ENABLE TRIGGER append_only")
