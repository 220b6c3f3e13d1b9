"""The month's plan: board and list, answers, closing, search, preflight and publication."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from portal.http.house import PathId, PathMonth
from portal.http.problems import ProblemError, not_found, view
from portal.http.solving import How
from portal.messages import Sender, content_id, fresh_id
from portal.pages.board import BY, Marks, Plan, board, plan, warnings
from portal.pages.changed import Changed, changed
from portal.pages.forms import Form
from portal.pages.frame import html
from portal.pages.monthly import weeks
from portal.pages.phase import phase
from portal.pages.runs import runs
from portal.pages.slices import Slice, page_of, sliced
from portal.pages.visitor import Known, Visitor
from portal.pages.worksheet import Work, laid, read
from portal.permissions import TABLE, Action, Reach, Resource, authorize, reach
from portal.wording.refusals import objections_of
from scheduler import keys
from scheduler.states import MonthState
from scheduler.workdays import CalendarMissing
from schemas import commands as c
from schemas.objections import Objection
from schemas.plans import Answer, AnswerKind
from schemas.visits import PlanLine

router = APIRouter()

_VIEWS: Final = ("board", "list", "month", "unplaced", "answers", "runs")


@router.get("/plans")
async def current(visitor: Known) -> Response:
    """月度计划 / the plan of the month that people work on."""
    reach(visitor.me, Action.PLAN_READ)
    today = visitor.house.service.clock.now().date()
    at = await phase(visitor.queries, today)
    return RedirectResponse(f"/plans/{at.month if at else keys.month_of(today)}", 303)


@router.get("/plans/{month}")
async def show(  # noqa: PLR0917 - words of the address
    visitor: Known,
    month: PathMonth,
    view: str = "board",
    version: int = 0,
    by: str = "department",
    day: str = "",
    q: str = "",
) -> Response:
    """看板 / the board, the list, the month, what found no day, the answers, the runs so far."""
    found = await _plan(visitor, month, version or None)
    work = read(month, found.version, visitor.request.query_params.multi_items())
    may = {action.value for action in Action if visitor.me.role in TABLE[action]}
    changed = await _changed(visitor, found, work) if "plan.draft" in may else None
    if changed is not None:
        found = changed.plan
    today = visitor.house.service.clock.now().date()
    until = found.state.answer_by
    may_answer = (
        "plan.answer" in may
        and found.version == found.state.open_draft > 0
        and (until is None or today <= until)
    )
    chosen = view if view in _VIEWS else "board"
    asked = visitor.request.query_params
    return visitor.page(
        "plan.html.j2",
        plan=found,
        work=work,
        changed=changed,
        view=chosen,
        open="open" in asked,
        focus=asked.get("focus", ""),
        may=may,
        may_answer=may_answer,
        kinds=tuple(AnswerKind),
        answered={(a.visit, a.department): a for a in found.answers},
        today=today,
        by=by if by in BY else BY[0],
        day=day,
        q=q,
        **await _shown(visitor, found, changed, chosen, by if by in BY else BY[0]),
    )


async def _changed(visitor: Visitor, found: Plan, work: Work) -> Changed | None:
    """Return the plan with the changes of the address, where there are any."""
    if not found.version or not work.changes.number:
        return None
    return await changed(visitor, found, work, check="check" in visitor.request.query_params)


async def _shown(
    visitor: Visitor, found: Plan, changed: Changed | None, view: str, by: str
) -> dict[str, Any]:
    """Read what only one view shows."""
    only = visitor.me.of if reach(visitor.me, Action.PLAN_READ) is Reach.OWN else None
    match view:
        case "board":
            wrong = await warnings(visitor.queries, found, visitor.tongue.text, found.lines)
            moved: frozenset[str] = frozenset()
            fixed = found.pins
            if changed is not None:
                wrong |= changed.wrong(visitor.tongue.text)
                moved = frozenset([*changed.sheet.changes.days(), *changed.sheet.added])
                fixed = frozenset(changed.sheet.pins)
            marks = Marks(fixed=fixed, moved=moved, wrong=wrong)
            shown = await board(visitor.queries, found, found.lines, marks, by=by, only=only)
            return {"board": shown}
        case "runs":
            return {"runs": await runs(visitor.reception.history, found.month)}
        case "list":
            return {"listed": _listed(visitor, found)}
        case "month":
            return {"weeks": await weeks(visitor.queries, found, only)}
        case _:
            return {}


def _listed(visitor: Visitor, found: Plan) -> Slice[PlanLine]:
    """Return a page of the lines of a day, or of enterprises whose name or code holds a text."""
    asked = visitor.request.query_params
    day, text = asked.get("day", ""), asked.get("q", "").strip()
    lines = [line for line in found.lines if not day or day == str(line.day)]
    if text:
        lines = [x for x in lines if text in found.names(x.enterprise) or text in x.enterprise]
    return sliced(lines, page_of(asked))


@router.post("/plans/{month}/closing")
async def close(visitor: Known, month: PathMonth) -> Response:
    """截止申请 / close the month's requests."""
    form = await visitor.form()
    authorize(visitor.me, Action.PLAN_CLOSE, Resource())
    await visitor.ask(c.CloseMonth(month=month), form.some("key"))
    return visitor.go(f"/plans/{month}", "closed")


