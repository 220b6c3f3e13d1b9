"""Replays of a long ledger, each held against what the store says."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from benchmarks.load.figures import Cpu, cpu
from benchmarks.load.stand import Stand
from portal.proof.auditing import replay
from portal.proof.integrity import Against, verify
from portal.proof.sealing import seal_once
from scheduler.evolve import evolve
from scheduler.notify import notify
from streams.collecting import few_collections
from streams.fold import Fold

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many entries were folded and compared, and the milliseconds of one."""

    entries: int
    each: Cpu


async def audited(stand: Stand) -> Replayed:
    """Replay all from zero into a fresh schema and compare all tables.

    Raises:
        SystemExit: If something differs.
    """
    used = cpu([os.getpid()], stand.settings.postgres)
    found = await replay(stand.service)
    if not found.clean:
        raise SystemExit(f"{found.findings[:3]} {found.damage}")
    spent = cpu([os.getpid()], stand.settings.postgres).since(used)
    return Replayed(found.entries, spent.of(found.entries))


async def verified(stand: Stand) -> None:
    """Seal the ledger and audit the tree over its entries.

    Raises:
        SystemExit: If something was found.
    """
    length = await seal_once(stand.settings, stand.service)
    found = (await verify(stand.settings, stand.service, Against())).audit
    if not found.clean or found.sealed != length:
        raise SystemExit(f"{found.sealed} of {length} are sealed: {found.faults[:3]}")


async def replayed(stand: Stand, after: int) -> Replayed:
    """Replay the entries behind a position whose streams begin there; compare cells and effects.

    Raises:
        SystemExit: If one differs.
    """
    ledger, fold = stand.service.ledger, Fold(evolve, notify)
    fold.position = after
    used = cpu([os.getpid()], stand.settings.postgres)
    with few_collections():
        async for position, body in ledger.entries(after):
            if fold.size >= _PAGE and fold.begins(body):
                await _same_effects(stand, fold)
            fold.take(position, body)
    await _same_effects(stand, fold)
    live = await ledger.peek(list(fold.cells))
    for key, cell in fold.cells.items():
        if (cell.state, cell.sequence) != (live[key].state, live[key].sequence):
            raise SystemExit(f"{key}: {cell} is {live[key]}")
    spent = cpu([os.getpid()], stand.settings.postgres).since(used)
    return Replayed(fold.position - after, spent.of(fold.position - after))


async def _same_effects(stand: Stand, fold: Fold) -> None:
    expected = {effect.key: effect for effect in fold.hand_out().effects}
    if await stand.service.ledger.effects(list(expected)) != expected:
        raise SystemExit(f"effects before entry {fold.position} differ")
