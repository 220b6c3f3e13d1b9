"""A pairing's story 包联对接, the territory tree, and passes for standing presence 驻企."""

from __future__ import annotations

from datetime import date
from typing import Literal

from schemas.base import Id, Month, Text
from schemas.contacts import Contact, Pair, Presence, Territory
from schemas.events.base import EventBase


class TerritorySet(EventBase):
    """A part of the territory tree was set."""

    type: Literal["cn.wurao.territory.stated.v1"] = "cn.wurao.territory.stated.v1"
    territory: Territory


class PairingMade(EventBase):
    """An official is paired with an enterprise; ``month`` is the first that asks for a contact."""

    type: Literal["cn.wurao.pairing.made.v1"] = "cn.wurao.pairing.made.v1"
    pair: Pair
    month: Month


class PairingHandedOver(EventBase):
    """Another official took over."""

    type: Literal["cn.wurao.pairing.handed_over.v1"] = "cn.wurao.pairing.handed_over.v1"
    official: Id
    department: Id
    since: date
    note: Text


class PairingEnded(EventBase):
    """The pairing is over."""

    type: Literal["cn.wurao.pairing.ended.v1"] = "cn.wurao.pairing.ended.v1"
    reason: Text


class ContactRecorded(EventBase):
    """They spoke; ``month`` is the next that asks for a contact."""

    type: Literal["cn.wurao.contact.recorded.v1"] = "cn.wurao.contact.recorded.v1"
    contact: Contact
    month: Month


class ContactWaived(EventBase):
    """The enterprise does without a month's contact; ``month`` is the next that asks for one."""

    type: Literal["cn.wurao.contact.waived.v1"] = "cn.wurao.contact.waived.v1"
    waived: Month
    month: Month


class ContactMissed(EventBase):
    """Nobody called in a month; ``month`` is the next that asks for a contact."""

    type: Literal["cn.wurao.contact.missed.v1"] = "cn.wurao.contact.missed.v1"
    missed: Month
    month: Month


class PresenceGranted(EventBase):
    """An enterprise lets a named person in. He has no power to inspect."""

    type: Literal["cn.wurao.presence.granted.v1"] = "cn.wurao.presence.granted.v1"
    presence: Presence


class PresenceRevoked(EventBase):
    """The pass was taken back."""

    type: Literal["cn.wurao.presence.revoked.v1"] = "cn.wurao.presence.revoked.v1"
    reason: Text


ContactEvent = (
    TerritorySet
    | PairingMade
    | PairingHandedOver
    | PairingEnded
    | ContactRecorded
    | ContactWaived
    | ContactMissed
    | PresenceGranted
    | PresenceRevoked
)
