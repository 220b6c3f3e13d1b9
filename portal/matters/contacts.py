"""包联对接 as people see it: whose month is still open, what was said, the week in figures, who may stay."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.permissions import Action, Reach, reach
from scheduler import keys
from scheduler.contacts import PairingState, PresenceState
from schemas.contacts import Contact
from schemas.envelope import Actor, ActorRole
from streams.queries import Queries


@dataclass(frozen=True, slots=True)
class Listed:
    """A pairing as of a day."""

    state: PairingState
    day: date

    @property
    def stage(self) -> str:
        """Where this month stands: ended, met, waived or due."""
        month = keys.month_of(self.day)
        if self.state.ended is not None:
            return "ended"
        if any(keys.month_of(contact.on) == month for contact in self.state.contacts):
            return "met"
        return "waived" if month in self.state.waived else "due"

    @property
    def last(self) -> Contact | None:
        """The last contact."""
        return self.state.contacts[-1] if self.state.contacts else None


@dataclass(frozen=True, slots=True)
class Digest:
    """The week 每周摘要: contacts by way, pairs whose month is open, months missed."""

    since: date
    ways: Counter[str]
    open: int
    met: int
    waived: int
    missed: int


async def listed(queries: Queries, actor: Actor, day: date) -> tuple[Listed, ...]:
    """Return the pairings that somebody may see: a department's and an enterprise's own, or all.

    Those whose month is still open come first.
    """
    wanted: dict[str, Any] = {}
    if reach(actor, Action.CONTACT_READ) is Reach.OWN:
        column = "enterprise" if actor.role is ActorRole.ENTERPRISE else "department"
        wanted = {column: actor.of}
    rows = [Listed(state, day) for _, state in await queries.find("pairing", **wanted)]
    order = ("due", "waived", "met", "ended")
    return tuple(sorted(rows, key=lambda row: (order.index(row.stage), row.state.id)))


async def pairing(queries: Queries, actor: Actor, id_: str, day: date) -> Listed | None:
    """Return a pairing that somebody may see, ``None`` for any other."""
    everybody = reach(actor, Action.CONTACT_READ) is Reach.ALL
    state = await queries.get(PairingState, keys.pairing(id_))
    if state is None:
        return None
    own = {state.pair.enterprise, state.on(day).department}
    return Listed(state, day) if everybody or actor.of in own else None


def digest(rows: tuple[Listed, ...], day: date) -> Digest:
    """Return the last seven days in figures."""
    since = day - timedelta(days=6)
    contacts = [c for row in rows for c in row.state.contacts if since <= c.on <= day]
    stages = Counter(row.stage for row in rows)
    before = keys.month_of(day.replace(day=1) - timedelta(days=1))
    missed = sum(before in row.state.missed for row in rows)
    ways = Counter(contact.way.value for contact in contacts)
    return Digest(since, ways, stages["due"], stages["met"], stages["waived"], missed)


async def presences(queries: Queries, actor: Actor, day: date) -> tuple[PresenceState, ...]:
    """Return the passes that are good on a day: an enterprise's own, or all for the office."""
    own = actor.role is ActorRole.ENTERPRISE
    wanted: dict[str, Any] = {"enterprise": actor.of} if own else {}
    found = [state for _, state in await queries.find("presence", **wanted)]
    return tuple(state for state in found if state.valid(day))
