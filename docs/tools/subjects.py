"""What the pictures of docs/screens/ are of: one thing of each kind, as the ledger has it at a station."""

from __future__ import annotations

from typing import Any, Final

from portal.pages.reception import Reception
from portal.pages.samples import forged
from portal.proof import alerts
from portal.receipts.making import receipt, written
from portal.running.service import Service
from scheduler.states import VisitState

_MONTH: Final = "2026-12"

_OF_KIND: Final[dict[str, dict[str, Any]]] = {
    "enterprise": {},
    "request": {"department": "market", "status": "accepted"},
    "rejection": {},
    "problem": {"status": "accepted"},
    "pairing": {"department": "ecology"},
    "chain": {"id": "machinery"},
    "project": {},
    "act": {"department": "market"},
    "joint": {"bundle": "food-plants"},
    "bundle": {},
    "campaign": {"status": "proposed"},
    "off_site": {"department": "market"},
    "lead": {"recipient": "market"},
    "draw": {},
    "sealed": {"department": "market", "status": "planned"},
    "identity": {},
    "callback": {},
}
"""Tables whose first row of this kind is shown."""


async def asked(service: Service) -> dict[str, str]:
    """Return what is shown on the day on which requests close."""
    found = {
        kind: str((await service.queries.rows(kind, limit=1, **equals))[0]["id"])
        for kind, equals in _OF_KIND.items()
    }
    return {**found, "word": service.credentials.problem_token(found["problem"])}


async def drafted(service: Service) -> dict[str, str]:
    """Return what is shown of a month that is drafted; nothing unplaced where all have a day."""
    drafts = [state for _, state in await service.queries.find("draft", month=_MONTH)]
    body = max(drafts, key=lambda state: int(state.version)).body
    line = max(body.lines, key=lambda x: len(x.parts))
    own = line.parts[0].requests[0]
    fixed = next(x.parts[0].requests[0] for x in body.lines if x is not line)
    found = {
        "planned": own,
        "changes": f"version={drafts[-1].version}&move={own}@2026-12-30&pin={fixed}",
    }
    return found | ({"unplaced": body.unplaced[0].request} if body.unplaced else {})


async def due(service: Service) -> dict[str, str]:
    """Return what is shown on the first day of the service week: a visit and its codes."""
    star = str((await service.queries.rows("enterprise", limit=1))[0]["id"])
    rows = await service.queries.rows("visit", enterprise=star)
    visit = next(row for row in rows if row["coded"] and row["status"] == "published")
    coded = await service.queries.rows("visit", coded=True, status="published")
    later = next(row for row in coded if row["day"] > visit["day"])
    code = await _code_of(service, visit["id"])
    return {
        "visit": visit["id"],
        "code": code,
        "early": await _code_of(service, later["id"]),
        "forged": forged(code),
    }


async def over(service: Service, reception: Reception) -> dict[str, str]:
    """Return what is shown on the last day: a rating, a case, what was found in the ledger."""
    star = str((await service.queries.rows("enterprise", limit=1))[0]["id"])
    rows = await service.queries.rows("visit", enterprise=star)
    left = [row for row in rows if row["status"] in {"left", "closed"}]
    unrated = await service.queries.rows("visit", status="left", rated=None)
    found = {
        "left": left[0]["id"],
        "rating": service.credentials.rating_token((unrated or left)[0]["id"]),
        "receipt": await _receipt_of(service, reception),
        "entry": "1500",
    }
    listed = await alerts.listed(service)
    return found | ({"alert": listed[0].alert.id} if listed else {})


async def _code_of(service: Service, visit: str) -> str:
    """Return what a visit's code says."""
    state: VisitState = (await service.queries.find("visit", id=visit))[0][1]
    own = state.code
    if own is None:
        raise LookupError(visit)
    return service.credentials.visit_code(own.serial, visit, own.valid_from, own.valid_until)


async def _receipt_of(service: Service, reception: Reception) -> str:
    """Return the receipt of a rating; of a ledger that nobody seals an empty one."""
    if service.database is None:
        return "{}"
    rows = await service.queries.rows("visit", status="closed", limit=50)
    rated = next(row["id"] for row in rows if row["rated"])
    return written(await receipt("rating", rated, reception.history, reception.seals))
