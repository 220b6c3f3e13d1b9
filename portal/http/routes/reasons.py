"""Why a plan is as it is: one request, the whole account, and what differs between two versions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from portal.http.house import In, PathId, PathMonth, Who
from portal.http.limits import StrictRoute
from portal.http.problems import ProblemError, documented, not_found
from portal.permissions import Action, Reach, Resource, authorize, reach
from portal.plans import comparing, explaining
from portal.plans.comparing import DiffView
from portal.plans.explaining import AccountView, UnknownPlanError
from portal.plans.planning import NotReadyError
from portal.plans.reasons import WhyView
from scheduler import keys
from scheduler.states import RequestState

router = APIRouter(tags=["plans 月度计划"], route_class=StrictRoute)

_READ = documented(401, 403, 404, 409)
Version = Annotated[int | None, Query(ge=1, le=999)]
Compared = Annotated[int, Query(ge=1, le=999)]


@router.get("/plans/{month}/reasons/{request}", responses=_READ)
async def why(
    stands: In, who: Who, month: PathMonth, request: PathId, version: Version = None
) -> WhyView:
    """为什么排在这天, 还有哪些日子 / why a request has its day or none, and its other days."""
    queries = stands.service.queries
    state = await queries.get(RequestState, keys.request(request))
    if state is None:
        reach(who.actor, Action.PLAN_READ)
        raise not_found(request)
    authorize(who.actor, Action.PLAN_READ, Resource.owned(state.request.department))
    try:
        return await explaining.why_request(queries, request, month, version)
    except LookupError as error:
        raise _problem(error, request) from None


@router.get("/plans/{month}/account", responses=_READ)
async def account(stands: In, who: Who, month: PathMonth, version: Version = None) -> AccountView:
    """计划的分数、均衡和满员日的价 / where points come from, fairness, the price of full days."""
    authorize(who.actor, Action.PLAN_READ, Resource())
    queries = stands.service.queries
    try:
        found = await explaining.explained(queries, month, version)
    except LookupError as error:
        raise _problem(error, month) from None
    speaker = await explaining.speaker_of(queries, found.prepared)
    return explaining.account_view(found, speaker)


@router.get("/plans/{month}/difference", responses=_READ)
async def difference(
    stands: In, who: Who, month: PathMonth, before: Compared, after: Compared
) -> DiffView:
    """两版计划的差别 / what differs between two versions; a department sees its own requests."""
    only = who.actor.of if reach(who.actor, Action.PLAN_READ) is Reach.OWN else None
    try:
        view = await comparing.difference_of(stands.service.queries, month, before, after)
    except LookupError as error:
        raise _problem(error, month) from None
    return view if only is None else view.of(only)


def _problem(error: LookupError, about: str) -> ProblemError:
    """Say that there is no such plan, or that nothing can be said of it yet."""
    if isinstance(error, UnknownPlanError):
        return not_found(about)
    if not isinstance(error, NotReadyError):
        raise error
    zh, _, en = str(error).partition(" / ")
    return ProblemError(409, "not-ready", (zh, en or zh))