@router.post("/plans/{month}/answers")
async def answer(visitor: Known, month: PathMonth) -> Response:
    """部门反馈 / the department's answer about one line; silence accepts."""
    form = await visitor.form()
    own = visitor.me.of or ""
    authorize(visitor.me, Action.PLAN_ANSWER, Resource.owned(own))
    kind = form.choice(AnswerKind, "kind")
    version = form.one("version")
    if kind is None or not version.isdigit():
        raise ProblemError(422, "bad-input", ("请选择反馈", "choose an answer"))
    given = Answer(department=own, visit=form.one("visit"), kind=kind, reason=form.some("reason"))
    command = c.AnswerPlan(month=month, version=int(version), answers=(given,))
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/plans/{month}?view=list", "answered")


@router.post("/plans/{month}/search")
async def search(visitor: Known, month: PathMonth) -> Response:
    """排程 / search for a plan; its progress has a page of its own."""
    form = await visitor.form()
    authorize(visitor.me, Action.PLAN_DRAFT, Resource())
    seed = form.one("seed", "0")
    job = visitor.house.solving.start(
        content_id((visitor.who.source, form.one("key") or fresh_id(), month)),
        month,
        seed=int(seed) if seed.isdigit() and len(seed) <= 9 else 0,  # noqa: PLR2004 - digits
        steps=None,
        how=await _how(visitor, month, form),
    )
    return visitor.go(f"/plans/{month}/search/{job.id}")


async def _how(visitor: Visitor, month: str, form: Form) -> How:
    """Return how to search: with the days that somebody fixed, and as a revision once published."""
    state = await visitor.queries.get(MonthState, keys.month(month)) or MonthState()
    version = form.one("version")
    if not version.isdigit() or not int(version):
        return How(revise=bool(state.published))
    work = read(month, int(version), parse_qsl(form.one("changes")))
    found = await laid(visitor, work)
    return How(pins=dict(found.pins), revise=bool(state.published))


@router.get("/plans/{month}/search/{job}")
async def progress(visitor: Known, month: PathMonth, job: PathId) -> Response:
    """排程进度 / how far a search is; the page looks again by itself."""
    authorize(visitor.me, Action.PLAN_DRAFT, Resource())
    found = visitor.house.solving.find(job)
    if found is None:
        raise not_found(job)
    if found.status == "drafted" and not visitor.request.headers.get("hx-request"):
        return visitor.go(f"/plans/{month}", "drafted")
    if visitor.request.headers.get("hx-request"):
        part: HTMLResponse = html("solving-part.html.j2", visitor.tongue, job=found, month=month)
        part.headers["cache-control"] = "no-store"
        if found.status == "drafted":
            part.headers["hx-redirect"] = f"/plans/{month}?done=drafted"
        return part
    return visitor.page("solving.html.j2", job=found, month=month)


@router.post("/plans/{month}/search/{job}/stop")
async def stop(visitor: Known, month: PathMonth, job: PathId) -> Response:
    """停止 / end a search at its next step, and keep the best plan so far."""
    await visitor.form()
    authorize(visitor.me, Action.PLAN_DRAFT, Resource())
    if visitor.house.solving.stop(job) is None:
        raise not_found(job)
    return visitor.go(f"/plans/{month}/search/{job}")


@router.get("/plans/{month}/publication")
async def preflight(visitor: Known, month: PathMonth) -> Response:
    """发布前检查 / what would become of publishing, asked of the rules without publishing."""
    authorize(visitor.me, Action.PLAN_PUBLISH, Resource())
    found = await _newest(visitor, month)
    against = await _trial(visitor, found) if found.version else ()
    tag = await _tag(visitor, found)
    return visitor.page("publish.html.j2", plan=found, against=tuple(map(view, against)), tag=tag)


@router.post("/plans/{month}/publication")
async def publish(visitor: Known, month: PathMonth) -> Response:
    """发布 / publish the version that was read; it is audited again against the ledger."""
    form = await visitor.form()
    authorize(visitor.me, Action.PLAN_PUBLISH, Resource())
    found = await _newest(visitor, month)
    if form.one("tag") != await _tag(visitor, found) or not found.version:
        said = ("计划已有变化，请重新查看再发布", "the plan has changed, read it again")
        raise ProblemError(412, "version-stale", said)
    command = c.PublishPlan(month=month, version=found.version)
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/plans/{month}", "published")


async def _newest(visitor: Visitor, month: str) -> Plan:
    """Return the draft that waits for publication, which may revise a published plan; else the plan."""
    found = await _plan(visitor, month, None)
    newest = found.state.open_draft
    return await _plan(visitor, month, newest) if newest not in {0, found.version} else found


async def _plan(visitor: Visitor, month: str, version: int | None) -> Plan:
    own = reach(visitor.me, Action.PLAN_READ) is Reach.OWN
    try:
        found = await plan(visitor.queries, month, visitor.me.of if own else None, version)
    except CalendarMissing as missing:
        said = (
            f"{missing.year} 年没有正式的工作日历",
            f"{missing.year} has no official working calendar",
        )
        raise ProblemError(409, "calendar-missing", said) from None
    if version and not found.version:
        raise not_found(f"{month} v{version}")
    return found


async def _trial(visitor: Visitor, found: Plan) -> tuple[Objection, ...]:
    """Return what stands in the way of publishing, as the rules say it now."""
    trial = visitor.house.service.trial()
    command = c.PublishPlan(month=found.month, version=found.version)
    who = visitor.who
    raw = Sender(who.source, who.actor).message(command, id_=fresh_id(), at=trial.clock.now())
    return objections_of((await trial.submit([raw]))[0])


async def _tag(visitor: Visitor, found: Plan) -> str:
    """Return what changes with every answer to the version that is shown."""
    names = [keys.month(found.month)]
    names += [keys.draft(found.month, found.version)] if found.version else []
    cells = await visitor.house.service.ledger.peek(names)
    return "-".join(str(cells[name].version) for name in names) + f"-{found.version}"
