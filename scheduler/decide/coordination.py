"""Which function answers which command about off-site tasks, bundles, campaigns and leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scheduler.decide import campaigns, joint, leads, off_site
from scheduler.view import Decision
from schemas import bundle_commands as b
from schemas import campaign_commands as g
from schemas import lead_commands as d
from schemas import off_site_commands as o

DECIDE: Final[dict[type, Callable[..., Decision]]] = {
    o.OpenOffSite: off_site.open_,
    o.SettleOffSite: off_site.settle,
    o.DropOffSite: off_site.drop,
    o.TakeOverResult: off_site.take_over,
    b.PublishBundle: joint.publish,
    b.ProposeJoint: joint.propose,
    b.AnswerJoint: joint.answer,
    g.ProposeCampaign: campaigns.propose,
    g.DecideCampaign: campaigns.decide,
    g.PublishCampaign: campaigns.publish,
    g.EndCampaign: campaigns.end,
    d.HandOverLead: leads.hand_over,
    d.ReceiveLead: leads.receive,
    d.ReplyLead: leads.reply,
    d.ReviewOutcome: leads.review,
}
