"""Lists of requests: filtered, named, page by page; the address holds every choice."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from portal.exporting import export
from portal.pages.names import Names, names
from portal.pages.periods import is_year, period
from portal.pages.slices import Slice, page_of, sliced
from portal.permissions import Action, Reach, reach
from portal.settings import Lang
from scheduler.states import RequestStatus
from schemas.envelope import Actor, ActorRole
from schemas.lanes import Lane
from streams.queries import Queries
from streams.readmodels import Row

PAGE: Final = 50
"""Rows on a page."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows. ``text`` is part of an enterprise's name or code.

    ``month`` may be a year, or empty for all time.
    """

    month: str = ""
    status: str = ""
    lane: str = ""
    department: str = ""
    text: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str], month: str) -> Filter:
        """Read a filter from an address; what is no choice of ours counts as none."""
        status, lane = query.get("status", ""), query.get("lane", "")
        return cls(
            month=period(query, month),
            status=status if status in {s.value for s in RequestStatus} else "",
            lane=lane if lane in {x.value for x in Lane} else "",
            department=query.get("department", ""),
            text=query.get("q", "").strip(),
            page=page_of(query),
        )

    def path(self, **changes: Any) -> str:  # noqa: ANN401 - fields of the filter
        """Return the address of this list, with changes."""
        values = {
            "month": self.month,
            "status": self.status,
            "lane": self.lane,
            "department": self.department,
            "q": self.text,
            "page": 1,
            **changes,
        }
        kept = {k: v for k, v in values.items() if (v or k == "month") and (k, v) != ("page", 1)}
        return f"/requests?{urlencode(kept)}"

    @property
    def sheet(self) -> str:
        """The address of the same requests as a workbook."""
        return self.path().replace("/requests", "/requests/export.xlsx", 1)

    @property
    def query(self) -> str:
        """What a saved view keeps: the choices, from the first page on, without the month.

        A view is opened again in later months; it then shows that month's requests.
        """
        kept = {k: v for k, v in parse_qsl(self.path().partition("?")[2]) if k != "month"}
        return urlencode(kept)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list, and how many there are of each status."""

    filter: Filter
    shown: Slice[Row]
    counts: Counter[str]
    names: Names
    periods: tuple[str, ...]
    """Months with requests, and their years."""


def scope(actor: Actor) -> dict[str, Any]:
    """Return the conditions that confine a reader to what he may see."""
    if reach(actor, Action.REQUEST_READ) is Reach.ALL:
        return {}
    if actor.role is ActorRole.ENTERPRISE:
        return {"enterprise": actor.of, "lane": Lane.ON_CALL.value}
    return {"department": actor.of}


async def selected(queries: Queries, actor: Actor, wanted: Filter) -> list[Row]:
    """Read the requests of a filter, of every status, within what the reader may see."""
    year = wanted.month if is_year(wanted.month) else ""
    month = "" if year else wanted.month
    equals = {"month": month, "lane": wanted.lane, "department": wanted.department}
    stated = {k: v for k, v in equals.items() if v} | scope(actor)
    rows = [r for r in await queries.rows("request", **stated) if r["month"].startswith(year)]
    if not wanted.text:
        return rows
    known = await names(queries, {row["enterprise"] for row in rows})
    return [
        r for r in rows if wanted.text in r["enterprise"] or wanted.text in known(r["enterprise"])
    ]


async def workbook(queries: Queries, actor: Actor, wanted: Filter, lang: Lang) -> bytes:
    """Return the requests of a filter as a workbook, under the headings that imports know."""
    rows = await selected(queries, actor, wanted)
    ids = [r["id"] for r in rows if wanted.status in {"", r["status"]}]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "requests.xlsx"
        await export(queries, "requests", path, lang=lang, id=ids)
        return path.read_bytes()


async def _months(queries: Queries, within: Mapping[str, Any]) -> set[str]:
    """Return the months with requests that somebody may see."""
    if "enterprise" in within:  # it has a few requests, and no index by month
        return {month for (month,) in await queries.sums("request", by=("month",), **within)}
    return set(await queries.values("request", "month", **within))


async def listed(queries: Queries, actor: Actor, wanted: Filter) -> Listed:
    """Read a page of requests, the newest first."""
    rows = await selected(queries, actor, wanted)
    counts = Counter(str(row["status"]) for row in rows)
    if wanted.status:
        rows = [row for row in rows if row["status"] == wanted.status]
    rows = sorted(rows, key=lambda row: (row["submitted"], row["id"]), reverse=True)
    months = await _months(queries, scope(actor))
    shown = sliced(rows, wanted.page, PAGE)
    return Listed(
        filter=wanted,
        shown=shown,
        counts=counts,
        names=await names(queries, {row["enterprise"] for row in shown.rows}),
        periods=tuple(sorted(months | {month[:4] for month in months}, reverse=True)),
    )
