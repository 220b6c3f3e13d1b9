"""专项检查: a campaign proposed or amended, decided on, published, ended."""

from __future__ import annotations

from typing import Literal

from schemas.base import Count, Id, Text
from schemas.campaigns import Campaign
from schemas.events.base import EventBase
from schemas.visits import Decision


class CampaignProposed(EventBase):
    """A version of a campaign waits for a decision; an earlier approved one stands meanwhile."""

    type: Literal["cn.wurao.campaign.proposed.v1"] = "cn.wurao.campaign.proposed.v1"
    campaign: Campaign
    version: Count
    by: Id
    reason: Text | None = None


class CampaignDecided(EventBase):
    """A version was approved, and stands from now on, or was sent back."""

    type: Literal["cn.wurao.campaign.decided.v1"] = "cn.wurao.campaign.decided.v1"
    version: Count
    decision: Decision
    by: Id
    reason: Text | None = None


class CampaignPublished(EventBase):
    """The approved version can be read by everybody."""

    type: Literal["cn.wurao.campaign.published.v1"] = "cn.wurao.campaign.published.v1"
    version: Count


class CampaignEnded(EventBase):
    """The campaign is over; no request cites it any more."""

    type: Literal["cn.wurao.campaign.ended.v1"] = "cn.wurao.campaign.ended.v1"
    result: Text


CampaignEvent = CampaignProposed | CampaignDecided | CampaignPublished | CampaignEnded
