"""Visits: the list, one visit with its stations, and what each side does at each of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import ProblemError, not_found
from portal.http.routes.visits import readable
from portal.http.views import visit_view
from portal.pages.forms import Form
from portal.pages.lateness import late
from portal.pages.names import names
from portal.pages.periods import period
from portal.pages.phase import phase
from portal.pages.slices import page_of
from portal.pages.visitor import Known, Visitor
from portal.pages.visits import SHOWS, listed
from portal.permissions import TABLE, Action
from portal.wording.words import MEASURES
from scheduler import keys
from scheduler.states import VisitState, VisitStatus
from schemas import commands as c
from schemas.commands import Command
from schemas.envelope import ActorRole
from schemas.lanes import HalfDay
from schemas.visits import Filing, Finding, NoEntry, Outcome, Part

router = APIRouter()


@router.get("/visits")
async def list_(visitor: Known, show: str = "", day: str = "", department: str = "") -> Response:
    """入企 / the visits of a month or a day, or those of a short list."""
    today = visitor.house.service.clock.now().date()
    at = await phase(visitor.queries, today)
    usual = "" if show in SHOWS else at.month if at else keys.month_of(today)
    chosen = period(visitor.request.query_params, usual)
    on = Form({"day": (day,)}).day("day")
    page = page_of(visitor.request.query_params)
    found = await listed(
        visitor.queries,
        visitor.me,
        month=chosen,
        day=on,
        show=show,
        page=page,
        department=department,
    )
    asked = {"show": show, "day": day, "month": chosen, "department": department}
    return visitor.page(
        "visits.html.j2",
        found=found,
        month=chosen,
        day=on,
        show=SHOWS[show][0] if show in SHOWS else "",
        department=department,
        path=f"/visits?{urlencode({k: v for k, v in asked.items() if v})}",
        statuses=tuple(VisitStatus),
        half=HalfDay,
    )


@router.get("/visits/{visit}")
async def show(visitor: Known, visit: PathId) -> Response:
    """一次入企 / one visit, station by station, as its reader may see it."""
    state = await readable(visitor.house, visitor.who, visit, Action.VISIT_READ)
    line, me = state.line, visitor.me
    own = next((part for part in line.parts if part.department == me.of), None)
    officers = await _officers(visitor, state, own)
    items = {item for part in line.parts for item in part.items}
    rating = _rating(visitor, state)
    return visitor.page(
        "visit.html.j2",
        visit=visit_view(state, me),
        own=own,
        officers=officers,
        names=await names(visitor.queries, [line.enterprise], items),
        may=_may(visitor, state, own),
        causes=tuple(NoEntry),
        halves=tuple(HalfDay),
        measures=MEASURES,
        rating=rating,
        late=await late(visitor.reception.history, state.id),
        known={o["id"]: o for o in await _team(visitor, state)},
    )


def _rating(visitor: Visitor, state: VisitState) -> str | None:
    """Return the way to the rating: to the enterprise alone, and while it may rate."""
    mine = visitor.me.role is ActorRole.ENTERPRISE and visitor.me.of == state.line.enterprise
    if not mine or state.status is not VisitStatus.LEFT or state.rated is not None:
        return None
    return f"/r/{visitor.house.service.credentials.rating_token(state.id)}"


async def _team(visitor: Visitor, state: VisitState) -> list[dict[str, object]]:
    """Return who comes: whoever may read the visit reads the same names on its notice."""
    ids = [officer for part in state.line.parts for officer in part.officers]
    return list(await visitor.queries.rows("officer", id=ids)) if ids else []


async def _officers(
    visitor: Visitor, state: VisitState, own: Part | None
) -> list[dict[str, object]]:
    if own is None or state.status is not VisitStatus.PUBLISHED:
        return []
    return list(await visitor.queries.rows("officer", department=own.department))


def _may(visitor: Visitor, state: VisitState, own: Part | None) -> frozenset[str]:
    """Return what the page offers; the core decides again on what is asked."""
    me, coded = visitor.me, state.code is not None and not state.code_revoked
    published = state.status is VisitStatus.PUBLISHED
    staffed = all(part.officers for part in state.line.parts)
    here = state.status in {VisitStatus.ENTERED, VisitStatus.LEFT, VisitStatus.CLOSED}
    office = me.of is None
    told = own is not None and own.department in {o.department for o in state.outcomes}
    offers = {
        Action.VISIT_STAFF: published and own is not None,
        Action.CODE_ISSUE: published and staffed and not coded,
        Action.CODE_SHOW: coded and here | published,
        Action.CODE_REVOKE: published and coded,
        Action.ENTRY_SCAN: published and coded and own is not None,
        Action.ENTRY_FAIL: published and (own is not None or office),
        Action.ENTRY_LEAVE: state.status is VisitStatus.ENTERED and own is not None,
        Action.OUTCOME_RECORD: here and own is not None and not told,
        Action.FILING_RECORD: state.filing is None and state.lane in {"escalated", "emergency"},
        Action.VISIT_CANCEL: published and (own is not None or office),
        # Offered whether it was rated or not: the offer must not tell.
        Action.IDENTITY_ASK: here,
    }
    return frozenset(
        action.value for action, fits in offers.items() if fits and me.role in TABLE[action]
    )


async def _staff(visitor: Visitor, form: Form, state: VisitState) -> Command:
    half = form.choice(HalfDay, "half")
    if half is None:
        raise ProblemError(422, "bad-input", ("请选择上午或下午", "choose morning or afternoon"))
    return c.StaffVisit(
        visit=state.id, department=visitor.me.of or "", officers=form.many("officer"), half=half
    )


async def enter(visitor: Visitor, form: Form, state: VisitState) -> c.ScanIn:
    """Return the entry that a form tells of."""
    came = form.many("department")
    parts = [part for part in state.line.parts if part.department in came]
    code = form.one("code")
    if not code and state.code is not None:
        credentials, own = visitor.house.service.credentials, state.code
        code = credentials.visit_code(own.serial, state.id, own.valid_from, own.valid_until)
    return c.ScanIn(
        visit=state.id,
        code=code or "-",
        gate=form.one("gate").rpartition("/")[2] or "-",
        departments=came,
        officers=tuple(o for part in parts for o in part.officers),
        offline=form.ticked("offline"),
        late_reason=form.some("late_reason"),
    )


async def _fail(_: Visitor, form: Form, state: VisitState) -> Command:
    cause = form.choice(NoEntry, "cause")
    if cause is None:
        raise ProblemError(422, "bad-input", ("请选择原因", "choose why"))
    return c.ReportNoEntry(visit=state.id, cause=cause, reason=form.one("reason"))


async def record(visitor: Visitor, form: Form, state: VisitState) -> Command:
    """Return the result that a form tells of."""
    own = next(p for p in state.line.parts if p.department == visitor.me.of)
    bad = set(form.many("fault"))
    findings = tuple(
        Finding(item=item, compliant=item not in bad, note=form.some(f"note-{item}"))
        for item in own.items
    )
    outcome = Outcome(
        department=own.department,
        findings=findings,
        measure=form.one("measure", "none"),
        rectify_by=form.day("rectify_by"),
        cites=tuple(form.one("cites").split()),
        packages=tuple(form.one("packages").split()),
        major=form.ticked("major"),
    )
    return c.RecordOutcome(visit=state.id, outcome=outcome)


async def _file(visitor: Visitor, form: Form, state: VisitState) -> Command:
    now = visitor.house.service.clock.now()
    day = form.day("day")
    at = now.replace(year=day.year, month=day.month, day=day.day) if day else now
    return c.RecordFiling(
        visit=state.id, filing=Filing(number=form.one("number"), at=at, by=visitor.me.id)
    )


async def _issue(_: Visitor, __: Form, state: VisitState) -> Command:
    return c.IssueCode(visit=state.id)


async def _leave(_: Visitor, __: Form, state: VisitState) -> Command:
    return c.ScanOut(visit=state.id)


async def _revoke(_: Visitor, form: Form, state: VisitState) -> Command:
    return c.RevokeCode(visit=state.id, reason=form.one("reason"))


async def _cancel(_: Visitor, form: Form, state: VisitState) -> Command:
    return c.CancelVisit(visit=state.id, reason=form.one("reason"))


Maker = Callable[[Visitor, Form, VisitState], Awaitable[Command]]

ACTS: dict[str, tuple[Action, Maker, str]] = {
    "team": (Action.VISIT_STAFF, _staff, "staffed"),
    "code": (Action.CODE_ISSUE, _issue, "coded"),
    "revocation": (Action.CODE_REVOKE, _revoke, "revoked"),
    "entry": (Action.ENTRY_SCAN, enter, "entered"),
    "departure": (Action.ENTRY_LEAVE, _leave, "left"),
    "no-entry": (Action.ENTRY_FAIL, _fail, "failed"),
    "outcome": (Action.OUTCOME_RECORD, record, "recorded"),
    "filing": (Action.FILING_RECORD, _file, "filed"),
    "cancellation": (Action.VISIT_CANCEL, _cancel, "cancelled"),
}
"""What can be done to a visit: the permission, how its command is made, what is said after it."""


@router.post("/visits/{visit}/{act}")
async def act(visitor: Known, visit: PathId, act: str) -> Response:
    """办理 / do something to a visit, if its rules and its stations allow it."""
    if act not in ACTS:
        raise not_found(act)
    action, made, done = ACTS[act]
    form = await visitor.form()
    state = await readable(visitor.house, visitor.who, visit, action)
    command = await made(visitor, form, state)
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/visits/{visit}", done)
