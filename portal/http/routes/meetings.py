"""产链、项目、圆桌会议、专班、政策包、监测点, the territory tree and the leading officials."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from portal.http.changing import CHANGE, SEE, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.limits import StrictRoute
from portal.http.problems import ProblemError, documented, not_found
from portal.matters import meetings
from portal.permissions import Action, Reach, Resource, authorize, reach
from portal.proof import evidence
from scheduler.deadlines import Standing
from scheduler.meetings import MeetingState, PulseState
from schemas import meeting_commands as c
from schemas.base import CHINA, Frozen, Id, Month, Name, Text
from schemas.contacts import Territory
from schemas.meetings import Chain, Meeting, Package, PackageKind, Project
from schemas.uscc import Uscc
from schemas.visits import Grade

router = APIRouter(tags=["meetings 产链与会议"], route_class=StrictRoute)

_READ = documented(401, 403, 422)
_FILE: Final = {"schema": {"type": "string", "format": "binary"}}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": _FILE}},
}


class LeafView(Frozen):
    """A part of the territory tree, its depth and its pairs."""

    territory: Territory
    depth: int
    pairs: int


class ChainView(Frozen):
    """A chain with its enterprises, open problems, projects and meetings by their ids."""

    chain: Chain
    enterprises: tuple[str, ...]
    problems: tuple[str, ...]
    projects: tuple[Project, ...]
    meetings: tuple[MeetingState, ...]


class CardView(Frozen):
    """A project's card."""

    project: Project
    pairings: tuple[str, ...]
    problems: tuple[str, ...]


class MeetingsView(Frozen):
    """The meetings, and by when the next round table is due."""

    next_round_table: date | None
    late: bool
    meetings: tuple[MeetingState, ...]


class HeldBody(Frozen):
    """Who came, and what came of it."""

    came: tuple[Uscc, ...] = Field(default=(), max_length=500)
    note: Text


class CallOffBody(Frozen):
    """Why."""

    reason: Text


class PulseBody(Frozen):
    """An answer for the month that asks."""

    month: Month
    grade: Grade
    line: Text | None = None


class LeaderView(Frozen):
    """A leading official, and what he did in a year."""

    officer: str
    name: str
    department: str
    pairs: int
    contacts: int
    visits: int
    problems: int


@router.get("/territories", responses=_READ)
async def tree(stands: In, who: Who) -> tuple[LeafView, ...]:
    """片区树, 谁负责 / the territory tree, each part with who answers for it."""
    authorize(who.actor, Action.MEETING_READ, Resource())
    found = await meetings.tree(stands.service.queries)
    return tuple(LeafView(territory=x.territory, depth=x.depth, pairs=x.pairs) for x in found)


@router.get("/chains", responses=_READ)
async def chains(stands: In, who: Who) -> tuple[Chain, ...]:
    """产业链 / the industrial chains."""
    authorize(who.actor, Action.MEETING_READ, Resource())
    return await meetings.all_of(stands.service.queries, "chain")


@router.get("/chains/{chain}", responses=SEE)
async def chain(stands: In, who: Who, chain: PathId) -> ChainView:
    """一条产链一个专班 / one chain: its team, its enterprises, its problems."""
    authorize(who.actor, Action.MEETING_READ, Resource())
    return await _chain(stands, chain)


@router.post("/chains", status_code=201, responses=CHANGE)
async def set_chain(asks: Asks, body: Chain) -> ChainView:
    """设置产业链和专班 / set a chain, its leader and its team."""
    reach(asks.who.actor, Action.MEETING_SET)
    await asks.ask(c.SetChain(chain=body))
    return await _chain(asks.stands, body.id)


@router.get("/projects", responses=_READ)
async def projects(stands: In, who: Who) -> tuple[Project, ...]:
    """项目 / the projects."""
    authorize(who.actor, Action.MEETING_READ, Resource())
    return await meetings.all_of(stands.service.queries, "project")


@router.get("/projects/{project}", responses=SEE)
async def project(stands: In, who: Who, project: PathId) -> CardView:
    """项目卡 / a project's card."""
    authorize(who.actor, Action.MEETING_READ, Resource())
    return await _card(stands, project)


@router.post("/projects", status_code=201, responses=CHANGE)
async def set_project(asks: Asks, body: Project) -> CardView:
    """设置项目和包联领导 / set a project and who answers for it."""
    reach(asks.who.actor, Action.MEETING_SET)
    await asks.ask(c.SetProject(project=body))
    return await _card(asks.stands, body.id)


@router.get("/meetings", responses=_READ)
async def list_(stands: In, who: Who) -> MeetingsView:
    """会议, 下次圆桌会议的日期 / meetings, and by when the next round table is due."""
    return await _meetings(stands, who)


@router.post("/meetings", status_code=201, responses=CHANGE)
async def set_meeting(asks: Asks, body: Meeting) -> MeetingsView:
    """定会议, 通知受邀企业和部门 / fix a meeting; those invited are told."""
    reach(asks.who.actor, Action.MEETING_SET)
    await asks.ask(c.SetMeeting(meeting=body))
    return await _meetings(asks.stands, asks.who)


@router.post("/meetings/{meeting}/record", responses=CHANGE)
async def hold(asks: Asks, meeting: PathId, body: HeldBody) -> MeetingsView:
    """登记已召开 / record that a meeting took place."""
    reach(asks.who.actor, Action.MEETING_SET)
    command = c.HoldMeeting(meeting=meeting, came=body.came, note=body.note)
    await asks.ask(command)
    return await _meetings(asks.stands, asks.who)


