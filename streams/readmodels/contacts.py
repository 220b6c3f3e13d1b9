"""Rows of pairings with their contacts, of territories and of passes to stay at an enterprise."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler import contacts as s
from schemas.contacts import Territory
from streams.readmodels.pieces import Rows, many, one, text


def territory(id_: str, t: Territory) -> Iterable[Rows]:
    """Return the row of a part of the territory tree."""
    row = {"name": text(t.name), "kind": t.kind.value, "parent": t.parent, "head": t.head}
    yield one("territory", {"id": id_, **row})


def pairing(id_: str, p: s.PairingState) -> Iterable[Rows]:
    """Return the rows of a pairing: the last who took over, and its contacts one by one."""
    last = p.spells[-1]
    yield one(
        "pairing",
        {
            "id": id_,
            "enterprise": p.pair.enterprise,
            "official": last.official,
            "department": last.department,
            "role": p.pair.role.value,
            "territory": p.pair.territory,
            "since": last.since,
            "ended": p.ended,
            "asks": p.month,
            "contacts": len(p.contacts),
            "missed": len(p.missed),
        },
    )
    said = ({"number": n, "day": c.on, "way": c.way.value} for n, c in enumerate(p.contacts))
    yield many("contact", {"pairing": id_}, said)


def presence(id_: str, p: s.PresenceState) -> Iterable[Rows]:
    """Return the row of a pass."""
    row = {
        "enterprise": p.presence.enterprise,
        "person": p.presence.person,
        "kind": p.presence.kind.value,
        "since": p.presence.since,
        "until": p.presence.until,
        "revoked": p.revoked,
    }
    yield one("presence", {"id": id_, **row})
