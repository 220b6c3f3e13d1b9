"""The same ledger: one SHA-256 over what a ledger says, whatever machine wrote it and when.

Two runs of the same commands give the same digest, however they were batched, retried, killed and
resumed, and under whichever keys. It is computed so:

1. From each entry are left out ``position``, ``recordedtime`` and ``commandhash``, and from each
   sealed field (an object of just ``subject`` and ``ct``) the ciphertext ``ct``. The rest is written
   as canonical JSON (RFC 8785).
2. Each stream has a chain: ``c = SHA-256(c || entry)`` for its entries in order, starting from
   32 zero bytes.
3. The digest is SHA-256 over, for each stream in order of its name's UTF-8 bytes,
   ``SHA-256(name) || c``, and then over the rejections.
4. A rejected input has no name that two installations could share, for it derives from a keyed hash
   of its bytes; and it has no time but the one at which it came in. So a rejection leaves out
   ``id``, ``subject``, ``causationid``, ``correlationid``, ``time`` and its data's ``digest`` too,
   and rejections enter after all streams as their SHA-256 hashes in ascending order.

Reading takes 32 bytes and a name per stream, not the ledger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterable
from typing import Any, Final

from schemas.wire import canonical

_LEFT_OUT: Final = ("position", "recordedtime", "commandhash")
_OF_A_REJECTION: Final = ("id", "subject", "causationid", "correlationid", "time")
_SEALED: Final = {"subject", "ct"}
_START: Final = bytes(32)
_REJECTED: Final = "rejection/"


class Digest:
    """Takes the entries of a ledger in order of position."""

    def __init__(self) -> None:
        self._chains: dict[str, bytes] = {}
        self._rejections: list[bytes] = []

    def take(self, body: bytes) -> None:
        """Take the next entry."""
        entry = json.loads(body)
        stream = entry["subject"]
        if stream.startswith(_REJECTED):
            self._rejections.append(hashlib.sha256(_rejection(entry)).digest())
            return
        chain = self._chains.get(stream, _START)
        self._chains[stream] = hashlib.sha256(chain + said(entry)).digest()

    def hex(self) -> str:
        """Return the digest of what was taken so far, as 64 hexadecimal digits."""
        whole = hashlib.sha256()
        for stream in sorted(self._chains, key=str.encode):
            whole.update(hashlib.sha256(stream.encode()).digest() + self._chains[stream])
        for rejection in sorted(self._rejections):
            whole.update(rejection)
        return whole.hexdigest()


async def digest(entries: AsyncIterable[tuple[int, bytes]]) -> str:
    """Return the digest of a ledger's entries, read in order of position."""
    taken = Digest()
    async for _, body in entries:
        taken.take(body)
    return taken.hex()


def said(entry: dict[str, Any]) -> bytes:
    """Return the canonical bytes of what an entry says, whoever sealed, timed and placed it."""
    kept = {name: value for name, value in entry.items() if name not in _LEFT_OUT}
    return canonical({**kept, "data": _opened(kept["data"])})


def _rejection(entry: dict[str, Any]) -> bytes:
    kept = {name: value for name, value in entry.items() if name not in _OF_A_REJECTION}
    data = {name: value for name, value in entry["data"].items() if name != "digest"}
    return said({**kept, "data": data})


def _opened(value: Any) -> Any:  # noqa: ANN401 - JSON may be anything
    if isinstance(value, dict):
        if value.keys() == _SEALED:
            return {"subject": value["subject"]}
        return {name: _opened(item) for name, item in value.items()}
    return [_opened(item) for item in value] if isinstance(value, list) else value
