"""差异化监管: gradings and marks of enterprises, lists of codes, acts that needed no visit."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from portal.http.changing import CHANGE, SEE, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.limits import StrictRoute
from portal.http.problems import documented
from portal.matters import treatment
from portal.permissions import Action, Reach, Resource, authorize, reach
from scheduler import keys
from schemas import treatment_commands as c
from schemas.acts import ActKind
from schemas.base import CHINA, Frozen, Id, Name, Text
from schemas.code_lists import CodeList, CodeListKind
from schemas.registry import CreditTier, Enterprise, Grading, Mark, MarkEnd, MarkKind, RiskClass
from schemas.uscc import Uscc

router = APIRouter(tags=["treatment 差异化监管"], route_class=StrictRoute)

_READ = documented(401, 403, 422)


class MarkView(Frozen):
    """A mark in force, with the days it has left."""

    enterprise: str
    mark: Mark
    left: int | None


class TreatmentView(Frozen):
    """How an enterprise is treated: its gradings by their days, its marks, codes cited against it."""

    enterprise: str
    gradings: tuple[Grading, ...]
    marks: tuple[Mark, ...]
    offences: dict[str, int]


class GradingBody(Frozen):
    """Risk class, credit tier or both, from a day on, by a named list."""

    since: date
    risk: RiskClass | None = None
    credit: CreditTier | None = None
    source: Name


class MarkBody(Frozen):
    """A mark for a time; a promise names its items."""

    kind: MarkKind
    since: date
    until: date | None = None
    items: tuple[Id, ...] = ()
    basis: Text


class MarkEndBody(Frozen):
    """Why a mark ends."""

    cause: MarkEnd
    reason: Text


class ActBody(Frozen):
    """What a department did for or asked of an enterprise without coming."""

    department: Id
    enterprise: Uscc
    kind: ActKind
    line: Text


def _today(stands: House) -> date:
    return stands.service.clock.now().astimezone(CHINA).date()


@router.get("/marks", responses=_READ)
async def marks(
    stands: In, who: Who, kind: Annotated[MarkKind | None, Query()] = None
) -> tuple[MarkView, ...]:
    """生效的标识, 快到期的在前 / marks in force, those that end first; an enterprise its own."""
    own = reach(who.actor, Action.TREATMENT_READ) is Reach.OWN
    firm = who.actor.of if own else None
    found = await treatment.marked(stands.service.queries, _today(stands), kind, firm)
    return tuple(MarkView(enterprise=m.enterprise, mark=m.mark, left=m.left) for m in found)


@router.get("/enterprises/{enterprise}/treatment", responses=SEE)
async def show(stands: In, who: Who, enterprise: PathId) -> TreatmentView:
    """一家企业的分级、标识和引用过的代码 / how one enterprise is treated."""
    authorize(who.actor, Action.TREATMENT_READ, Resource.owned(enterprise))
    return await _view(stands, enterprise)


@router.post("/enterprises/{enterprise}/gradings", status_code=201, responses=CHANGE)
async def grade(asks: Asks, enterprise: PathId, body: GradingBody) -> TreatmentView:
    """分级 / grade an enterprise from a day on."""
    reach(asks.who.actor, Action.TREATMENT_SET)
    command = c.GradeEnterprise(enterprise=enterprise, **body.model_dump())
    await asks.ask(command)
    return await _view(asks.stands, enterprise)


@router.post("/enterprises/{enterprise}/marks", status_code=201, responses=CHANGE)
async def mark(asks: Asks, enterprise: PathId, body: MarkBody) -> TreatmentView:
    """白名单、承诺、免检、歇业、沙盒、监测点 / mark an enterprise for a time."""
    reach(asks.who.actor, Action.TREATMENT_SET)
    command = c.MarkEnterprise(enterprise=enterprise, **body.model_dump())
    await asks.ask(command)
    return await _view(asks.stands, enterprise)


@router.post("/enterprises/{enterprise}/marks/{mark_}/end", responses=CHANGE)
async def unmark(asks: Asks, enterprise: PathId, mark_: PathId, body: MarkEndBody) -> TreatmentView:
    """移出, 写明理由 / take a mark away, with the reason."""
    reach(asks.who.actor, Action.TREATMENT_SET)
    command = c.UnmarkEnterprise(enterprise=enterprise, mark=mark_, **body.model_dump())
    await asks.ask(command)
    return await _view(asks.stands, enterprise)


@router.get("/code-lists", responses=_READ)
async def code_lists(
    stands: In, who: Who, kind: Annotated[CodeListKind | None, Query()] = None
) -> tuple[CodeList, ...]:
    """免罚清单、负面清单等 / the lists of codes in use; they are public to whoever may log in."""
    reach(who.actor, Action.TREATMENT_READ)
    kinds = () if kind is None else (kind,)
    return await treatment.code_lists(stands.service.queries, *kinds)


@router.post("/code-lists", status_code=201, responses=CHANGE)
async def adopt(asks: Asks, body: CodeList) -> CodeList:
    """启用清单 / adopt a list of codes, or a newer version."""
    reach(asks.who.actor, Action.RULES_ADOPT)
    await asks.ask(c.AdoptCodeList(code_list=body))
    return body


@router.post("/acts", status_code=201, responses=CHANGE)
async def act(asks: Asks, body: ActBody) -> dict[str, str]:
    """登记电话指导、提醒、督促 / record guidance, a reminder or urging that needed no visit."""
    authorize(asks.who.actor, Action.ACT_RECORD, Resource.owned(body.department))
    id_ = await asks.ask(c.RecordAct(**body.model_dump()))
    return {"id": id_}


async def _view(stands: House, id_: str) -> TreatmentView:
    firm = there(await stands.service.queries.get(Enterprise, keys.enterprise(id_)), id_)
    known = firm.treatment
    return TreatmentView(
        enterprise=id_,
        gradings=known.gradings if known else (),
        marks=known.marks if known else (),
        offences=await treatment.offences(stands.service.queries, id_),
    )
