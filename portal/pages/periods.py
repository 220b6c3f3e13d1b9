"""Months and years as addresses name them: ``2026-12``, ``2026``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_MONTH: Final = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_YEAR: Final = re.compile(r"20[0-9]{2}")


def is_month(text: str) -> bool:
    """Whether a text names a month of this century."""
    return _MONTH.fullmatch(text) is not None


def is_year(text: str) -> bool:
    """Whether a text names a year of this century."""
    return _YEAR.fullmatch(text) is not None


def period(query: Mapping[str, str], other: str) -> str:
    """Return the month or year that an address asks for.

    An address that names none, or what is neither, means ``other``; an empty ``month`` means all time: "".
    """
    text = query.get("month", other)
    return text if not text or is_month(text) or is_year(text) else other
