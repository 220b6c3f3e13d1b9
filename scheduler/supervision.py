"""The fold of alerts taken up, of sealed visits and of identities opened under dual control."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scheduler import states as s
from scheduler.moment import Moment, with_
from schemas import events as e
from schemas.events import Event
from schemas.sealed import Look


def _taken_up(_: object, event: e.AlertTakenUp, __: str, moment: Moment) -> object:
    return s.AlertState(
        alert=event.alert, by=moment.actor.id, taken_up=moment.recorded, asked=event.asked
    )


def _alert(old: s.AlertState, event: Event, _: str, moment: Moment) -> object:
    match event:
        case e.AlertAnswered():
            return with_(old, words=(*old.words, event.word))
        case e.AlertClosed():
            by = moment.actor.id
            return with_(
                old, finding=event.finding, reason=event.reason, closed_by=by, code=event.code
            )
        case e.AlertHandedOver():
            return with_(old, handover=event.handover)
        case e.HandoverRecorded():
            if old.handover is None:
                raise TypeError(type(event))
            changed = {"receipt": event.receipt}
            if event.outcome is not None:
                changed["outcome"] = event.outcome
            return with_(old, handover=with_(old.handover, **changed))
        case _:
            raise TypeError(type(event))


def _planned(_: object, event: e.SealedPlanned, stream: str, moment: Moment) -> object:
    return s.SealedState(
        id=stream.partition("/")[2],
        department=event.department,
        day=event.day,
        half=event.half,
        units=event.units,
        commitment=event.commitment,
        detail=event.detail,
        by=event.by,
        at=moment.recorded,
    )


def _sealed(old: s.SealedState, event: Event, _: str, moment: Moment) -> object:
    match event:
        case e.SealedLooked():
            look = Look(by=event.by, at=moment.recorded, reason=event.reason)
            return with_(old, looks=(*old.looks, look))
        case e.SealedOpened():
            return with_(old, status=s.SealedStatus.OPENED, request=event.request)
        case e.SealedCancelled():
            return with_(old, status=s.SealedStatus.CANCELLED)
        case _:
            raise TypeError(type(event))


def _asked(_: object, event: e.IdentityAsked, stream: str, __: Moment) -> object:
    return s.IdentityState(
        id=stream.partition("/")[2],
        visit=event.visit,
        asked_by=event.by,
        asked_as=event.role,
        reason=event.reason,
    )


def _identity(old: s.IdentityState, event: Event, _: str, moment: Moment) -> object:
    match event:
        case e.IdentityGranted():
            given = {"granted_by": event.by, "granted_as": event.role, "grounds": event.reason}
            return with_(old, **given)
        case e.IdentitySeen():
            look = Look(by=event.by, at=moment.recorded, reason=old.reason)
            return with_(old, seen=(*old.seen, look))
        case _:
            raise TypeError(type(event))


OWN: Final[dict[type, Callable[..., object]]] = {
    e.AlertTakenUp: _taken_up,
    e.AlertAnswered: _alert,
    e.AlertClosed: _alert,
    e.AlertHandedOver: _alert,
    e.HandoverRecorded: _alert,
    e.SealedPlanned: _planned,
    e.SealedLooked: _sealed,
    e.SealedOpened: _sealed,
    e.SealedCancelled: _sealed,
    e.IdentityAsked: _asked,
    e.IdentityGranted: _identity,
    e.IdentitySeen: _identity,
}
"""What each event does to the cell of its own stream."""
