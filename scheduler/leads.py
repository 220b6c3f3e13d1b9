"""违法线索: the state of a lead between two bodies, and its fold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Final

from scheduler.moment import Moment, with_
from schemas.base import Frozen
from schemas.events import leads as e
from schemas.leads import Lead, LeadReply


class LeadStatus(StrEnum):
    """Where a lead stands."""

    HANDED_OVER = "handed_over"
    RECEIVED = "received"
    REPLIED = "replied"


class LeadState(Frozen):
    """A lead, its receipt and its reply."""

    id: str
    lead: Lead
    by: str
    handed_over: date
    received: date | None = None
    received_by: str | None = None
    receipt: str | None = None
    reply: LeadReply | None = None
    replied: date | None = None

    @property
    def status(self) -> LeadStatus:
        """Where it stands."""
        if self.reply is not None:
            return LeadStatus.REPLIED
        return LeadStatus.HANDED_OVER if self.received is None else LeadStatus.RECEIVED


def _handed_over(_: object, event: e.LeadHandedOver, stream: str, moment: Moment) -> object:
    id_ = stream.partition("/")[2]
    return LeadState(id=id_, lead=event.lead, by=event.by, handed_over=moment.day)


def _received(old: LeadState, event: e.LeadReceived, _: str, moment: Moment) -> object:
    return with_(old, received=moment.day, received_by=event.by, receipt=event.receipt)


def _replied(old: LeadState, event: e.LeadReplied, _: str, moment: Moment) -> object:
    return with_(old, reply=event.reply, replied=moment.day)


KINDS: Final[dict[str, type[Frozen]]] = {"lead": LeadState}
"""The kind of this state."""

OWN: Final[dict[type, Callable[..., object]]] = {
    e.LeadHandedOver: _handed_over,
    e.LeadReceived: _received,
    e.LeadReplied: _replied,
}
"""What each event does to the cell of its own stream."""
