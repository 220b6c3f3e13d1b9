"""督查: scorecards from draft to signature and appeal, bulletins 通报 made of signed ones."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from portal.http.changing import CHANGE, Asks, there
from portal.http.house import House, In, PathId, Who
from portal.http.limits import StrictRoute
from portal.http.problems import documented, not_found
from portal.matters import scorecards as cards
from portal.permissions import TABLE, Action, Reach, Resource, authorize, reach
from scheduler import keys
from scheduler.scorecards.states import Bulletin, BulletinState, ScorecardState, SignedCard
from schemas import score_commands as c
from schemas.base import Count, Frozen, Text
from schemas.registry import Department
from schemas.scorecards import Family, Scored, Veto, family
from schemas.visits import Decision

router = APIRouter(prefix="/scorecards", tags=["scorecards 督查"], route_class=StrictRoute)
bulletins = APIRouter(prefix="/bulletins", tags=["bulletins 通报"], route_class=StrictRoute)

PathPeriod = Annotated[str, Path(pattern=r"^20[0-9]{2}(-(0[1-9]|1[0-2])|-Q[1-4])?$")]
_ALL = Resource()


class SignBody(Frozen):
    """Vetoes with their grounds; a correction says why. The figures are counted at the signature."""

    vetoes: tuple[Veto, ...] = Field(default=(), max_length=40)
    reason: Text | None = None


class AppealBody(Frozen):
    """Which version, and why not."""

    version: Count
    reason: Text


class AppealDecisionBody(Frozen):
    """Upheld (approved) or refused, and why."""

    version: Count
    decision: Decision
    reason: Text


class BulletinBody(Frozen):
    """What is said beside the figures; a later bulletin of the period says why."""

    text: Text | None = None
    reason: Text | None = None


class FigureView(Frozen):
    """An indicator with what stands behind it: keys of visits, clocks, problems; none of ratings."""

    figure: Scored
    family: Family
    parts: tuple[str, ...]
    wholes: tuple[str, ...]


class ScorecardView(Frozen):
    """A department's period: the draft as it stands now, and every signed version."""

    department: str
    period: str
    draft: tuple[FigureView, ...] = ()
    draft_points: int | None = None
    draft_possible: int | None = None
    signed: tuple[SignedCard, ...] = ()


class ScorecardRow(Frozen):
    """A department in a period's list; points in hundredths, of the newest signed version."""

    department: str
    version: int | None
    status: str | None
    points: int | None
    possible: int | None
    vetoed: bool


class BulletinRow(Frozen):
    """A period that has a bulletin."""

    period: str
    version: int
    departments: int


@router.get("/{period}", responses=documented(401, 403, 422))
async def list_(stands: In, who: Who, period: PathPeriod) -> tuple[ScorecardRow, ...]:
    """一期督查表 / who is signed and who is not, by department."""
    own = reach(who.actor, Action.SCORECARD_READ) is Reach.OWN
    rows = await stands.service.queries.rows("scorecard", period=period)
    signed = {row["department"]: row for row in rows}
    bodies = await stands.service.queries.rows("department", enforcement_subject=True)
    ids = {row["id"] for row in bodies} | signed.keys()
    return tuple(
        ScorecardRow(
            department=id_,
            **{
                name: signed[id_][name] if id_ in signed else None
                for name in ("version", "status", "points", "possible")
            },
            vetoed=bool(id_ in signed and signed[id_]["vetoed"]),
        )
        for id_ in sorted(ids)
        if not own or id_ == who.actor.of
    )


@router.get("/{period}/{department}", responses=documented(401, 403, 404, 422))
async def show(stands: In, who: Who, period: PathPeriod, department: PathId) -> ScorecardView:
    """一个部门的督查表 / one department's: draft, signed versions, the rows behind each number."""
    authorize(who.actor, Action.SCORECARD_READ, Resource.owned(department))
    return await _view(stands, who, period, department)


@router.post("/{period}/{department}/signature", status_code=201, responses=CHANGE)
async def sign(asks: Asks, period: PathPeriod, department: PathId, body: SignBody) -> ScorecardView:
    """签发 / sign what is counted now; the figures never change after that."""
    reach(asks.who.actor, Action.SCORECARD_SIGN)
    await asks.ask(await signature(asks.stands, period, department, body))
    return await _view(asks.stands, asks.who, period, department)


