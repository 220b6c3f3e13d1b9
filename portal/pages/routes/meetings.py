"""片区、产链、项目、会议、政策包、监测点、处级干部 by pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Response

from portal.http.changing import there
from portal.http.house import PathId
from portal.http.problems import ProblemError, not_found
from portal.http.routes.meetings import kept
from portal.matters import meetings
from portal.messages import fresh_id
from portal.pages.forms import Form
from portal.pages.matters import Act, asked, carry_out, may
from portal.pages.meant import (
    DEPARTMENT,
    DEPARTMENTS,
    ENTERPRISE,
    ENTERPRISES,
    OFFICER,
    OFFICERS,
    Fields,
)
from portal.pages.names import Names, names
from portal.pages.routes.uploads import download
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action, Reach, Resource, authorize, reach
from portal.proof import evidence
from scheduler.deadlines import Standing
from schemas import contact_commands as k
from schemas import meeting_commands as c
from schemas.base import CHINA
from schemas.contacts import Territory, TerritoryKind
from schemas.meetings import Chain, Meeting, MeetingKind, PackageKind, Project
from schemas.visits import Grade

router = APIRouter()


def _today(visitor: Visitor) -> date:
    return visitor.house.service.clock.now().astimezone(CHINA).date()


def _sees(visitor: Visitor) -> bool:
    """Let somebody see everything here; return whether he may also set it."""
    authorize(visitor.me, Action.MEETING_READ, Resource())
    return may(visitor, Action.MEETING_SET)


def _ids(form: Form, name: str) -> tuple[str, ...]:
    return tuple(form.one(name).replace("、", " ").replace(",", " ").split())


WHOM: Final[Fields] = {
    "enterprise": ENTERPRISE,
    "invited": ENTERPRISES,
    "came": ENTERPRISES,
    "department": DEPARTMENT,
    "departments": DEPARTMENTS,
    "head": OFFICER,
    "leader": OFFICER,
    "team": OFFICERS,
}
"""Whom the fields of these pages name."""

ACTS: Final[Mapping[str, Act]] = {
    "record": (
        Action.MEETING_SET,
        lambda id_, f: c.HoldMeeting(meeting=id_, came=_ids(f, "came"), note=f.one("note")),
        "meeting-changed",
    ),
    "cancellation": (
        Action.MEETING_SET,
        lambda id_, f: c.CallOffMeeting(meeting=id_, reason=f.one("reason")),
        "meeting-changed",
    ),
}
"""What a form at a meeting does, who may, and what is said afterwards."""


@router.get("/territories")
async def territories(visitor: Known) -> Response:
    """片区树 / the territory tree 1+33+65+N: who answers for what."""
    _sees(visitor)
    leaves = await meetings.tree(visitor.queries)
    return visitor.page(
        "territories.html.j2",
        leaves=leaves,
        kinds=tuple(TerritoryKind),
        names=await names(visitor.queries, people={x.territory.head or "" for x in leaves} - {""}),
        sets=may(visitor, Action.CONTACT_PAIR),
    )


@router.post("/territories")
async def territory(visitor: Known) -> Response:
    """设置片区 / set a part of the tree and who answers for it."""
    await asked(
        visitor,
        Action.CONTACT_PAIR,
        lambda form: k.SetTerritory(
            territory=Territory(
                id=form.one("id"),
                name=form.one("name"),
                kind=TerritoryKind(form.one("kind")),
                parent=form.some("parent"),
                head=form.some("head"),
            )
        ),
        whom=WHOM,
    )
    return visitor.go("/territories", "territory-set")


@router.get("/chains")
async def chains(visitor: Known) -> Response:
    """产业链 / the industrial chains and the projects."""
    sets = _sees(visitor)
    found = await meetings.all_of(visitor.queries, "chain")
    projects = await meetings.all_of(visitor.queries, "project")
    return visitor.page(
        "chains.html.j2",
        chains=found,
        projects=projects,
        sets=sets,
        today=_today(visitor),
        names=await _named(visitor, found, projects),
    )


@router.post("/chains")
async def set_chain(visitor: Known) -> Response:
    """设置产业链 / set a chain, its leader and its team."""
    told = await asked(
        visitor,
        Action.MEETING_SET,
        lambda form: c.SetChain(
            chain=Chain(
                id=form.one("id"),
                name=form.one("name"),
                trades=_ids(form, "trades"),
                leader=form.one("leader"),
                department=form.one("department"),
                team=_ids(form, "team"),
            )
        ),
        whom=WHOM,
    )
    return visitor.go(f"/chains/{told.id}", "chain-set")


@router.get("/chains/{chain}")
async def chain(visitor: Known, chain: PathId) -> Response:
    """一条产链一批问题一个专班 / a chain: its team, agenda, enterprises, problems."""
    sets = _sees(visitor)
    found = there(await meetings.chain(visitor.queries, chain), chain)
    known = await _named(visitor, (found.chain,), found.projects)
    return visitor.page("chain.html.j2", found=found, sets=sets, names=known)


@router.post("/projects")
async def set_project(visitor: Known) -> Response:
    """设置项目 / set a project and who answers for it."""
    told = await asked(
        visitor,
        Action.MEETING_SET,
        lambda form: c.SetProject(
            project=Project(
                id=form.one("id"),
                name=form.one("name"),
                enterprise=form.one("enterprise"),
                leader=form.one("leader"),
                department=form.one("department"),
                stage=form.one("stage"),
                since=date.fromisoformat(form.one("since")),
                chain=form.some("chain"),
                done=form.day("done"),
            )
        ),
        whom=WHOM,
    )
    return visitor.go(f"/projects/{told.id}", "project-set")


@router.get("/projects/{project}")
async def project(visitor: Known, project: PathId) -> Response:
    """项目卡 / one project, one leader who answers for it."""
    _sees(visitor)
    found = there(await meetings.card(visitor.queries, project), project)
    firm = found.project.enterprise
    people = {found.project.leader} | {pair.spells[-1].official for pair in found.pairs}
    known = await names(visitor.queries, {firm}, people=people)
    return visitor.page("project.html.j2", found=found, names=known)


@router.get("/meetings")
async def list_(visitor: Known) -> Response:
    """会议 / round tables and task forces; an enterprise sees those it is invited to."""
    own = reach(visitor.me, Action.MEETING_READ) is Reach.OWN
    queries = visitor.queries
    rows = await meetings.meetings(queries, visitor.me.of if own else None)
    judged = await meetings.next_round_table(queries, visitor.house.service.clock.now())
    return visitor.page(
        "meetings.html.j2",
        rows=rows,
        due=None if own else judged,
        late=judged is not None and judged.standing in {Standing.LATE, Standing.LAPSED},
        sets=may(visitor, Action.MEETING_SET),
        kinds=tuple(MeetingKind),
        today=_today(visitor),
        packages=await meetings.all_of(queries, "package"),
        package_kinds=tuple(PackageKind),
        chains=await meetings.all_of(queries, "chain"),
        fresh=fresh_id(),
        names=await names(queries, {id_ for m in rows for id_ in m.meeting.invited}),
    )


@router.post("/meetings")
async def set_meeting(visitor: Known) -> Response:
    """定会议 / fix a meeting; those invited are told."""
    await asked(
        visitor,
        Action.MEETING_SET,
        lambda form: c.SetMeeting(
            meeting=Meeting(
                id=form.one("id"),
                kind=MeetingKind(form.one("kind")),
                theme=form.one("theme"),
                on=date.fromisoformat(form.one("on")),
                place=form.some("place"),
                chain=form.some("chain"),
                invited=_ids(form, "invited"),
                departments=_ids(form, "departments"),
                agenda=tuple(line for line in form.one("agenda").splitlines() if line.strip()),
            )
        ),
        whom=WHOM,
    )
    return visitor.go("/meetings", "meeting-set")


@router.post("/meetings/{meeting}/{act}")
async def change(visitor: Known, meeting: PathId, act: str) -> Response:
    """已召开、取消 / record that a meeting was held, or call it off."""
    return await carry_out(visitor, ACTS, act, meeting, "/meetings", whom=WHOM)


@router.post("/packages")
async def publish(visitor: Known) -> Response:
    """发布政策包 / publish a package of policies or services with its file."""
    reach(visitor.me, Action.MEETING_SET)
    form, sent = await visitor.upload()
    kind = form.choice(PackageKind, "kind")
    if sent is None or kind is None:
        raise ProblemError(422, "bad-input", ("请选择文件和种类", "choose a file and a kind"))
    name = form.one("name") or sent.name
    package = await kept(visitor.house, form.one("id"), name, kind, sent.body)
    await visitor.ask(c.PublishPackage(package=package), form.some("key"))
    return visitor.go("/meetings", "package-published")


@router.get("/packages/{package}")
async def package(visitor: Known, package: PathId) -> Response:
    """下载政策包 / the file of a package."""
    reach(visitor.me, Action.MEETING_READ)
    known = await meetings.package(visitor.queries, package)
    body = None if known is None else await evidence.read(visitor.house.service, known.sha256)
    if known is None or body is None:
        raise not_found(package)
    return download(body, known.media.value, known.name)


@router.get("/leaders")
async def leaders(visitor: Known, year: int = 0) -> Response:
    """处级干部走访 / leading officials: pairs, contacts, visits by the rules of all, problems."""
    _sees(visitor)
    today = _today(visitor)
    chosen = year if 2000 <= year <= 2100 else today.year  # noqa: PLR2004 - a year
    found = await meetings.leaders(visitor.queries, chosen)
    known = await names(visitor.queries)
    return visitor.page("leaders.html.j2", found=found, year=chosen, names=known)


@router.get("/pulse")
async def pulse(visitor: Known) -> Response:
    """监测点 / the question to a monitoring point; for others what all of them answered."""
    if reach(visitor.me, Action.PULSE_READ) is Reach.OWN:
        own = await meetings.pulse(visitor.queries, visitor.me.of or "-")
        found: tuple[Any, ...] = (there(own, "pulse"),)
    else:
        found = await meetings.all_of(visitor.queries, "pulse")
    return visitor.page(
        "pulse.html.j2",
        found=found,
        answers=may(visitor, Action.PULSE_ANSWER),
        grades=tuple(Grade),
        names=await names(visitor.queries, {state.enterprise for state in found}),
    )


@router.post("/pulse")
async def answer(visitor: Known) -> Response:
    """监测点回答 / a monitoring point answers."""
    await asked(
        visitor,
        Action.PULSE_ANSWER,
        lambda form: c.AnswerPulse(
            month=form.one("month"), grade=Grade(form.one("grade")), line=form.some("line")
        ),
    )
    return visitor.go("/pulse", "pulse-answered")


async def _named(visitor: Visitor, chains: Iterable[Chain], projects: Iterable[Project]) -> Names:
    """Return the names of those who lead chains and projects, and of the chains' teams."""
    people = {each.leader for each in chains} | {each.leader for each in projects}
    people |= {id_ for each in chains for id_ in each.team}
    return await names(visitor.queries, people=people)
