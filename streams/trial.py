"""A trial: decisions on a real ledger that leave no trace in it.

A dry run of an import and a preview of a policy ask "what would become of this?". The answer comes
from the same handler and the same rules; only what it writes stays in memory, over what is read from
the real ledger. Locks are not taken, so a trial keeps nobody waiting and may be overtaken.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

from streams.memory import MemoryKeys, MemoryLedger
from streams.ports import Cell, CommandKey, Effect, Keys, Ledger


class TrialLedger(MemoryLedger):
    """A ledger in memory over another one, which it only reads."""

    def __init__(self, base: Ledger) -> None:
        super().__init__()
        self._base = base

    async def peek(self, keys: Sequence[str]) -> Mapping[str, Cell]:
        """Return cells as the trial left them, else as they really are."""
        found = dict(await super().peek(keys))
        untouched = [key for key, cell in found.items() if cell.version == 0]
        if untouched:
            found |= await self._base.peek(untouched)
        return found

    async def effects(self, keys: Sequence[CommandKey]) -> Mapping[CommandKey, Effect]:
        """Return effects of the trial, else the real ones."""
        found = dict(await super().effects(keys))
        if missing := [key for key in keys if key not in found]:
            found |= await self._base.effects(missing)
        return found

    async def cells(self, prefix: str = "") -> AsyncIterator[tuple[str, bytes]]:
        """Read the existing cells, those of the trial over the real ones, sorted by key."""
        own = {key: state async for key, state in super().cells(prefix)}
        waiting = iter(sorted(own, key=str.encode))
        ahead = next(waiting, None)
        async for key, state in self._base.cells(prefix):
            while ahead is not None and ahead.encode() < key.encode():
                yield ahead, own[ahead]
                ahead = next(waiting, None)
            if ahead == key:
                yield ahead, own[ahead]
                ahead = next(waiting, None)
            else:
                yield key, state
        while ahead is not None:
            yield ahead, own[ahead]
            ahead = next(waiting, None)


class TrialKeys(MemoryKeys):
    """Data keys in memory over a real store, which is only read."""

    def __init__(self, base: Keys) -> None:
        super().__init__()
        self._base = base

    async def find(self, subjects: Sequence[str]) -> Mapping[str, bytes]:
        """Return the wrapped keys of those subjects that have one."""
        return {**await self._base.find(subjects), **await super().find(subjects)}

    async def remove(self, subject: str) -> bool:
        """Refuse: a trial destroys nothing.

        Raises:
            PermissionError: Always.
        """
        raise PermissionError(subject)
