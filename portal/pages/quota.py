"""How many visits are left: each cap that binds a request, with its room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.plans.planning import rules_and_calendar
from scheduler import caps, keys
from scheduler.campaigns import CampaignState
from scheduler.caps import CapUse, room
from scheduler.cases import Case
from scheduler.states import TallyState
from schemas.base import Bilingual
from schemas.origins import Origin
from schemas.registry import Department, Enterprise
from schemas.visits import Request
from streams.queries import Queries


@dataclass(frozen=True, slots=True)
class Left:
    """The room under one cap: the rule, its limit, what is left."""

    title: Bilingual
    origin: Origin
    limit: int
    left: int


async def left_for(
    queries: Queries, request: Request, department: Department, enterprise: Enterprise
) -> tuple[Left, ...]:
    """Return the room under every cap that a request meets when it is submitted."""
    rules, calendar = await rules_and_calendar(queries)
    case = Case(
        request=request,
        department=department,
        enterprise=enterprise,
        items={},
        calendar=calendar,
        campaign=await queries.get(CampaignState, keys.campaign(request.campaign or "-")),
    )
    uses = [use for use in caps.uses(case, case.first_day, rules) if use.at_intake]
    return await _left(queries, uses)


async def _left(queries: Queries, uses: Sequence[CapUse]) -> tuple[Left, ...]:
    tallies = await queries.get_many([use.key for use in uses])
    return tuple(
        Left(
            use.rule.title,
            use.rule.origin,
            use.limit,
            max(0, room(use, tallies.get(use.key, TallyState()))),
        )
        for use in uses
    )


async def left_by_department(
    queries: Queries, request: Request, departments: Sequence[Department], enterprise: Enterprise
) -> dict[str, tuple[Left, ...]]:
    """Return the same for several departments that would ask alike, those that took some only."""
    rules, calendar = await rules_and_calendar(queries)
    found: dict[str, list[CapUse]] = {}
    for department in departments:
        own = request.model_copy(update={"department": department.id})
        case = Case(
            request=own, department=department, enterprise=enterprise, items={}, calendar=calendar
        )
        uses = caps.uses(case, case.first_day, rules)
        found[department.id] = [use for use in uses if use.at_intake]
    known = await queries.get_many([use.key for uses in found.values() for use in uses])
    return {
        id_: await _left(queries, uses)
        for id_, uses in found.items()
        if any(use.key in known for use in uses)
    }
