"""抽查室: a draw step by step, for everybody to watch; whom it drew, for those concerned until later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from portal.http.house import PathId
from portal.http.problems import ProblemError, not_found
from portal.http.routes.draws import draw_view, known, may_see
from portal.pages.forms import Form
from portal.pages.names import names
from portal.pages.routes.uploads import download
from portal.pages.visitor import Anyone, Known, Visitor
from portal.permissions import TABLE, Action, Reach, Resource, authorize, reach
from portal.proof import draws
from portal.resources import deploy_dir
from scheduler.states import DrawState, DrawStatus, RequestState
from schemas import draw_commands as d
from schemas.base import CHINA
from schemas.draws import CannotGo, DrawShare
from schemas.registry import Item, RiskClass
from schemas.visits import Window

router = APIRouter()


@router.get("/draws")
async def list_(visitor: Anyone) -> Response:
    """全部抽查 / every draw, those withdrawn and repeated too. Anybody may see that they were."""
    rows = await visitor.queries.rows("draw")
    rows = sorted(rows, key=lambda row: (row["opened"], row["id"]), reverse=True)
    known_ = await names(visitor.queries)
    return visitor.page(
        "draws.html.j2", rows=rows, names=known_, statuses=DrawStatus, may_run=_may_run(visitor)
    )


@router.get("/draws/new")
async def ask(visitor: Known) -> Response:
    """新的抽查 / what to draw."""
    own = reach(visitor.me, Action.DRAW_RUN) is Reach.OWN
    items: list[Item] = [item for _, item in await visitor.queries.find("item", published=True)]
    choices: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        choices[item.department].append(item)
    # A department leads what it asks for: it comes first, and the first that is ticked leads.
    order = sorted(choices, key=lambda id_: (own and id_ != visitor.me.of, id_))
    known_ = await names(visitor.queries)
    return visitor.page(
        "draw-new.html.j2",
        choices=[(id_, choices[id_]) for id_ in order],
        risks=tuple(RiskClass),
        names=known_,
        earlier=await visitor.queries.rows("draw", **({"lead": visitor.me.of} if own else {})),
    )


@router.post("/draws")
async def open_(visitor: Known) -> Response:
    """公开名单 / open a draw."""
    reach(visitor.me, Action.DRAW_RUN)
    form = await visitor.form()
    shares = _shares(form.many("item"))
    if not shares:
        raise _bad("请至少勾选一个事项", "tick one item at least")
    authorize(visitor.me, Action.DRAW_RUN, Resource.owned(shares[0].department))
    try:
        wish = draws.Wish(
            title=form.one("title"),
            shares=shares,
            window=Window(first=_day(form, "first"), last=_day(form, "last")),
            scope=draws.Scope(tuple(map(RiskClass, form.many("risk")))),
            repeats=form.one("repeats") or None,
            reason=form.one("reason") or None,
        )
        command = await draws.opening(visitor.queries, wish)
    except ValidationError:
        raise
    except ValueError:
        raise _bad("内容不符", "what was sent does not fit") from None
    told = await visitor.ask(command, form.some("key"))
    return visitor.go(f"/draws/{told.id}", "lists-open")


def _shares(chosen: Sequence[str]) -> tuple[DrawShare, ...]:
    items: dict[str, list[str]] = {}
    for each in chosen:
        department, _, item = each.partition(":")
        items.setdefault(department, []).append(item)
    return tuple(DrawShare(department=id_, items=tuple(found)) for id_, found in items.items())


def _day(form: Form, name: str) -> date:
    return date.fromisoformat(form.one(name))


def _bad(zh: str, en: str) -> ProblemError:
    return ProblemError(422, "bad-input", (zh, en))


@router.get("/draws/verify_draw.py")
async def verifier(visitor: Anyone) -> Response:
    """核验程序 / the stranger's script."""
    del visitor
    body = (deploy_dir("verifiers") / "verify_draw.py").read_bytes()
    return download(body, "text/x-python", "verify_draw.py")


@router.get("/draws/{draw}")
async def show(visitor: Anyone, draw: PathId) -> Response:
    """抽查室 / where a draw stands, and the next step for whoever runs it."""
    state = await known(visitor.house, draw)
    whom = _whom(visitor, state)
    receipts = await draws.receipts_of(visitor.house.service, draw)
    drawn = {t.enterprise for t in state.result.targets} if whom and state.result else set()
    return visitor.page(
        "draw.html.j2",
        d=draw_view(state, receipts, whom=whom),
        names=await names(visitor.queries, drawn, people=_people(state) if whom else ()),
        may_run=_may_run(visitor, state),
        pair=state.pair,
        grounds=tuple(CannotGo),
        replaceable=_replaceable(visitor, state) if whom else (),
        requests=await _requests(visitor, state) if whom and visitor.actor else {},
    )


