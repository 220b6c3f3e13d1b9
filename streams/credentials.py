"""What people show at a gate: visit codes and gate codes, signed; rating tokens, keyed.

A code is a short text in base32: capital letters and digits fit the dense mode of a QR code, a URL
and a telephone call alike. Inside are a version, a kind, a key number, the fields and an Ed25519
signature, so that a phone without a network can tell a genuine code from a forged one. A rating
token proves nothing to others and needs no signature: a keyed hash makes it short.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schemas.base import CHINA
from streams.keyring import KeyRing

_VERSION = 1
_VISIT, _GATE, _RATING = b"V", b"G", b"R"
_HEAD = 3
_SIGNATURE = 64
_MAC = 16
_LONGEST = 1024
_EPOCH = datetime(2000, 1, 1, tzinfo=CHINA)
_SECONDS = 5


@dataclass(frozen=True, slots=True)
class VisitCode:
    """What a genuine visit code says."""

    serial: str
    visit: str
    valid_from: datetime
    until: datetime


class KeyedCredentials:
    """Makes and reads codes and tokens with the keys of a ring."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._private = cache(self._load)

    def visit_code(self, serial: str, visit: str, valid_from: datetime, until: datetime) -> str:
        """Return the compact signed text of a visit code, as it stands in the QR code."""
        times = _packed_time(valid_from) + _packed_time(until)
        return self._sign(_VISIT, times + _packed(serial, visit))

    def read_visit_code(self, text: str) -> tuple[str, str] | None:
        """Return (serial, visit) of a genuine code; ``None`` for a forged one."""
        code = self.inspect(text)
        return (code.serial, code.visit) if code else None

    def inspect(self, text: str) -> VisitCode | None:
        """Return all that a genuine visit code says, for who has no ledger at hand."""
        body = self._verified(_VISIT, text)
        if body is None:
            return None
        serial, visit = _unpacked(body[2 * _SECONDS :])
        return VisitCode(
            serial, visit, _time(body[:_SECONDS]), _time(body[_SECONDS : 2 * _SECONDS])
        )

    def gate_code(self, enterprise: str) -> str:
        """Return the enterprise's own gate code."""
        return self._sign(_GATE, _packed(enterprise))

    def read_gate_code(self, text: str) -> str | None:
        """Return the enterprise of a genuine gate code; ``None`` for a forged one."""
        body = self._verified(_GATE, text)
        return None if body is None else _unpacked(body)[0]

    def rating_token(self, visit: str) -> str:
        """Return the rating token of a visit. It goes to the enterprise only."""
        signed = _head(_RATING, self._ring.newest) + visit.encode()
        return _text(signed + self._mac(signed))

    def read_rating_token(self, text: str) -> str | None:
        """Return the visit of a genuine rating token; ``None`` for a forged one."""
        body = _bytes(text)
        if body is None or not _is(body[:-_MAC], _RATING) or body[2] not in self._ring.secrets:
            return None
        signed, mac = body[:-_MAC], body[-_MAC:]
        return signed[_HEAD:].decode() if hmac.compare_digest(mac, self._mac(signed)) else None

    def fingerprint(self, payload: bytes) -> str:
        """Return a keyed hash of a payload, which tells nothing to who lacks the key.

        Always under the oldest key: a command that comes again after a rotation must be known.
        """
        return hmac.digest(self._key(self._ring.oldest, "fingerprint"), payload, "sha256").hex()

    def public_keys(self) -> dict[int, bytes]:
        """Return the raw Ed25519 public keys by number, for who verifies codes without us."""
        raw = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return {n: self._private(n).public_key().public_bytes(*raw) for n in self._ring.secrets}

    def _sign(self, kind: bytes, body: bytes) -> str:
        number = self._ring.newest
        signed = _head(kind, number) + body
        return _text(signed + self._private(number).sign(signed))

    def _verified(self, kind: bytes, text: str) -> bytes | None:
        body = _bytes(text)
        if body is None or not _is(body[:-_SIGNATURE], kind) or body[2] not in self._ring.secrets:
            return None
        signed, signature = body[:-_SIGNATURE], body[-_SIGNATURE:]
        key: Ed25519PublicKey = self._private(body[2]).public_key()
        try:
            key.verify(signature, signed)
        except InvalidSignature:
            return None
        return signed[_HEAD:]

    def _mac(self, signed: bytes) -> bytes:
        return hmac.digest(self._key(signed[2], "rating"), signed, "sha256")[:_MAC]

    def _load(self, number: int) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._key(number, "signing"))

    def _key(self, number: int, use: str) -> bytes:
        key = self._ring.derive(number, use)
        if key is None:
            raise KeyError(number)
        return key


def _head(kind: bytes, number: int) -> bytes:
    return bytes([_VERSION]) + kind + bytes([number])


def _is(body: bytes, kind: bytes) -> bool:
    return len(body) > _HEAD and body[0] == _VERSION and body[1:2] == kind


def _packed(*texts: str) -> bytes:
    return b"".join(bytes([len(raw)]) + raw for raw in (text.encode() for text in texts))


def _unpacked(body: bytes) -> list[str]:
    texts = []
    while body:
        size = body[0]
        texts.append(body[1 : 1 + size].decode())
        body = body[1 + size :]
    return texts


def _packed_time(at: datetime) -> bytes:
    return ((at - _EPOCH) // timedelta(seconds=1)).to_bytes(_SECONDS)


def _time(body: bytes) -> datetime:
    return _EPOCH + timedelta(seconds=int.from_bytes(body))


def _text(body: bytes) -> str:
    return base64.b32encode(body).decode().rstrip("=")


def _bytes(text: str) -> bytes | None:
    """Return the bytes of a text that may be anything; a small letter or a blank does no harm."""
    plain = "".join(text.split()).upper()
    if len(plain) > _LONGEST or not plain.isascii():
        return None
    try:
        body = base64.b32decode(plain + "=" * (-len(plain) % 8))
    except binascii.Error:
        return None
    # One code, one text: leftover bits that say nothing must not make a second spelling.
    return body if _text(body) == plain else None
