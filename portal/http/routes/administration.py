"""Administration: capacity, calendars' addresses, calendars and policies, dead letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from portal.http.changing import CHANGE, SEE, Asks, there
from portal.http.house import House, In, Key, PathId, Who, ask
from portal.http.identity import Principal
from portal.http.limits import StrictRoute
from portal.http.problems import ObjectionView, ProblemError, documented, not_found, refused, view
from portal.http.routes.front import Front
from portal.importing.faults import BadFile
from portal.pages import amending, feeds
from portal.pages.forms import Sent
from portal.pages.reception import Reception
from portal.permissions import Action, Resource, authorize, reach
from portal.running import deadletters
from portal.running.deadletters import GoneError, Letter
from portal.settings import Lang
from portal.wording.refusals import objections_of
from scheduler import keys
from scheduler.ruleset import BadStack
from schemas import commands as c
from schemas.base import Count, Frozen, Id, Instant, Name
from schemas.faults import BadInput
from schemas.registry import Department

router = APIRouter(tags=["administration 管理"], route_class=StrictRoute)

_SHOWN = 100

Kind = Literal["calendars", "policies"]


class CapacityBody(Frozen):
    """How many visits a department can make on a day."""

    day: date
    units: int = Field(ge=0, le=9_999)


class CapacityView(Frozen):
    """A department's capacity on a day, as it was stated."""

    department: str
    day: date
    units: int


@router.post("/departments/{department}/capacity", responses=CHANGE)
async def capacity(asks: Asks, department: PathId, body: CapacityBody) -> CapacityView:
    """设定力量 / state how many visits a department can make on a day."""
    authorize(asks.who.actor, Action.CAPACITY_STATE, Resource.owned(department))
    queries = asks.stands.service.queries
    there(await queries.get(Department, keys.department(department)), department)
    await asks.ask(c.SetCapacity(department=department, day=body.day, units=body.units))
    return CapacityView(department=department, day=body.day, units=body.units)


class FeedBody(Frozen):
    """For whom an address is."""

    name: Name


class FeedView(Frozen):
    """An address under which a department's calendar can be subscribed to, without its secret."""

    id: str
    name: str
    since: Instant


class Feeds(Frozen):
    """A department's addresses, the newest first."""

    items: tuple[FeedView, ...]


class NewFeed(Frozen):
    """A new address: whoever has it may read. It is shown this once."""

    path: str


@router.get("/calendar-feeds", responses=SEE)
async def list_feeds(front: Front, who: Who) -> Feeds:
    """日历订阅 / the addresses that one's department handed out."""
    found = await feeds.feeds(front.desk, _own(who))
    return Feeds(items=tuple(FeedView(id=f.id, name=f.name, since=f.since) for f in found))


@router.post("/calendar-feeds", status_code=201, responses=CHANGE)
async def open_feed(stands: In, front: Front, who: Who, body: FeedBody) -> NewFeed:
    """新建订阅地址 / hand out an address."""
    own, now = _own(who), stands.service.clock.now()
    token = await feeds.open_feed(front.desk, own, body.name, now)
    return NewFeed(path=f"/feeds/{token}.ics")


@router.post("/calendar-feeds/{feed}/revocation", status_code=204, responses=SEE)
async def revoke_feed(front: Front, who: Who, feed: PathId) -> Response:
    """撤销订阅地址 / revoke an address; it opens nothing any more."""
    await feeds.revoke(front.desk, _own(who), feed)
    return Response(status_code=204)


def _own(who: Principal) -> str:
    of = who.actor.of or ""
    authorize(who.actor, Action.FEED_MANAGE, Resource.owned(of))
    return of


class EditionBody(Frozen):
    """A document as YAML or JSON text under a file's name, or the name of a shipped one."""

    shipped: Id | None = None
    name: Name = "document.yaml"
    text: Annotated[str, Field(min_length=1, max_length=200_000)] | None = None


class TouchedVisit(Frozen):
    """A published visit that would not be admitted any more."""

    visit: str
    objections: tuple[ObjectionView, ...]


class EditionView(Frozen):
    """A document that was read and waits to be adopted, and the visits that it would touch."""

    id: str
    kind: Kind
    fault: str | None
    touched: tuple[TouchedVisit, ...]


@router.post("/editions/{kind}", status_code=201, responses=CHANGE)
async def read_edition(
    stands: In, front: Front, who: Who, kind: Kind, body: EditionBody
) -> EditionView:
    """读入日历或政策 / read a document and say what it would touch; nothing is adopted yet."""
    reach(who.actor, Action.RULES_ADOPT)
    sent = Sent(body.name, body.text.encode()) if body.text is not None else None
    if sent is None and body.shipped is None:
        raise ProblemError(422, "bad-input", ("请给出文件或名称", "give a text or a name"))
    keep = amending.keep_calendar if kind == "calendars" else amending.keep_policy
    try:
        id_ = await keep(
            front.desk, who.actor, stands.service.clock, sent=sent, shipped=body.shipped or ""
        )
    except BadFile as bad:
        said = (bad.told(Lang.ZH), bad.told(Lang.EN))
        raise ProblemError(422, "bad-file", said) from None
    return await _edition(stands, front, who, kind, id_)


