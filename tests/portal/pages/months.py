"""A month that is already planned, for pages that show what comes after: made by commands, quickly."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from portal.messages import Sender
from portal.plans.planning import Order, planned
from scheduler.planner.limits import Limits
from schemas import commands as c
from schemas.envelope import Actor, ActorRole
from schemas.lanes import HalfDay
from schemas.visits import Decision, Role, Window
from tests.builders import a_request
from tests.portal.http.clients import PEOPLE
from tests.portal.pages.offices import Office
from tests.worlds import at

MONTH: Final = "2026-12"
CLOSES, PUBLISHES, NAMES = date(2026, 12, 10), date(2026, 12, 16), date(2026, 12, 23)
WEEK: Final = Window(first=date(2026, 12, 25), last=date(2026, 12, 31))
_PLANNER: Final = Actor(id="planner", role=ActorRole.PLANNER)


async def done(office: Office, who: str, command: c.Command) -> str:
    """Hand a command in as somebody; return what it is about."""
    actor = _PLANNER if who == "planner" else PEOPLE[who]
    raw = Sender(f"http.{actor.id}", actor).message(
        command, id_=office.ids(), at=office.clock.now()
    )
    (effect,) = await office.service.submit([raw])
    if effect.status != "accepted":
        raise AssertionError(effect)
    return effect.about.partition("/")[2]


async def published(office: Office, **more: Any) -> str:  # noqa: ANN401 - fields of a request
    """Let two departments ask, and their joint visit be published; return it."""
    for who, head, suffix in (("clerk", "head", ""), ("other-clerk", "other-head", "-market")):
        request = a_request(
            department=PEOPLE[who].of, items=(f"item-1{suffix}",), window=WEEK, **more
        )
        id_ = await done(office, who, c.SubmitRequest(request=request))
        yes = c.DecideRequest(request=id_, role=Role.HEAD, decision=Decision.APPROVED)
        await done(office, head, yes)
    office.clock.set(at(CLOSES))
    await done(office, "office", c.CloseMonth(month=MONTH))
    order = Order(month=MONTH, earliest=CLOSES, limits=Limits(steps=3))
    body = await planned(office.service.queries, order)
    await done(office, "planner", c.DraftPlan(month=MONTH, version=1, body=body))
    office.clock.set(at(PUBLISHES))
    await done(office, "office", c.PublishPlan(month=MONTH, version=1))
    (row,) = await office.service.queries.rows("visit")
    return str(row["id"])


async def coded(office: Office, **more: Any) -> str:  # noqa: ANN401 - fields of a request
    """Let a joint visit be published, staffed and coded; return it."""
    visit = await published(office, **more)
    office.clock.set(at(NAMES))
    for who, suffix in (("clerk", ""), ("other-clerk", "-market")):
        team = (f"officer-1{suffix}", f"officer-2{suffix}")
        department = PEOPLE[who].of or ""
        staff = c.StaffVisit(
            visit=visit, department=department, officers=team, half=HalfDay.MORNING
        )
        await done(office, who, staff)
    await done(office, "clerk", c.IssueCode(visit=visit))
    return visit


async def entered(office: Office) -> str:
    """Let the officers of a coded visit stand in the factory; return the visit."""
    visit = await coded(office)
    (row,) = await office.service.queries.rows("visit")
    office.clock.set(at(row["day"]))
    (found,) = await office.service.queries.find("visit", id=visit)
    own, credentials = found[1].code, office.service.credentials
    scan = c.ScanIn(
        visit=visit,
        code=credentials.visit_code(own.serial, visit, own.valid_from, own.valid_until),
        gate=credentials.gate_code(row["enterprise"]),
        departments=("fire", "market"),
        officers=("officer-1", "officer-2", "officer-1-market", "officer-2-market"),
    )
    await done(office, "officer", scan)
    return visit
