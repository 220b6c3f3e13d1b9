"""包联对接: the states of pairings, territories and passes, and their fold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from scheduler.moment import Moment, with_
from schemas.base import Frozen
from schemas.contacts import Contact, Pair, Presence, Territory
from schemas.events import Event
from schemas.events import contacts as e


class Spell(Frozen):
    """Since when which official of which department is paired, and how he came to be."""

    official: str
    department: str
    since: date
    note: str | None = None


class PairingState(Frozen):
    """A pairing with its officials, one after another, and its contacts.

    ``month`` is the newest that asks for a contact.
    """

    id: str
    pair: Pair
    month: str
    spells: tuple[Spell, ...]
    contacts: tuple[Contact, ...] = ()
    waived: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    ended: date | None = None
    reason: str | None = None

    def on(self, day: date) -> Spell:
        """Return who is paired on a day: the last who had begun by then, else the first."""
        begun = [spell for spell in self.spells if spell.since <= day]
        return begun[-1] if begun else self.spells[0]


class PresenceState(Frozen):
    """A pass."""

    id: str
    presence: Presence
    revoked: date | None = None
    reason: str | None = None

    def valid(self, day: date) -> bool:
        """Whether it lets somebody in on a day."""
        return self.revoked is None and self.presence.since <= day <= self.presence.until


def _made(_: object, event: e.PairingMade, stream: str, __: Moment) -> object:
    pair = event.pair
    spell = Spell(official=pair.official, department=pair.department, since=pair.since)
    id_ = stream.partition("/")[2]
    return PairingState(id=id_, pair=pair, month=event.month, spells=(spell,))


def _pairing(old: PairingState, event: Event, _: str, moment: Moment) -> object:
    match event:
        case e.PairingHandedOver():
            spell = Spell(
                official=event.official,
                department=event.department,
                since=event.since,
                note=event.note,
            )
            spells = sorted((*old.spells, spell), key=lambda each: each.since)
            return with_(old, spells=tuple(spells))
        case e.PairingEnded():
            return with_(old, ended=moment.day, reason=event.reason)
        case e.ContactRecorded():
            return with_(old, contacts=(*old.contacts, event.contact), month=event.month)
        case e.ContactWaived():
            return with_(old, waived=(*old.waived, event.waived), month=event.month)
        case e.ContactMissed():
            return with_(old, missed=(*old.missed, event.missed), month=event.month)
        case _:
            raise TypeError(type(event))


def _granted(_: object, event: e.PresenceGranted, stream: str, __: Moment) -> object:
    return PresenceState(id=stream.partition("/")[2], presence=event.presence)


def _revoked(old: PresenceState, event: e.PresenceRevoked, _: str, moment: Moment) -> object:
    return with_(old, revoked=moment.day, reason=event.reason)


ContactStates = PairingState | PresenceState | Territory

KINDS: Final[dict[str, type[Frozen]]] = {
    "pairing": PairingState,
    "presence": PresenceState,
    "territory": Territory,
}
"""The kinds of these states."""

OWN: Final[dict[type, Callable[..., object]]] = {
    e.TerritorySet: lambda _, event, __, ___: event.territory,
    e.PairingMade: _made,
    e.PairingHandedOver: _pairing,
    e.PairingEnded: _pairing,
    e.ContactRecorded: _pairing,
    e.ContactWaived: _pairing,
    e.ContactMissed: _pairing,
    e.PresenceGranted: _granted,
    e.PresenceRevoked: _revoked,
}
"""What each event does to the cell of its own stream."""
