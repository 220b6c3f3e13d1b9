"""Lists of visits: a department's, the office's, an enterprise's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from portal.pages.language import marked
from portal.pages.names import Names, names
from portal.pages.slices import Slice, sliced
from portal.permissions import Action, Reach, reach
from scheduler import keys
from scheduler.states import VisitStatus
from scheduler.statistics import ENTERED
from schemas.envelope import Actor, ActorRole
from streams.queries import Queries
from streams.readmodels import Row

_ENTERED: Final = frozenset(status.value for status in ENTERED)

SHOWS: Final[Mapping[str, tuple[str, Callable[[Row], bool]]]] = {
    "unstaffed": (marked("尚未派员"), lambda r: r["status"] == "published" and not r["staffed"]),
    "late": (marked("备案逾期"), lambda r: bool(r["filing_late"])),
    "back-dated": (marked("备案倒填"), lambda r: bool(r["filing_back_dated"])),
    "offline": (marked("事后补录"), lambda r: bool(r["late_reason"])),
    "unrated": (marked("可以评价"), lambda r: r["status"] == "left"),
    "entered": (marked("已入企"), lambda r: r["status"] in _ENTERED),
    "exempt": (
        marked("不计次数的入企"),
        lambda r: r["status"] in _ENTERED and r["exempt"] is not None,
    ),
    "joint": (
        marked("综合查一次"),
        lambda r: r["status"] != VisitStatus.CANCELLED.value and r["departments"] > 1,
    ),
    "standing": (marked("不含取消的"), lambda r: r["status"] != VisitStatus.CANCELLED.value),
}
"""Shorter lists by what they are for."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Visits of a month or a day, with names."""

    shown: Slice[Row]
    parts: Mapping[str, tuple[str, ...]]
    names: Names

    def departments(self, visit: str) -> list[str]:
        """Return the names of the departments that come."""
        return [self.names(id_) for id_ in self.parts.get(visit, ())]


async def listed(
    queries: Queries,
    actor: Actor,
    *,
    month: str,
    day: date | None,
    show: str,
    page: int,
    department: str = "",
) -> Listed:
    """Read the visits that an actor may see: of a month, a year or a day, or those of a short list.

    ``month`` may be a year, or empty for all time; a day counts before it. With ``department`` those
    alone that it takes part in.
    """
    rows = await _rows(queries, actor, day)
    parts = await queries.rows("visit_part", visit=[row["id"] for row in rows]) if rows else []
    departments: dict[str, tuple[str, ...]] = {}
    unstaffed: set[str] = set()
    for part in parts:
        departments[part["visit"]] = (*departments.get(part["visit"], ()), part["department"])
        if not part["officers"] and actor.of in {None, part["department"]}:
            unstaffed.add(part["visit"])
    found: list[Row] = [{**row, "staffed": row["id"] not in unstaffed} for row in rows]
    # Which visits were rated, and when, is for the enterprise and the office alone.
    told = actor.of is None or actor.role is ActorRole.ENTERPRISE
    if show in SHOWS and (told or show != "unrated"):
        found = [row for row in found if SHOWS[show][1](row)]
    if department:
        found = [row for row in found if department in departments.get(row["id"], ())]
    if day is None:
        found = [row for row in found if keys.month_of(row["day"]).startswith(month)]
    found.sort(key=lambda row: (row["day"], row["half"] or "", row["id"]))
    shown = sliced(found, page)
    enterprises = {row["enterprise"] for row in shown.rows}
    return Listed(shown, departments, await names(queries, enterprises))


async def _rows(queries: Queries, actor: Actor, day: date | None) -> list[Row]:
    equals: dict[str, Any] = {"day": day} if day else {}
    if reach(actor, Action.VISIT_READ) is Reach.ALL:
        return await queries.rows("visit", **equals)
    if actor.role is ActorRole.ENTERPRISE:
        rows = await queries.rows("visit", enterprise=actor.of, **equals)
        # What was not announced does not exist for it until somebody stands there.
        return [row for row in rows if row["announced"] or row["entered"] is not None]
    parts = await queries.rows("visit_part", department=actor.of, **equals)
    if not parts:
        return []
    return await queries.rows("visit", id=[part["visit"] for part in parts])
