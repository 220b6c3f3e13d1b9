"""A request in the making: what the form says, what the rules say to it, who else wants to go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from portal.http.house import House
from portal.http.identity import Principal
from portal.http.problems import ObjectionView, view
from portal.matters.annual import standing_for
from portal.matters.campaigns import open_for
from portal.matters.company import Going, going
from portal.matters.joint import bundles_for
from portal.matters.off_site import Offer, offers, spared
from portal.messages import Sender, fresh_id
from portal.pages.forms import Form
from portal.pages.names import Names, names
from portal.pages.quota import Left, left_for
from portal.plans.planning import rules_and_calendar
from portal.wording.refusals import objections_of
from scheduler.annual.lines import Standing
from scheduler.campaigns import CampaignState
from scheduler.states import RequestState
from schemas import commands as c
from schemas.bundles import Bundle
from schemas.faults import explain
from schemas.lanes import Ground, Lane, OnSiteGround, Purpose, Remedy
from schemas.objections import Objection
from schemas.policy import Rule
from schemas.registry import Department, Enterprise
from schemas.visits import Request, Role
from streams.queries import Queries

FIELDS: Final = (
    "purpose",
    "lane",
    "item",
    "first",
    "last",
    "duration",
    "people",
    "unannounced",
    "line",
    "off_plan",
    "on_site",
    "why_on_site",
    "campaign",
    "reason",
    "ground",
    "reference",
    "last_legal_date",
    "why_cannot_wait",
    "tried",
    "lift",
)
"""The fields of the form, in its order."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What would become of a request: nothing is submitted."""

    accepted: bool
    objections: tuple[ObjectionView, ...]
    faults: tuple[str, ...] = ()

    @property
    def may_escalate(self) -> tuple[str, ...]:
        """The rules in the way, where a leader may lift every one of them."""
        liftable = all(
            any(role.code == Role.LEADER.value for role in o.liftable_by) for o in self.objections
        )
        return tuple(o.rule for o in self.objections) if liftable else ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers."""

    items: tuple[Mapping[str, Any], ...]
    purposes: tuple[Purpose, ...]
    lanes: tuple[Lane, ...]
    grounds: tuple[Ground, ...]
    tried: tuple[Remedy, ...]
    liftable: tuple[Rule, ...]
    standing: Standing | None = None
    """The lines of the annual plan that may be cited; ``None`` where none need be."""
    on_site: tuple[OnSiteGround, ...] = tuple(OnSiteGround)
    campaigns: tuple[CampaignState, ...] = ()
    offers: Mapping[str, Offer] = field(default_factory=dict)
    """Results of other departments by the item for which they stand."""
    spared: frozenset[str] = frozenset()
    """Items that dropped out, because another department's result was taken over."""
    bundles: tuple[Bundle, ...] = ()
    """What departments look at together in the enterprise's trade."""


def request_of(form: Form, department: str, enterprise: str) -> Request | tuple[str, ...]:
    """Return the request that a form states, or what is wrong with it."""
    lane = form.one("lane", Lane.ROUTINE.value)
    fields: dict[str, Any] = {
        "department": department,
        "enterprise": enterprise,
        "purpose": form.one("purpose"),
        "lane": lane,
        "items": form.many("item"),
        "window": {"first": form.one("first"), "last": form.one("last") or form.one("first")},
        "duration": form.one("duration", "1") or "1",
        "people": form.one("people", "2") or "2",
        "announced": not form.ticked("unannounced"),
        "reason": form.some("reason"),
        "line": form.some("line"),
        "off_plan": form.some("off_plan"),
        "on_site": form.some("on_site"),
        "why_on_site": form.some("why_on_site"),
        "campaign": form.some("campaign"),
        "cause": _cause(form) if lane in {Lane.STATUTORY, Lane.EMERGENCY} else None,
        "urgency": _urgency(form) if lane == Lane.ESCALATED else None,
    }
    try:
        return Request.model_validate(fields)
    except ValidationError as error:
        return tuple(explain(error).splitlines())


def _cause(form: Form) -> dict[str, Any] | None:
    if not form.one("ground"):
        return None
    return {
        "ground": form.one("ground"),
        "reference": form.one("reference"),
        "last_legal_date": form.some("last_legal_date"),
    }


