"""Hashes of leaves and nodes (RFC 6962 section 2.1), over SHA-256 or another hash of 32 bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from scheduler.proof.sm3 import sm3

SIZE: Final = 32
"""Bytes of every hash."""


@dataclass(frozen=True, slots=True)
class Hashing:
    """The three hashes of a tree. The prefixes keep a leaf from ever passing for a node.

    Attributes:
        name: how the hash is called where it is written down.
        digest: the hash itself.
    """

    name: str
    digest: Callable[[bytes], bytes]

    @property
    def empty(self) -> bytes:
        """The root of a tree without leaves."""
        return self.digest(b"")

    def leaf(self, data: bytes) -> bytes:
        """Return the hash of an entry's bytes."""
        return self.digest(b"\x00" + data)

    def leaves(self, bodies: Iterable[bytes]) -> list[bytes]:
        """Return the hashes of many entries' bytes."""
        digest = self.digest
        return [digest(b"\x00" + body) for body in bodies]

    def node(self, left: bytes, right: bytes) -> bytes:
        """Return the hash over two subtrees."""
        return self.digest(b"\x01" + left + right)


SHA256: Final = Hashing("sha256", lambda data: sha256(data).digest())
"""What checkpoints of C2SP are made with."""

SM3: Final = Hashing("sm3", sm3)
"""The same tree over GB/T 32905, for where national algorithms are asked for."""
