"""违法线索: handed over, received, answered; and the legal review 法制审核 of what a visit leads to."""

from __future__ import annotations

from typing import Literal

from schemas.base import Id, Text
from schemas.events.base import EventBase
from schemas.leads import Lead, LeadReply
from schemas.visits import LegalReview


class LeadHandedOver(EventBase):
    """A lead is on its way."""

    type: Literal["cn.wurao.lead.handed_over.v1"] = "cn.wurao.lead.handed_over.v1"
    lead: Lead
    by: Id


class LeadReceived(EventBase):
    """Whoever got it signed for it."""

    type: Literal["cn.wurao.lead.received.v1"] = "cn.wurao.lead.received.v1"
    by: Id
    receipt: Text | None = None


class LeadReplied(EventBase):
    """What came of it is on record."""

    type: Literal["cn.wurao.lead.replied.v1"] = "cn.wurao.lead.replied.v1"
    reply: LeadReply
    by: Id


class OutcomeReviewed(EventBase):
    """A department's legal reviewer agreed to a major decision, or did not."""

    type: Literal["cn.wurao.outcome.reviewed.v1"] = "cn.wurao.outcome.reviewed.v1"
    review: LegalReview


LeadEvent = LeadHandedOver | LeadReceived | LeadReplied | OutcomeReviewed
