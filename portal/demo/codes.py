"""Codes to scan in a room: a demonstration's own visits, so that each verdict has a genuine reason."""

from __future__ import annotations

from typing import Final

from portal.messages import Sender
from portal.running.service import Service
from scheduler import keys
from scheduler.states import VisitState
from schemas import commands as c
from schemas.envelope import ActorRole
from schemas.lanes import Ground, HalfDay, Lane, Purpose
from schemas.visits import Cause, Request, Window

_KINDS: Final = ("genuine", "revoked", "expired")


async def lay_out(service: Service, department: str, enterprises: tuple[str, ...]) -> None:
    """Let a department act in an emergency three times: one is under way, one void, one over.

    An emergency acts first and is approved later, so its code is valid on the very day.

    Raises:
        LookupError: If one of it is refused: the demonstration is not as it should be.
    """
    clerk = Sender.of(f"clerk.{department}", ActorRole.CLERK, department, source="demo")
    items = await service.queries.rows("item", department=department, published=True, limit=1)
    officers = await service.queries.rows("officer", department=department, limit=2)
    team = tuple(str(row["id"]) for row in officers)
    today = service.clock.now().date()

    async def ask(command: c.Command, name: str) -> str:
        raw = clerk.message(command, id_=f"codes-{name}", at=service.clock.now())
        (effect,) = await service.submit([raw])
        if effect.status != "accepted":
            raise LookupError(f"{name}: {effect.objections.decode()}")
        return effect.about.partition("/")[2]

    for kind, enterprise in zip(_KINDS, enterprises, strict=False):
        request = Request(
            department=department,
            enterprise=enterprise,
            purpose=Purpose.INSPECTION,
            lane=Lane.EMERGENCY,
            items=(str(items[0]["id"]),),
            window=Window(first=today, last=today),
            cause=Cause(ground=Ground.IMMINENT_DANGER, reference=f"demo-{kind}"),
            why_on_site="演示扫码",
            generated=True,
        )
        asked = await ask(c.SubmitRequest(request=request), f"request-{kind}")
        visit = await ask(c.ArrangeVisit(request=asked, day=today), f"visit-{kind}")
        if kind == "revoked":
            await ask(c.RevokeCode(visit=visit, reason="演示作废"), f"revoke-{kind}")
        if kind == "expired":
            half = HalfDay.MORNING
            staff = c.StaffVisit(visit=visit, department=department, officers=team, half=half)
            await ask(staff, f"team-{kind}")
            await ask(await _scan(service, visit, enterprise, department, team), f"enter-{kind}")
            await ask(c.ScanOut(visit=visit), f"leave-{kind}")


async def _scan(
    service: Service, visit: str, enterprise: str, department: str, team: tuple[str, ...]
) -> c.ScanIn:
    state = await service.queries.get(VisitState, keys.visit(visit))
    if state is None or state.code is None:
        raise LookupError(visit)
    own, credentials = state.code, service.credentials
    return c.ScanIn(
        visit=visit,
        code=credentials.visit_code(own.serial, visit, own.valid_from, own.valid_until),
        gate=credentials.gate_code(enterprise),
        departments=(department,),
        officers=team,
    )
