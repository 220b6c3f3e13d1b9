"""企业问题: the board of the pool, one problem with its story, the month's clearing, the material."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Response

from portal.http.changing import there
from portal.http.house import PathId, PathMonth, ask
from portal.http.identity import Principal
from portal.http.problems import ProblemError, not_found
from portal.http.routes.problems import clearing, drawing
from portal.matters import pool
from portal.pages.forms import Form, made
from portal.pages.language import marked
from portal.pages.matters import Act, may
from portal.pages.meant import DEPARTMENT, ENTERPRISE, OFFICER, Fields, meant
from portal.pages.names import names
from portal.pages.papers import FORMATS, set_as
from portal.pages.routes.gate import counter, not_too_often
from portal.pages.routes.uploads import download
from portal.pages.visitor import Anyone, Known, Visitor
from portal.permissions import Action, Resource, authorize, reach
from scheduler import keys
from scheduler.problem_states import ProblemState, ProblemStatus
from schemas import problem_commands as c
from schemas.enterprise_problems import (
    CarryCause,
    ProblemGrade,
    ProblemReport,
    ProblemSource,
    ProblemTopic,
    Proof,
)
from schemas.envelope import Actor, ActorRole

router = APIRouter()

_WORD: Final = Principal(Actor(id="reporter", role=ActorRole.ENTERPRISE))
"""Who gives a word by a token: nobody is logged in, the token is the proof."""

ACTS: Final[Mapping[str, Act]] = {
    "acceptance": (
        Action.PROBLEM_HANDLE,
        lambda id_, f: c.AcceptProblem(
            problem=id_,
            grade=ProblemGrade(f.one("grade")),
            leader=f.one("leader"),
            department=f.one("department"),
            section=f.some("section"),
        ),
        "problem-accepted",
    ),
    "owners": (
        Action.PROBLEM_HANDLE,
        lambda id_, f: c.ReassignProblem(
            problem=id_,
            leader=f.one("leader"),
            department=f.one("department"),
            section=f.some("section"),
            reason=f.one("reason"),
        ),
        "problem-moved",
    ),
    "decline": (
        Action.PROBLEM_HANDLE,
        lambda id_, f: c.DeclineProblem(problem=id_, reason=f.one("reason")),
        "problem-declined",
    ),
    "merge": (
        Action.PROBLEM_HANDLE,
        lambda id_, f: c.MergeProblem(problem=id_, into=f.one("into"), reason=f.one("reason")),
        "problem-merged",
    ),
    "closing": (
        Action.PROBLEM_HANDLE,
        lambda id_, f: c.CloseProblem(problem=id_, reason=f.one("reason")),
        "problem-closed",
    ),
    "carry": (
        Action.PROBLEM_ANSWER,
        lambda id_, f: c.CarryProblem(
            problem=id_,
            month=f.one("month"),
            cause=CarryCause(f.one("cause")),
            reason=f.one("reason"),
        ),
        "problem-carried",
    ),
    "word": (
        Action.PROBLEM_WORD,
        lambda id_, f: c.GiveWord(
            problem=id_, satisfied=f.one("satisfied") == "yes", reason=f.some("reason")
        ),
        "problem-word",
    ),
    "reopening": (
        Action.PROBLEM_REOPEN,
        lambda id_, f: c.ReopenProblem(problem=id_, reason=f.one("reason")),
        "problem-reopened",
    ),
    "review": (
        Action.PROBLEM_WATCH,
        lambda id_, f: c.ReviewProblem(problem=id_, text=f.one("text"), change=f.one("change")),
        "problem-reviewed",
    ),
    "check": (
        Action.PROBLEM_WATCH,
        lambda id_, f: c.CheckProblem(
            month=f.one("month"), problem=id_, holds=f.one("holds") == "yes", text=f.one("text")
        ),
        "problem-checked",
    ),
}
"""What a form on a problem's page does, who may, and what is said afterwards."""

WHOM: Final[Fields] = {"enterprise": ENTERPRISE, "department": DEPARTMENT, "leader": OFFICER}
"""Whom the fields of these pages name."""

SHOWN: Final = 300
"""Problems that the board shows."""

COLUMNS: Final = (
    (ProblemStatus.REPORTED, marked("待受理定级")),
    (ProblemStatus.ACCEPTED, marked("办理中")),
    (ProblemStatus.ANSWERED, marked("待企业确认")),
)
"""The columns of the board."""


@router.get("/problems")
async def board(visitor: Known) -> Response:
    """问题池看板 / the board of the pool: every open problem, by where it stands."""
    service = visitor.house.service
    found = await pool.listed(visitor.queries, visitor.me, lies_open=True)
    cards = await pool.cards(visitor.queries, service.clock, found[:SHOWN])
    firms = {card.state.problem.enterprise or "" for card in cards} - {""}
    today = service.clock.now().date()
    return visitor.page(
        "problems.html.j2",
        columns=[(name, [x for x in cards if x.state.status is s]) for s, name in COLUMNS],
        total=len(found),
        shown=len(cards),
        late=sum(card.late for card in cards),
        names=await names(visitor.queries, firms),
        month=keys.month_of(today),
        office=may(visitor, Action.PROBLEM_HANDLE),
        watcher=may(visitor, Action.PROBLEM_WATCH),
        reporter=may(visitor, Action.PROBLEM_REPORT),
    )


