"""Identifiers derive from the command's key and an ordinal, so that a retry finds the same ones."""

from __future__ import annotations

import hashlib
from typing import Final

_DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's digits: none is taken for another when a person reads them out."""

_PAIRS: Final = tuple(a + b for a in _DIGITS for b in _DIGITS)
_SHIFTS: Final = tuple(range(120, -1, -10))
"""Where the 13 pairs of digits stand in 130 bits. By pairs, because a replay checks every id."""


def derived(source: str, id_: str, *parts: object) -> str:
    """Return a 26-character identifier for what a command brings about.

    130 bits of SHA-256 in base 32: no two commands of a country's lifetime meet by chance.
    """
    text = "\x1f".join((source, id_, *map(str, parts)))
    digest = hashlib.sha256(text.encode()).digest()
    bits = int.from_bytes(digest[:17], "big") >> 6
    return "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])