@router.post("/meetings/{meeting}/cancellation", responses=CHANGE)
async def call_off(asks: Asks, meeting: PathId, body: CallOffBody) -> MeetingsView:
    """取消会议 / call a meeting off."""
    reach(asks.who.actor, Action.MEETING_SET)
    await asks.ask(c.CallOffMeeting(meeting=meeting, reason=body.reason))
    return await _meetings(asks.stands, asks.who)


@router.get("/packages", responses=_READ)
async def packages(stands: In, who: Who) -> tuple[Package, ...]:
    """政策包、服务包 / the packages of policies and services; everybody may take them."""
    reach(who.actor, Action.MEETING_READ)
    return await meetings.all_of(stands.service.queries, "package")


@router.post(
    "/packages",
    status_code=201,
    responses=documented(400, 401, 403, 409, 413, 415, 422),
    openapi_extra=_BODY,
)
async def publish(
    asks: Asks,
    request: Request,
    id: Annotated[Id, Query()],  # noqa: A002 - the parameter's name in the interface
    name: Annotated[Name, Query()],
    kind: Annotated[PackageKind, Query()],
) -> Package:
    """发布政策包: 内容为文件 / publish a package; the body is its file."""
    reach(asks.who.actor, Action.MEETING_SET)
    made = await kept(asks.stands, id, name, kind, await request.body())
    await asks.ask(c.PublishPackage(package=made))
    return made


@router.get("/packages/{package}/file", responses=SEE)
async def file(stands: In, who: Who, package: PathId) -> Response:
    """下载政策包 / the file of a package."""
    reach(who.actor, Action.MEETING_READ)
    known = await meetings.package(stands.service.queries, package)
    body = None if known is None else await evidence.read(stands.service, known.sha256)
    if known is None or body is None:
        raise not_found(package)
    return Response(body, media_type=known.media.value)


@router.get("/pulse", responses=SEE)
async def pulse(stands: In, who: Who) -> PulseState:
    """监测点: 这一期的问题 / the question to a monitoring point, and what it answered."""
    reach(who.actor, Action.PULSE_ANSWER)
    return await _pulse(stands, who.actor.of)


@router.get("/pulses", responses=_READ)
async def pulses(stands: In, who: Who) -> tuple[PulseState, ...]:
    """各监测点的回答 / what the monitoring points answered; never to a department."""
    authorize(who.actor, Action.PULSE_READ, Resource())
    return await meetings.all_of(stands.service.queries, "pulse")


@router.post("/pulse", responses=CHANGE)
async def answer(asks: Asks, body: PulseBody) -> PulseState:
    """监测点回答 / a monitoring point answers."""
    reach(asks.who.actor, Action.PULSE_ANSWER)
    await asks.ask(c.AnswerPulse(**body.model_dump()))
    return await _pulse(asks.stands, asks.who.actor.of)


@router.get("/leaders", responses=_READ)
async def leaders(
    stands: In, who: Who, year: Annotated[int | None, Query(ge=2000, le=2100)] = None
) -> tuple[LeaderView, ...]:
    """处级干部走访 / leading officials: pairs, contacts, visits by the rules of all, problems."""
    authorize(who.actor, Action.MEETING_READ, Resource())
    today = stands.service.clock.now().astimezone(CHINA).date()
    found = await meetings.leaders(stands.service.queries, year or today.year)
    return tuple(
        LeaderView(
            officer=row.officer.id,
            name=row.officer.name,
            department=row.officer.department,
            pairs=row.pairs,
            contacts=row.contacts,
            visits=row.visits,
            problems=row.problems,
        )
        for row in found
    )


async def kept(stands: House, id_: str, name: str, kind: PackageKind, body: bytes) -> Package:
    """Keep the file of a package; return what the ledger says of it.

    Raises:
        ProblemError: If it is too large, or neither picture nor PDF.
    """
    today = stands.service.clock.now().astimezone(CHINA).date()
    try:
        paper = await evidence.keep(stands.service, body, today)
    except evidence.BadScan as bad:
        raise ProblemError(bad.status, bad.code, bad.said) from None
    return Package(
        id=id_, name=name, kind=kind, sha256=paper.sha256, media=paper.media, size=paper.size
    )


async def _chain(stands: House, id_: str) -> ChainView:
    found = there(await meetings.chain(stands.service.queries, id_), id_)
    return ChainView(
        chain=found.chain,
        enterprises=tuple(firm.id for firm in found.firms),
        problems=tuple(problem.id for problem in found.problems),
        projects=found.projects,
        meetings=found.meetings,
    )


async def _card(stands: House, id_: str) -> CardView:
    found = there(await meetings.card(stands.service.queries, id_), id_)
    return CardView(
        project=found.project,
        pairings=tuple(pair.id for pair in found.pairs),
        problems=tuple(problem.id for problem in found.problems),
    )


async def _meetings(stands: House, who: Who) -> MeetingsView:
    own = reach(who.actor, Action.MEETING_READ) is Reach.OWN
    queries = stands.service.queries
    judged = await meetings.next_round_table(queries, stands.service.clock.now())
    return MeetingsView(
        next_round_table=judged.due.day if judged and not own else None,
        late=judged is not None and not own and judged.standing in {Standing.LATE, Standing.LAPSED},
        meetings=await meetings.meetings(queries, who.actor.of if own else None),
    )


async def _pulse(stands: House, enterprise: str | None) -> PulseState:
    id_ = enterprise or "-"
    return there(await meetings.pulse(stands.service.queries, id_), id_)