@router.post("/{period}/{department}/appeal", status_code=201, responses=CHANGE)
async def appeal(
    asks: Asks, period: PathPeriod, department: PathId, body: AppealBody
) -> ScorecardView:
    """申诉 / the department objects to its newest version."""
    authorize(asks.who.actor, Action.SCORECARD_APPEAL, Resource.owned(department))
    command = c.AppealScorecard(department=department, period=period, **body.model_dump())
    await asks.ask(command)
    return await _view(asks.stands, asks.who, period, department)


@router.post("/{period}/{department}/appeal-decision", responses=CHANGE)
async def decide(
    asks: Asks, period: PathPeriod, department: PathId, body: AppealDecisionBody
) -> ScorecardView:
    """裁定申诉 / uphold or refuse an appeal; never whoever signed."""
    reach(asks.who.actor, Action.SCORECARD_JUDGE)
    command = c.DecideScoreAppeal(department=department, period=period, **body.model_dump())
    await asks.ask(command)
    return await _view(asks.stands, asks.who, period, department)


@bulletins.get("", responses=documented(401, 403))
async def every(stands: In, who: Who) -> tuple[BulletinRow, ...]:
    """各期通报 / the periods that have a bulletin."""
    authorize(who.actor, Action.BULLETIN_READ, _ALL)
    rows = await stands.service.queries.rows("bulletin")
    return tuple(BulletinRow(**row) for row in rows)


@bulletins.get("/{period}", responses=documented(401, 403, 404, 422))
async def read(stands: In, who: Who, period: PathPeriod) -> tuple[Bulletin, ...]:
    """一期通报 / a period's bulletins, the newest last."""
    authorize(who.actor, Action.BULLETIN_READ, _ALL)
    return (await known_bulletin(stands, period)).versions


@bulletins.post("/{period}", status_code=201, responses=CHANGE)
async def publish(asks: Asks, period: PathPeriod, body: BulletinBody) -> tuple[Bulletin, ...]:
    """签发通报 / sign a bulletin of all cards of the period that are signed."""
    reach(asks.who.actor, Action.BULLETIN_PUBLISH)
    await asks.ask(await publication(asks.stands, period, body))
    return (await known_bulletin(asks.stands, period)).versions


async def signature(stands: House, period: str, department: str, body: SignBody) -> c.SignScorecard:
    """Return the command that signs what is counted now.

    Raises:
        ProblemError: If there is no such department.
    """
    queries = stands.service.queries
    if await queries.get(Department, keys.department(department)) is None:
        raise not_found(department)
    today = stands.service.clock.now().date()
    found = await cards.draft(queries, department, period, today)
    return c.SignScorecard(
        department=department,
        period=period,
        figures=tuple(each.measured for each in found.counted),
        vetoes=body.vetoes,
        reason=body.reason,
    )


async def publication(stands: House, period: str, body: BulletinBody) -> c.PublishBulletin:
    """Return the command that signs a bulletin of a period's signed cards.

    Raises:
        ProblemError: If none is signed.
    """
    found = await cards.to_publish(stands.service.queries, period)
    if not found:
        raise not_found(period)
    return c.PublishBulletin(period=period, cards=found, text=body.text, reason=body.reason)


async def known_bulletin(stands: House, period: str) -> BulletinState:
    """Return a period's bulletins.

    Raises:
        ProblemError: If there is none.
    """
    return there(await cards.bulletin(stands.service.queries, period), period)


def sees_drafts(who: Who, department: str) -> bool:
    """Tell whether somebody may see what nobody signed: those who sign or judge, and the department."""
    above = {*TABLE[Action.SCORECARD_SIGN], *TABLE[Action.SCORECARD_JUDGE]}
    return who.actor.role in above or who.actor.of == department


async def _view(stands: House, who: Who, period: str, department: str) -> ScorecardView:
    queries = stands.service.queries
    state: ScorecardState | None = await cards.card(queries, department, period)
    signed = state.versions if state else ()
    if not sees_drafts(who, department):
        there(state, f"{department} {period}")
        return ScorecardView(department=department, period=period, signed=signed)
    found = await cards.draft(queries, department, period, stands.service.clock.now().date())
    return ScorecardView(
        department=department,
        period=period,
        draft=tuple(
            FigureView(
                figure=figure,
                family=family(figure.measured.indicator),
                parts=each.parts,
                wholes=each.wholes,
            )
            for figure, each in zip(found.figures, found.counted, strict=True)
        ),
        draft_points=found.points,
        draft_possible=found.possible,
        signed=signed,
    )
