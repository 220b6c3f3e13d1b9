"""Reading: states and rows for the planner, the command line and pages. Nothing here can write.

The read models of ``streams.tables`` are the index, the cells are the content: ``find`` looks rows up
and hands out whole states, ``rows`` hands out the rows themselves, and ``sums`` counts and adds them.
What is read was committed, and may be older than the next decision; decisions lock and read anew.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Final, Protocol, TypeGuard, TypeVar

from scheduler.view import assert_kind
from schemas.base import Frozen
from streams.memo import RowsMemo
from streams.ports import Ledger
from streams.readmodels import TABLES, Row, Table

S = TypeVar("S", bound=Frozen)

Scalar = str | int | bool | date | datetime | None
Wanted = Scalar | Collection[str]
"""A column's value, or several of which any will do."""

After = Sequence[str | int | date] | None
"""The key of the last row that was read: reading goes on behind it, however long the table is."""

Found = tuple[str, Any]
"""A cell's key and its state."""

_BY_ID: Final = (
    "department",
    "officer",
    "enterprise",
    "item",
    "request",
    "visit",
    "refusal",
    "rejection",
    "draw",
    "alert",
    "sealed",
    "identity",
    "territory",
    "pairing",
    "presence",
    "code_list",
    "act",
    "chain",
    "project",
    "meeting",
    "package",
    "off_site",
    "bundle",
    "joint",
    "campaign",
    "budget_move",
    "lead",
    "callback",
    "problem",
)

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(_BY_ID, ("id",)),
    "month": ("month",),
    "pool": ("month",),
    "look_back": ("month",),
    "bulletin": ("period",),
    "pulse": ("enterprise",),
    "capacity": ("department", "day"),
    "annual": ("department", "year"),
    "scorecard": ("department", "period"),
    "draft": ("month", "version"),
    "tally": ("key",),
    "deadline": ("id",),
}
"""The kinds that can be found, each with the columns of its row that follow it in its cell's key."""

WHOLE: Final = frozenset({"tally", "deadline"})
"""Kinds whose column is the whole key."""

DIGITS: Final[Mapping[str, int]] = {"version": 3}
"""Columns whose numbers have at least so many digits in a key."""


