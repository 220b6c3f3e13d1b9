"""A witness: it remembers the last checkpoint of each log, and signs only what goes on from there.

Its folder belongs to whoever runs it, and to one process at a time. What it signed is on disk before
anybody hears of it, so a crash cannot make it sign two stories.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from scheduler.proof.checkpoints import read_checkpoint
from scheduler.proof.merkle import Head
from scheduler.proof.notes import Note, Signer, Verifier, parse
from scheduler.proof.witnessing import NOTHING, judge, read_asked

_NAME: Final = "checkpoint"
_HASH: Final = re.compile("[0-9a-f]{64}")


class WitnessBusyError(RuntimeError):
    """Another process has the witness's folder."""


class Witness:
    """Signs checkpoints of the logs whose keys it was given."""

    def __init__(self, folder: Path, signer: Signer, logs: Sequence[Verifier]) -> None:
        self._folder = folder
        self._signer = signer
        self._logs = logs
        self._lock = threading.Lock()

    def add(self, body: bytes) -> bytes:
        """Sign the checkpoint of a request; return the signature's line.

        Raises:
            RefusedError: If it may not be signed.
        """
        asked = read_asked(body)
        with self._lock:
            origin = asked.note.text.partition("\n")[0]
            checkpoint = judge(asked, self._known(origin), self._logs)
            trusted = [log for log in self._logs if log.name == origin]
            ours = [
                s for s in asked.note.signatures if any(log.key_id == s.key_id for log in trusted)
            ]
            signature = self._signer.sign(asked.note.text)
            self._keep(checkpoint.origin, Note(asked.note.text, (*ours, signature)))
        return signature.line().encode()

    def checkpoint(self, hash_: str) -> bytes | None:
        """Return the last checkpoint signed for a log, by the SHA-256 of its origin in hex."""
        if not _HASH.fullmatch(hash_):
            return None
        path = self._folder / hash_ / _NAME
        return path.read_bytes() if path.exists() else None

    def _known(self, origin: str) -> Head:
        found = self.checkpoint(origin_hash(origin))
        return NOTHING if found is None else read_checkpoint(parse(found).text).head

    def _keep(self, origin: str, note: Note) -> None:
        place = self._folder / origin_hash(origin)
        place.mkdir(parents=True, exist_ok=True)
        replace(place / _NAME, note.encode())


def replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and have it on disk before returning."""
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a witness's folder within a block.

    Raises:
        WitnessBusyError: If another process does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WitnessBusyError(f"{folder}: 另一进程正在使用 / another process has it") from None
        yield


def origin_hash(origin: str) -> str:
    """Return the name under which a witness serves a log's checkpoint."""
    return hashlib.sha256(origin.encode()).hexdigest()
