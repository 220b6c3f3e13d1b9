"""Sealed visits and sealed identities: planned, looked at, opened; asked, granted, seen."""

from __future__ import annotations

from datetime import date
from typing import Literal

from schemas.base import Count, Id, Sealed, Text
from schemas.draws import Hash
from schemas.events.base import EventBase
from schemas.lanes import HalfDay
from schemas.sealed import SealedDetail


class SealedPlanned(EventBase):
    """A sealed visit takes a block of a department's capacity; what it is stays encrypted."""

    type: Literal["cn.wurao.sealed.planned.v1"] = "cn.wurao.sealed.planned.v1"
    department: Id
    day: date
    half: HalfDay | None = None
    units: Count
    commitment: Hash
    detail: Sealed
    by: Id


class SealedLooked(EventBase):
    """Somebody looked at a sealed visit."""

    type: Literal["cn.wurao.sealed.looked.v1"] = "cn.wurao.sealed.looked.v1"
    by: Id
    reason: Text


class SealedOpened(EventBase):
    """The sealed visit was opened; from here on it is the request that it names."""

    type: Literal["cn.wurao.sealed.opened.v1"] = "cn.wurao.sealed.opened.v1"
    detail: SealedDetail
    request: Id


class SealedCancelled(EventBase):
    """The sealed visit was called off; its target stays unknown."""

    type: Literal["cn.wurao.sealed.cancelled.v1"] = "cn.wurao.sealed.cancelled.v1"
    reason: Text


class IdentityAsked(EventBase):
    """Somebody asked to learn who rated a visit."""

    type: Literal["cn.wurao.identity.asked.v1"] = "cn.wurao.identity.asked.v1"
    visit: Id
    by: Id
    role: Id
    reason: Text


class IdentityGranted(EventBase):
    """Somebody else, in another role, agreed."""

    type: Literal["cn.wurao.identity.granted.v1"] = "cn.wurao.identity.granted.v1"
    by: Id
    role: Id
    reason: Text


class IdentitySeen(EventBase):
    """The identity was seen."""

    type: Literal["cn.wurao.identity.seen.v1"] = "cn.wurao.identity.seen.v1"
    by: Id
