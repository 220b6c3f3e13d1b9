"""Long lists, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")

ROWS: Final = 500
"""Rows on a page of a list that people read and print."""


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """One page of a list: its rows, how many there are in all, which page it is and of how many."""

    rows: tuple[T, ...]
    total: int
    page: int
    pages: int


def sliced(rows: Sequence[T], page: int, size: int = ROWS) -> Slice[T]:
    """Return a page of rows, counted from 1; a page that is not there is the nearest one."""
    pages = max(1, -(-len(rows) // size))
    at = min(max(1, page), pages)
    return Slice(tuple(rows[(at - 1) * size : at * size]), len(rows), at, pages)


def page_of(query: Mapping[str, str]) -> int:
    """Return the page that an address asks for; what is no number counts as the first."""
    text = query.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1  # noqa: PLR2004 - digits