@router.get("/problems/new")
async def blank(visitor: Known) -> Response:
    """反映问题 / the form that reports a problem."""
    reach(visitor.me, Action.PROBLEM_REPORT)
    return visitor.page(
        "problem-new.html.j2",
        sources=tuple(ProblemSource),
        topics=tuple(ProblemTopic),
        own=visitor.me.of if visitor.me.role is ActorRole.ENTERPRISE else None,
    )


@router.post("/problems")
async def report(visitor: Known) -> Response:
    """Take a problem in."""
    reach(visitor.me, Action.PROBLEM_REPORT)
    form = await meant(visitor.queries, await visitor.form(), WHOM)
    firm = visitor.me.role is ActorRole.ENTERPRISE
    command = made(
        lambda: c.ReportProblem(
            problem=ProblemReport(
                title=form.one("title"),
                text=form.one("text"),
                source=ProblemSource.ENTERPRISE if firm else ProblemSource(form.one("source")),
                topic=ProblemTopic(form.one("topic")),
                enterprise=visitor.me.of if firm else form.some("enterprise"),
                unnamed=form.ticked("unnamed"),
            ),
            reporter=form.some("reporter"),
        ),
        form,
    )
    told = await visitor.ask(command, form.some("key"))
    if not may(visitor, Action.PROBLEM_READ):
        return visitor.go("/", "problem-reported")
    if await pool.problem(visitor.queries, visitor.me, told.id) is None:
        return visitor.go("/problems", "problem-reported")
    return visitor.go(f"/problems/{told.id}", "problem-reported")


@router.get("/problems/material/{month}.{format_}")
async def material(visitor: Known, month: PathMonth, format_: str) -> Response:
    """每周调度材料 / the material for the weekly meeting, to edit, to print or to count."""
    reach(visitor.me, Action.PROBLEM_MATERIAL)
    service = visitor.house.service
    found = await pool.month_of(visitor.queries, service.clock, visitor.me, month)
    states = (*(card.state for card in found.open), *found.closed)
    known = await names(visitor.queries, {s.problem.enterprise or "" for s in states} - {""})
    if format_ == "csv":
        return download(pool.sheet(found, known.of), "text/csv", f"企业问题-{month}.csv")
    if format_ not in FORMATS:
        raise not_found(format_)
    paper = pool.material(found, known.of, service.clock.now().date())
    body, type_ = await set_as(paper, format_)
    return download(body, type_, f"企业问题调度材料-{month}.{format_}")


@router.get("/problems/pool/{month}")
async def month(visitor: Known, month: PathMonth) -> Response:
    """月月清零、回头看 / a month's clearing and its look back."""
    reach(visitor.me, Action.PROBLEM_MATERIAL)
    service = visitor.house.service
    found = await pool.month_of(visitor.queries, service.clock, visitor.me, month)
    sample = found.look_back.sample if found.look_back else ()
    drawn = await visitor.queries.get_many([keys.problem(id_) for id_ in sample])
    states = (*(card.state for card in found.open), *found.closed, *drawn.values())
    firms = {state.problem.enterprise or "" for state in states} - {""}
    return visitor.page(
        "pool.html.j2",
        found=found,
        sample=tuple(drawn.values()),
        missing={state.id for state in found.to_carry},
        names=await names(visitor.queries, firms),
        causes=tuple(CarryCause),
        office=may(visitor, Action.PROBLEM_HANDLE),
        watcher=may(visitor, Action.PROBLEM_WATCH),
    )


@router.post("/problems/pool/{month}/clearing")
async def clear(visitor: Known, month: PathMonth) -> Response:
    """月月清零 / clear the month."""
    reach(visitor.me, Action.PROBLEM_HANDLE)
    form = await visitor.form()
    await visitor.ask(await clearing(visitor.house, visitor.who, month), form.some("key"))
    return visitor.go(f"/problems/pool/{month}", "pool-cleared")


@router.post("/problems/pool/{month}/look-back")
async def look_back(visitor: Known, month: PathMonth) -> Response:
    """回头看抽样 / draw the month's sample, once."""
    reach(visitor.me, Action.PROBLEM_WATCH)
    form = await visitor.form()
    await visitor.ask(await drawing(visitor.house, visitor.who, month), form.some("key"))
    return visitor.go(f"/problems/pool/{month}", "look-back-drawn")


