"""七二一: each department's acts of a quarter by share, down to the acts. Counted, never asked for."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from portal.http.house import In, Who
from portal.http.limits import StrictRoute
from portal.http.problems import ProblemError, documented
from portal.matters.mix import Mixed, Quarter, mix
from portal.permissions import Action, Reach, reach
from portal.plans.planning import NotReadyError
from schemas.acts import ActKind, ActShare
from schemas.base import CHINA, Frozen, Id

router = APIRouter(prefix="/mix", tags=["mix 七二一"], route_class=StrictRoute)

PerCent = dict[ActShare, int]


class MixedView(Frozen):
    """Acts and whole per cents by share; ``other`` acts count towards none."""

    acts: PerCent
    per_cent: PerCent
    other: int


class DoneView(Frozen):
    """One act and the page that tells of it."""

    department: str
    enterprise: str
    day: date
    kind: ActKind
    share: ActShare | None
    page: str


class MixView(Frozen):
    """A quarter; the shares that the policy names are reported beside and asked of nobody."""

    quarter: str
    named: PerCent
    city: MixedView | None
    departments: dict[str, MixedView]
    acts: tuple[DoneView, ...]


def _view(own: Mixed) -> MixedView:
    return MixedView(
        acts={share: own.counts[share] for share in ActShare},
        per_cent={share: own.per_cent(share) for share in ActShare},
        other=own.other,
    )


@router.get("", responses=documented(401, 403, 409, 422))
async def show(
    stands: In,
    who: Who,
    quarter: Annotated[str | None, Query(pattern="^[0-9]{4}-[1-4]$")] = None,
    department: Annotated[Id | None, Query()] = None,
) -> MixView:
    """一个季度的七二一; 给出部门时附各项行为 / a quarter's shares; of one department with its acts."""
    own = reach(who.actor, Action.PLAN_READ) is Reach.OWN
    chosen = who.actor.of if own else department
    today = stands.service.clock.now().astimezone(CHINA).date()
    try:
        found = await mix(stands.service.queries, Quarter.read(quarter or "", today), chosen)
    except NotReadyError as error:
        zh, _, en = str(error).partition(" / ")
        raise ProblemError(409, "not-ready", (zh, en or zh)) from None
    acts = found.acts if chosen is not None else ()
    return MixView(
        quarter=str(found.quarter),
        named={share: rule.target for share, rule in found.targets.items()},
        city=None if chosen is not None else _view(found.city),
        departments={each.department: _view(each) for each in found.departments},
        acts=tuple(
            DoneView(**{name: getattr(act, name) for name in DoneView.model_fields}) for act in acts
        ),
    )
