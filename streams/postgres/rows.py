"""Writes read models: statements are made from the table list, one or two per table and batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from scheduler.states import load_state
from streams.ports import Append
from streams.readmodels import TABLES, Column, Row, Rows, Table, rows

if TYPE_CHECKING:
    from streams.postgres.database import Connection


async def write(connection: Connection, batch: Append, new: frozenset[str]) -> None:
    """Write the rows of a batch's cells; ``new`` names the cells that cannot have rows yet."""
    found: dict[str, list[Row]] = defaultdict(list)
    replaced: dict[str, list[Rows]] = defaultdict(list)
    for key, body in batch.cells.items():
        state = batch.states.get(key) or load_state(key, body)
        for piece in rows(key, state):
            found[piece.table].extend(piece.rows)
            if TABLES[piece.table].many and key not in new:
                replaced[piece.table].append(piece)
    for name, pieces in replaced.items():
        await _remove_vanished(connection, TABLES[name], pieces)
    for name, lines in found.items():
        if lines:
            table = TABLES[name]
            await connection.execute(_upsert(name), *_arrays(lines, table.columns))


async def _remove_vanished(connection: Connection, table: Table, pieces: Sequence[Rows]) -> None:
    owners = [{**dict(zip(table.owner, piece.owner, strict=True))} for piece in pieces]
    kept = [row for piece in pieces for row in piece.rows]
    columns = {column.name: column for column in table.columns}
    arguments = _arrays(owners, [columns[name] for name in table.owner])
    arguments += _arrays(kept, [columns[name] for name in table.key])
    await connection.execute(_delete(table.name), *arguments)


def records(cells: Iterable[tuple[str, bytes]]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of cells as records by table, for a bulk load into empty tables."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for key, state in cells:
        for piece in rows(key, load_state(key, state)):
            names = [column.name for column in TABLES[piece.table].columns]
            found[piece.table].extend(tuple(row[name] for name in names) for row in piece.rows)
    return found


def _arrays(lines: Sequence[Row], columns: Sequence[Column]) -> list[list[Any]]:
    return [[line[column.name] for line in lines] for column in columns]


def _names(names: Iterable[str], alias: str = "") -> str:
    return ", ".join(f'{alias}"{name}"' for name in names)


def _unnest(columns: Sequence[Column], first: int = 1) -> str:
    arrays = ", ".join(f"${n}::{c.type}[]" for n, c in enumerate(columns, start=first))
    return f"unnest({arrays})"


@cache
def _upsert(name: str) -> str:
    table = TABLES[name]
    every = _names(column.name for column in table.columns)
    others = [column.name for column in table.columns if column.name not in table.key]
    if others:
        # A row that would not change is left alone: most stations touch one row of many.
        sets = ", ".join(f'"{other}" = excluded."{other}"' for other in others)
        differs = f"({_names(others, 'old.')}) IS DISTINCT FROM ({_names(others, 'excluded.')})"
        change = f"DO UPDATE SET {sets} WHERE {differs}"
    else:
        change = "DO NOTHING"
    return (
        f'INSERT INTO "{name}" AS old ({every}) SELECT * FROM {_unnest(table.columns)} '  # noqa: S608 - names from our own table list
        f"ON CONFLICT ({_names(table.key)}) {change}"
    )


@cache
def _delete(name: str) -> str:
    table = TABLES[name]
    columns = {column.name: column for column in table.columns}
    owner = [columns[each] for each in table.owner]
    key = [columns[each] for each in table.key]
    kept = _unnest(key, first=len(owner) + 1)
    mine = "true"
    if owner:
        mine = f"({_names(table.owner, 'old.')}) IN (SELECT * FROM {_unnest(owner)})"  # noqa: S608 - the same
    same = f"({_names(table.key, 'kept.')}) = ({_names(table.key, 'old.')})"
    return (
        f'DELETE FROM "{name}" AS old WHERE {mine} AND NOT EXISTS '  # noqa: S608 - the same
        f"(SELECT FROM {kept} AS kept ({_names(table.key)}) WHERE {same})"
    )
