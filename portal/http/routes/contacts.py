"""包联对接: pairs, the month's contacts, hand-over, and passes that an enterprise gives."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Response

from portal.http.authorize import Action, Resource, authorize, reach
from portal.http.house import House, In, Key, PathId, Who, ask
from portal.http.limits import StrictRoute
from portal.http.problems import documented, not_found
from portal.matters import contacts
from scheduler.contacts import PairingState, PresenceState
from schemas import contact_commands as c
from schemas.base import CHINA, Frozen, Id, Month, Text
from schemas.contacts import ContactWay, PairRole, PresenceKind, Territory
from schemas.uscc import Uscc

router = APIRouter(prefix="/contacts", tags=["contacts 包联对接"], route_class=StrictRoute)

_CHANGE = documented(400, 401, 403, 404, 409, 413, 422)


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
    row = await contacts.pairing(stands.service.queries, who.actor, id_, _today(stands))
    if row is None:
        raise not_found(id_)
    return row


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


@router.post("/presences", status_code=201, responses=_CHANGE)
async def grant(
    stands: In, who: Who, body: PresenceBody, reply: Response, key: Key = None
) -> dict[str, str]:
    """同意驻企 / the enterprise lets a named person in until a day."""
    reach(who.actor, Action.PRESENCE_GRANT)
    told = await ask(stands, who, c.GrantPresence(**body.model_dump()), key)
    reply.headers.update(told.headers)
    return {"id": told.id}


@router.post("/presences/{presence}/revocation", responses=_CHANGE)
async def revoke(
    stands: In, who: Who, presence: PathId, body: ReasonBody, key: Key = None
) -> dict[str, str]:
    """收回驻企通行 / take a pass back."""
    reach(who.actor, Action.PRESENCE_REVOKE)
    await ask(stands, who, c.RevokePresence(presence=presence, reason=body.reason), key)
    return {"id": presence}


@router.post("/territories", status_code=201, responses=_CHANGE)
async def territory(stands: In, who: Who, body: Territory, key: Key = None) -> Territory:
    """设置片区 / set a part of the territory tree."""
    reach(who.actor, Action.CONTACT_PAIR)
    await ask(stands, who, c.SetTerritory(territory=body), key)
    return body


@router.post("", status_code=201, responses=_CHANGE)
async def pair(
    stands: In, who: Who, body: PairBody, reply: Response, key: Key = None
) -> PairingView:
    """结对 / pair an official with an enterprise."""
    reach(who.actor, Action.CONTACT_PAIR)
    told = await ask(stands, who, c.PairOfficial(**body.model_dump()), key)
    reply.headers.update(told.headers)
    return _view(await _seen(stands, who, told.id))


@router.post("/{pairing}/hand-over", responses=_CHANGE)
async def hand_over(
    stands: In, who: Who, pairing: PathId, body: HandOverBody, key: Key = None
) -> PairingView:
    """交接 / another official takes over."""
    reach(who.actor, Action.CONTACT_PAIR)
    await ask(stands, who, c.HandOverPairing(pairing=pairing, **body.model_dump()), key)
    return _view(await _seen(stands, who, pairing))


@router.post("/{pairing}/end", responses=_CHANGE)
async def end(
    stands: In, who: Who, pairing: PathId, body: ReasonBody, key: Key = None
) -> PairingView:
    """解除 / end a pairing."""
    reach(who.actor, Action.CONTACT_PAIR)
    await ask(stands, who, c.EndPairing(pairing=pairing, reason=body.reason), key)
    return _view(await _seen(stands, who, pairing))


@router.post("/{pairing}/contacts", responses=_CHANGE)
async def record(
    stands: In, who: Who, pairing: PathId, body: ContactBody, key: Key = None
) -> PairingView:
    """登记对接 / one line on a contact."""
    row = await _seen(stands, who, pairing)
    home = row.state.on(row.day).department
    authorize(who.actor, Action.CONTACT_RECORD, Resource.owned(home))
    await ask(stands, who, c.RecordContact(pairing=pairing, **body.model_dump()), key)
    return _view(await _seen(stands, who, pairing))


@router.post("/{pairing}/waiver", responses=_CHANGE)
async def waive(
    stands: In, who: Who, pairing: PathId, body: MonthBody, key: Key = None
) -> PairingView:
    """本月无需联系 / the enterprise does without this month's contact."""
    reach(who.actor, Action.CONTACT_WAIVE)
    await ask(stands, who, c.WaiveContact(pairing=pairing, month=body.month), key)
    return _view(await _seen(stands, who, pairing))
