"""包联对接: who is paired with an enterprise, in which territory, how they speak; who stays there by a pass."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from schemas.base import Frozen, Id, Name, Text
from schemas.uscc import Uscc


class TerritoryKind(StrEnum):
    """层级. A level of the territory tree 1+33+65+N."""

    CITY = "city"
    COMMUNITY = "community"
    GRID = "grid"
    BLOCK = "block"


class Territory(Frozen):
    """片区. A part of the tree; ``head`` answers for it."""

    id: Id
    name: Name
    kind: TerritoryKind
    parent: Id | None = None
    head: Id | None = None


class PairRole(StrEnum):
    """As what an official is paired with an enterprise."""

    LEADER = "leader"
    COMMUNITY_HEAD = "community_head"
    GRID_HEAD = "grid_head"
    RESIDENT = "resident"
    PAIRED = "paired"


class Pair(Frozen):
    """包联. An official and an enterprise, from a day on."""

    enterprise: Uscc
    official: Id
    department: Id
    role: PairRole = PairRole.PAIRED
    territory: Id | None = None
    since: date


class ContactWay(StrEnum):
    """How a contact took place; on the spot it is a visit, with all that a visit needs."""

    PHONE = "phone"
    ONLINE = "online"
    MEETING = "meeting"
    ON_SITE = "on_site"


class Contact(Frozen):
    """对接. One line says what it was about; never a photograph or a position.

    ``packages`` are those of policies or services that were handed over 政策包、服务包.
    """

    way: ContactWay
    line: Text
    on: date
    by: Id
    visit: Id | None = None
    packages: tuple[Id, ...] = ()


class PresenceKind(StrEnum):
    """As what somebody may stay at an enterprise."""

    RESIDENT = "resident"
    PROJECT_POLICE = "project_police"
    TASK_FORCE = "task_force"


class Presence(Frozen):
    """驻企通行. A named person whom an enterprise lets in until a day; no power to inspect."""

    enterprise: Uscc
    person: Id
    kind: PresenceKind
    since: date
    until: date
