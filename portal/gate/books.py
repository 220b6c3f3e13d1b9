"""The inner side's books of the ferry: which gates there are, what was sent and what has arrived.

They are operational, like sessions: a replay of the ledger knows nothing of them. When they are lost or
old, a gate's next parcel says which snapshot it has, and its messages are known by their ids.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pydantic import Field, TypeAdapter

from portal.gate.messages import Tally
from schemas.base import Count, Frozen

FILE: Final = "ferry.json"


class Admitted(Frozen):
    """A gate that may speak to this system: its key, and how far it was heard.

    ``taken`` is the last number of what was said there that arrived, ``parcel`` the newest parcel.
    """

    key: str
    taken: Count = 0
    parcel: Count = 0
    scans: tuple[Tally, ...] = ()


class Books(Frozen):
    """How far the ferry has come. ``sent`` is the number of the last snapshot."""

    sent: Count = 0
    gates: dict[str, Admitted] = Field(default_factory=dict)


_BOOKS: Final = TypeAdapter(Books)


class Ferry:
    """The file in which the inner side keeps its books, one process at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def open(self) -> Iterator[Books]:
        """Give the books, alone; nobody else changes them meanwhile."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(
            self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.read()
        finally:
            os.close(lock)

    def read(self) -> Books:
        """Return the books as they stand."""
        return _BOOKS.validate_json(self._path.read_bytes()) if self._path.exists() else Books()

    def write(self, books: Books) -> None:
        """Put the books in place of the old ones."""
        new = self._path.with_suffix(".new")
        fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "w") as file:
            file.write(json.dumps(books.model_dump(mode="json"), indent=1))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
