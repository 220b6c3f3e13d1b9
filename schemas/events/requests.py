"""A request's story, from taking it in to the day that it got, or did not get."""

from __future__ import annotations

from datetime import date
from typing import Literal

from schemas.base import Id, Month, Text
from schemas.events.base import EventBase
from schemas.objections import Objection
from schemas.plans import Unplaced
from schemas.visits import (
    Approval,
    Request,
)


class RequestAccepted(EventBase):
    """A request passed the rules. ``advice`` holds objections that bind nobody here."""

    type: Literal["cn.wurao.request.accepted.v1"] = "cn.wurao.request.accepted.v1"
    request: Request
    approvals_needed: tuple[str, ...]
    advice: tuple[Objection, ...] = ()
    lift_asked: tuple[Id, ...] = ()
    by: Id


class RequestRefused(EventBase):
    """A request was refused, with every rule that stands in its way and the ways out."""

    type: Literal["cn.wurao.request.refused.v1"] = "cn.wurao.request.refused.v1"
    request: Request
    objections: tuple[Objection, ...]
    by: Id


class RequestWithdrawn(EventBase):
    """The department took its request back."""

    type: Literal["cn.wurao.request.withdrawn.v1"] = "cn.wurao.request.withdrawn.v1"
    reason: Text


class OnCallConfirmed(EventBase):
    """The enterprise confirmed that it asked for the visit."""

    type: Literal["cn.wurao.request.confirmed.v1"] = "cn.wurao.request.confirmed.v1"
    by: Id


class RequestDecided(EventBase):
    """One role said yes or no to a request."""

    type: Literal["cn.wurao.request.decided.v1"] = "cn.wurao.request.decided.v1"
    approval: Approval


class RequestPlaced(EventBase):
    """A request got its visit and its day."""

    type: Literal["cn.wurao.request.placed.v1"] = "cn.wurao.request.placed.v1"
    visit: Id
    day: date


class RequestUnplaced(EventBase):
    """A published plan has no day for the request; its cap units are free again."""

    type: Literal["cn.wurao.request.unplaced.v1"] = "cn.wurao.request.unplaced.v1"
    month: Month
    unplaced: Unplaced


class RequestCarried(EventBase):
    """A published plan has no day for the request yet; it goes on to the next month's plan."""

    type: Literal["cn.wurao.request.carried.v1"] = "cn.wurao.request.carried.v1"
    month: Month
    unplaced: Unplaced


class StatutoryUndecided(EventBase):
    """A statutory check found no day before its last legal date; a named person must decide."""

    type: Literal["cn.wurao.request.undecided.v1"] = "cn.wurao.request.undecided.v1"
    month: Month
    unplaced: Unplaced
    decider: str
