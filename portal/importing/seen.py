"""What a file said already: where first, and how often. Memory does not grow with the file.

Texts are kept as digests of 16 bytes in a temporary SQLite file that has no name; up to some hundred
thousand of them it stays in memory, and it is gone when it is closed.
"""

from __future__ import annotations

import sqlite3
from hashlib import blake2b
from typing import Final, NamedTuple

_DIGEST: Final = 16
_MEMORY: Final = 16 << 10
"""KiB that SQLite holds before it writes pages out."""

_TABLE: Final = """
CREATE TABLE seen (
    digest BLOB PRIMARY KEY, number INTEGER NOT NULL, times INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""
_NOTE: Final = """
INSERT INTO seen VALUES (?, ?, 1) ON CONFLICT (digest) DO UPDATE SET times = times + 1
RETURNING number, times
"""


class Sight(NamedTuple):
    """The row in which something stood first, and how often it stood so far."""

    first: int
    times: int


class Seen:
    """What was seen until it is closed."""

    def __init__(self) -> None:
        self._store = sqlite3.connect("", isolation_level=None)
        for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_MEMORY}"):
            self._store.execute(f"PRAGMA {setting}")
        self._store.execute(_TABLE)
        # One transaction that never ends: pages go to the file when memory is full, not row by row.
        self._store.execute("BEGIN")

    def note(self, row: int, *parts: str) -> Sight:
        """Note what stands in a row; say where it stood first, and how often with this row."""
        digest = blake2b("\x1f".join(parts).encode(), digest_size=_DIGEST).digest()
        return Sight(*self._store.execute(_NOTE, (digest, row)).fetchone())

    def close(self) -> None:
        """Forget all of it."""
        self._store.close()
