"""The keys of both sides. Each side's own derive from a key file that never leaves it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from streams.keyring import SECRET_BYTES, KeyRing

GATE_FILE: Final = "gate.json"
_SIGNING: Final = "gate-signing"
_SEALING: Final = "gate-sealing"


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The secret keys of a side, from its ring; newest last."""

    ring: KeyRing

    @property
    def signers(self) -> list[Ed25519PrivateKey]:
        """The keys that sign its parcels: those that count."""
        raws = self._derived(_SIGNING, self.ring.valid)
        return [Ed25519PrivateKey.from_private_bytes(raw) for raw in raws]

    @property
    def signing(self) -> tuple[bytes, ...]:
        """The public keys that its parcels are checked with."""
        return tuple(signer.public_key().public_bytes_raw() for signer in self.signers)

    @property
    def sealing(self) -> list[bytes]:
        """The raw X25519 keys that open what was sealed to this side, whenever that was."""
        return self._derived(_SEALING, sorted(self.ring.secrets))

    def _derived(self, use: str, numbers: Sequence[int]) -> list[bytes]:
        derived = (self.ring.derive(number, use) for number in numbers)
        return [raw for raw in derived if raw is not None]


class BadKeyError(ValueError):
    """A text that is no key; it says how one looks."""


def spelled(public: bytes) -> str:
    """Return a public key as people carry it: 52 letters and digits in groups of four."""
    text = base64.b32encode(public).decode().rstrip("=")
    return "-".join(text[n : n + 4] for n in range(0, len(text), 4))


def read_key(text: str) -> bytes:
    """Return the public key that somebody typed.

    Raises:
        BadKeyError: If it is none.
    """
    letters = "".join(c for c in text.upper() if c.isalnum())
    try:
        raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
        Ed25519PublicKey.from_public_bytes(raw[:SECRET_BYTES])
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != SECRET_BYTES:
        raise BadKeyError(
            "不是公钥, 应为 52 个字母数字 / no public key: it has 52 letters and digits"
        )
    return raw
