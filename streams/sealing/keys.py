"""Ed25519 behind the interfaces of signed notes: the log's signature and a witness's cosignature."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from scheduler.proof.checkpoints import cosignature, cosigned_text, read_cosignature
from scheduler.proof.notes import (
    COSIGNATURE,
    ED25519,
    BadNoteError,
    Signature,
    Verifier,
    VerifierKey,
)
from streams.keyring import KeyFileError, KeyRing
from streams.ports import Clock

_USE: Final = "sealing"
_SIGNATURE: Final = 64
_PUBLIC: Final = 32


@dataclass(frozen=True, slots=True)
class Ed25519Verifier:
    """A public key of a log or, with the type of a cosignature, of a witness."""

    key: VerifierKey

    @property
    def name(self) -> str:
        """The name on the signature's line."""
        return self.key.name

    @property
    def key_id(self) -> bytes:
        """The four bytes that tell it from other keys of the name."""
        return self.key.key_id

    def verifies(self, text: str, value: bytes) -> bool:
        """Tell whether the value is a signature of this key under the text."""
        signed = text.encode()
        if self.key.algorithm == COSIGNATURE:
            seconds, value = read_cosignature(value)
            signed = cosigned_text(text, seconds)
        if len(value) != _SIGNATURE:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.key.public).verify(value, signed)
        except InvalidSignature:
            return False
        return True


def verifier(key: VerifierKey) -> Verifier:
    """Return what verifies with a written key.

    Raises:
        BadNoteError: If its algorithm is none of ours.
    """
    if key.algorithm not in {ED25519, COSIGNATURE} or len(key.public) != _PUBLIC:
        raise BadNoteError(f"不支持的签名算法 / unknown algorithm: {key.algorithm:#04x}")
    return Ed25519Verifier(key)


class Ed25519Signer:
    """A log's private key."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.verifier_key = VerifierKey(name, ED25519, _raw(private))

    def sign(self, text: str) -> Signature:
        """Sign a note's text."""
        key = self.verifier_key
        return Signature(key.name, key.key_id, self._private.sign(text.encode()))


class Ed25519Cosigner:
    """A witness's private key. It signs the time along."""

    def __init__(self, name: str, private: Ed25519PrivateKey, clock: Clock) -> None:
        self._private = private
        self._clock = clock
        self.verifier_key = VerifierKey(name, COSIGNATURE, _raw(private))

    def sign(self, text: str) -> Signature:
        """Sign a checkpoint's text, as of now."""
        key, seconds = self.verifier_key, int(self._clock.now().timestamp())
        signature = self._private.sign(cosigned_text(text, seconds))
        return Signature(key.name, key.key_id, cosignature(seconds, signature))


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The keys of a log: the newest signs, all verify. ``origin`` is the log's name for ever."""

    origin: str
    signer: Ed25519Signer
    verifiers: tuple[Ed25519Verifier, ...]

    @classmethod
    def of(cls, ring: KeyRing, domain: str) -> LogKeys:
        """Return the keys of a planning domain's log.

        The origin holds a piece of the first key's hash: two towns of one name are two logs to a
        witness that serves both.
        """
        first = hashlib.sha256(_raw(_private(ring, ring.oldest))).hexdigest()[:12]
        origin = f"wurao.cn/{domain}/{first}"
        signers = {n: Ed25519Signer(origin, _private(ring, n)) for n in sorted(ring.secrets)}
        verifiers = tuple(Ed25519Verifier(signer.verifier_key) for signer in signers.values())
        return cls(origin, signers[ring.newest], verifiers)


def cosigner(ring: KeyRing, name: str, clock: Clock) -> Ed25519Cosigner:
    """Return a witness's key."""
    return Ed25519Cosigner(name, _private(ring, ring.newest), clock)


def _private(ring: KeyRing, number: int) -> Ed25519PrivateKey:
    secret = ring.derive(number, _USE)
    if secret is None:
        raise KeyFileError(str(number))
    return Ed25519PrivateKey.from_private_bytes(secret)


def _raw(private: Ed25519PrivateKey) -> bytes:
    public = private.public_key()
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
