"""Pictures of what was signed on paper: kept beside the ledger, found by their hash.

The ledger says which picture a decision rests on; here lie the bytes, sealed. They are evidence and
no fact of their own: a replay knows nothing of them, and whoever alters one no longer meets its hash.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Scan:
    """A picture. ``sha256`` is of its bytes as they came; ``sealed`` is what the vault made of them."""

    sha256: str
    media: str
    size: int
    sealed: str
    since: datetime


class Scans(Protocol):
    """Keeps pictures."""

    async def keep(self, scan: Scan) -> None:
        """Keep a picture; one that is here already stays as it is."""

    async def find(self, sha256: str) -> Scan | None:
        """Return the picture with this hash, ``None`` when there is none."""

    async def having(self, hashes: Collection[str]) -> frozenset[str]:
        """Return those of some hashes whose pictures are here."""

    async def before(self, moment: datetime) -> list[str]:
        """Return the hashes of all that was kept before a moment, the oldest first."""

    async def drop(self, hashes: Collection[str]) -> None:
        """Throw pictures away; what is unknown is no fault."""


class MemoryScans:
    """Pictures in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, Scan] = {}

    async def keep(self, scan: Scan) -> None:
        """Keep a picture; one that is here already stays as it is."""
        self._kept.setdefault(scan.sha256, scan)

    async def find(self, sha256: str) -> Scan | None:
        """Return the picture with this hash, ``None`` when there is none."""
        return self._kept.get(sha256)

    async def having(self, hashes: Collection[str]) -> frozenset[str]:
        """Return those of some hashes whose pictures are here."""
        return frozenset(hashes) & self._kept.keys()

    async def before(self, moment: datetime) -> list[str]:
        """Return the hashes of all that was kept before a moment, the oldest first."""
        old = [(scan.since, scan.sha256) for scan in self._kept.values() if scan.since < moment]
        return [sha256 for _, sha256 in sorted(old)]

    async def drop(self, hashes: Collection[str]) -> None:
        """Throw pictures away; what is unknown is no fault."""
        for sha256 in hashes:
            self._kept.pop(sha256, None)
