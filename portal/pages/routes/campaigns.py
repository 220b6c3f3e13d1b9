"""专项检查 by pages: the plan with its assessment, its approval, how much of its number is taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Response

from portal.http.changing import there
from portal.http.house import PathId
from portal.matters import campaigns
from portal.pages.forms import Form
from portal.pages.matters import Act, asked, carry_out, may
from portal.pages.meant import DEPARTMENT, DEPARTMENTS, ITEMS, Fields
from portal.pages.names import names
from portal.pages.visitor import Known
from portal.permissions import Action, Resource, authorize
from schemas import campaign_commands as c
from schemas.campaigns import Campaign, CampaignKind
from schemas.visits import Decision

router = APIRouter()

WHOM: Final[Fields] = {"lead": DEPARTMENT, "departments": DEPARTMENTS, "items": ITEMS}
"""Whom and what the fields of a proposal name."""

ACTS: Final[Mapping[str, Act]] = {
    "decision": (
        Action.CAMPAIGN_DECIDE,
        lambda id_, f: c.DecideCampaign(
            campaign=id_,
            version=int(f.one("version")),
            decision=Decision(f.one("decision")),
            reason=f.some("reason"),
        ),
        "campaign-decided",
    ),
    "publication": (
        Action.CAMPAIGN_PROPOSE,
        lambda id_, _: c.PublishCampaign(campaign=id_),
        "campaign-published",
    ),
    "end": (
        Action.CAMPAIGN_PROPOSE,
        lambda id_, f: c.EndCampaign(campaign=id_, result=f.one("result")),
        "campaign-ended",
    ),
}
"""What a form on a campaign's page does."""


@router.get("/campaigns")
async def list_(visitor: Known) -> Response:
    """专项检查 / campaigns, those that wait for a decision first."""
    authorize(visitor.me, Action.CAMPAIGN_READ, Resource())
    rows = await campaigns.listed(visitor.queries)
    return visitor.page(
        "campaigns.html.j2",
        rows=rows,
        proposes=may(visitor, Action.CAMPAIGN_PROPOSE),
        kinds=tuple(CampaignKind),
        home=visitor.me.of,
        form=None,
        names=await names(visitor.queries, ()),
    )


@router.post("/campaigns")
async def propose(visitor: Known) -> Response:
    """提出或修改 / propose a campaign, or amend one with the reason."""
    told = await asked(visitor, Action.CAMPAIGN_PROPOSE, _proposal, "lead", whom=WHOM)
    return visitor.go(f"/campaigns/{told.id}", "campaign-proposed")


def _proposal(form: Form) -> c.ProposeCampaign:
    plan = Campaign.model_validate(
        {
            "kind": form.one("kind"),
            "title": form.one("title"),
            "assessment": form.one("assessment"),
            "basis": form.one("basis"),
            "lead": form.one("lead"),
            "departments": tuple(form.one("departments").split()),
            "items": tuple(form.one("items").split()),
            "trades": tuple(form.one("trades").split()),
            "number": form.one("number"),
            "window": {"first": form.one("first"), "last": form.one("last")},
            "superior": form.ticked("superior"),
        }
    )
    return c.ProposeCampaign(campaign=plan, amends=form.some("amends"), reason=form.some("reason"))


@router.get("/campaigns/{campaign}")
async def show(visitor: Known, campaign: PathId) -> Response:
    """一个专项检查 / one campaign, and whoever may decides or amends it here."""
    authorize(visitor.me, Action.CAMPAIGN_READ, Resource())
    row = there(await campaigns.campaign(visitor.queries, campaign), campaign)
    plan = row.state.newest.campaign
    mine = may(visitor, Action.CAMPAIGN_PROPOSE) and visitor.me.of in {None, plan.lead}
    return visitor.page(
        "campaign.html.j2",
        row=row,
        s=row.state,
        plan=plan,
        mine=mine and row.state.result is None,
        decides=may(visitor, Action.CAMPAIGN_DECIDE) and row.state.status == "proposed",
        kinds=tuple(CampaignKind),
        names=await names(visitor.queries, (), plan.items),
    )


@router.post("/campaigns/{campaign}/{act}")
async def change(visitor: Known, campaign: PathId, act: str) -> Response:
    """Do what a form on a campaign's page asks for."""
    row = there(await campaigns.campaign(visitor.queries, campaign), campaign)
    lead = row.state.newest.campaign.lead
    return await carry_out(visitor, ACTS, act, campaign, f"/campaigns/{campaign}", lead)
