"""Identifiers derive from the command's key and an ordinal, so that a retry finds the same ones."""

from __future__ import annotations

import hashlib


def derived(source: str, id_: str, *parts: object) -> str:
    """Return a 26-character identifier for what a command brings about.

    130 bits of SHA-256 in base 32: no two commands of a country's lifetime meet by chance.
    """
    text = "\x1f".join((source, id_, *map(str, parts)))
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:17], "big") >> 6
    digits = []
    for _ in range(26):
        number, rest = divmod(number, 32)
        digits.append("0123456789abcdefghjkmnpqrstvwxyz"[rest])
    return "".join(reversed(digits))
