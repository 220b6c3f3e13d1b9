"""Commands of leads 违法线索, and of the legal review 法制审核 before a major decision."""

from __future__ import annotations

from typing import Literal

from schemas.base import Id, Text
from schemas.command_base import CommandBase
from schemas.leads import Lead, LeadReply
from schemas.visits import Decision


class HandOverLead(CommandBase):
    """移送. Hand a lead over with its evidence."""

    type: Literal["cn.wurao.lead.hand_over.v1"] = "cn.wurao.lead.hand_over.v1"
    lead: Lead


class ReceiveLead(CommandBase):
    """签收. Whoever got it signs for it; for another county the office enters its receipt."""

    type: Literal["cn.wurao.lead.receive.v1"] = "cn.wurao.lead.receive.v1"
    lead: Id
    receipt: Text | None = None


class ReplyLead(CommandBase):
    """答复. Say what came of it."""

    type: Literal["cn.wurao.lead.reply.v1"] = "cn.wurao.lead.reply.v1"
    lead: Id
    reply: LeadReply


class ReviewOutcome(CommandBase):
    """法制审核. The department's legal reviewer on a decision that it means to take after a visit."""

    type: Literal["cn.wurao.outcome.review.v1"] = "cn.wurao.outcome.review.v1"
    visit: Id
    department: Id
    decision: Decision
    reason: Text


LeadCommand = HandOverLead | ReceiveLead | ReplyLead | ReviewOutcome
