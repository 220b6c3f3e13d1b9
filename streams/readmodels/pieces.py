"""What the functions of this package return, and the small helpers they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.objections import Objection

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of one table that belong to one cell; ``owner`` tells which ones they replace."""

    table: str
    owner: tuple[Any, ...]
    rows: tuple[Row, ...]


def one(table: str, row: Row) -> Rows:
    """Return the only row of a cell in a table."""
    return Rows(table, (), (row,))


def many(table: str, owner: Row, found: Iterable[Row]) -> Rows:
    """Return the rows of a cell in a table, each completed by what they have in common."""
    return Rows(table, tuple(owner.values()), tuple({**owner, **row} for row in found))


def objections(about: str, found: Iterable[Objection]) -> Rows:
    """Return the rules that stood in the way of something, in their order."""
    lines = ({"line": n, "rule": o.rule, "cap": o.key} for n, o in enumerate(found))
    return many("objection", {"about": about}, lines)


def text(value: str) -> str:
    """Return a text that any database can hold: people may send a zero character."""
    return value.replace("\x00", "\N{REPLACEMENT CHARACTER}")
