"""专项检查 and 大走访大调研: proposed with an assessment, approved, published, kept to their number."""

from __future__ import annotations

from fastapi import APIRouter

from portal.http.changing import CHANGE, SEE, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.limits import StrictRoute
from portal.matters import campaigns
from portal.permissions import Action, Resource, authorize
from scheduler.campaigns import CampaignState, CampaignStatus
from schemas import campaign_commands as c
from schemas.base import Count, Frozen, Id, Text
from schemas.campaigns import Campaign
from schemas.visits import Decision

router = APIRouter(prefix="/campaigns", tags=["campaigns 专项检查"], route_class=StrictRoute)


class CampaignView(Frozen):
    """A campaign, where it stands, and how much of its number is taken."""

    state: CampaignState
    status: CampaignStatus
    number: int
    taken: int


class ProposalBody(Frozen):
    """A campaign's plan; an amendment names what it amends and says why."""

    campaign: Campaign
    amends: Id | None = None
    reason: Text | None = None


class VerdictBody(Frozen):
    """A yes or a no to the version that waits; a no says why."""

    version: Count
    decision: Decision
    reason: Text | None = None


class EndBody(Frozen):
    """What came of a campaign."""

    result: Text


def _view(row: campaigns.Row) -> CampaignView:
    status = row.state.status
    return CampaignView(state=row.state, status=status, number=row.number, taken=row.taken)


async def _seen(stands: House, id_: str) -> campaigns.Row:
    return there(await campaigns.campaign(stands.service.queries, id_), id_)


@router.get("", responses=SEE)
async def list_(stands: In, who: Who) -> tuple[CampaignView, ...]:
    """专项检查, 待批的在前 / campaigns, those that wait for a decision first."""
    authorize(who.actor, Action.CAMPAIGN_READ, Resource())
    return tuple(map(_view, await campaigns.listed(stands.service.queries)))


@router.post("", status_code=201, responses=CHANGE)
async def propose(asks: Asks, body: ProposalBody) -> CampaignView:
    """提出或修改 / propose a campaign, or amend one with the reason."""
    command = c.ProposeCampaign(campaign=body.campaign, amends=body.amends, reason=body.reason)
    lead = body.campaign.lead
    id_ = await asks.change(Action.CAMPAIGN_PROPOSE, command, lead)
    return _view(await _seen(asks.stands, id_))


@router.get("/{campaign}", responses=SEE)
async def show(stands: In, who: Who, campaign: PathId) -> CampaignView:
    """一个专项检查 / one campaign."""
    authorize(who.actor, Action.CAMPAIGN_READ, Resource())
    return _view(await _seen(stands, campaign))


@router.post("/{campaign}/decision", responses=CHANGE)
async def decide(asks: Asks, campaign: PathId, body: VerdictBody) -> CampaignView:
    """批准或退回 / approve the version that waits, or send it back."""
    command = c.DecideCampaign(campaign=campaign, **body.model_dump())
    await asks.change(Action.CAMPAIGN_DECIDE, command)
    return _view(await _seen(asks.stands, campaign))


@router.post("/{campaign}/publication", responses=CHANGE)
async def publish(asks: Asks, campaign: PathId) -> CampaignView:
    """公布 / publish the approved plan."""
    lead = (await _seen(asks.stands, campaign)).state.newest.campaign.lead
    command = c.PublishCampaign(campaign=campaign)
    await asks.change(Action.CAMPAIGN_PROPOSE, command, lead)
    return _view(await _seen(asks.stands, campaign))


@router.post("/{campaign}/end", responses=CHANGE)
async def end(asks: Asks, campaign: PathId, body: EndBody) -> CampaignView:
    """结束 / end a campaign and say what came of it."""
    lead = (await _seen(asks.stands, campaign)).state.newest.campaign.lead
    command = c.EndCampaign(campaign=campaign, result=body.result)
    await asks.change(Action.CAMPAIGN_PROPOSE, command, lead)
    return _view(await _seen(asks.stands, campaign))