@router.post("/problems/answers")
async def answer(visitor: Known) -> Response:
    """办理答复 / what was done, with a file that shows it: its hash is recorded, the file stays there."""
    form, sent = await visitor.upload()
    state = await _seen(visitor, form.one("problem"))
    authorize(visitor.me, Action.PROBLEM_ANSWER, Resource.owned(state.department or ""))
    if sent is None or not sent.body:
        raise ProblemError(422, "bad-input", ("请选择证明文件", "choose the file that shows it"))
    proof = Proof(name=sent.name, digest=hashlib.sha256(sent.body).hexdigest())
    command = made(
        lambda: c.AnswerProblem(problem=state.id, text=form.one("text"), proofs=(proof,))
    )
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/problems/{state.id}", "problem-answered")


@router.get("/problems/{problem}")
async def show(visitor: Known, problem: PathId) -> Response:
    """一个问题的全过程 / one problem with its story, and what may be done now."""
    state = await _seen(visitor, problem)
    service = visitor.house.service
    (card,) = await pool.cards(visitor.queries, service.clock, (state,))
    me, status = visitor.me, state.status
    owner = me.of == state.department or me.role in {ActorRole.SCHEDULER, ActorRole.ADMIN}
    own = me.role is ActorRole.ENTERPRISE
    office = may(visitor, Action.PROBLEM_HANDLE)
    others = await pool.listed(visitor.queries, me, lies_open=True) if office else ()
    beside = [*state.joined, *([state.into] if state.into else [])]
    titles = {each.id: each.problem.title for each in others}
    for known in (await visitor.queries.get_many([keys.problem(id_) for id_ in beside])).values():
        titles[known.id] = known.problem.title
    return visitor.page(
        "problem-story.html.j2",
        others=[each for each in others if each.id != state.id][:SHOWN],
        titles=titles,
        p=state,
        card=card,
        names=await names(
            visitor.queries,
            {each.problem.enterprise or "" for each in (state, *others[:SHOWN])} - {""},
            people={state.leader} if state.leader else (),
        ),
        month=keys.month_of(service.clock.now().date()),
        office=office,
        watcher=may(visitor, Action.PROBLEM_WATCH) and status is ProblemStatus.CLOSED,
        answers=may(visitor, Action.PROBLEM_ANSWER) and owner and status is ProblemStatus.ACCEPTED,
        carries=may(visitor, Action.PROBLEM_ANSWER) and owner and state.open,
        speaks=own and status is ProblemStatus.ANSWERED,
        reopens=may(visitor, Action.PROBLEM_REOPEN) and status is ProblemStatus.CLOSED,
        grades=tuple(ProblemGrade),
        causes=tuple(CarryCause),
        stages=ProblemStatus,
    )


@router.post("/problems/{problem}/{act}")
async def change(visitor: Known, problem: PathId, act: str) -> Response:
    """Do what a form on a problem's page asks for."""
    action, make, said = there(ACTS.get(act), act)
    reach(visitor.me, action)
    state = await _seen(visitor, problem)
    form = await meant(visitor.queries, await visitor.form(), WHOM)
    await visitor.ask(made(lambda: make(state.id, form), form), form.some("key"))
    back = form.one("month") if act in {"check", "carry"} and form.one("back") == "pool" else ""
    return visitor.go(f"/problems/pool/{back}" if back else f"/problems/{state.id}", said)


async def _seen(visitor: Visitor, id_: str) -> ProblemState:
    return there(await pool.problem(visitor.queries, visitor.me, id_), id_)


@router.get("/p/{token}")
async def asked(visitor: Anyone, token: str) -> Response:
    """企业确认 / the enterprise's own page: what was done, and whether it calls that solved."""
    not_too_often(visitor)
    return _word_page(visitor, token, await _of_token(visitor, token))


@router.post("/p/{token}")
async def word(visitor: Anyone, token: str) -> Response:
    """Take the enterprise's word. The token is the proof: nobody is logged in."""
    not_too_often(visitor)
    state = await _of_token(visitor, token)
    form = await Form.read(visitor.request)
    said, reason = form.one("satisfied"), form.some("reason")
    if said not in {"yes", "no"} or (said == "no" and reason is None):
        return _word_page(visitor, token, state, fault=True)
    command = made(
        lambda: c.GiveWord(problem=state.id, satisfied=said == "yes", reason=reason, token=token)
    )
    await ask(visitor.house, _WORD, command, f"{state.id}:{len(state.words)}:{said}")
    return visitor.go(f"/p/{token}")


def _word_page(
    visitor: Visitor, token: str, state: ProblemState, *, fault: bool = False
) -> Response:
    waits = state.status is ProblemStatus.ANSWERED
    status = 422 if fault else 200
    values = {"token": token, "p": state, "waits": waits, "fault": fault}
    return counter(visitor).show("gate-word.html.j2", status, **values)


async def _of_token(visitor: Visitor, token: str) -> ProblemState:
    id_ = visitor.house.service.credentials.read_problem_token(token)
    found = await visitor.queries.get(ProblemState, keys.problem(id_)) if id_ else None
    if not isinstance(found, ProblemState):
        said = ("链接无效，请核对短信里的地址", "no such link; compare it with the message")
        raise ProblemError(404, "not-found", said)
    return found
