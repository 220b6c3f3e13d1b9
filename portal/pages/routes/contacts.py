"""包联对接 by pages: whose month is open, one line on a contact, hand-over, passes to stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import not_found
from portal.matters import contacts
from portal.matters.meetings import all_of
from portal.pages.language import marked
from portal.pages.matters import Act, asked, carry_out, may
from portal.pages.meant import ENTERPRISE, OFFICER, Fields
from portal.pages.names import names
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action
from scheduler import keys
from schemas import contact_commands as c
from schemas.base import CHINA
from schemas.contacts import ContactWay, PairRole, PresenceKind
from schemas.envelope import ActorRole
from streams.readmodels import Row

router = APIRouter()

STAGES: Final = {
    "due": marked("本月未对接"),
    "met": marked("本月已对接"),
    "waived": marked("本月无需联系"),
    "ended": marked("已解除"),
}
"""What the stages of a pairing's month are called."""

WHOM: Final[Fields] = {"enterprise": ENTERPRISE, "official": OFFICER, "person": OFFICER}
"""Whom the fields of these pages name."""

ACTS: Final[Mapping[str, Act]] = {
    "contacts": (
        Action.CONTACT_RECORD,
        lambda id_, f: c.RecordContact(
            pairing=id_,
            way=ContactWay(f.one("way")),
            line=f.one("line"),
            visit=f.some("visit"),
            packages=f.many("packages"),
        ),
        "contact-recorded",
    ),
    "waiver": (
        Action.CONTACT_WAIVE,
        lambda id_, f: c.WaiveContact(pairing=id_, month=f.one("month")),
        "contact-waived",
    ),
    "hand-over": (
        Action.CONTACT_PAIR,
        lambda id_, f: c.HandOverPairing(
            pairing=id_,
            official=f.one("official"),
            since=date.fromisoformat(f.one("since")),
            note=f.one("note"),
        ),
        "pairing-handed-over",
    ),
    "end": (
        Action.CONTACT_PAIR,
        lambda id_, f: c.EndPairing(pairing=id_, reason=f.one("reason")),
        "pairing-ended",
    ),
}
"""What a form on a pairing's page does, who may, and what is said afterwards."""

SHOWN: Final = 300
"""Pairings that the page shows."""


def _today(visitor: Visitor) -> date:
    return visitor.house.service.clock.now().astimezone(CHINA).date()


@router.get("/contacts")
async def list_(visitor: Known) -> Response:
    """包联对接 / pairings, those whose month is open first, and the week in figures."""
    today = _today(visitor)
    rows = await contacts.listed(visitor.queries, visitor.me, today)
    shown = rows[:SHOWN]
    passes = may(visitor, Action.PRESENCE_READ)
    found = await contacts.presences(visitor.queries, visitor.me, today) if passes else ()
    firms = {row.state.pair.enterprise for row in shown} | {x.presence.enterprise for x in found}
    pairs = may(visitor, Action.CONTACT_PAIR)
    return visitor.page(
        "contacts.html.j2",
        rows=shown,
        total=len(rows),
        digest=contacts.digest(rows, today),
        ways=tuple(ContactWay),
        stages=STAGES,
        presences=found,
        passes=passes,
        grants=may(visitor, Action.PRESENCE_GRANT),
        pairs=pairs,
        roles=tuple(PairRole),
        kinds=tuple(PresenceKind),
        today=today,
        names=await names(
            visitor.queries,
            firms,
            people={row.state.on(today).official for row in shown}
            | {x.presence.person for x in found},
        ),
        territories=await visitor.queries.rows("territory") if pairs else (),
    )


@router.post("/contacts")
async def pair(visitor: Known) -> Response:
    """结对 / pair an official with an enterprise."""
    told = await asked(
        visitor,
        Action.CONTACT_PAIR,
        lambda form: c.PairOfficial(
            enterprise=form.one("enterprise"),
            official=form.one("official"),
            role=PairRole(form.one("role")),
            territory=form.some("territory"),
            since=date.fromisoformat(form.one("since")),
        ),
        whom=WHOM,
    )
    return visitor.go(f"/contacts/{told.id}", "pairing-made")


@router.post("/contacts/presences")
async def grant(visitor: Known) -> Response:
    """同意驻企 / the enterprise lets a named person in."""
    await asked(
        visitor,
        Action.PRESENCE_GRANT,
        lambda form: c.GrantPresence(
            person=form.one("person"),
            kind=PresenceKind(form.one("kind")),
            until=date.fromisoformat(form.one("until")),
        ),
        whom=WHOM,
    )
    return visitor.go("/contacts", "presence-granted")


@router.post("/contacts/presences/{presence}")
async def revoke(visitor: Known, presence: PathId) -> Response:
    """收回驻企通行 / take a pass back."""
    await asked(
        visitor,
        Action.PRESENCE_REVOKE,
        lambda form: c.RevokePresence(presence=presence, reason=form.one("reason")),
    )
    return visitor.go("/contacts", "presence-revoked")


@router.get("/contacts/{pairing}")
async def show(visitor: Known, pairing: PathId) -> Response:
    """一个包联关系 / one pairing: who, since when, what was said."""
    row = await _seen(visitor, pairing)
    home = row.state.on(row.day).department
    records = may(visitor, Action.CONTACT_RECORD) and (
        visitor.me.of == home or visitor.me.of is None
    )
    open_ = row.state.ended is None
    packages = await all_of(visitor.queries, "package")
    return visitor.page(
        "contact.html.j2",
        row=row,
        s=row.state,
        stages=STAGES,
        ways=tuple(ContactWay),
        records=records and open_,
        waives=visitor.me.role is ActorRole.ENTERPRISE and open_,
        pairs=may(visitor, Action.CONTACT_PAIR) and open_,
        visits=await _visits(visitor, row) if records and open_ else (),
        packages=packages,
        titles={each.id: each.name for each in packages},
        today=row.day,
        month=keys.month_of(row.day),
        names=await names(
            visitor.queries,
            {row.state.pair.enterprise},
            people={spell.official for spell in row.state.spells},
        ),
    )


@router.post("/contacts/{pairing}/{act}")
async def change(visitor: Known, pairing: PathId, act: str) -> Response:
    """Do what a form on a pairing's page asks for."""
    row = await _seen(visitor, pairing)
    owners = (row.state.on(row.day).department, row.state.pair.enterprise)
    id_ = row.state.id
    return await carry_out(visitor, ACTS, act, id_, f"/contacts/{id_}", *owners, whom=WHOM)


async def _visits(visitor: Visitor, row: contacts.Listed) -> list[Row]:
    """Return the entries of the pairing's month at its enterprise, the last first."""
    own = {"enterprise": row.state.pair.enterprise, "status": ["entered", "left", "closed"]}
    found = await visitor.queries.rows("visit", month=keys.month_of(row.day), **own)
    return sorted(found, key=lambda visit: visit["day"], reverse=True)


async def _seen(visitor: Visitor, id_: str) -> contacts.Listed:
    row = await contacts.pairing(visitor.queries, visitor.me, id_, _today(visitor))
    if row is None:
        raise not_found(id_)
    return row
