"""A service behind its HTTP interface, and people who ask it, without a socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import yaml
from argon2 import PasswordHasher
from fastapi import FastAPI

from portal.http.app import create_app
from portal.messages import Sender
from portal.resources import deploy_dir
from portal.running.service import Service
from schemas import commands as c
from schemas.calendars import Calendar
from schemas.envelope import Actor, ActorRole
from streams.clock import SimulatedClock
from tests.builders import (
    a_department,
    a_policy_stack,
    a_uscc,
    an_enterprise,
    an_item,
    an_officer,
)
from tests.worlds import NOVEMBER

PEOPLE: Mapping[str, Actor] = {
    "clerk": Actor(id="clerk-fire", role=ActorRole.CLERK, of="fire"),
    "head": Actor(id="head-fire", role=ActorRole.HEAD, of="fire"),
    "officer": Actor(id="officer-1", role=ActorRole.OFFICER, of="fire"),
    "other-clerk": Actor(id="clerk-market", role=ActorRole.CLERK, of="market"),
    "other-head": Actor(id="head-market", role=ActorRole.HEAD, of="market"),
    "office": Actor(id="office", role=ActorRole.SCHEDULER),
    "leader": Actor(id="mayor", role=ActorRole.LEADER),
    "firm": Actor(id="firm-1", role=ActorRole.ENTERPRISE, of=a_uscc(1)),
    "other-firm": Actor(id="firm-2", role=ActorRole.ENTERPRISE, of=a_uscc(2)),
    "admin": Actor(id="admin", role=ActorRole.ADMIN),
    "congress": Actor(id="congress", role=ActorRole.CONGRESS),
    "consultative": Actor(id="consultative", role=ActorRole.CONSULTATIVE),
    "discipline": Actor(id="discipline", role=ActorRole.DISCIPLINE),
    "media": Actor(id="media", role=ActorRole.MEDIA),
    "observer": Actor(id="observer", role=ActorRole.OBSERVER),
    "hotline": Actor(id="hotline", role=ActorRole.HOTLINE),
}
"""Who asks; the name is the token."""

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Passwords of tests protect nothing."""

AUDITOR = Actor(id="auditor", role=ActorRole.AUDITOR)
"""Who looks at everything and asks for nothing; his token is his name too."""


class People:
    """Knows everybody by name."""

    async def actor(self, token: str) -> Actor | None:
        """Return who goes by this name."""
        return AUDITOR if token == AUDITOR.id else PEOPLE.get(token)


async def furnish(service: Service) -> None:
    """Give a service policy, calendars, two departments and three enterprises."""
    office = Sender.of("office", ActorRole.ADMIN)
    commands: list[c.Command] = [c.AdoptPolicy(layers=a_policy_stack())]
    for year in (2025, 2026):
        text = (deploy_dir("calendars") / f"{year}.yaml").read_text(encoding="utf-8")
        commands.append(c.AdoptCalendar(calendar=Calendar.model_validate(yaml.safe_load(text))))
    for id_ in ("fire", "market"):
        suffix = "" if id_ == "fire" else f"-{id_}"
        commands += [
            c.RegisterDepartment(department=a_department(id=id_)),
            c.PublishItem(item=an_item(id=f"item-1{suffix}", department=id_)),
            *(
                c.RegisterOfficer(
                    officer=an_officer(n, id=f"officer-{n}{suffix}", department=id_),
                    phone="13800000000",
                )
                for n in (1, 2)
            ),
        ]
    commands += [
        c.RegisterEnterprise(
            enterprise=an_enterprise(n), contact_name="王五", contact_phone="13900000000"
        )
        for n in (1, 2, 3)
    ]
    raws = [
        office.message(each, id_=f"furnish-{n}", at=NOVEMBER) for n, each in enumerate(commands)
    ]
    told = await service.submit(raws)
    if {effect.status for effect in told} != {"accepted"}:
        raise AssertionError(told)


@dataclass(slots=True)
class Desk:
    """The interface of one service, and its clock."""

    app: FastAPI
    service: Service
    clock: SimulatedClock
    client: httpx.AsyncClient

    @classmethod
    def on(cls, service: Service) -> Desk:
        """Return the interface of a service whose clock can be set."""
        clock = service.clock
        if not isinstance(clock, SimulatedClock):
            raise TypeError(type(clock))
        app = create_app(service, People())
        app.state.reception.hasher = QUICK
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        return cls(app, service, clock, httpx.AsyncClient(transport=transport, base_url="http://t"))

    @classmethod
    async def open(cls) -> Desk:
        """Return the interface of a furnished service in memory."""
        service = Service.memory(clock=SimulatedClock(NOVEMBER))
        await furnish(service)
        return cls.on(service)

    async def get(self, who: str | None, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own arguments
        """Read something as somebody."""
        return await self.client.get(_path(path), headers=_headers(who, more), **more)

    async def post(
        self,
        who: str | None,
        path: str,
        body: object = None,
        **more: Any,  # noqa: ANN401 - httpx's own arguments
    ) -> httpx.Response:
        """Ask for something as somebody."""
        headers = _headers(who, more)
        return await self.client.post(_path(path), headers=headers, json=body or {}, **more)

    def at(self, instant: datetime) -> None:
        """Move the clock."""
        self.clock.set(instant)


def _path(path: str) -> str:
    return path if path.startswith("/api/") else f"/api/v1/{path}"


def _headers(who: str | None, more: dict[str, Any]) -> dict[str, str]:
    headers: dict[str, str] = dict(more.pop("headers", {}))
    return headers | ({"authorization": f"Bearer {who}"} if who else {})


def a_body(**changes: object) -> dict[str, object]:
    """Return a routine request of the fire brigade as JSON."""
    return {
        "department": "fire",
        "enterprise": a_uscc(1),
        "purpose": "inspection",
        "lane": "routine",
        "items": ["item-1"],
        "window": {"first": "2026-12-25", "last": "2026-12-31"},
        **changes,
    }
