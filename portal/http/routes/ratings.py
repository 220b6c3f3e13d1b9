"""Ratings: with the token that only the enterprise received. Nobody logs in, nobody is named.

The department that was rated learns sums of whole batches, and nothing of any one rating.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Response
from pydantic import Field

from portal.http.house import In, Key, Who, ask
from portal.http.identity import Principal
from portal.http.limits import StrictRoute
from portal.http.problems import ProblemError, documented
from portal.permissions import Action, reach
from scheduler import keys
from scheduler.rating_batches import batches
from schemas import commands as c
from schemas.base import Frozen
from schemas.envelope import Actor, ActorRole
from schemas.visits import Grade, Rating

router = APIRouter(prefix="/ratings", tags=["ratings 评价"], route_class=StrictRoute)

_RATER: Final = Principal(Actor(id="rater", role=ActorRole.ENTERPRISE))
"""Every rater is the same one to the ledger: it keeps the grade, not the hand that gave it."""


class RatingBody(Frozen):
    """A rating. ``forward`` is the rater's consent to pass it on to the department."""

    token: Annotated[str, Field(min_length=8, max_length=1024)]
    grade: Grade
    beyond_items: bool = False
    forward: bool = False
    comment: Annotated[str, Field(min_length=1, max_length=2000)] | None = None


class BatchView(Frozen):
    """The ratings of some months together."""

    first: str
    last: str
    ratings: int
    poor: int


@router.get("/batches", responses=documented(401, 403))
async def sums(stands: In, who: Who) -> tuple[BatchView, ...]:
    """本部门的评价, 只有成批的合计 / the department's own ratings, in sums of whole batches only."""
    reach(who.actor, Action.RATING_SUMS)
    own = who.actor.of or ""
    rows = await stands.service.queries.rows("visit_part", department=own)
    found = await stands.service.queries.get_many([keys.visit(row["visit"]) for row in rows])
    today = stands.service.clock.now().date()
    return tuple(
        BatchView(first=b.first, last=b.last, ratings=b.ratings, poor=b.poor)
        for b in batches(found.values(), own, today)
    )


@router.post("", status_code=204, responses=documented(400, 403, 409, 413, 422))
async def rate(stands: In, body: RatingBody, key: Key = None) -> Response:
    """评价 / rate the visit that the token is for, once."""
    visit = stands.service.credentials.read_rating_token(body.token)
    if visit is None:
        said = ("评价凭证不是真的", "the rating token is not genuine")
        raise ProblemError(403, "token-forged", said)
    rating = Rating(grade=body.grade, beyond_items=body.beyond_items, forward=body.forward)
    command = c.RateVisit(visit=visit, token=body.token, rating=rating, comment=body.comment)
    # All raters share a source, so that a key stands for this visit's rating only.
    told = await ask(stands, _RATER, command, f"{visit}:{key}" if key else None)
    return Response(status_code=204, headers=told.headers)
