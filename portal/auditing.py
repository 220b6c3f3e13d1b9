"""The audit of an installation: its ledger replayed from zero, its read models compared row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.service import Service
from scheduler.evolve import evolve
from scheduler.notify import notify
from streams.postgres import PostgresLedger
from streams.postgres.compare import (
    CELLS,
    EFFECTS,
    NOTIFICATIONS,
    READ_MODELS,
    differences,
    rebuild_schema,
)
from streams.replay import audit, rebuild


@dataclass(frozen=True, slots=True)
class Finding:
    """A row in which the store is not what its entries say."""

    table: str
    key: str
    kind: str
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f"{self.table} {self.key}: {self.kind}"
        return f"{said} ({', '.join(self.columns)})" if self.columns else said


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit found. ``damage`` is the first entry that no handler can have written."""

    entries: int
    findings: tuple[Finding, ...]
    damage: str | None = None

    @property
    def clean(self) -> bool:
        """Whether the store is exactly what its entries say."""
        return not self.findings and self.damage is None


async def replay(service: Service, progress: Callable[[int], None] = lambda _: None) -> Audited:
    """Rebuild everything beside the entries and compare; nothing of the live store is touched.

    Nobody should write meanwhile: what moves during the audit shows as different.
    """
    if service.database is None or (await service.ledger.position()) == 0:
        return await _in_memory(service, progress)
    checked = await _in_memory(service, progress)
    if checked.damage is not None:
        return checked
    live = service.database
    async with rebuild_schema(live) as fresh:
        await rebuild(service.ledger, PostgresLedger(fresh), evolve, notify, progress=progress)
        tables = (CELLS, *READ_MODELS, EFFECTS, NOTIFICATIONS)
        found = await differences(live, live.schema, fresh.schema, tables)
    findings = (Finding(d.table, "/".join(d.key), d.kind, d.columns) for d in found)
    return Audited(checked.entries, tuple(findings))


async def _in_memory(service: Service, progress: Callable[[int], None]) -> Audited:
    report = await audit(service.ledger, evolve, notify, progress=progress)
    findings = tuple(Finding(d.table, "/".join(d.key), d.kind) for d in report.differences)
    return Audited(report.entries, findings, str(report.damage) if report.damage else None)
