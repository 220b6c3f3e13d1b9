"""违法线索 by pages, handed over, signed for, answered; 法制审核 of what visits lead to; 结果公示."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Final

from fastapi import APIRouter, Response

from portal.http.changing import there
from portal.http.house import PathId
from portal.matters import leads
from portal.matters.results import results
from portal.pages.forms import Form, Sent, made
from portal.pages.matters import Act, asked, carry_out, may
from portal.pages.meant import DEPARTMENT, ENTERPRISE, meant
from portal.pages.names import names
from portal.pages.periods import is_month
from portal.pages.visitor import Anyone, Known, Visitor
from portal.permissions import Action, Resource, authorize, reach
from portal.wording.words import MEASURES
from scheduler import keys
from scheduler.states import VisitState
from schemas import lead_commands as c
from schemas.leads import Lead, LeadOutcome, LeadReply
from schemas.visits import Decision

router = APIRouter()

VISITS: Final = 50
"""Visits that the form of a lead offers."""

ACTS: Final[Mapping[str, Act]] = {
    "receipt": (
        Action.LEAD_WORK,
        lambda id_, f: c.ReceiveLead(lead=id_, receipt=f.some("receipt")),
        "lead-received",
    ),
    "reply": (
        Action.LEAD_WORK,
        lambda id_, f: c.ReplyLead(
            lead=id_,
            reply=LeadReply(
                outcome=LeadOutcome(f.one("outcome")), text=f.one("text"), case=f.some("case")
            ),
        ),
        "lead-replied",
    ),
}
"""What a form on a lead's page does."""


@router.get("/leads")
async def list_(visitor: Known) -> Response:
    """违法线索 / leads of one's own body, the open ones first."""
    reach(visitor.me, Action.LEAD_READ)
    rows = await leads.listed(visitor.queries, visitor.me)
    firms = {s.lead.enterprise for s in rows if s.lead.enterprise}
    return visitor.page(
        "leads.html.j2",
        rows=rows,
        sends=may(visitor, Action.LEAD_WORK) and visitor.me.of is not None,
        home=visitor.me.of,
        visits=await _visits(visitor) if visitor.me.of else (),
        names=await names(visitor.queries, firms),
    )


async def _visits(visitor: Visitor) -> list[tuple[str, date, str]]:
    """Return the department's latest visits with the enterprises' names: a lead may come from one."""
    parts = await visitor.queries.rows("visit_part", department=visitor.me.of)
    today = visitor.house.service.clock.now().date()
    own = sorted((row for row in parts if row["day"] <= today), key=lambda row: row["day"])
    rows = await visitor.queries.rows("visit", id=[row["visit"] for row in own[-VISITS:]])
    known = await names(visitor.queries, {row["enterprise"] for row in rows})
    latest = sorted(rows, key=lambda row: (row["day"], row["id"]), reverse=True)
    return [(row["id"], row["day"], known(row["enterprise"])) for row in latest]


@router.post("/leads")
async def hand_over(visitor: Known) -> Response:
    """移送 / hand a lead over with its evidence: a file's hash is recorded, the file stays there."""
    reach(visitor.me, Action.LEAD_WORK)
    typed, sent = await visitor.upload()
    whom = {"enterprise": ENTERPRISE} | ({} if typed.some("county") else {"to": DEPARTMENT})
    form = await meant(visitor.queries, typed, whom)
    authorize(visitor.me, Action.LEAD_WORK, Resource.owned(form.one("sender")))
    told = await visitor.ask(made(lambda: _lead(form, sent), form), form.some("key"))
    return visitor.go(f"/leads/{told.id}", "lead-handed-over")


def _lead(form: Form, sent: Sent | None) -> c.HandOverLead:
    """Return the lead of a form; a file that was sent is evidence, and so is each line of its hash and name."""
    lines = [line.split(None, 1) for line in form.one("evidence").splitlines() if line.strip()]
    if sent is not None:
        lines.insert(0, [hashlib.sha256(sent.body).hexdigest(), sent.name])
    lead = Lead.model_validate(
        {
            "sender": form.one("sender"),
            "to": form.one("to"),
            "county": form.some("county"),
            "title": form.one("title"),
            "text": form.one("text"),
            "enterprise": form.some("enterprise"),
            "visit": form.some("visit"),
            "evidence": [{"digest": parts[0], "name": parts[-1].strip(" *")} for parts in lines],
        }
    )
    return c.HandOverLead(lead=lead)


@router.get("/leads/{lead}")
async def show(visitor: Known, lead: PathId) -> Response:
    """一条线索 / one lead, its evidence, receipt and reply."""
    state = there(await leads.lead(visitor.queries, visitor.me, lead), lead)
    own = visitor.me.of is None or (state.lead.county is None and visitor.me.of == state.lead.to)
    firms = {state.lead.enterprise} if state.lead.enterprise else set()
    return visitor.page(
        "lead.html.j2",
        s=state,
        works=own and may(visitor, Action.LEAD_WORK) and state.reply is None,
        outcomes=tuple(LeadOutcome),
        names=await names(visitor.queries, firms),
    )


@router.post("/leads/{lead}/{act}")
async def change(visitor: Known, lead: PathId, act: str) -> Response:
    """Do what a form on a lead's page asks for."""
    state = there(await leads.lead(visitor.queries, visitor.me, lead), lead)
    return await carry_out(visitor, ACTS, act, lead, f"/leads/{lead}", state.lead.to)


@router.get("/reviews")
async def to_review(visitor: Known) -> Response:
    """法制审核 / visits of the department whose result is not on record yet."""
    home = visitor.me.of or ""
    authorize(visitor.me, Action.OUTCOME_REVIEW, Resource.owned(home))
    parts = await visitor.queries.rows("visit_part", department=home, outcome=False, absent=False)
    known = await visitor.queries.get_many([keys.visit(row["visit"]) for row in parts])
    states: list[VisitState] = [s for s in known.values() if s.scan is not None]
    states.sort(key=lambda s: (s.line.day, s.id))
    firms = {s.line.enterprise for s in states}
    found = await names(visitor.queries, firms)
    return visitor.page("reviews.html.j2", rows=states, home=home, names=found)


@router.post("/reviews")
async def review(visitor: Known) -> Response:
    """审核 / agree to a major decision, or not."""
    await asked(
        visitor,
        Action.OUTCOME_REVIEW,
        lambda f: c.ReviewOutcome(
            visit=f.one("visit"),
            department=f.one("department"),
            decision=Decision(f.one("decision")),
            reason=f.one("reason"),
        ),
        "department",
    )
    return visitor.go("/reviews", "outcome-reviewed")


@router.get("/public/results")
async def public_results(visitor: Anyone, month: str = "") -> Response:
    """结果公示 / what inspections found, for everybody, where the policy publishes it."""
    today = visitor.house.service.clock.now().date()
    chosen = month if is_month(month) else keys.month_of(today)
    found = await results(visitor.queries, chosen, today)
    rows = found.rows if found else ()
    ids = [item for row in rows for item, _ in row.items]
    firms = {row.enterprise for row in rows if row.enterprise}
    return visitor.page(
        "results.html.j2",
        month=chosen,
        found=found,
        measures=MEASURES,
        names=await names(visitor.queries, firms, ids),
    )
