"""Personal data as the ledger tells of them: the states, and the fold of their events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scheduler import privacy_states as s
from scheduler.moment import Moment, with_
from schemas import events as e
from schemas.events import Event
from schemas.privacy import Asked, Erased, Hold


def _adopted(old: s.RetentionState | None, event: e.RetentionAdopted, *_: object) -> object:
    return s.RetentionState(adoption=(old.adoption if old else 0) + 1, retention=event.retention)


def _subject(old: s.PrivacyState | None, event: Event, _: str, moment: Moment) -> object:
    by, at = moment.actor.id, moment.occurred
    match event:
        case e.SubjectHeld():
            state = old or s.PrivacyState(subject=event.subject)
            hold = Hold(id=event.hold, reference=event.reference, reason=event.reason, by=by, at=at)
            return with_(state, holds=(*state.holds, hold))
        case e.SubjectReleased():
            state = old or s.PrivacyState(subject=event.subject)
            return with_(state, holds=tuple(h for h in state.holds if h.id != event.hold))
        case e.ErasureAsked():
            state = old or s.PrivacyState(subject=event.subject)
            asked = Asked(ground=event.ground, reason=event.reason, by=by, at=at)
            return with_(state, asked=asked)
        case e.SubjectErased():
            state = old or s.PrivacyState(subject=event.subject)
            erased = Erased(
                ground=event.ground, reason=event.reason, asked_by=event.asked_by, by=by, at=at
            )
            return with_(state, asked=None, erased=(*state.erased, erased))
        case _:
            raise TypeError(type(event))


def _revealed(old: s.RevealsState | None, _: object, stream: str, __: Moment) -> object:
    state = old or s.RevealsState(month=stream.partition("/")[2])
    return with_(state, count=state.count + 1)


OWN: Final[dict[type, Callable[..., object]]] = {
    e.RetentionAdopted: _adopted,
    e.SubjectHeld: _subject,
    e.SubjectReleased: _subject,
    e.ErasureAsked: _subject,
    e.SubjectErased: _subject,
    e.PersonalRevealed: _revealed,
}
"""What each of these events does to the cell of its own stream."""
