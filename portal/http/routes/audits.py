"""The ledger for an auditor: an entry with what is personal masked, and looks at it on record."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field

from portal.http import revealing
from portal.http.changing import SEE
from portal.http.house import In, Who
from portal.http.limits import StrictRoute
from portal.http.problems import documented
from portal.http.routes.front import Front
from portal.pages.cases import masked
from portal.permissions import Action, reach
from scheduler import keys
from schemas.base import Frozen, Instant, Month, Text
from schemas.envelope import Actor
from schemas.privacy import Place

router = APIRouter(prefix="/audit", tags=["audit 审计"], route_class=StrictRoute)

Position = Annotated[int, Path(ge=1, lt=2**53)]


class Masked(Frozen):
    """A field that is masked. ``for_one``: an auditor may see it alone, with a reason."""

    field: str
    for_one: bool


class EntryView(Frozen):
    """An entry of the ledger with its personal fields masked."""

    position: int
    type: str
    subject: str
    time: Instant
    recordedtime: Instant
    actor: Actor
    data: dict[str, Any]
    masked: tuple[Masked, ...]


class RevealBody(Frozen):
    """Which field somebody wants to see, and why."""

    field: Place
    reason: Annotated[Text, Field(min_length=revealing.SHORTEST)]


class RevealedView(Frozen):
    """A field in clear. ``erased``: it can never be read again."""

    position: int
    field: str
    subject: str
    erased: bool
    text: str | None


class LookView(Frozen):
    """A look at personal data."""

    at: Instant
    by: str
    position: int
    field: str
    subject: str
    reason: str


class Looks(Frozen):
    """The looks of a month, the newest first."""

    month: str
    items: tuple[LookView, ...]


class OfMonth(Frozen):
    """Which month; this one unless told otherwise."""

    month: Month | None = None


@router.get("/entries/{position}", responses=SEE)
async def entry(stands: In, who: Who, position: Position) -> EntryView:
    """一条记录 / an entry, personal fields masked."""
    reach(who.actor, Action.AUDIT_READ)
    found = (await revealing.entry_at(stands, position)).entry
    fields = revealing.sealed_fields(found.data)
    return EntryView(
        position=position,
        type=found.type,
        subject=found.subject,
        time=found.time,
        recordedtime=found.recordedtime,
        actor=found.actor,
        data=masked(found.data),
        masked=tuple(Masked(field=each.field, for_one=each.for_one) for each in fields),
    )


@router.post(
    "/entries/{position}/reveals",
    status_code=201,
    responses=documented(400, 401, 403, 404, 413, 422),
)
async def reveal(stands: In, who: Who, position: Position, body: RevealBody) -> RevealedView:
    """查看个人信息 / see a personal field; each call is a look of its own, on record first."""
    found = await revealing.reveal(stands, who, position, body.field, body.reason)
    return RevealedView(
        position=position,
        field=found.field,
        subject=found.subject,
        erased=found.text is None,
        text=found.text,
    )


@router.get("/reveals", responses=documented(400, 401, 403, 422))
async def reveals(stands: In, front: Front, who: Who, of: Annotated[OfMonth, Query()]) -> Looks:
    """个人信息查看记录 / who saw which personal field, and why."""
    reach(who.actor, Action.AUDIT_READ)
    month = of.month or keys.month_of(stands.service.clock.now().date())
    found = await revealing.looks(front.history, month)
    return Looks(
        month=month,
        items=tuple(
            LookView(
                at=look.at,
                by=look.by,
                position=look.position,
                field=look.field,
                subject=look.subject,
                reason=look.reason,
            )
            for look in found
        ),
    )
