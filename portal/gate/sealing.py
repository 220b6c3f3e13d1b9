"""Sealing for the way between the zones: to the inner system's public key, and under a secret text.

What people say at the gate is sealed to the inner system's X25519 key at once (an ephemeral key,
HKDF-SHA-256 and AES-256-GCM, as in RFC 9180's base mode), so that the zone keeps what it cannot read.
What a verdict shows is sealed under the code itself: only who holds the code up can open it.
"""

from __future__ import annotations

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from streams.codes import plain

_KEY: Final = 32
_NONCE: Final = 12
_BLOCK: Final = 1024
_LENGTH: Final = 4
_TO_INNER: Final = b"wurao/gate/to-inner/1"
_UNDER: Final = b"wurao/gate/under-text/1"
_NAME: Final = b"wurao/gate/name/1"


class UnreadableError(ValueError):
    """What was sealed cannot be opened with these keys: damaged, altered, or for somebody else."""


def seal_to(public: bytes, body: bytes) -> bytes:
    """Return bytes that only the owner of a raw X25519 public key can read.

    They are padded to whole kilobytes: a length would tell a long comment, or one grade from another.
    """
    mine = X25519PrivateKey.generate()
    sent = mine.public_key().public_bytes_raw()
    shared = mine.exchange(X25519PublicKey.from_public_bytes(public))
    key = _derived(shared, _TO_INNER + sent + public)
    # The key is used for this one message, so the nonce may be fixed.
    return sent + AESGCM(key).encrypt(bytes(_NONCE), _padded(body), None)


def open_with(private: bytes, sealed: bytes) -> bytes:
    """Return what was sealed to the public key of a raw X25519 private one.

    Raises:
        UnreadableError: If it was not, or was changed on the way.
    """
    own = X25519PrivateKey.from_private_bytes(private)
    sent, body = sealed[:_KEY], sealed[_KEY:]
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(sent))
        key = _derived(shared, _TO_INNER + sent + own.public_key().public_bytes_raw())
        return _unpadded(AESGCM(key).decrypt(bytes(_NONCE), body, None))
    except (InvalidTag, ValueError) as error:
        raise UnreadableError("sealed for somebody else, or altered") from error


def public_of(private: bytes) -> bytes:
    """Return the raw public key of a raw X25519 private one."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal_under(text: str, body: bytes) -> bytes:
    """Return bytes that only who knows a code or a token can read."""
    nonce = secrets.token_bytes(_NONCE)
    key = _derived(plain(text).encode(), _UNDER)
    return nonce + AESGCM(key).encrypt(nonce, body, None)


def open_under(text: str, sealed: bytes) -> bytes | None:
    """Return what was sealed under a code or a token; ``None`` where it was another one."""
    key = _derived(plain(text).encode(), _UNDER)
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    except (InvalidTag, ValueError):
        return None


def name_of(text: str) -> str:
    """Return a name for a token by which it is found again, and from which it cannot be made."""
    return _derived(plain(text).encode(), _NAME)[:16].hex()


def _derived(secret: bytes, use: bytes) -> bytes:
    return HKDF(hashes.SHA256(), _KEY, None, use).derive(secret)


def _padded(body: bytes) -> bytes:
    head = len(body).to_bytes(_LENGTH)
    return head + body + bytes(-(len(head) + len(body)) % _BLOCK)


def _unpadded(block: bytes) -> bytes:
    return block[_LENGTH : _LENGTH + int.from_bytes(block[:_LENGTH])]
