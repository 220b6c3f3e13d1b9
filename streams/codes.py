"""Codes as they are spelled, and their reader: whoever has the public keys tells a genuine one.

A code is a short text in base32: capital letters and digits fit the dense mode of a QR code, a URL
and a telephone call alike. Inside are a version, a kind, a key number, the fields and an Ed25519
signature, so that a phone or a gate without the ledger can tell a genuine code from a forged one.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from schemas.base import CHINA

VERSION: Final = 1
VISIT, GATE, RATING, PROBLEM = b"V", b"G", b"R", b"P"
HEAD: Final = 3
"""Bytes of version, kind and key number."""

_SIGNATURE: Final = 64
_LONGEST: Final = 1024
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=CHINA)
_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class VisitCode:
    """What a genuine visit code says."""

    serial: str
    visit: str
    valid_from: datetime
    until: datetime


class CodeReader:
    """Reads codes with raw Ed25519 public keys by number; it can make none."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        self._keys = {n: Ed25519PublicKey.from_public_bytes(raw) for n, raw in keys.items()}

    def visit(self, text: str) -> VisitCode | None:
        """Return all that a genuine visit code says; ``None`` for a forged one."""
        body = self._verified(VISIT, text)
        if body is None:
            return None
        serial, visit = _unpacked(body[2 * _SECONDS :])
        return VisitCode(
            serial, visit, _time(body[:_SECONDS]), _time(body[_SECONDS : 2 * _SECONDS])
        )

    def gate(self, text: str) -> str | None:
        """Return the enterprise of a genuine gate code; ``None`` for a forged one."""
        body = self._verified(GATE, text)
        return None if body is None else _unpacked(body)[0]

    def _verified(self, kind: bytes, text: str) -> bytes | None:
        body = read(text)
        if body is None or not is_of(body[:-_SIGNATURE], kind) or body[2] not in self._keys:
            return None
        signed, signature = body[:-_SIGNATURE], body[-_SIGNATURE:]
        try:
            self._keys[body[2]].verify(signature, signed)
        except InvalidSignature:
            return None
        return signed[HEAD:]


def visit_body(serial: str, visit: str, valid_from: datetime, until: datetime) -> bytes:
    """Return the fields of a visit code, as they are signed."""
    return _packed_time(valid_from) + _packed_time(until) + packed(serial, visit)


def head(kind: bytes, number: int) -> bytes:
    """Return what every code and token begins with."""
    return bytes([VERSION]) + kind + bytes([number])


def is_of(body: bytes, kind: bytes) -> bool:
    """Whether bytes begin as those of a kind do."""
    return len(body) > HEAD and body[0] == VERSION and body[1:2] == kind


def packed(*texts: str) -> bytes:
    """Return short texts one after another, each behind its length."""
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


def spelled(body: bytes) -> str:
    """Return bytes as people see them."""
    return base64.b32encode(body).decode().rstrip("=")


def plain(text: str) -> str:
    """Return the one spelling of what somebody typed: a small letter or a blank does no harm."""
    return "".join(text.split()).upper()


def read(text: str) -> bytes | None:
    """Return the bytes of a text that may be anything."""
    one = plain(text)
    if len(one) > _LONGEST or not one.isascii():
        return None
    try:
        body = base64.b32decode(one + "=" * (-len(one) % 8))
    except binascii.Error:
        return None
    # One code, one text: leftover bits that say nothing must not make a second spelling.
    return body if spelled(body) == one else None
