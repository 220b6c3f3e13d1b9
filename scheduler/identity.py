"""Identifiers derive from the command's key and an ordinal, so that a retry finds the same ones."""

from __future__ import annotations

import hashlib
from base64 import b32encode

_LENGTH = 26
_DIGITS = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789abcdefghjkmnpqrstvwxyz")
"""Crockford's digits: none is taken for another when a person reads them out."""


def derived(source: str, id_: str, *parts: object) -> str:
    """Return a 26-character identifier for what a command brings about.

    130 bits of SHA-256 in base 32: no two commands of a country's lifetime meet by chance.
    """
    text = "\x1f".join((source, id_, *map(str, parts)))
    digest = hashlib.sha256(text.encode()).digest()
    return b32encode(digest[:17]).translate(_DIGITS)[:_LENGTH].decode()
