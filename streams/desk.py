"""What people keep at their desk: drafts, saved views, files on their way, addresses of feeds.

None of it is a fact: nothing was asked for yet. It stands beside the ledger, like sessions, and a
replay knows nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Kept:
    """Something kept. ``(kind, id)`` names it; ``owner`` is the actor, or the department, it is for."""

    kind: str
    id: str
    owner: str
    title: str
    body: bytes
    since: datetime


class Desk(Protocol):
    """Keeps things for their owners."""

    async def keep(self, kept: Kept, *, most: int) -> None:
        """Keep something, or change what has its name; the owner's oldest beyond ``most`` go."""

    async def find(self, kind: str, id_: str) -> Kept | None:
        """Return what has this name, ``None`` when there is nothing."""

    async def of(self, owner: str, kind: str) -> list[Kept]:
        """Return what somebody keeps of a kind, the newest first."""

    async def drop(self, kind: str, id_: str) -> None:
        """Throw something away; what is unknown is no fault."""

    async def purge(self, kind: str, before: datetime) -> None:
        """Throw away all of a kind that was kept before a moment."""


class MemoryDesk:
    """A desk in memory."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Kept] = {}

    async def keep(self, kept: Kept, *, most: int) -> None:
        """Keep something, or change what has its name; the owner's oldest beyond ``most`` go."""
        self._kept[kept.kind, kept.id] = kept
        for old in (await self.of(kept.owner, kept.kind))[most:]:
            del self._kept[old.kind, old.id]

    async def find(self, kind: str, id_: str) -> Kept | None:
        """Return what has this name, ``None`` when there is nothing."""
        return self._kept.get((kind, id_))

    async def of(self, owner: str, kind: str) -> list[Kept]:
        """Return what somebody keeps of a kind, the newest first."""
        found = [k for k in self._kept.values() if (k.owner, k.kind) == (owner, kind)]
        return sorted(found, key=lambda k: (k.since, k.id), reverse=True)

    async def drop(self, kind: str, id_: str) -> None:
        """Throw something away; what is unknown is no fault."""
        self._kept.pop((kind, id_), None)

    async def purge(self, kind: str, before: datetime) -> None:
        """Throw away all of a kind that was kept before a moment."""
        for kept in [k for k in self._kept.values() if k.kind == kind and k.since < before]:
            del self._kept[kept.kind, kept.id]
