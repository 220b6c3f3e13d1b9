"""Rows of off-site tasks, bundles, joint visits, campaigns, leads and units of budgets that move."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.budget_moves import BudgetMoveState
from scheduler.bundles import JointState
from scheduler.campaigns import CampaignState
from scheduler.keys import month_of
from scheduler.leads import LeadState
from scheduler.off_site import OffSiteState
from schemas.base import CHINA
from schemas.bundles import Bundle
from streams.readmodels.pieces import Rows, many, one, text


def off_site(id_: str, s: OffSiteState) -> Iterable[Rows]:
    """Return the row of an off-site task."""
    row = {
        "department": s.task.department,
        "enterprise": s.task.enterprise,
        "way": s.task.way.value,
        "items": len(s.task.items),
        "status": s.status.value,
        "result": s.settlement.result.value if s.settlement else None,
        "opened": s.opened,
        "ended": s.ended,
    }
    yield one("off_site", {"id": id_, **row})


def bundle(id_: str, b: Bundle) -> Iterable[Rows]:
    """Return the row of a bundle."""
    row = {"title": text(b.title.zh), "trades": len(b.trades), "departments": len(b.parts)}
    yield one("bundle", {"id": id_, **row})


def joint(id_: str, j: JointState) -> Iterable[Rows]:
    """Return the rows of a joint visit, with each department's answer."""
    row = {
        "bundle": j.joint.bundle,
        "enterprise": j.joint.enterprise,
        "lead": j.joint.lead,
        "month": month_of(j.joint.window.first),
        "proposed": j.proposed,
        "parts": len(j.joint.parts),
        "joined": len(j.joined),
        "declined": len(j.declined),
    }
    yield one("joint", {"id": id_, **row})
    said = {each.department: each for each in j.answers}
    parts = (
        {
            "department": part.department,
            "enterprise": j.joint.enterprise,
            "answer": _answer(j, part.department),
            "request": found.request if (found := said.get(part.department)) else None,
        }
        for part in j.joint.parts
    )
    yield many("joint_part", {"joint": id_}, parts)


def _answer(j: JointState, department: str) -> str:
    said = j.answer_of(department)
    return "silent" if said is None else "declined" if said.request is None else "joined"


def campaign(id_: str, c: CampaignState) -> Iterable[Rows]:
    """Return the row of a campaign: the version that stands, else the newest."""
    version = c.approved or c.newest
    plan = version.campaign
    row = {
        "kind": plan.kind.value,
        "title": text(plan.title),
        "lead": plan.lead,
        "status": c.status.value,
        "number": plan.number,
        "version": version.number,
        "window_first": plan.window.first,
        "window_last": plan.window.last,
    }
    yield one("campaign", {"id": id_, **row})


def lead(id_: str, s: LeadState) -> Iterable[Rows]:
    """Return the row of a lead."""
    row = {
        "sender": s.lead.sender,
        "recipient": s.lead.to,
        "county": s.lead.county,
        "enterprise": s.lead.enterprise,
        "status": s.status.value,
        "outcome": s.reply.outcome.value if s.reply else None,
        "handed_over": s.handed_over,
    }
    yield one("lead", {"id": id_, **row})


def budget_move(id_: str, b: BudgetMoveState) -> Iterable[Rows]:
    """Return the row of units that somebody asked to move."""
    yield one(
        "budget_move",
        {
            "id": id_,
            "rule": b.move.rule,
            "giver": b.move.giver.department,
            "giver_month": b.move.giver.month,
            "taker": b.move.taker.department,
            "taker_month": b.move.taker.month,
            "units": b.move.units,
            "status": b.status.value,
            "asked": b.at.astimezone(CHINA).date(),
        },
    )
