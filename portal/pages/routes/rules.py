"""工作日历与政策规则: what is in use, what a new edition changes, and its adoption."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import ObjectionView, not_found, view
from portal.importing.faults import BadFile
from portal.pages import amending
from portal.pages.names import names
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action, reach
from scheduler.amendments import policy_change
from scheduler.decide.common import World
from scheduler.ruleset import BadStack
from scheduler.states import VisitState

router = APIRouter()


@router.get("/admin/calendars")
async def calendars(visitor: Known) -> Response:
    """工作日历 / the calendars in use, and those at hand."""
    reach(visitor.me, Action.RULES_ADOPT)
    return await _calendars(visitor)


@router.post("/admin/calendars")
async def read_calendar(visitor: Known) -> Response:
    """读入日历 / read a calendar, sent or shipped, and compare it; nothing is adopted yet."""
    reach(visitor.me, Action.RULES_ADOPT)
    form, sent = await visitor.upload()
    desk, clock = visitor.reception.desk, visitor.house.service.clock
    try:
        id_ = await amending.keep_calendar(
            desk, visitor.me, clock, sent=sent, shipped=form.one("shipped")
        )
    except BadFile as bad:
        return await _calendars(visitor, bad)
    return visitor.go(f"/admin/calendars/{id_}")


@router.get("/admin/calendars/{edition}")
async def calendar(visitor: Known, edition: PathId) -> Response:
    """日历对比 / what a calendar changes: days, visiting days, published visits."""
    reach(visitor.me, Action.RULES_ADOPT)
    command = await amending.kept_calendar(visitor.reception.desk, visitor.me, edition)
    if command is None:
        raise not_found(edition)
    used = await amending.in_use(visitor.queries)
    change = used.calendar(command.calendar)
    hit = await _touched(visitor, used.world(calendar=command.calendar)) if used.policy else {}
    return visitor.page("calendar-change.html.j2", change=change, id=edition, **hit)


@router.post("/admin/calendars/{edition}")
async def adopt_calendar(visitor: Known, edition: PathId) -> Response:
    """启用日历 / adopt a calendar as it was shown."""
    reach(visitor.me, Action.RULES_ADOPT)
    form = await visitor.form()
    command = await amending.kept_calendar(visitor.reception.desk, visitor.me, edition)
    if command is None:
        raise not_found(edition)
    await visitor.ask(command, form.some("key"))
    return visitor.go("/admin/calendars", "adopted")


@router.get("/admin/policies")
async def policies(visitor: Known, older: str = "", newer: str = "") -> Response:
    """政策规则 / the stack in use, all that were, and what lies between two of them."""
    reach(visitor.me, Action.RULES_ADOPT)
    return await _policies(visitor, older=older, newer=newer)


@router.post("/admin/policies")
async def read_policy(visitor: Known) -> Response:
    """读入政策 / read a policy, sent or shipped, with what it rests on, and compare it."""
    reach(visitor.me, Action.RULES_ADOPT)
    form, sent = await visitor.upload()
    desk, clock = visitor.reception.desk, visitor.house.service.clock
    try:
        id_ = await amending.keep_policy(
            desk, visitor.me, clock, sent=sent, shipped=form.one("shipped")
        )
    except BadFile as bad:
        return await _policies(visitor, bad=bad)
    return visitor.go(f"/admin/policies/{id_}")


@router.get("/admin/policies/{edition}")
async def policy(visitor: Known, edition: PathId) -> Response:
    """政策对比 / what a stack changes, rule by rule, and which published visits it touches."""
    reach(visitor.me, Action.RULES_ADOPT)
    command = await amending.kept_policy(visitor.reception.desk, visitor.me, edition)
    if command is None:
        raise not_found(edition)
    used = await amending.in_use(visitor.queries)
    fault, hit = "", {}
    try:
        hit = await _touched(visitor, used.world(stack=command.layers))
    except BadStack as bad:
        fault = str(bad)
    change = used.stack(command.layers)
    return visitor.page(
        "policy-change.html.j2",
        change=change,
        layers=command.layers,
        id=edition,
        fault=fault,
        **{"touched": (), "names": await names(visitor.queries), **hit},
    )


@router.post("/admin/policies/{edition}")
async def adopt_policy(visitor: Known, edition: PathId) -> Response:
    """启用政策 / adopt a stack as it was shown."""
    reach(visitor.me, Action.RULES_ADOPT)
    form = await visitor.form()
    command = await amending.kept_policy(visitor.reception.desk, visitor.me, edition)
    if command is None:
        raise not_found(edition)
    await visitor.ask(command, form.some("key"))
    return visitor.go("/admin/policies", "adopted")


async def _touched(visitor: Visitor, world: World) -> dict[str, Any]:
    today = visitor.house.service.clock.now().date()
    found: Mapping[VisitState, Any] = await amending.visits_touched(visitor.queries, world, today)
    touched: list[tuple[VisitState, tuple[ObjectionView, ...]]] = [
        (state, tuple(map(view, against))) for state, against in found.items()
    ]
    touched.sort(key=lambda pair: (pair[0].line.day, pair[0].id))
    known = await names(visitor.queries, [state.line.enterprise for state, _ in touched])
    return {"touched": touched, "names": known}


async def _calendars(visitor: Visitor, bad: BadFile | None = None) -> Response:
    used = await amending.in_use(visitor.queries)
    return visitor.page(
        "calendars.html.j2",
        422 if bad else 200,
        calendars=sorted(used.calendars.calendars, key=lambda c: (-c.year, -c.version)),
        at_hand=amending.calendars_at_hand(used.calendars),
        bad=bad,
    )


async def _policies(
    visitor: Visitor, *, older: str = "", newer: str = "", bad: BadFile | None = None
) -> Response:
    used = await amending.in_use(visitor.queries)
    today = visitor.house.service.clock.now().date()
    found = {str(e.number): e for e in await amending.editions(visitor.reception.history)}
    pair = (found.get(older), found.get(newer))
    between = policy_change(pair[0].layers, pair[1].layers) if pair[0] and pair[1] else None
    return visitor.page(
        "policies.html.j2",
        422 if bad else 200,
        layers=used.policy.layers if used.policy else (),
        rules=used.rules.in_force(today) if used.rules else (),
        conflicts=used.rules.conflicts() if used.rules else (),
        editions=tuple(found.values()),
        pair=pair,
        between=between,
        at_hand=amending.policies_at_hand(),
        bad=bad,
    )
