"""A city-level department shared by county jobs: read every county's need, split, and put the shares on record.

Each county is a planning domain with its own ledger. A share stands there as the department's capacity of
each visiting day, under a correlation id that the shares of all counties have in common; the county's
plan then keeps to it like to any capacity. After more requests it may be done again: what changed is set anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from portal.messages import Sender, content_id
from portal.plans.planning import rules_and_calendar
from portal.running.service import Service
from portal.settings import Settings
from scheduler import keys
from scheduler.capacities import units_on
from scheduler.planning import last_month, plannable
from scheduler.sharing import Need, Share, need_of, shares
from scheduler.states import CapacityState
from schemas.commands import SetCapacity
from schemas.envelope import ActorRole
from schemas.lanes import Lane
from schemas.registry import Department
from schemas.wire import canonical
from streams.ports import Effect

COORDINATOR: Final = Sender.of("coordinator", ActorRole.SCHEDULER, source="sharing")
"""Who sets the shares: the office that coordinates the counties."""

_LANES: Final = (Lane.ROUTINE.value, Lane.STATUTORY.value)


class NotSharedError(LookupError):
    """There is nothing to share by; the text says what is missing, in both languages."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What was split, and what it came to."""

    department: str
    month: str
    room: Mapping[date, int]
    needs: Mapping[str, Need]
    shares: Mapping[str, Share]
    correlation: str
    refused: Mapping[str, Effect]
    """By region, the first capacity that was not taken there."""


async def share(
    settings: Settings,
    department: str,
    month: str,
    regions: tuple[str, ...],
    *,
    at: datetime,
    units: int | None = None,
) -> Shared:
    """Split a department's units of a month between regions, and set them there.

    Args:
        settings: The installation; its own domain is the coordinator's.
        department: Its id, the same in all domains.
        month: As ``2026-12``.
        regions: The domains that share it.
        at: When it is done.
        units: Units of each visiting day; without them what the coordinator's own domain says.

    Raises:
        NotSharedError: If visiting days differ, or nobody says how many units there are.
        NotReadyError: If a region has no policy or calendar.
    """
    async with AsyncExitStack() as stack:

        async def opened(domain: str) -> Service:
            region = settings.model_copy(update={"domain": domain})
            return await stack.enter_async_context(Service.open(region))

        services = {name: await opened(name) for name in regions}
        days = await _visiting(services, month)
        needs = {name: await _need(each, department, month) for name, each in services.items()}
        if units is None:
            room = await _own(await opened(settings.domain), department, days)
        else:
            room = dict.fromkeys(days, units)
        found = shares(room, needs)
        correlation = _name(department, month, room, needs)
        refused = {
            name: effect
            for name, each in services.items()
            if (effect := await _set(each, department, found[name], correlation, at))
        }
    return Shared(department, month, room, needs, found, correlation, refused)


async def _visiting(services: Mapping[str, Service], month: str) -> tuple[date, ...]:
    days: dict[str, tuple[date, ...]] = {}
    for name, service in services.items():
        rules, calendar = await rules_and_calendar(service.queries)
        days[name] = rules.visiting_days(month, calendar)
    if len(set(days.values())) != 1:
        msg = f"各地区 {month} 的服务周不同 / visiting days of {month} differ between the regions"
        raise NotSharedError(msg)
    return next(iter(days.values()))


async def _need(service: Service, department: str, month: str) -> Need:
    """Return what a region's requests ask of a department; statutory ones due by then must be placed."""
    found = await service.queries.find(
        "request", status="accepted", lane=_LANES, department=department
    )
    return need_of(
        [
            (
                state.request.duration,
                state.request.lane is Lane.STATUTORY and last_month(state.request) <= month,
            )
            for _, state in found
            if plannable(state, month)
        ]
    )


async def _own(service: Service, department: str, days: tuple[date, ...]) -> dict[date, int]:
    record = await service.queries.get(Department, keys.department(department))
    if record is None:
        msg = f"协调域没有部门 {department}, 请用 --units / unknown to the coordinator: say --units"
        raise NotSharedError(msg)
    stated = await service.queries.get_many([keys.capacity(department, day) for day in days])
    return {
        day: units_on(record, stated.get(keys.capacity(department, day)), day, days) for day in days
    }


async def _set(
    service: Service, department: str, found: Share, correlation: str, at: datetime
) -> Effect | None:
    """Set a region's share where it is not set already; return the first refusal."""
    streams = {day: keys.capacity(department, day) for day in found.days}
    cells = await service.ledger.peek(list(streams.values()))
    known = await service.queries.get_many(sorted(streams.values()))
    messages = [
        COORDINATOR.message(
            SetCapacity(department=department, day=day, units=units),
            id_=content_id((stream, units, correlation), occurrence=cells[stream].sequence + 1),
            at=at,
            correlation=correlation,
        )
        for day, units in found.days.items()
        if _units(known.get(stream := streams[day])) != units
    ]
    effects = await service.submit(messages)
    return next((effect for effect in effects if effect.status != "accepted"), None)


def _units(state: object) -> int | None:
    return state.units if isinstance(state, CapacityState) else None


def _name(department: str, month: str, room: Mapping[date, int], needs: Mapping[str, Need]) -> str:
    """Return the id that all shares of one splitting have in common: its arithmetic, hashed."""
    told = {
        "room": {day.isoformat(): units for day, units in room.items()},
        "needs": {name: [need.must, need.wish, need.largest] for name, need in needs.items()},
    }
    digest = hashlib.sha256(canonical(told)).hexdigest()[:16]
    return f"share.{month}.{department}.{digest}"[:96]
