"""差异化监管 by pages: marks in force, the month's list of tiers with what it changes, lists of codes."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import not_found
from portal.matters import treatment
from portal.matters.treatment import marked
from portal.pages import uploads
from portal.pages.matters import asked, may
from portal.pages.meant import ENTERPRISE, ITEMS
from portal.pages.names import names
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action, Reach, reach
from schemas import treatment_commands as c
from schemas.base import CHINA
from schemas.registry import MarkEnd, MarkKind

router = APIRouter()


def _today(visitor: Visitor) -> date:
    return visitor.house.service.clock.now().astimezone(CHINA).date()


@router.get("/treatment")
async def list_(visitor: Known, kind: str = "") -> Response:
    """差异化监管 / marks in force, those that end first; an enterprise sees its own."""
    own = reach(visitor.me, Action.TREATMENT_READ) is Reach.OWN
    chosen = next((each for each in MarkKind if each.value == kind), None)
    firm = visitor.me.of if own else None
    today = _today(visitor)
    found = await marked(visitor.queries, today, chosen, firm)
    known = {m.enterprise for m in found}
    items = {item for m in found for item in m.mark.items}
    return visitor.page(
        "treatment.html.j2",
        found=found,
        kinds=tuple(MarkKind),
        ends=(MarkEnd.BREACH, MarkEnd.WITHDRAWN),
        chosen=chosen,
        sets=may(visitor, Action.TREATMENT_SET),
        unknown=0 if own else await treatment.uncategorised(visitor.queries),
        today=today,
        names=await names(visitor.queries, known, items),
    )


@router.post("/treatment")
async def mark(visitor: Known) -> Response:
    """标识 / mark an enterprise for a time."""
    await asked(
        visitor,
        Action.TREATMENT_SET,
        lambda form: c.MarkEnterprise(
            enterprise=form.one("enterprise"),
            kind=MarkKind(form.one("kind")),
            since=date.fromisoformat(form.one("since")),
            until=form.day("until"),
            items=tuple(form.one("items").replace("、", " ").split()),
            basis=form.one("basis"),
        ),
        whom={"enterprise": ENTERPRISE, "items": ITEMS},
    )
    return visitor.go("/treatment", "marked")


@router.post("/treatment/{enterprise}/{mark_}")
async def unmark(visitor: Known, enterprise: PathId, mark_: PathId) -> Response:
    """移出 / take a mark away, with the reason."""
    await asked(
        visitor,
        Action.TREATMENT_SET,
        lambda form: c.UnmarkEnterprise(
            enterprise=enterprise,
            mark=mark_,
            cause=MarkEnd(form.one("cause")),
            reason=form.one("reason"),
        ),
    )
    return visitor.go("/treatment", "unmarked")


@router.get("/tiers")
async def choose(visitor: Known) -> Response:
    """红黑榜和风险分级 / choose the month's list."""
    reach(visitor.me, Action.TREATMENT_SET)
    return visitor.page("tiers.html.j2", fault=None, name="")


@router.post("/tiers")
async def look(visitor: Known) -> Response:
    """预览 / what the list would change; nothing is graded yet."""
    reach(visitor.me, Action.TREATMENT_SET)
    _, sent = await visitor.upload()
    if sent is None or not sent.body:
        return visitor.page("tiers.html.j2", 422, fault="empty", name="")
    try:
        id_ = await uploads.look(
            visitor.house.service, visitor.reception.desk, visitor.me, sent, kind="tiers"
        )
    except uploads.BadFile as bad:
        return visitor.page("tiers.html.j2", 422, fault=bad, name=sent.name)
    return visitor.go(f"/tiers/{id_}")


@router.get("/tiers/{upload}")
async def show(visitor: Known, upload: PathId) -> Response:
    """名单和现有分级的差别 / the list against what stands, row by row."""
    reach(visitor.me, Action.TREATMENT_SET)
    found = await uploads.seen(visitor.reception.desk, visitor.me, upload)
    if found is None:
        raise not_found(upload)
    body = await uploads.waiting(visitor.reception.desk, visitor.me, upload)
    service = visitor.house.service
    changes = () if body is None else await treatment.changes(service, body, service.clock.now())
    return visitor.page(
        "tiers-seen.html.j2",
        found=found,
        report=found.report,
        changes=tuple(change for change in changes if change.changes),
        same=sum(not change.changes for change in changes),
    )


@router.post("/tiers/{upload}")
async def hand_in(visitor: Known, upload: PathId) -> Response:
    """启用 / grade by the list as it was shown; a second time changes nothing."""
    reach(visitor.me, Action.TREATMENT_SET)
    await visitor.form()
    desk = visitor.reception.desk
    done = await uploads.hand_in(visitor.house.service, desk, visitor.me, upload, kind="tiers")
    return visitor.go(f"/tiers/{upload}", "graded" if done else None)


@router.get("/codes")
async def codes(visitor: Known) -> Response:
    """清单 / exemptions, violations, conduct, powers, duties: the lists in use."""
    reach(visitor.me, Action.TREATMENT_READ)
    return visitor.page("codes.html.j2", lists=await treatment.code_lists(visitor.queries))
