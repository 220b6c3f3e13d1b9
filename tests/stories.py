"""Beginnings of stories in a small world: a published visit, one at the gate, an emergency.

Every story plays in December 2026, whose service week is 25, 28, 29, 30 and 31.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from scheduler import keys
from scheduler.states import TallyState
from scheduler.view import Claims
from schemas import commands as c
from schemas.envelope import Actor, ActorRole
from schemas.lanes import Ground, Lane, Remedy
from schemas.visits import Decision as Verdict
from schemas.visits import Rating, Request, Role, Urgency
from tests.builders import a_cause, a_department, a_request, a_uscc
from tests.worlds import CLERK, LEADER, NOVEMBER, OFFICE, World, at

DRAFTED, PUBLISHED, STAFFED = date(2026, 12, 11), date(2026, 12, 16), date(2026, 12, 23)
CAP = keys.cap("twice-a-year", "fire", a_uscc(), "2026")
YES = Verdict.APPROVED
NO = Verdict.REFUSED


def clerk(department: str = "fire") -> Actor:
    """Return a clerk of a department."""
    return Actor(id=f"clerk-{department}", role=ActorRole.CLERK, of=department)


def head(department: str = "fire") -> Actor:
    """Return the head of a department."""
    return Actor(id=f"head-{department}", role=ActorRole.HEAD, of=department)


def gate(number: int = 1) -> Actor:
    """Return an enterprise on its own channel."""
    return Actor(id=f"gate-{number}", role=ActorRole.ENTERPRISE, of=a_uscc(number))


def escalated(*lift: str, **changes: Any) -> Request:  # noqa: ANN401 - any field of the model
    """Return an escalated request that asks to lift these rules."""
    urgency = Urgency(
        why_cannot_wait="汛前必须复核", tried=(Remedy.OFF_SITE,), lift=lift or ("service-week",)
    )
    return a_request(**{"lane": Lane.ESCALATED, "urgency": urgency, **changes})


def statutory(**changes: Any) -> Request:  # noqa: ANN401
    """Return a check after a complaint, due in the service week."""
    cause = a_cause(last_legal_date=date(2026, 12, 30))
    return a_request(**{"lane": Lane.STATUTORY, "cause": cause, **changes})


def emergency(day: date, **changes: Any) -> Request:  # noqa: ANN401
    """Return a request to act on imminent danger on a day."""
    cause = a_cause(Ground.IMMINENT_DANGER)
    window = {"first": day, "last": day}
    return a_request(**{"lane": Lane.EMERGENCY, "cause": cause, "window": window, **changes})


def decision(request: str, role: Role = Role.HEAD, verdict: Verdict = YES, **more: Any) -> Any:  # noqa: ANN401
    """Return a role's decision about a request."""
    return c.DecideRequest(request=request, role=role, decision=verdict, **more)


def approved(world: World, request: Request, when: Any = NOVEMBER) -> str:  # noqa: ANN401
    """Submit a request and let the head and, where it is escalated, the leader approve it."""
    id_ = world.submit(request, when)
    world.head_approves(id_, when)
    if request.lane is Lane.ESCALATED:
        world.ok(decision(id_, Role.LEADER), LEADER, when)
    return id_


def arranged(world: World, request: str, day: date, when: Any = NOVEMBER) -> str:  # noqa: ANN401
    """Arrange a request's visit and return the visit's id."""
    home = world.request(request).request.department
    world.ok(c.ArrangeVisit(request=request, day=day), clerk(home), when)
    visit = world.request(request).visit
    assert visit is not None
    return visit


def published(*requests: Request) -> tuple[World, list[str]]:
    """Return a world whose December plan is published, and its visits."""
    world = World.adopted()
    for home in sorted({r.department for r in requests} - {"fire"}):
        world.with_department(a_department(id=home, name=home))
    for request in requests or (a_request(),):
        approved(world, request)
    world.publish("2026-12", at(DRAFTED), at(PUBLISHED))
    return world, [visit.id for visit in world.visits()]


def coded(*requests: Request) -> tuple[World, str]:
    """Return a world with one staffed and coded visit."""
    world, (visit,) = published(*requests)
    world.staff(visit, at(STAFFED))
    world.ok(c.IssueCode(visit=visit), OFFICE, at(STAFFED))
    return world, visit


def scan(world: World, visit: str, **changes: Any) -> c.ScanIn:  # noqa: ANN401
    """Return the scan of everybody who was named."""
    line = world.visit(visit).line
    fields = {
        "visit": visit,
        "code": "genuine",
        "gate": "genuine",
        "departments": line.departments,
        "officers": tuple(o for part in line.parts for o in part.officers),
    }
    return c.ScanIn.model_validate({**fields, **changes})


def genuine(world: World, visit: str, **changes: Any) -> Claims:  # noqa: ANN401
    """Return what the shell says of genuine codes."""
    state = world.visit(visit)
    assert state.code is not None
    claims = {"code": (state.code.serial, visit), "gate": state.line.enterprise}
    return Claims(**{**claims, **changes})


def left(*requests: Request) -> tuple[World, str]:
    """Return a world with one visit that entered at ten and left at eleven."""
    world, visit = coded(*requests)
    day = world.visit(visit).line.day
    world.enter(visit, at(day, 10))
    world.ok(c.ScanOut(visit=visit), CLERK, at(day, 11))
    return world, visit


def rated(world: World, visit: str, when: Any, **rating: Any) -> None:  # noqa: ANN401
    """Let the enterprise rate a visit."""
    command = c.RateVisit(
        visit=visit, token="t", rating=Rating.model_validate({"grade": "good", **rating})
    )
    world.ok(command, gate(), when, claims=Claims(token=visit))


def held(world: World) -> dict[str, TallyState]:
    """Return every tally that is not at zero."""
    return {
        key: state
        for key, state in sorted(world.cells.items())
        if isinstance(state, TallyState) and state != TallyState()
    }