class Queries(Protocol):
    """Reads of what is committed."""

    async def get(self, kind: type[S], key: str) -> S | None:
        """Return the state of one cell, ``None`` when it does not exist.

        Raises:
            TypeError: If the key promises no such kind of state.
        """

    async def get_many(self, keys: Sequence[str]) -> Mapping[str, Any]:
        """Return the states of those of the cells that exist."""

    async def find(
        self, kind: str, *, limit: int | None = None, after: After = None, **equals: Wanted
    ) -> list[Found]:
        """Return cells of a kind whose row equals all of this, in order of the rows' key.

        Raises:
            LookupError: If no such kind can be found, or its table has no such column.
        """

    async def rows(
        self, table: str, *, limit: int | None = None, after: After = None, **equals: Wanted
    ) -> list[Row]:
        """Return rows of a table that equal all of this, in order of its key.

        Raises:
            LookupError: If there is no such table or column.
        """

    async def sums(
        self, table: str, *, by: Sequence[str] = (), adding: Sequence[str] = (), **equals: Wanted
    ) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
        """Count rows by some columns: to each group its number of rows, then the sums asked for.

        Raises:
            LookupError: If there is no such table or column.
        """

    async def values(self, table: str, column: str, **equals: Wanted) -> list[Any]:
        """Return which values a column has among the rows that equal all of this, in order.

        Where an index leads with these columns it costs a look for each value, however many rows there are.

        Raises:
            LookupError: If there is no such table or column.
        """


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one table, with its names checked: they go into statements."""

    table: Table
    equals: Mapping[str, Wanted]

    @classmethod
    def about(cls, table: str, equals: Mapping[str, Wanted], *names: str) -> Question:
        """Check a question's names.

        Raises:
            LookupError: If there is no such table or column.
        """
        if table not in TABLES:
            msg = f"no read model is called {table}"
            raise LookupError(msg)
        known = {column.name for column in TABLES[table].columns}
        if unknown := sorted({*equals, *names} - known):
            msg = f"{table} has no column {', '.join(unknown)}"
            raise LookupError(msg)
        return cls(TABLES[table], equals)

    def behind(self, after: Sequence[str | int | date]) -> Sequence[str | int | date]:
        """Check the key of the last row that was read.

        Raises:
            LookupError: If it is no key of this table.
        """
        if len(after) != len(self.table.key):
            msg = f"the key of {self.table.name} is {', '.join(self.table.key)}"
            raise LookupError(msg)
        return after

    def holds(self, row: Row) -> bool:
        """Whether a row equals all of this."""
        return all(_fits(row[name], wanted) for name, wanted in self.equals.items())


def several(wanted: Wanted) -> TypeGuard[Collection[str]]:
    """Whether a condition names several values of which any will do."""
    return isinstance(wanted, Collection) and not isinstance(wanted, str)


def _fits(value: Scalar, wanted: Wanted) -> bool:
    return value in wanted if several(wanted) else value == wanted


def key_of(kind: str) -> Callable[[Row], str]:
    """Return the way from a row of this kind to the key of its cell.

    Raises:
        LookupError: If cells of this kind have no row of their own.
    """
    if kind not in KEYS:
        msg = f"cells of kind {kind} cannot be found by their row"
        raise LookupError(msg)
    columns, before = KEYS[kind], () if kind in WHOLE else (kind,)
    return lambda row: "/".join([*before, *(_text(name, row[name]) for name in columns)])


def _text(column: str, value: Scalar) -> str:
    return str(value).zfill(DIGITS.get(column, 0))


class MemoryQueries:
    """Reads over any ledger by looking through all of its cells: for tests and previews.

    What is read again unchanged is the same object, decoded once.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._memo = RowsMemo()

    async def get(self, kind: type[S], key: str) -> S | None:
        """Return the state of one cell, ``None`` when it does not exist."""
        assert_kind(key, kind)
        return (await self.get_many([key])).get(key)

    async def get_many(self, keys: Sequence[str]) -> Mapping[str, Any]:
        """Return the states of those of the cells that exist."""
        cells = await self._ledger.peek(keys)
        return {
            key: self._memo.state(key, cell.state)
            for key, cell in cells.items()
            if cell.state is not None
        }

    async def find(
        self, kind: str, *, limit: int | None = None, after: After = None, **equals: Wanted
    ) -> list[Found]:
        """Return cells of a kind whose row equals all of this, in order of the rows' key."""
        to_key = key_of(kind)
        found = await self.rows(kind, limit=limit, after=after, **equals)
        states = await self.get_many([to_key(row) for row in found])
        return [(key, states[key]) for key in map(to_key, found)]

    async def rows(
        self, table: str, *, limit: int | None = None, after: After = None, **equals: Wanted
    ) -> list[Row]:
        """Return rows of a table that equal all of this, in order of its key."""
        question = Question.about(table, equals)
        found = [row async for row in self._all(table) if question.holds(row)]
        keyed = [([_ordered(row[name]) for name in question.table.key], row) for row in found]
        keyed.sort(key=itemgetter(0))
        if after is not None:
            last = [_ordered(part) for part in question.behind(after)]
            keyed = [(key, row) for key, row in keyed if key > last]
        return [row for _, row in keyed][:limit]

    async def sums(
        self, table: str, *, by: Sequence[str] = (), adding: Sequence[str] = (), **equals: Wanted
    ) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
        """Count rows by some columns: to each group its number of rows, then the sums asked for."""
        question = Question.about(table, equals, *by, *adding)
        groups: dict[tuple[Any, ...], list[int]] = {}
        async for row in self._all(table):
            if question.holds(row):
                group = groups.setdefault(tuple(row[c] for c in by), [0] * (1 + len(adding)))
                for n, added in enumerate((1, *(int(row[c]) for c in adding))):
                    group[n] += added
        return {group: tuple(numbers) for group, numbers in groups.items()}

    async def values(self, table: str, column: str, **equals: Wanted) -> list[Any]:
        """Return which values a column has among the rows that equal all of this, in order."""
        question = Question.about(table, equals, column)
        found = {row[column] async for row in self._all(table) if question.holds(row)}
        return sorted(value for value in found if value is not None)

    async def _all(self, table: str) -> AsyncIterator[Row]:
        prefix = f"{table}/" if table in KEYS else ""
        async for key, state in self._ledger.cells(prefix):
            for part in self._memo.rows(key, state):
                if part.table == table:
                    for row in part.rows:
                        yield row


def _ordered(value: Scalar) -> object:
    # Texts stand in the order of their bytes, as Postgres keeps them under the C collation.
    return value.encode() if isinstance(value, str) else value
