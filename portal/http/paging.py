"""Lists by cursor: a page ends where the next begins, whatever was added in between."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import Field

from portal.http.problems import ProblemError
from schemas.base import Frozen
from streams.queries import After
from streams.readmodels import TABLES, Row

T = TypeVar("T")

MOST: Final = 200

Limit = Annotated[int, Field(ge=1, le=MOST)]
Cursor = Annotated[
    str | None, Field(max_length=600, description="上一页的 next / the last page's next")
]


class Page(Frozen, Generic[T]):
    """A page of a list; ``next`` is the cursor of the page behind it."""

    items: tuple[T, ...]
    next: str | None = None


def after(cursor: str | None, table: str, filters: Mapping[str, Any]) -> After:
    """Return the key of the last row that was read.

    Raises:
        ProblemError: If the cursor is none of ours, or belongs to another list.
    """
    if cursor is None:
        return None
    types = {column.name: column.type for column in TABLES[table].columns}
    try:
        mark, *parts = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        # A cursor of another list has another mark in front.
        named = zip(["", *TABLES[table].key], [mark == _mark(table, filters), *parts], strict=True)
        return [_read(types.get(name, "mark"), part) for name, part in named][1:]
    except (ValueError, TypeError, binascii.Error, RecursionError):
        said = ("cursor 无效或属于另一查询", "the cursor is not valid, or belongs to another query")
        raise ProblemError(400, "bad-cursor", said) from None


def cursor(rows: Sequence[Row], limit: int, table: str, filters: Mapping[str, Any]) -> str | None:
    """Return the cursor behind a page; ``None`` when the list ends with it."""
    if len(rows) < limit:
        return None
    parts = [_plain(rows[-1][name]) for name in TABLES[table].key]
    text = json.dumps([_mark(table, filters), *parts], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode()


def _mark(table: str, filters: Mapping[str, Any]) -> str:
    stated = sorted((name, str(value)) for name, value in filters.items())
    return hashlib.sha256(json.dumps([table, stated]).encode()).hexdigest()[:12]


def _read(type_: str, part: object) -> str | int | date:
    match type_, part:
        case "mark", True:
            return 1
        case "text", str():
            return part
        case "bigint", int() if abs(part) < 2**63:
            return part
        case "date", str():
            return date.fromisoformat(part)
        case _:
            raise ValueError(type_)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
