"""A value's label, as people are shown it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A value's label in both languages, and what else people write for it in a sheet."""

    zh: str
    en: str
    also: tuple[str, ...] = ()
