"""Checkpoints (C2SP tlog-checkpoint) and what a witness signs (tlog-cosignature v1)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from scheduler.proof.hashing import SIZE
from scheduler.proof.merkle import Head
from scheduler.proof.notes import BadNoteError

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_LINES: Final = 3
_TIME_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The tree of a log, by its size and root. ``origin`` names the log."""

    origin: str
    head: Head

    @property
    def size(self) -> int:
        """How many leaves the tree has: the ledger's last position then."""
        return self.head.size

    def text(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.head.root).decode()}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint; lines after the third are passed over.

    Raises:
        BadNoteError: If it is none.
    """
    lines = text.split("\n")
    if len(lines) <= _LINES or lines.pop() or not all(lines):
        raise BadNoteError("不是存证点 / no checkpoint")
    origin, size, root = lines[:_LINES]
    if not _NUMBER.fullmatch(size):
        raise BadNoteError(f"存证点的大小不合规 / no size of a checkpoint: {size[:40]!r}")
    return Checkpoint(origin, Head(int(size), read_hash(root)))


def read_hash(text: str) -> bytes:
    """Read a hash in base64.

    Raises:
        BadNoteError: If it is none.
    """
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) != SIZE or base64.b64encode(found).decode() != text:
        raise BadNoteError(f"不是散列值 / no hash: {text[:80]!r}")
    return found


def cosigned_text(text: str, seconds: int) -> bytes:
    """Return what a witness signs: the checkpoint's text, and when (seconds since the epoch)."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def cosignature(seconds: int, signature: bytes) -> bytes:
    """Return the value of a cosignature's line."""
    return seconds.to_bytes(_TIME_BYTES) + signature


def read_cosignature(value: bytes) -> tuple[int, bytes]:
    """Return when a witness signed (seconds since the epoch), and the signature."""
    return int.from_bytes(value[:_TIME_BYTES]), value[_TIME_BYTES:]
