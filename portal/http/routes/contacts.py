"""包联对接: pairs, the month's contacts, hand-over, and passes that an enterprise gives."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter

from portal.http.changing import CHANGE, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.limits import StrictRoute
from portal.http.problems import documented
from portal.matters import contacts
from portal.permissions import Action, Resource, authorize, reach
from scheduler.contacts import PairingState, PresenceState
from schemas import contact_commands as c
from schemas.base import CHINA, Frozen, Id, Month, Text
from schemas.contacts import ContactWay, PairRole, PresenceKind, Territory
from schemas.uscc import Uscc

router = APIRouter(prefix="/contacts", tags=["contacts 包联对接"], route_class=StrictRoute)


class PairingView(Frozen):
    """A pairing, and where this month stands: due, met, waived or ended."""

    pairing: PairingState
    stage: str


class DigestView(Frozen):
    """The last seven days in figures."""

    since: date
    ways: dict[str, int]
    open: int
    met: int
    waived: int
    missed: int


class PairBody(Frozen):
    """Who is paired with which enterprise, and from when."""

    enterprise: Uscc
    official: Id
    role: PairRole = PairRole.PAIRED
    territory: Id | None = None
    since: date


class HandOverBody(Frozen):
    """Who takes over, from when, and what he should know."""

    official: Id
    since: date
    note: Text


class ReasonBody(Frozen):
    """Why."""

    reason: Text


class ContactBody(Frozen):
    """One line; on the spot also the visit that it was."""

    way: ContactWay = ContactWay.PHONE
    line: Text
    visit: Id | None = None
    packages: tuple[Id, ...] = ()


class MonthBody(Frozen):
    """A month."""

    month: Month


class PresenceBody(Frozen):
    """Who may stay, as what and until when."""

    person: Id
    kind: PresenceKind
    until: date


def _today(stands: House) -> date:
    return stands.service.clock.now().astimezone(CHINA).date()


def _view(row: contacts.Listed) -> PairingView:
    return PairingView(pairing=row.state, stage=row.stage)


async def _seen(stands: House, who: Who, id_: str) -> contacts.Listed:
    queries = stands.service.queries
    return there(await contacts.pairing(queries, who.actor, id_, _today(stands)), id_)


@router.get("", responses=documented(401, 403))
async def list_(stands: In, who: Who) -> tuple[PairingView, ...]:
    """包联关系, 本月未对接的在前 / pairings, those whose month is open first."""
    rows = await contacts.listed(stands.service.queries, who.actor, _today(stands))
    return tuple(map(_view, rows))


@router.get("/digest", responses=documented(401, 403))
async def digest(stands: In, who: Who) -> DigestView:
    """每周摘要 / the last seven days in figures."""
    today = _today(stands)
    rows = await contacts.listed(stands.service.queries, who.actor, today)
    found = contacts.digest(rows, today)
    return DigestView(
        since=found.since,
        ways=dict(found.ways),
        open=found.open,
        met=found.met,
        waived=found.waived,
        missed=found.missed,
    )


@router.get("/presences", responses=documented(401, 403))
async def presences(stands: In, who: Who) -> tuple[PresenceState, ...]:
    """有效的驻企通行 / passes that are good today; an enterprise its own."""
    reach(who.actor, Action.PRESENCE_READ)
    return await contacts.presences(stands.service.queries, who.actor, _today(stands))


@router.post("/presences", status_code=201, responses=CHANGE)
async def grant(asks: Asks, body: PresenceBody) -> dict[str, str]:
    """同意驻企 / the enterprise lets a named person in until a day."""
    reach(asks.who.actor, Action.PRESENCE_GRANT)
    id_ = await asks.ask(c.GrantPresence(**body.model_dump()))
    return {"id": id_}


@router.post("/presences/{presence}/revocation", responses=CHANGE)
async def revoke(asks: Asks, presence: PathId, body: ReasonBody) -> dict[str, str]:
    """收回驻企通行 / take a pass back."""
    reach(asks.who.actor, Action.PRESENCE_REVOKE)
    await asks.ask(c.RevokePresence(presence=presence, reason=body.reason))
    return {"id": presence}


@router.post("/territories", status_code=201, responses=CHANGE)
async def territory(asks: Asks, body: Territory) -> Territory:
    """设置片区 / set a part of the territory tree."""
    reach(asks.who.actor, Action.CONTACT_PAIR)
    await asks.ask(c.SetTerritory(territory=body))
    return body


@router.post("", status_code=201, responses=CHANGE)
async def pair(asks: Asks, body: PairBody) -> PairingView:
    """结对 / pair an official with an enterprise."""
    reach(asks.who.actor, Action.CONTACT_PAIR)
    id_ = await asks.ask(c.PairOfficial(**body.model_dump()))
    return _view(await _seen(asks.stands, asks.who, id_))


@router.post("/{pairing}/hand-over", responses=CHANGE)
async def hand_over(asks: Asks, pairing: PathId, body: HandOverBody) -> PairingView:
    """交接 / another official takes over."""
    reach(asks.who.actor, Action.CONTACT_PAIR)
    await asks.ask(c.HandOverPairing(pairing=pairing, **body.model_dump()))
    return _view(await _seen(asks.stands, asks.who, pairing))


@router.post("/{pairing}/end", responses=CHANGE)
async def end(asks: Asks, pairing: PathId, body: ReasonBody) -> PairingView:
    """解除 / end a pairing."""
    reach(asks.who.actor, Action.CONTACT_PAIR)
    await asks.ask(c.EndPairing(pairing=pairing, reason=body.reason))
    return _view(await _seen(asks.stands, asks.who, pairing))


@router.post("/{pairing}/contacts", responses=CHANGE)
async def record(asks: Asks, pairing: PathId, body: ContactBody) -> PairingView:
    """登记对接 / one line on a contact."""
    row = await _seen(asks.stands, asks.who, pairing)
    home = row.state.on(row.day).department
    authorize(asks.who.actor, Action.CONTACT_RECORD, Resource.owned(home))
    await asks.ask(c.RecordContact(pairing=pairing, **body.model_dump()))
    return _view(await _seen(asks.stands, asks.who, pairing))


@router.post("/{pairing}/waiver", responses=CHANGE)
async def waive(asks: Asks, pairing: PathId, body: MonthBody) -> PairingView:
    """本月无需联系 / the enterprise does without this month's contact."""
    reach(asks.who.actor, Action.CONTACT_WAIVE)
    await asks.ask(c.WaiveContact(pairing=pairing, month=body.month))
    return _view(await _seen(asks.stands, asks.who, pairing))