@router.get("/editions/{kind}/{edition}", responses=SEE)
async def show_edition(
    stands: In, front: Front, who: Who, kind: Kind, edition: PathId
) -> EditionView:
    """对比 / which published visits a document would touch."""
    reach(who.actor, Action.RULES_ADOPT)
    return await _edition(stands, front, who, kind, edition)


@router.post("/editions/{kind}/{edition}/adoption", status_code=204, responses=CHANGE)
async def adopt(  # noqa: PLR0917 - FastAPI calls by name
    stands: In, front: Front, who: Who, kind: Kind, edition: PathId, key: Key = None
) -> Response:
    """启用 / adopt a document as it was read."""
    reach(who.actor, Action.RULES_ADOPT)
    told = await ask(stands, who, await _kept(front, who, kind, edition), key)
    return Response(status_code=204, headers=told.headers)


async def _kept(
    front: Reception, who: Principal, kind: Kind, id_: str
) -> c.AdoptCalendar | c.AdoptPolicy:
    kept = amending.kept_calendar if kind == "calendars" else amending.kept_policy
    command = await kept(front.desk, who.actor, id_)
    if command is None:
        raise not_found(id_)
    return command


async def _edition(
    stands: House, front: Reception, who: Principal, kind: Kind, id_: str
) -> EditionView:
    command = await _kept(front, who, kind, id_)
    queries, today = stands.service.queries, stands.service.clock.now().date()
    used = await amending.in_use(queries)
    found: Mapping[Any, Any] = {}
    fault: str | None = None
    try:
        if isinstance(command, c.AdoptPolicy):
            world = used.world(stack=command.layers)
            found = await amending.visits_touched(queries, world, today)
        elif used.policy is not None:
            world = used.world(calendar=command.calendar)
            found = await amending.visits_touched(queries, world, today)
    except BadStack as bad:
        fault = str(bad)
    touched = [
        TouchedVisit(visit=state.id, objections=tuple(map(view, against)))
        for state, against in found.items()
    ]
    touched.sort(key=lambda each: each.visit)
    return EditionView(id=id_, kind=kind, fault=fault, touched=tuple(touched))


class LetterView(Frozen):
    """Rejected input. ``source`` and ``received`` are unknown once its bytes are gone."""

    id: str
    reason: str
    detail: str
    source: str | None
    received: Instant | None


class Letters(Frozen):
    """Rejected input, the newest first."""

    items: tuple[LetterView, ...]


class LetterBody(Frozen):
    """What was mended; ``send`` hands it in, else it is only read."""

    text: Annotated[str, Field(min_length=1, max_length=200_000)]
    send: bool = False


class SentAgain(Frozen):
    """What became of mended input: the command fits, and where it was sent, what it is about."""

    sent: bool
    about: str | None = None


class LetterContent(Frozen):
    """The bytes of rejected input as text; ``None`` where they are kept no longer."""

    letter: LetterView
    text: str | None
    bytes: Count


@router.get("/dead-letters", responses=documented(401, 403))
async def letters(stands: In, who: Who) -> Letters:
    """死信 / rejected input, the newest hundred."""
    reach(who.actor, Action.LETTER_MANAGE)
    found = await deadletters.letters(stands.service, limit=_SHOWN)
    return Letters(items=tuple(map(_letter, found)))


@router.get("/dead-letters/{letter}", responses=SEE)
async def letter(stands: In, who: Who, letter: PathId) -> LetterContent:
    """一条死信 / rejected input with its bytes."""
    reach(who.actor, Action.LETTER_MANAGE)
    found = await _found(stands, letter)
    try:
        body = (await deadletters.content(stands.service, letter)).body
    except GoneError:
        return LetterContent(letter=_letter(found), text=None, bytes=0)
    text = body.decode(errors="backslashreplace")
    return LetterContent(letter=_letter(found), text=text, bytes=len(body))


@router.post("/dead-letters/{letter}", responses=CHANGE)
async def mend(stands: In, who: Who, letter: PathId, body: LetterBody) -> SentAgain:
    """检查或重发 / read what was mended, or send it again."""
    reach(who.actor, Action.LETTER_MANAGE)
    found = await _found(stands, letter)
    raw = body.text.encode()
    try:
        deadletters.mended(found.id, found.source or "-", raw)
        if not body.send:
            return SentAgain(sent=False)
        effect = await deadletters.requeue(stands.service, found.id, raw)
    except BadInput as bad:
        zh, _, en = bad.detail.partition(" / ")
        raise ProblemError(422, bad.reason, (zh, en or zh)) from None
    except GoneError:
        raise not_found(letter) from None
    if effect.status != "accepted":
        against = objections_of(effect)
        if not against:
            raise ProblemError(409, effect.status, (effect.status, effect.status))
        raise refused(effect.about, against)
    return SentAgain(sent=True, about=effect.about)


async def _found(stands: House, id_: str) -> Letter:
    try:
        return await deadletters.letter(stands.service, id_)
    except GoneError:
        raise not_found(id_) from None


def _letter(found: Letter) -> LetterView:
    return LetterView(
        id=found.id,
        reason=found.rejection.reason,
        detail=found.rejection.detail,
        source=found.source,
        received=found.received,
    )
