"""The home page of each role."""

from __future__ import annotations

from fastapi import APIRouter, Response

from portal.pages import home as view
from portal.pages.visitor import Known

router = APIRouter()


@router.get("/")
async def home(visitor: Known) -> Response:
    """首页 / what waits for me, what is due, where the month stands."""
    now = visitor.house.service.clock.now()
    found = await view.home(visitor.queries, visitor.me, now)
    demo = visitor.reception.demo
    mine = [each for each in demo.logins if each.actor == visitor.me] if demo else []
    return visitor.page("home.html.j2", home=found, first=mine[0] if mine else None)
