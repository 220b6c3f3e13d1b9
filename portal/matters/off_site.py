"""非现场监管 as people look at it: open tasks first, results that may be taken over, the year in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.permissions import Action, Reach, reach
from portal.plans.planning import NotReadyError, rules_and_calendar
from scheduler import keys
from scheduler.off_site import OffSiteState, OffSiteStatus
from scheduler.recognition import Found, fresh, months_before, of_task, of_visit
from schemas.envelope import Actor, ActorRole
from schemas.off_site import OffSiteResult, OffSiteWay
from streams.queries import Queries


@dataclass(frozen=True, slots=True)
class Offer:
    """A good result of another department that stands for one of the asking department's items."""

    item: str
    found: Found

    @property
    def value(self) -> str:
        """What a form sends back to name it."""
        source = self.found.source
        return f"{self.item} {source.kind} {source.id} {source.department} {source.item}"


@dataclass(frozen=True, slots=True)
class Counts:
    """A year's off-site tasks, apart from entries: by way, settled, needing a visit, taken over."""

    ways: Counter[str]
    settled: int
    visit_needed: int

    @property
    def total(self) -> int:
        """All tasks that were not dropped."""
        return sum(self.ways.values())

    @property
    def spared(self) -> int:
        """Those that are settled and asked for no visit: as often nobody came."""
        return self.settled - self.visit_needed


async def listed(queries: Queries, actor: Actor, **wanted: Any) -> tuple[OffSiteState, ...]:  # noqa: ANN401 - columns
    """Return the tasks that somebody may see: a department's and an enterprise's own, or all."""
    if reach(actor, Action.OFF_SITE_READ) is Reach.OWN:
        column = "enterprise" if actor.role is ActorRole.ENTERPRISE else "department"
        wanted = {**wanted, column: actor.of}
    rows = [state for _, state in await queries.find("off_site", **wanted)]
    return tuple(sorted(rows, key=lambda s: (s.status is not OffSiteStatus.OPEN, s.opened, s.id)))


async def task(queries: Queries, actor: Actor, id_: str) -> OffSiteState | None:
    """Return a task that somebody may see, ``None`` for any other."""
    everybody = reach(actor, Action.OFF_SITE_READ) is Reach.ALL
    state = await queries.get(OffSiteState, keys.off_site(id_))
    if state is None:
        return None
    return (
        state if everybody or actor.of in {state.task.department, state.task.enterprise} else None
    )


async def counts(queries: Queries, year: int) -> Counts:
    """Return a year's off-site tasks in figures; none of them is an entry."""
    sums = await queries.sums("off_site", by=("way", "status", "result", "opened"))
    ways: Counter[str] = Counter()
    settled = needed = 0
    for (way, status, result, opened), (number,) in sums.items():
        if opened.year != year or status == OffSiteStatus.DROPPED:
            continue
        ways[way] += number
        settled += number if status == OffSiteStatus.SETTLED else 0
        needed += number if result == OffSiteResult.VISIT_NEEDED else 0
    return Counts(ways, settled, needed)


async def offers(
    queries: Queries, department: str, enterprise: str, day: date
) -> tuple[Offer, ...]:
    """Return the results of others that a department may take over, the newest for each item."""
    try:
        rules, _ = await rules_and_calendar(queries)
    except NotReadyError:
        return ()
    months = rules.results
    rows = await queries.rows("item", department=department, published=True)
    own = {row["standard"]: row["id"] for row in rows if row["standard"] is not None}
    if months is None or not own:
        return ()
    found = [f for f in await _results(queries, enterprise) if fresh(f, day, months)]
    standards = await _standards(queries, found)
    offered: dict[str, Offer] = {}
    for each in sorted(found, key=lambda f: f.day):
        item = own.get(standards.get(each.source.item))
        if item is not None and each.source.department != department:
            offered[item] = Offer(item, each)
    taken = await spared(queries, department, enterprise, day)
    return tuple(offer for item, offer in sorted(offered.items()) if item not in taken)


async def spared(queries: Queries, department: str, enterprise: str, day: date) -> frozenset[str]:
    """Return the items for which a department took a result over that still stands: nobody need come."""
    rules, _ = await rules_and_calendar(queries)
    shared: list[tuple[str, OffSiteState]] = await queries.find(
        "off_site", department=department, enterprise=enterprise, way=OffSiteWay.SHARED.value
    )
    since = months_before(day, rules.results) if rules.results else day
    fresh_ = (state for _, state in shared if state.opened >= since)
    return frozenset(item for state in fresh_ for item in state.task.items)


async def _results(queries: Queries, enterprise: str) -> list[Found]:
    visits = await queries.find("visit", enterprise=enterprise, status=["left", "closed"])
    tasks = await queries.find("off_site", enterprise=enterprise, status="settled")
    return [
        *(found for _, visit in visits for found in of_visit(visit)),
        *(found for _, state in tasks for found in of_task(state)),
    ]


async def _standards(queries: Queries, found: Iterable[Found]) -> dict[str, str | None]:
    ids = sorted({each.source.item for each in found})
    rows = await queries.rows("item", id=ids) if ids else []
    return {row["id"]: row["standard"] for row in rows}
