"""Enterprises: found by name or code, and one's page: its year, who plans to come, what is left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.pages.names import Names, names
from portal.pages.quota import Left, left_by_department
from scheduler import keys
from schemas.lanes import Lane, Purpose
from schemas.registry import Department, Enterprise
from schemas.visits import Closing, Request, Window
from streams.queries import Queries
from streams.readmodels import Row

SHOWN: Final = 40
"""Enterprises that a search shows."""

_GOING: Final = ("accepted", "placed", "undecided")
_ENTERED: Final = frozenset({"entered", "left", "closed"})


async def search(queries: Queries, text: str) -> tuple[Row, ...]:
    """Return the enterprises whose name, code or township holds a text, in order of names."""
    wanted = "".join(text.split()).upper()
    rows = await queries.rows("enterprise")
    found = [r for r in rows if wanted in f"{r['name']}\n{r['id']}\n{r['township'] or ''}".upper()]
    return tuple(sorted(found, key=lambda row: str(row["name"]))[:SHOWN])


@dataclass(frozen=True, slots=True)
class Year:
    """An enterprise's year: entries by month, who plans to come, what is left by department."""

    entries: tuple[int, ...]
    planned: tuple[int, ...]
    coming: tuple[Row, ...]
    visits: tuple[Row, ...]
    left: dict[str, tuple[Left, ...]]
    rated: int | None
    """Visits that the enterprise rated; ``None`` for a department, which must not learn it."""
    unrated: int
    names: Names


async def year(queries: Queries, enterprise: Enterprise, today: date, only: str | None) -> Year:
    """Read an enterprise's year; ``only`` is the department that reads it, ``None`` for all."""
    visits = await queries.rows("visit", enterprise=enterprise.id)
    of_year = [row for row in visits if row["day"].year == today.year]
    entered = Counter(row["day"].month for row in of_year if row["status"] in _ENTERED)
    planned = Counter(row["day"].month for row in of_year if row["status"] == "published")
    requests = await queries.rows("request", enterprise=enterprise.id, status=list(_GOING))
    coming = [row for row in requests if row["window_last"] >= today]
    departments = await _departments(queries, only)
    asked = Request(
        department=departments[0].id if departments else "-",
        enterprise=enterprise.id,
        purpose=Purpose.INSPECTION,
        lane=Lane.ROUTINE,
        window=Window(first=today, last=today),
    )
    closings = Counter(row["rated"] for row in of_year)
    return Year(
        entries=tuple(entered[n] for n in range(1, 13)),
        planned=tuple(planned[n] for n in range(1, 13)),
        coming=tuple(sorted(coming, key=lambda row: (row["window_first"], row["department"]))),
        visits=tuple(sorted(of_year, key=lambda row: row["day"], reverse=True)),
        left=await left_by_department(queries, asked, departments, enterprise),
        rated=closings[Closing.RATED.value] if only is None else None,
        unrated=closings[Closing.UNRATED.value],
        names=await names(queries, [enterprise.id]),
    )


async def _departments(queries: Queries, only: str | None) -> list[Department]:
    if only is not None:
        own = await queries.get(Department, keys.department(only))
        return [own] if own else []
    return [state for _, state in await queries.find("department")]
