"""The audit of an installation: a log replayed from zero, the live store compared with it row by row."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from portal.running.service import Service
from scheduler.evolve import evolve
from scheduler.notify import notify
from scheduler.proof.merkle import Head, Tree
from streams.collecting import few_collections
from streams.fold import Damaged, Fold
from streams.logs import Log
from streams.postgres.compare import (
    CELLS,
    EFFECTS,
    ENTRIES,
    NOTIFICATIONS,
    READ_MODELS,
    differences,
    rebuild_schema,
)
from streams.postgres.rebuild import Rebuilt
from streams.readmodels.cells import cell_of
from streams.replay import audit, batches
from streams.typed import read_typed

MOST_TRACED: Final = 200
"""Findings for which the entry behind them is looked up."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A row in which the store is not what its entries say.

    ``position`` and ``event`` name the last entry that wrote the row, where one did.
    """

    table: str
    key: str
    kind: str
    columns: tuple[str, ...] = ()
    position: int | None = None
    event: str | None = None

    def __str__(self) -> str:
        said = f"{self.table} {self.key}: {self.kind}"
        if self.columns:
            said += f" ({', '.join(self.columns)})"
        return said if self.position is None else f"{said} <- {self.position} {self.event}"


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit found.

    ``damage`` is the first entry that no handler can have written; ``head`` the number of entries
    and the root of the tree over them; ``seconds`` how long reading, folding and writing took, and
    ``comparing`` the comparison; ``behind`` how many entries the log lacks that the store has.
    """

    entries: int
    findings: tuple[Finding, ...]
    damage: str | None = None
    head: Head | None = None
    seconds: float = 0.0
    comparing: float = 0.0
    behind: int = 0

    @property
    def clean(self) -> bool:
        """Whether the store is exactly what its entries say."""
        return not self.findings and self.damage is None and not self.behind

    @property
    def rate(self) -> int:
        """Entries a second, from the first byte read to the last row written."""
        return round(self.entries / self.seconds) if self.seconds else 0


async def replay(
    service: Service, progress: Callable[[int], None] = lambda _: None, log: Log | None = None
) -> Audited:
    """Rebuild everything beside the entries and compare; nothing of the live store is touched.

    ``log`` is where the entries are read, the store's own ledger unless another is named; then the
    store's entries are compared too. Nobody should write meanwhile: what moves during the audit
    shows as different.
    """
    source = service.ledger if log is None else log
    length = await service.ledger.position()
    behind = length - await source.position() if log is not None else 0
    if service.database is None or length == 0:
        return await _in_memory(service, progress)
    if behind > 0:
        return Audited(length - behind, (), behind=behind)
    live, tree, fold = service.database, Tree(), Fold(evolve, notify)
    started = time.perf_counter()
    async with rebuild_schema(live) as fresh:
        rebuilt = Rebuilt(fresh)
        try:
            with few_collections():
                async for page in batches(source, fold, until=length, tree=tree):
                    await rebuilt.take(page)
                    progress(len(page.drafts))
                await rebuilt.finish(fold.cells)
        except Damaged as damage:
            return Audited(fold.position, (), str(damage))
        written = time.perf_counter()
        tables = (*([ENTRIES] if log else []), CELLS, *READ_MODELS, EFFECTS, NOTIFICATIONS)
        found = await differences(live, live.schema, fresh.schema, tables)
        progress(length)
        compared = time.perf_counter()
    findings = [Finding(d.table, "/".join(d.key), d.kind, d.columns) for d in found]
    keys = [d.key for d in found]
    return Audited(
        fold.position,
        tuple(await _traced(source, fold, findings, keys)),
        head=Head(len(tree), tree.root()),
        seconds=written - started,
        comparing=compared - written,
    )


async def _traced(
    log: Log, fold: Fold, findings: list[Finding], keys: list[tuple[str, ...]]
) -> list[Finding]:
    """Name the last entry behind each finding."""
    cells = [cell_of(f.table, key) for f, key in zip(findings, keys, strict=True)]
    behind = [fold.writers.get(cell) if cell else None for cell in cells]
    wanted = sorted({position for position in behind[:MOST_TRACED] if position})
    types = {
        position: read_typed(body).type
        for each in wanted
        async for position, body in log.entries(each - 1, each)
    }
    return [
        replace(finding, position=position, event=types.get(position)) if position else finding
        for finding, position in zip(findings, behind, strict=True)
    ]


async def _in_memory(service: Service, progress: Callable[[int], None]) -> Audited:
    started = time.perf_counter()
    report = await audit(service.ledger, evolve, notify, progress=progress)
    findings = tuple(Finding(d.table, "/".join(d.key), d.kind) for d in report.differences)
    damage = str(report.damage) if report.damage else None
    return Audited(report.entries, findings, damage, seconds=time.perf_counter() - started)
