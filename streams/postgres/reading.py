"""Reads in Postgres. Statements are made from the table list; the read models find, cells answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from scheduler.view import assert_kind
from streams.memo import StateMemo
from streams.ports import Cell
from streams.postgres.database import Database, named
from streams.postgres.queries import QUERIES
from streams.queries import DIGITS, KEYS, WHOLE, After, Found, Question, S, Wanted, key_of, several
from streams.readmodels import Row

_KEPT: Final = 10_000
"""Decoded states that are kept: the rules, the registers and a month's plan of a county."""


class PostgresQueries:
    """Reads of what is committed, each as of one moment.

    What is read again unchanged is the same object, decoded once.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._memo = StateMemo(_KEPT)

    async def get(self, kind: type[S], key: str) -> S | None:
        """Return the state of one cell, ``None`` when it does not exist."""
        assert_kind(key, kind)
        return (await self.get_many([key])).get(key)

    async def get_many(self, keys: Sequence[str]) -> Mapping[str, Any]:
        """Return the states of those of the cells that exist."""
        found = await self._fetch(QUERIES["peek"], [list(keys)])
        return {row["key"]: self._state(row) for row in found if row["state"] is not None}

    async def find(
        self, kind: str, *, limit: int | None = None, after: After = None, **equals: Wanted
    ) -> list[Found]:
        """Return cells of a kind whose row equals all of this, in order of the rows' key."""
        key = _key(kind)
        question = Question.about(kind, equals)
        where, arguments = _where(question, after)
        query = (
            f'SELECT c.key, c.state FROM "{kind}" AS t JOIN cell AS c ON c.key = {key} '  # noqa: S608 - names from our own table list
            f"WHERE {where} {_order(question)}{_limit(limit)}"
        )
        found = await self._fetch(query, arguments)
        return [(row["key"], self._state(row)) for row in found]

    async def rows(
        self, table: str, *, limit: int | None = None, after: After = None, **equals: Wanted
    ) -> list[Row]:
        """Return rows of a table that equal all of this, in order of its key."""
        question = Question.about(table, equals)
        where, arguments = _where(question, after)
        columns = ", ".join(f't."{column.name}"' for column in question.table.columns)
        query = (
            f'SELECT {columns} FROM "{table}" AS t WHERE {where} '  # noqa: S608 - the same
            f"{_order(question)}{_limit(limit)}"
        )
        return [dict(row) for row in await self._fetch(query, arguments)]

    async def sums(
        self, table: str, *, by: Sequence[str] = (), adding: Sequence[str] = (), **equals: Wanted
    ) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
        """Count rows by some columns: to each group its number of rows, then the sums asked for."""
        question = Question.about(table, equals, *by, *adding)
        where, arguments = _where(question)
        groups = [f't."{column}"' for column in by]
        numbers = ["count(*)", *(f't."{column}"' for column in adding)]
        numbers[1:] = [f"coalesce(sum({each}::bigint), 0)::bigint" for each in numbers[1:]]
        query = f'SELECT {", ".join([*groups, *numbers])} FROM "{table}" AS t WHERE {where}'  # noqa: S608 - the same
        if groups:
            query += f" GROUP BY {', '.join(groups)}"
        found = [tuple(row) for row in await self._fetch(query, arguments)]
        cut = len(groups)
        return {row[:cut]: row[cut:] for row in found if row[cut]}

    async def values(self, table: str, column: str, **equals: Wanted) -> list[Any]:
        """Return which values a column has among the rows that equal all of this, in order."""
        where, arguments = _where(Question.about(table, equals, column))
        name = f't."{column}"'
        some = f'SELECT {name} FROM "{table}" AS t WHERE {where}'  # noqa: S608 - the same
        rest = f"AND {name} > v.found ORDER BY {name} LIMIT 1"
        # From one value to the next by the index: DISTINCT would read every row.
        query = (
            f"WITH RECURSIVE v (found) AS (({some} AND {name} IS NOT NULL ORDER BY {name} LIMIT 1) UNION ALL "  # noqa: S608 - the same
            f"SELECT ({some} {rest}) FROM v WHERE v.found IS NOT NULL) "
            "SELECT found FROM v WHERE found IS NOT NULL"
        )
        return [row["found"] for row in await self._fetch(query, arguments)]

    def _state(self, row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the kind is in the key
        return self._memo.state(row["key"], Cell(0, row["state"]))

    async def _fetch(self, query: str, arguments: Sequence[Any]) -> Sequence[Any]:
        async with self._database.connection() as connection:
            with named():
                return await connection.fetch(query, *arguments)


def _key(kind: str) -> str:
    """Return how a row of a kind says the key of its cell: ``streams.queries.key_of``, as SQL."""
    key_of(kind)
    parts = [_text(column) for column in KEYS[kind]]
    return " || '/' || ".join(parts if kind in WHOLE else [f"'{kind}'", *parts])


def _text(column: str) -> str:
    if digits := DIGITS.get(column):
        text = f"t.{column}::text"
        return f"lpad({text}, greatest({digits}, length({text})), '0')"
    return "to_char(t.day, 'YYYY-MM-DD')" if column == "day" else f"t.{column}"


def _where(question: Question, after: After = None) -> tuple[str, list[Any]]:
    types = {column.name: column.type for column in question.table.columns}
    terms: list[str] = []
    arguments: list[Any] = []
    for name, wanted in question.equals.items():
        if wanted is None:
            terms.append(f't."{name}" IS NULL')
            continue
        arguments.append(list(wanted) if several(wanted) else wanted)
        place = f"${len(arguments)}::{types[name]}"
        terms.append(f't."{name}" = ANY({place}[])' if several(wanted) else f't."{name}" = {place}')
    if after is not None:
        key = [f't."{name}"' for name in question.table.key]
        first = len(arguments) + 1
        places = [f"${n}::{types[name]}" for n, name in enumerate(question.table.key, first)]
        # A comparison of rows goes by the key's own index, however far the reader has come.
        terms.append(f"({', '.join(key)}) > ({', '.join(places)})")
        arguments += question.behind(after)
    return " AND ".join(terms) or "true", arguments


def _order(question: Question) -> str:
    return "ORDER BY " + ", ".join(f't."{name}"' for name in question.table.key)


def _limit(most: int | None) -> str:
    """Return the limit as a number in the statement, or none.

    With a parameter there the server plans for a tenth of the rows, whatever it is in the end: it goes through
    the whole table in the order of its key rather than sort the few rows that fit.
    """
    return "" if most is None else f" LIMIT {int(most)}"
