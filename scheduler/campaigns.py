"""专项检查: the state of a campaign, and what it says to a request that cites it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final

from scheduler.moment import Moment, with_
from scheduler.trades import in_trade
from schemas.base import Frozen, Instant
from schemas.campaigns import Campaign
from schemas.events import campaigns as e
from schemas.registry import Enterprise
from schemas.visits import Decision, Request


class CampaignStatus(StrEnum):
    """Where the newest version of a campaign stands."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    APPROVED = "approved"
    PUBLISHED = "published"
    ENDED = "ended"


class Version(Frozen):
    """A version as it was proposed."""

    number: int
    campaign: Campaign
    by: str
    reason: str | None = None


class CampaignState(Frozen):
    """A campaign: ``newest`` waits or stands, ``approved`` is what requests may cite."""

    id: str
    newest: Version
    approved: Version | None = None
    approved_by: str | None = None
    approved_at: Instant | None = None
    refused: str | None = None
    published: int = 0
    result: str | None = None

    @property
    def status(self) -> CampaignStatus:
        """Where the newest version stands."""
        if self.result is not None:
            return CampaignStatus.ENDED
        if self.approved is None or self.approved.number != self.newest.number:
            return CampaignStatus.PROPOSED if self.refused is None else CampaignStatus.REFUSED
        done = self.published == self.newest.number
        return CampaignStatus.PUBLISHED if done else CampaignStatus.APPROVED

    @property
    def stands(self) -> Campaign | None:
        """The plan that requests may cite; ``None`` before its approval and after its end."""
        return self.approved.campaign if self.approved and self.result is None else None


def unfit(campaign: Campaign, request: Request, fits_trade: bool) -> Iterator[str]:
    """Name what a campaign does not cover of a request."""
    if request.department not in campaign.bodies:
        yield "departments"
    if not campaign.kind.allows(request.purpose):
        yield "purpose"
    if campaign.items and not set(request.items) <= set(campaign.items):
        yield "items"
    if not fits_trade:
        yield "trades"
    if request.window.first not in campaign.window or request.window.last not in campaign.window:
        yield "window"


def in_trades(campaign: Campaign, enterprise: Enterprise) -> bool:
    """Tell whether an enterprise is of a campaign's trades, where it names any."""
    return not campaign.trades or any(in_trade(enterprise, t) for t in campaign.trades)


def _proposed(
    old: CampaignState | None, event: e.CampaignProposed, stream: str, _: Moment
) -> object:
    version = Version(
        number=event.version, campaign=event.campaign, by=event.by, reason=event.reason
    )
    if old is None:
        return CampaignState(id=stream.partition("/")[2], newest=version)
    return with_(old, newest=version, refused=None)


def _campaign(old: CampaignState, event: e.CampaignEvent, _: str, moment: Moment) -> object:
    match event:
        case e.CampaignDecided() if event.decision is Decision.REFUSED:
            return with_(old, refused=event.reason or "-")
        case e.CampaignDecided():
            at = moment.recorded
            return with_(old, approved=old.newest, approved_by=event.by, approved_at=at)
        case e.CampaignPublished():
            return with_(old, published=event.version)
        case e.CampaignEnded():
            return with_(old, result=event.result)
        case _:
            raise TypeError(type(event))


KINDS: Final[dict[str, type[Frozen]]] = {"campaign": CampaignState}
"""The kind of this state."""

OWN: Final[dict[type, Callable[..., object]]] = {
    e.CampaignProposed: _proposed,
    e.CampaignDecided: _campaign,
    e.CampaignPublished: _campaign,
    e.CampaignEnded: _campaign,
}
"""What each event does to the cell of its own stream."""
