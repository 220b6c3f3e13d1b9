"""Plans by hand: a draft of one's own changes, and what would be if something were otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field

from portal.http.changing import Asks
from portal.http.house import In, PathMonth, Who
from portal.http.limits import StrictRoute
from portal.http.problems import ProblemError, documented, not_found
from portal.http.routes.front import Front
from portal.pages.worksheet import MOST, Work, drafted, laid_out
from portal.permissions import Action, Resource, authorize
from portal.plans import comparing, explaining
from portal.plans.comparing import Change, WhatIfView
from portal.plans.explaining import UnknownPlanError
from portal.plans.handwork import Changes
from portal.plans.planning import NotReadyError
from scheduler import keys
from scheduler.planner.limits import Limits
from scheduler.planner.variations import MoreUnits, UnknownVariationError, Variation, WiderVisits
from scheduler.states import MonthState
from schemas import commands as c
from schemas.base import Frozen, Id

router = APIRouter(prefix="/plans/{month}", tags=["plans 月度计划"], route_class=StrictRoute)

STEPS: Final = 40
"""Steps of the two searches of a what-if: somebody waits for them."""

_CHANGE: Final = documented(400, 401, 403, 404, 409, 413, 422)


class Move(Frozen):
    """A request on another day."""

    request: Id
    day: date


class HandBody(Frozen):
    """Changes of a version: requests moved, fixed to their days, or fixed no longer."""

    version: int = Field(ge=1, le=999)
    moves: tuple[Move, ...] = Field(default=(), max_length=MOST)
    pinned: tuple[Id, ...] = Field(default=(), max_length=MOST)
    freed: tuple[Id, ...] = Field(default=(), max_length=MOST)


class Drafted(Frozen):
    """The version that the changes became."""

    month: str
    version: int


class WhatIfBody(Frozen):
    """What is to be tried: units more or less for a department, wider visits, an open day."""

    version: Annotated[int, Field(ge=1, le=999)] | None = None
    department: Id | None = None
    units: int = Field(default=0, ge=-9_999, le=9_999)
    day: date | None = None
    most: Annotated[int, Field(ge=1, le=99)] | None = None
    opened: date | None = None


@router.post("/drafts-by-hand", status_code=201, responses=_CHANGE)
async def draft_by_hand(asks: Asks, front: Front, month: PathMonth, body: HandBody) -> Drafted:
    """手工改动存为草案 / hand in what changes of a version come to, as the next version."""
    authorize(asks.who.actor, Action.PLAN_DRAFT, Resource())
    changes = Changes(
        moves=tuple((move.request, move.day) for move in body.moves),
        pinned=frozenset(body.pinned),
        freed=frozenset(body.freed),
    )
    queries = asks.stands.service.queries
    found = await laid_out(asks.stands.service, front.table, Work(month, body.version, changes))
    plan = await drafted(queries, found)
    state = await queries.get(MonthState, keys.month(month)) or MonthState()
    command = c.DraftPlan(month=month, version=state.drafted + 1, body=plan)
    await asks.ask(command)
    return Drafted(month=month, version=command.version)


@router.post("/what-if", responses=_CHANGE)
async def what_if(stands: In, who: Who, month: PathMonth, body: WhatIfBody) -> WhatIfView:
    """如果 / plan the month twice, as it is and with something changed; nothing is kept."""
    authorize(who.actor, Action.PLAN_DRAFT, Resource())
    change = _change(body)
    try:
        found = await explaining.explained(stands.service.queries, month, body.version)
        return await comparing.what_if(found, change, replace(Limits(), steps=STEPS))
    except UnknownPlanError:
        raise not_found(month) from None
    except NotReadyError as error:
        zh, _, en = str(error).partition(" / ")
        raise ProblemError(409, "not-ready", (zh, en or zh)) from None
    except UnknownVariationError as error:
        said = (f"计划中没有：{error}", f"the plan has no {error}")
        raise ProblemError(422, "bad-input", said) from None


def _change(body: WhatIfBody) -> Change:
    variations: list[Variation] = []
    if body.department is not None and body.units:
        more = MoreUnits(department=body.department, units=body.units, day=body.day)
        variations.append(more)
    if body.most is not None:
        variations.append(WiderVisits(most=body.most))
    if not variations and body.opened is None:
        raise ProblemError(422, "bad-input", ("请写明要试什么", "say what is to be tried"))
    return Change(variations=variations, opened=frozenset({body.opened} if body.opened else ()))