def _urgency(form: Form) -> dict[str, Any] | None:
    if not (form.one("why_cannot_wait") or form.many("tried") or form.many("lift")):
        return None
    return {
        "why_cannot_wait": form.one("why_cannot_wait"),
        "tried": form.many("tried"),
        "lift": form.many("lift"),
    }


def form_of(state: RequestState) -> Form:
    """Return the form that an earlier request would have been made with."""
    asked, cause, urgency = state.request, state.request.cause, state.request.urgency
    pairs = [
        ("purpose", asked.purpose.value),
        ("lane", asked.lane.value),
        *(("item", id_) for id_ in asked.items),
        ("first", str(asked.window.first)),
        ("last", str(asked.window.last)),
        ("duration", str(asked.duration)),
        ("people", str(asked.people)),
        ("unannounced", "" if asked.announced else "1"),
        ("line", asked.line or ""),
        ("off_plan", asked.off_plan or ""),
        ("on_site", asked.on_site.value if asked.on_site else ""),
        ("why_on_site", asked.why_on_site or ""),
        ("campaign", asked.campaign or ""),
        ("reason", asked.reason or ""),
    ]
    if cause is not None:
        legal = cause.last_legal_date
        pairs += [
            ("ground", cause.ground.value),
            ("reference", cause.reference),
            ("last_legal_date", str(legal) if legal else ""),
        ]
    if urgency is not None:
        pairs += [("why_cannot_wait", urgency.why_cannot_wait)]
        pairs += [("tried", way.value) for way in urgency.tried]
        pairs += [("lift", code) for code in urgency.lift]
    return Form.of(pairs)


def blank(department: Department, days: tuple[date, ...]) -> Form:
    """Return the form as it is first shown: a visit in the month's visiting days."""
    purpose = Purpose.INSPECTION if department.enforcement_subject else Purpose.SERVICE
    pairs = [("purpose", purpose.value), ("lane", Lane.ROUTINE.value)]
    pairs += [("first", str(days[0])), ("last", str(days[-1]))] if days else []
    return Form.of(pairs)


async def choices(
    queries: Queries, department: str, enterprise: Enterprise, day: date, today: date
) -> Choices:
    """Read what a department's form for an enterprise offers on a day."""
    rules, _ = await rules_and_calendar(queries)
    items = await queries.rows("item", department=department, published=True)
    liftable = tuple(
        rule
        for rule in rules.in_force(day)
        if Role.LEADER in rule.liftable_by and Lane.ESCALATED in rule.lanes
    )
    ways = {way for rule in liftable for way in rule.remedies} - {Remedy.ESCALATE}
    return Choices(
        items=tuple(items),
        purposes=tuple(Purpose),
        lanes=tuple(lane for lane in Lane if lane is not Lane.ON_CALL),
        grounds=tuple(Ground),
        tried=tuple(way for way in Remedy if way in ways),
        liftable=liftable,
        standing=await standing_for(queries, department, day),
        campaigns=await open_for(queries, department),
        offers={o.item: o for o in await offers(queries, department, enterprise.id, today)},
        spared=await spared(queries, department, enterprise.id, today),
        bundles=await bundles_for(queries, enterprise, department),
    )


async def judged(stands: House, who: Principal, request: Request) -> Judged:
    """Ask the rules, without submitting anything."""
    trial = stands.service.trial()
    raw = Sender(who.source, who.actor).message(
        c.SubmitRequest(request=request), id_=fresh_id(), at=trial.clock.now()
    )
    effect = (await trial.submit([raw]))[0]
    against: tuple[Objection, ...] = objections_of(effect)
    return Judged(effect.status == "accepted", tuple(map(view, against)))


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a request: what is left under the caps, and who else goes."""

    left: tuple[Left, ...]
    going: tuple[Going, ...]
    names: Names


async def around(
    queries: Queries, request: Request, department: Department, enterprise: Enterprise
) -> Around:
    """Read what stands around a request."""
    return Around(
        left=await left_for(queries, request, department, enterprise),
        going=await going(queries, request),
        names=await names(queries, [enterprise.id], request.items),
    )