def _people(state: DrawState) -> set[str]:
    """Return the inspectors that were drawn, and those in whose place others go."""
    drawn = {officer for _, _, officers in draws.teams(state) for officer in officers}
    pairs = {id_ for target in _targets(state) for pair in target.pairs for id_ in pair.officers}
    return drawn | pairs | {x for s in state.substitutes for x in (s.out, s.officer)}


async def _requests(visitor: Visitor, state: DrawState) -> dict[str, list[RequestState]]:
    references = [f"draw-{state.id}-{n}" for n in range(1, len(_targets(state)) + 1)]
    found: list[tuple[str, Any]] = await visitor.queries.find("request", reference=references)
    by: dict[str, list[RequestState]] = defaultdict(list)
    for _, request in found:
        by[request.request.enterprise].append(request)
    return by


def _replaceable(visitor: Visitor, state: DrawState) -> list[tuple[str, str, str]]:
    """Return the department, enterprise and officer of each drawn inspector whom a visitor may replace."""
    actor = visitor.actor
    found = TABLE[Action.DRAW_SUBSTITUTE].get(actor.role) if actor else None
    if actor is None or found is None:
        return []
    return [
        (department, enterprise, officer)
        for enterprise, department, officers in draws.teams(state)
        if found is Reach.ALL or department == actor.of
        for officer in officers
    ]


def _targets(state: DrawState) -> tuple[Any, ...]:
    return state.result.targets if state.result else ()


@router.get("/draws/{draw}/bundle.json")
async def bundle(visitor: Anyone, draw: PathId) -> Response:
    """抽查包 / the bundle."""
    state = await known(visitor.house, draw)
    body = await draws.bundle_of(visitor.house.service, draw)
    if body is None or not _whom(visitor, state):
        raise not_found(draw)
    return download(body, "application/json", f"draw-{draw}.json")


@router.post("/draws/{draw}/commitment")
async def commit(visitor: Known, draw: PathId) -> Response:
    """承诺种子 / commit to a secret seed."""
    state, form = await _mine(visitor, draw)
    try:
        at = datetime.fromisoformat(form.one("at")).replace(tzinfo=CHINA)
    except ValueError:
        raise _bad("时间写法不对", "this is no time") from None
    command = draws.committing(state, form.one("source"), at)
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/draws/{draw}", "committed")


@router.post("/draws/{draw}/public")
async def set_public(visitor: Known, draw: PathId) -> Response:
    """录入公共随机数 / enter the public value."""
    _, form = await _mine(visitor, draw)
    command = d.SetDrawPublic(draw=draw, value=form.one("value"))
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/draws/{draw}", "recorded-public")


@router.post("/draws/{draw}/seed")
async def reveal(visitor: Known, draw: PathId) -> Response:
    """揭示种子并抽取 / reveal the seed; what is drawn is asked for."""
    state, form = await _mine(visitor, draw)
    command = await draws.revealing(visitor.house.service, state)
    if command is None:
        raise ProblemError(409, "seed-gone", ("种子没有封存在这里", "the seed is not sealed here"))
    await visitor.ask(command, form.some("key"))
    await draws.hand_in(visitor.house.service, await known(visitor.house, draw))
    return visitor.go(f"/draws/{draw}", "drawn")


@router.post("/draws/{draw}/substitutes")
async def substitute(visitor: Known, draw: PathId) -> Response:
    """补抽 / draw another inspector in place of one who cannot go."""
    form = await visitor.form()
    department, _, rest = form.one("who").partition("/")
    enterprise, _, out = rest.partition("/")
    authorize(visitor.me, Action.DRAW_SUBSTITUTE, Resource.owned(department))
    await known(visitor.house, draw)
    command = d.SubstituteDrawn(
        draw=draw,
        department=department,
        enterprise=enterprise,
        out=out,
        ground=CannotGo(form.one("ground")),
        reason=form.one("reason"),
    )
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/draws/{draw}", "substituted")


@router.post("/draws/{draw}/withdrawal")
async def withdraw(visitor: Known, draw: PathId) -> Response:
    """撤回 / withdraw a draw; it stays here."""
    _, form = await _mine(visitor, draw)
    command = d.WithdrawDraw(draw=draw, reason=form.one("reason"))
    await visitor.ask(command, form.some("key"))
    return visitor.go(f"/draws/{draw}", "draw-withdrawn")


async def _mine(visitor: Visitor, id_: str) -> tuple[DrawState, Form]:
    state = await known(visitor.house, id_)
    authorize(visitor.me, Action.DRAW_RUN, Resource.owned(state.plan.lead))
    return state, await visitor.form()


def _may_run(visitor: Visitor, state: DrawState | None = None) -> bool:
    actor = visitor.actor
    found = TABLE[Action.DRAW_RUN].get(actor.role) if actor else None
    if found is None or actor is None:
        return False
    return found is Reach.ALL or state is None or actor.of == state.plan.lead


def _whom(visitor: Visitor, state: DrawState) -> bool:
    actor = visitor.actor
    found = TABLE[Action.DRAW_READ].get(actor.role) if actor else None
    return may_see(visitor.house, actor.of if actor else None, state, found)
