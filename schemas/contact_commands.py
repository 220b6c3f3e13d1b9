"""Commands of the contact with enterprises 包联对接: pairs, contacts, standing presence 驻企."""

from __future__ import annotations

from datetime import date
from typing import Literal

from schemas.base import Id, Month, Text
from schemas.command_base import CommandBase
from schemas.contacts import ContactWay, PairRole, PresenceKind, Territory
from schemas.uscc import Uscc


class SetTerritory(CommandBase):
    """Set a part of the territory tree, or who answers for it."""

    type: Literal["cn.wurao.territory.set.v1"] = "cn.wurao.territory.set.v1"
    territory: Territory


class PairOfficial(CommandBase):
    """结对. Pair an official with an enterprise from a day on."""

    type: Literal["cn.wurao.pairing.make.v1"] = "cn.wurao.pairing.make.v1"
    enterprise: Uscc
    official: Id
    role: PairRole = PairRole.PAIRED
    territory: Id | None = None
    since: date


class HandOverPairing(CommandBase):
    """交接. Another official takes over from a day on; the month's contact stays due."""

    type: Literal["cn.wurao.pairing.hand_over.v1"] = "cn.wurao.pairing.hand_over.v1"
    pairing: Id
    official: Id
    since: date
    note: Text


class EndPairing(CommandBase):
    """End a pairing, with the reason."""

    type: Literal["cn.wurao.pairing.end.v1"] = "cn.wurao.pairing.end.v1"
    pairing: Id
    reason: Text


class RecordContact(CommandBase):
    """对接. One line; on the spot it names the visit that it was."""

    type: Literal["cn.wurao.contact.record.v1"] = "cn.wurao.contact.record.v1"
    pairing: Id
    way: ContactWay = ContactWay.PHONE
    line: Text
    visit: Id | None = None
    packages: tuple[Id, ...] = ()


class WaiveContact(CommandBase):
    """本月无需联系. The enterprise does without this month's contact."""

    type: Literal["cn.wurao.contact.waive.v1"] = "cn.wurao.contact.waive.v1"
    pairing: Id
    month: Month


class GrantPresence(CommandBase):
    """驻企. An enterprise lets a named person in until a day."""

    type: Literal["cn.wurao.presence.grant.v1"] = "cn.wurao.presence.grant.v1"
    person: Id
    kind: PresenceKind
    until: date


class RevokePresence(CommandBase):
    """Take a pass back, at any time."""

    type: Literal["cn.wurao.presence.revoke.v1"] = "cn.wurao.presence.revoke.v1"
    presence: Id
    reason: Text


ContactCommand = (
    SetTerritory
    | PairOfficial
    | HandOverPairing
    | EndPairing
    | RecordContact
    | WaiveContact
    | GrantPresence
    | RevokePresence
)
