"""非现场监管: the state of tasks that open no door, and its fold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Final

from scheduler.moment import Moment, with_
from schemas.base import Frozen
from schemas.events import off_site as e
from schemas.off_site import OffSiteSettlement, OffSiteTask


class OffSiteStatus(StrEnum):
    """Where an off-site task stands."""

    OPEN = "open"
    SETTLED = "settled"
    DROPPED = "dropped"


class OffSiteState(Frozen):
    """An off-site task. It is counted apart from entries."""

    id: str
    task: OffSiteTask
    by: str
    opened: date
    status: OffSiteStatus = OffSiteStatus.OPEN
    settlement: OffSiteSettlement | None = None
    ended: date | None = None
    reason: str | None = None


def _opened(_: object, event: e.OffSiteOpened, stream: str, moment: Moment) -> object:
    id_ = stream.partition("/")[2]
    return OffSiteState(id=id_, task=event.task, by=event.by, opened=moment.day)


def _settled(old: OffSiteState, event: e.OffSiteSettled, _: str, moment: Moment) -> object:
    settlement = event.settlement
    return with_(old, status=OffSiteStatus.SETTLED, settlement=settlement, ended=moment.day)


def _dropped(old: OffSiteState, event: e.OffSiteDropped, _: str, moment: Moment) -> object:
    return with_(old, status=OffSiteStatus.DROPPED, ended=moment.day, reason=event.reason)


KINDS: Final[dict[str, type[Frozen]]] = {"off_site": OffSiteState}
"""The kind of this state."""

OWN: Final[dict[type, Callable[..., object]]] = {
    e.OffSiteOpened: _opened,
    e.OffSiteSettled: _settled,
    e.OffSiteDropped: _dropped,
}
"""What each event does to the cell of its own stream."""
