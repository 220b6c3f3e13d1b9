"""What a log asks of a witness (C2SP tlog-witness), and how the witness decides."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from scheduler.proof.checkpoints import Checkpoint, read_checkpoint, read_hash
from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import MOST_HASHES, Head, consistent
from scheduler.proof.notes import BadNoteError, Note, Verifier, parse, verified

_OLD: Final = re.compile("old (0|[1-9][0-9]{0,18})")

NOTHING: Final = Head(0, SHA256.empty)
"""What a witness knows of a log that it has never signed for."""


class Status(IntEnum):
    """The answers of the protocol, as HTTP has them."""

    OK = 200
    BAD_REQUEST = 400
    FORBIDDEN = 403
    NOT_FOUND = 404
    CONFLICT = 409
    UNPROCESSABLE = 422


class RefusedError(Exception):
    """A witness does not sign; the status says why."""

    def __init__(self, status: Status, why: str) -> None:
        self.status = status
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the checkpoint, and the proof that it goes on from an older size."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def encode(self) -> bytes:
        """Return the body of the request."""
        lines = [f"old {self.old}", *(base64.b64encode(h).decode() for h in self.proof), ""]
        return ("\n".join(lines) + "\n").encode() + self.note.encode()


def read_asked(body: bytes) -> Asked:
    """Read the body of a request.

    Raises:
        RefusedError: If it is none.
    """
    head, _, rest = body.partition(b"\n\n")
    try:
        first, *lines = head.decode().split("\n")
        old = _OLD.fullmatch(first)
        if old is None or len(lines) > MOST_HASHES:
            raise RefusedError(Status.BAD_REQUEST, "no request for a cosignature")
        return Asked(int(old[1]), tuple(map(read_hash, lines)), parse(rest))
    except (BadNoteError, UnicodeDecodeError) as error:
        raise RefusedError(Status.BAD_REQUEST, str(error)) from error


def judge(asked: Asked, known: Head, logs: Sequence[Verifier]) -> Checkpoint:
    """Return the checkpoint that may be signed after the one that is known.

    Raises:
        RefusedError: If the log is unknown, its signature is missing or wrong, or the checkpoint does
            not go on from what is known.
    """
    checkpoint = _signed(asked.note, logs)
    if asked.old > checkpoint.size:
        raise RefusedError(Status.BAD_REQUEST, "old size above the checkpoint's")
    if asked.old != known.size:
        raise RefusedError(Status.CONFLICT, f"{known.size}\n")
    empty = checkpoint.size == 0 and checkpoint.head.root != SHA256.empty
    if empty or not consistent(known, checkpoint.head, asked.proof):
        raise RefusedError(Status.UNPROCESSABLE, "not consistent with what was signed before")
    return checkpoint


def _signed(note: Note, logs: Sequence[Verifier]) -> Checkpoint:
    try:
        checkpoint = read_checkpoint(note.text)
    except BadNoteError as error:
        raise RefusedError(Status.BAD_REQUEST, str(error)) from error
    keys = [log for log in logs if log.name == checkpoint.origin]
    if not keys:
        raise RefusedError(Status.NOT_FOUND, "unknown log")
    try:
        signed = verified(note, keys)
    except BadNoteError as error:
        raise RefusedError(Status.FORBIDDEN, str(error)) from error
    if not signed:
        raise RefusedError(Status.FORBIDDEN, "no signature of a known key")
    return checkpoint
