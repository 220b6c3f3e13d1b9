"""The fold of scorecards and bulletins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scheduler.moment import Moment, with_
from scheduler.scorecards.states import (
    Bulletin,
    BulletinState,
    ScoreAppeal,
    ScorecardState,
    SignedCard,
)
from schemas.events import scorecards as e


def _signed(old: ScorecardState | None, event: e.ScorecardSigned, _: str, moment: Moment) -> object:
    card = SignedCard(
        version=event.version,
        figures=event.figures,
        points=event.points,
        possible=event.possible,
        vetoes=event.vetoes,
        by=event.by,
        at=moment.recorded,
        reason=event.reason,
    )
    before = old.versions if old else ()
    return ScorecardState(
        department=event.department, period=event.period, versions=(*before, card)
    )


def _newest(old: ScorecardState, appeal: ScoreAppeal) -> object:
    card = with_(old.newest, appeal=appeal)
    return with_(old, versions=(*old.versions[:-1], card))


def _appealed(old: ScorecardState, event: e.ScorecardAppealed, _: str, moment: Moment) -> object:
    return _newest(old, ScoreAppeal(reason=event.reason, by=event.by, at=moment.recorded))


def _decided(old: ScorecardState, event: e.ScoreAppealDecided, _: str, __: Moment) -> object:
    appeal = old.newest.appeal
    if appeal is None:
        raise TypeError(type(event))
    decided = {"decision": event.decision, "grounds": event.reason, "decided_by": event.by}
    return _newest(old, with_(appeal, **decided))


def _published(
    old: BulletinState | None, event: e.BulletinPublished, _: str, moment: Moment
) -> object:
    bulletin = Bulletin(
        version=event.version,
        cards=event.cards,
        by=event.by,
        at=moment.recorded,
        text=event.text,
        reason=event.reason,
    )
    before = old.versions if old else ()
    return BulletinState(period=event.period, versions=(*before, bulletin))


OWN: Final[dict[type, Callable[..., object]]] = {
    e.ScorecardSigned: _signed,
    e.ScorecardAppealed: _appealed,
    e.ScoreAppealDecided: _decided,
    e.BulletinPublished: _published,
}
"""What each event does to the cell of its own stream."""
