"""Reads all that a run left behind. It goes by the proxies, so nothing stands in its way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from portal.proof import integrity
from portal.proof.auditing import replay
from portal.proof.integrity import Against
from portal.proof.judging import judge
from portal.running.service import Service
from portal.settings import Settings
from streams.kafka import naming
from streams.kafka.audit import committed
from streams.timers import Timer
from tests.faults.checker import Evidence
from tests.faults.history import Line
from tests.faults.machines import Machines
from tests.streams.kafka.sending import read as read_topic

LIMITS: Final = {"tally/cap/twice-a-year/": 2}
"""How many units the tallies of the city's caps may hold."""


def settings_of(machines: Machines, domain: str, data: Path) -> Settings:
    """Return an installation's settings for whoever only looks on."""
    return Settings(
        data=data, dsn=SecretStr(machines.direct_dsn), domain=domain, kafka=machines.kafka.direct
    )


async def effects(service: Service) -> dict[tuple[str, str], str]:
    """Return the status of every command on record."""
    if service.database is None:
        raise TypeError(service)
    async with service.database.connection() as connection:
        rows = await connection.fetch("SELECT source, id, status FROM effect")
    return {(row["source"], row["id"]): row["status"] for row in rows}


async def overdue(service: Service) -> list[str]:
    """Return the deadlines that are over at the service's instant and still open."""
    waiting = await Timer(service.queries, service.submit, service.clock).waiting()
    return [judged.deadline.id for judged in waiting if judged.fires]


async def evidence(
    machines: Machines, service: Service, settings: Settings, history: Sequence[Line]
) -> Evidence:
    """Read the ledger, its topic, the dead letters, and let every instrument judge them."""
    broker, domain = settings.kafka or "", settings.domain
    judged = await judge(service.ledger, date(2026, 1, 1), date(2026, 12, 31))
    replayed = await replay(service)
    verified = await integrity.verify(settings, service, Against())
    letters = await read_topic(broker, naming.dead_letters(domain))
    return Evidence(
        history=history,
        entries=[entry async for entry in service.ledger.entries()],
        effects=await effects(service),
        topic=[record async for record in committed(broker, naming.ledger(domain))],
        letters=[letter.value for letter in letters],
        limits=LIMITS,
        sealed=verified.audit.sealed,
        replay=[
            *map(str, replayed.findings),
            *([replayed.damage] if replayed.damage else []),
        ],
        audit=[*map(str, judged.breaches), *map(str, judged.intake)],
        seals=list(map(str, verified.audit.faults)),
        overdue=await overdue(service),
    )
