"""Commands of campaigns 专项检查: propose or amend, decide, publish, end."""

from __future__ import annotations

from typing import Literal

from schemas.base import Count, Id, Text
from schemas.campaigns import Campaign
from schemas.command_base import CommandBase
from schemas.visits import Decision


class ProposeCampaign(CommandBase):
    """Propose a campaign; or amend ``amends`` with the reason, which is decided on anew."""

    type: Literal["cn.wurao.campaign.propose.v1"] = "cn.wurao.campaign.propose.v1"
    campaign: Campaign
    amends: Id | None = None
    reason: Text | None = None


class DecideCampaign(CommandBase):
    """Approve the version that waits, or send it back with a reason."""

    type: Literal["cn.wurao.campaign.decide.v1"] = "cn.wurao.campaign.decide.v1"
    campaign: Id
    version: Count
    decision: Decision
    reason: Text | None = None


class PublishCampaign(CommandBase):
    """Publish the approved version for everybody to read."""

    type: Literal["cn.wurao.campaign.publish.v1"] = "cn.wurao.campaign.publish.v1"
    campaign: Id


class EndCampaign(CommandBase):
    """End a campaign and say what came of it 求实效."""

    type: Literal["cn.wurao.campaign.end.v1"] = "cn.wurao.campaign.end.v1"
    campaign: Id
    result: Text


CampaignCommand = ProposeCampaign | DecideCampaign | PublishCampaign | EndCampaign
