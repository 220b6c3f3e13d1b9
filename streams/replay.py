"""Replay: rebuild everything beside the entries, and compare it with what a live store holds.

``rebuild`` writes a fresh store; where that is another schema of the same database, the two are then
compared table by table (``streams.postgres.compare``). ``audit`` needs no second store: it folds in
memory and names each cell and effect in which the live one differs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import Tree
from streams.bench import Evolve, Notify
from streams.collecting import few_collections
from streams.fold import Damaged, Fold
from streams.logs import Log
from streams.ports import Append, Effect, Ledger

BATCH: Final = 500
"""Entries after which a batch is handed out, at the end of the command that reaches it."""

_AT_ONCE: Final = 1000
Progress = Callable[[int], None]
Kind = Literal["missing", "extra", "different"]


@dataclass(frozen=True, order=True, slots=True)
class Difference:
    """A row in which a live store is not what its entries say.

    ``missing``: the entries say it and the store lacks it; ``extra``: the store alone has it.
    """

    table: str
    key: tuple[str, ...]
    kind: Kind

    def __str__(self) -> str:
        return f"{self.table} {'/'.join(self.key)}: {self.kind}"


@dataclass(frozen=True, slots=True)
class Report:
    """What an audit found. ``damage`` is the first entry that cannot be true; it ends the audit."""

    entries: int
    differences: tuple[Difference, ...]
    damage: Damaged | None = None

    @property
    def clean(self) -> bool:
        """Whether the store is exactly what its entries say."""
        return not self.differences and self.damage is None


async def batches(
    log: Log,
    fold: Fold,
    until: int | None = None,
    size: int = BATCH,
    tree: Tree | None = None,
) -> AsyncIterator[Append]:
    """Fold a log; yield what a fresh store needs, whole commands at a time.

    ``tree`` takes the hash of every entry that was folded.

    Raises:
        Damaged: At the first entry that no handler can have written.
    """
    async for position, body in log.entries(until=until):
        if fold.size >= size and fold.begins(body):
            yield fold.hand_out()
        fold.take(position, body)
        if tree is not None:
            tree.append(SHA256.leaf(body))
    if until is not None and fold.position != until:
        raise Damaged(fold.position + 1, f"missing, though the ledger counts {until} entries")
    if fold.size:
        yield fold.hand_out()


async def rebuild(
    log: Log,
    fresh: Ledger,
    evolve: Evolve,
    notify: Notify,
    *,
    progress: Progress | None = None,
    size: int = BATCH,
) -> int:
    """Write a log's entries, cells, effects and notifications to an empty store; count entries.

    Sealed inputs are not in the ledger and do not come back. Notifications do, as not yet delivered.

    Raises:
        Damaged: At the first entry that no handler can have written.
        ValueError: If the store is not empty.
    """
    if await fresh.position():
        msg = "a store to be rebuilt must be empty"
        raise ValueError(msg)
    fold = Fold(evolve, notify)
    with few_collections():
        async for batch in batches(log, fold, size=size):
            async with fresh.transaction() as transaction:
                await transaction.lock([], sorted(batch.cells))
                await transaction.append(batch)
            if progress is not None:
                progress(len(batch.drafts))
    return fold.position


async def audit(
    ledger: Ledger, evolve: Evolve, notify: Notify, *, progress: Progress | None = None
) -> Report:
    """Replay a ledger from zero and name each cell and effect in which the store differs.

    Nobody may write meanwhile: a cell that moves during the audit shows as different.
    """
    fold, found = Fold(evolve, notify), list[Difference]()
    try:
        with few_collections():
            async for batch in batches(ledger, fold, until=await ledger.position()):
                found += await _effects(ledger, batch.effects)
                if progress is not None:
                    progress(len(batch.drafts))
    except Damaged as damage:
        return Report(fold.position, tuple(sorted(found)), damage)
    found += await _cells(ledger, fold)
    return Report(fold.position, tuple(sorted(found)))


async def _effects(ledger: Ledger, expected: Sequence[Effect]) -> list[Difference]:
    live = await ledger.effects([effect.key for effect in expected])
    return [
        Difference(
            "effect",
            (effect.key.source, effect.key.id),
            "different" if effect.key in live else "missing",
        )
        for effect in expected
        if live.get(effect.key) != effect
    ]


async def _cells(ledger: Ledger, fold: Fold) -> list[Difference]:
    found = [
        Difference("cell", (key,), "extra")
        async for key, _ in ledger.cells()
        if key not in fold.cells
    ]
    keys = iter(fold.cells)
    while chunk := list(islice(keys, _AT_ONCE)):
        live = await ledger.peek(chunk)
        for key in chunk:
            expected, actual = fold.cells[key], live[key]
            if actual.state is None:
                found.append(Difference("cell", (key,), "missing"))
            elif (actual.state, actual.sequence) != (expected.state, expected.sequence):
                found.append(Difference("cell", (key,), "different"))
    return found
