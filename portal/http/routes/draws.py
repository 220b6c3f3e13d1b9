"""双随机: a draw from its lists to its bundle. Before its days are over only those concerned see whom."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from portal.http.changing import CHANGE, SEE, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.limits import StrictRoute
from portal.http.problems import ProblemError, documented, not_found
from portal.permissions import Action, Reach, Resource, authorize, reach
from portal.proof import draws
from scheduler import keys
from scheduler.states import DrawState, DrawStatus
from schemas import draw_commands as d
from schemas.base import Frozen, Id, Instant, Name, Text
from schemas.draws import CannotGo, DrawResult, DrawShare, Substitute
from schemas.registry import CreditTier, RiskClass
from schemas.uscc import Uscc
from schemas.visits import Window

router = APIRouter(prefix="/draws", tags=["draws 双随机"], route_class=StrictRoute)


class DrawBody(Frozen):
    """What to draw; both lists are read off the registers. The first department leads."""

    title: Name
    shares: tuple[DrawShare, ...] = Field(min_length=1, max_length=12)
    window: Window
    risks: tuple[RiskClass, ...] = ()
    townships: tuple[Name, ...] = Field(default=(), max_length=50)
    repeats: Id | None = None
    reason: Text | None = None


class CommitmentBody(Frozen):
    """Which public value decides with the seed, and from when everybody can know it."""

    public_source: Text
    public_at: Instant


class PublicBody(Frozen):
    """The public value."""

    value: Text


class WithdrawalBody(Frozen):
    """Why."""

    reason: Text


class SubstituteBody(Frozen):
    """Which drawn inspector cannot go, where, and why; ``reason`` is sealed."""

    department: Id
    enterprise: Uscc
    out: Id
    ground: CannotGo
    reason: Text


class StratumView(Frozen):
    """A stratum and the share of it that is drawn, in per cent."""

    risk: RiskClass
    credit: CreditTier
    per_cent: int


class DrawView(Frozen):
    """A draw as everybody may see it; ``result`` only for those concerned, until its days are over."""

    id: str
    title: str
    status: DrawStatus
    lead: str
    departments: tuple[str, ...]
    number: int
    window: Window
    members: int
    inspectors: int
    ratios: tuple[StratumView, ...]
    frame: str
    opened: Instant
    commitment: str | None
    public_source: str | None
    public_at: Instant | None
    public: str | None
    drawn: int | None
    repeats: str | None
    withdrawn: str | None
    seed: str | None
    result: DrawResult | None
    substitutes: tuple[Substitute, ...] | None
    receipts: tuple[Annotated[str, Field(pattern="^[0-9a-f]{64}$")], ...]


class DrawLine(Frozen):
    """A draw in a list."""

    id: str
    title: str
    status: DrawStatus
    lead: str
    number: int
    members: int
    drawn: int
    window_first: date
    window_last: date
    repeats: str | None


class HandedIn(Frozen):
    """What became of the requests that a draw brought about."""

    requests: int
    accepted: int


def draw_view(state: DrawState, receipts: tuple[str, ...], *, whom: bool) -> DrawView:
    """Return a draw for a reader; ``whom`` tells whether he may know whom it drew."""
    return DrawView(
        id=state.id,
        title=state.plan.title,
        status=state.status,
        lead=state.plan.lead,
        departments=state.plan.departments,
        number=state.number,
        window=state.plan.window,
        members=len(state.plan.population),
        inspectors=len(state.plan.inspectors),
        ratios=tuple(StratumView(**dict(ratio)) for ratio in state.ratios),
        frame=state.frame,
        opened=state.opened,
        commitment=state.commitment,
        public_source=state.public_source,
        public_at=state.public_at,
        public=state.public,
        drawn=len(state.result.targets) if state.result else None,
        repeats=state.plan.repeats,
        withdrawn=state.withdrawn,
        # The seed gives the result to whoever has the lists.
        seed=state.seed if whom else None,
        result=state.result if whom else None,
        substitutes=state.substitutes if whom else None,
        receipts=receipts,
    )


@router.get("", responses=documented(401, 403))
async def list_(stands: In, who: Who) -> tuple[DrawLine, ...]:
    """全部抽查, 包括撤回和重抽的 / every draw, those withdrawn and repeated too."""
    reach(who.actor, Action.DRAW_READ)
    rows = await stands.service.queries.rows("draw")
    names = DrawLine.model_fields
    return tuple(DrawLine(**{n: v for n, v in row.items() if n in names}) for row in rows)


@router.post("", status_code=201, responses=CHANGE)
async def open_(asks: Asks, body: DrawBody) -> DrawView:
    """公开名单 / open a draw: the lists are fixed, hashed and never change."""
    authorize(asks.who.actor, Action.DRAW_RUN, Resource.owned(body.shares[0].department))
    wish = draws.Wish(
        title=body.title,
        shares=body.shares,
        window=body.window,
        scope=draws.Scope(body.risks, body.townships),
        repeats=body.repeats,
        reason=body.reason,
    )
    command = await draws.opening(asks.stands.service.queries, wish)
    return await _own_view(asks.stands, await asks.ask(command))


@router.get("/{draw}", responses=SEE)
async def show(stands: In, who: Who, draw: PathId) -> DrawView:
    """一次抽查 / one draw."""
    reach(who.actor, Action.DRAW_READ)
    state = await known(stands, draw)
    whom = may_see(stands, who.actor.of, state, reach(who.actor, Action.DRAW_READ))
    return draw_view(state, await draws.receipts_of(stands.service, draw), whom=whom)


@router.post("/{draw}/commitment", responses=CHANGE)
async def commit(asks: Asks, draw: PathId, body: CommitmentBody) -> DrawView:
    """承诺种子 / commit to a secret seed, which is made and sealed here."""
    state = await _mine(asks.stands, asks.who, draw)
    command = draws.committing(state, body.public_source, body.public_at)
    return await _own_view(asks.stands, await asks.ask(command))


@router.post("/{draw}/public", responses=CHANGE)
async def set_public(asks: Asks, draw: PathId, body: PublicBody) -> DrawView:
    """录入公共随机数 / enter the public value."""
    await _mine(asks.stands, asks.who, draw)
    command = d.SetDrawPublic(draw=draw, value=body.value)
    return await _own_view(asks.stands, await asks.ask(command))


@router.post("/{draw}/seed", responses=CHANGE)
async def reveal(asks: Asks, draw: PathId) -> DrawView:
    """揭示种子 / reveal the seed: what is drawn follows, and is asked for."""
    state = await _mine(asks.stands, asks.who, draw)
    command = await draws.revealing(asks.stands.service, state)
    if command is None:
        said = ("种子没有封存在这里", "the seed is not sealed here")
        raise ProblemError(409, "seed-gone", said)
    await asks.ask(command)
    await draws.hand_in(asks.stands.service, await known(asks.stands, draw))
    return await _own_view(asks.stands, draw)


@router.post("/{draw}/requests", responses=CHANGE)
async def hand_in(stands: In, who: Who, draw: PathId) -> HandedIn:
    """报批抽中的; 重复无害 / hand in what was drawn; again, it changes nothing."""
    effects = await draws.hand_in(stands.service, await _mine(stands, who, draw))
    taken = sum(effect.status == "accepted" for effect in effects)
    return HandedIn(requests=len(effects), accepted=taken)


@router.post("/{draw}/substitutes", responses=CHANGE)
async def substitute(asks: Asks, draw: PathId, body: SubstituteBody) -> DrawView:
    """补抽 / draw another inspector in place of one who cannot go."""
    authorize(asks.who.actor, Action.DRAW_SUBSTITUTE, Resource.owned(body.department))
    await known(asks.stands, draw)
    command = d.SubstituteDrawn(draw=draw, **dict(body))
    return await _own_view(asks.stands, await asks.ask(command))


@router.post("/{draw}/withdrawal", responses=CHANGE)
async def withdraw(asks: Asks, draw: PathId, body: WithdrawalBody) -> DrawView:
    """撤回 / withdraw a draw; it stays visible with its number and the reason."""
    await _mine(asks.stands, asks.who, draw)
    command = d.WithdrawDraw(draw=draw, reason=body.reason)
    return await _own_view(asks.stands, await asks.ask(command))


@router.get("/{draw}/bundle", responses=SEE)
async def bundle(stands: In, who: Who, draw: PathId) -> Response:
    """抽查包 / the bundle that anybody can verify."""
    found = reach(who.actor, Action.DRAW_READ)
    state = await known(stands, draw)
    body = await draws.bundle_of(stands.service, draw)
    if body is None or not may_see(stands, who.actor.of, state, found):
        raise not_found(draw)
    return Response(body, media_type="application/json")


def may_see(stands: House, of: str | None, state: DrawState, found: Reach | None) -> bool:
    """Whether somebody may know whom a draw drew: those concerned at once, others afterwards."""
    concerned = found is Reach.ALL or (found is Reach.OWN and of in state.plan.departments)
    return concerned or draws.disclosed(state, stands.service.clock.now().date())


async def known(stands: House, id_: str) -> DrawState:
    """Return a draw.

    Raises:
        ProblemError: If there is none.
    """
    return there(await stands.service.queries.get(DrawState, keys.draw(id_)), id_)


async def _mine(stands: House, who: Who, id_: str) -> DrawState:
    state = await known(stands, id_)
    authorize(who.actor, Action.DRAW_RUN, Resource.owned(state.plan.lead))
    return state


async def _own_view(stands: House, id_: str) -> DrawView:
    """Return a draw as those who run it see it."""
    state = await known(stands, id_)
    return draw_view(state, await draws.receipts_of(stands.service, id_), whom=True)
