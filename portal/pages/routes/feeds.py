"""Calendar feeds of a department, and the page that everybody may read: counts and nothing else."""

from __future__ import annotations

import csv
import io

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import ProblemError, not_found
from portal.pages import feeds
from portal.pages.counts import Month, months
from portal.pages.routes.gate import not_too_often
from portal.pages.visitor import Anyone, Known, Visitor
from portal.permissions import Action, Resource, authorize

router = APIRouter()

ICS = "text/calendar; charset=utf-8"


@router.get("/calendar-feeds")
async def list_(visitor: Known) -> Response:
    """日历订阅 / the addresses under which a department's calendar can be subscribed to."""
    return await _page(visitor, None)


@router.post("/calendar-feeds")
async def add(visitor: Known) -> Response:
    """新建订阅地址 / add an address; it is shown this once."""
    form = await visitor.form()
    own = _own(visitor)
    if not form.one("name"):
        raise ProblemError(422, "bad-input", ("请写明给谁用", "say whom it is for"))
    now = visitor.house.service.clock.now()
    token = await feeds.open_feed(visitor.reception.desk, own, form.one("name"), now)
    return await _page(visitor, f"{visitor.base()}/feeds/{token}.ics")


@router.post("/calendar-feeds/{feed}")
async def revoke(visitor: Known, feed: PathId) -> Response:
    """撤销订阅地址 / revoke an address; it opens nothing any more."""
    await visitor.form()
    await feeds.revoke(visitor.reception.desk, _own(visitor), feed)
    return visitor.go("/calendar-feeds", "dropped")


@router.get("/feeds/{token}.ics")
async def read(visitor: Anyone, token: str) -> Response:
    """日历 / what an address opens; no login: the address is the secret."""
    not_too_often(visitor)
    department = await feeds.department_of(visitor.reception.desk, token)
    if department is None:
        raise not_found("feed")
    service = visitor.house.service
    body = await feeds.calendar(service.queries, department, service.clock.now(), visitor.base())
    return Response(body, media_type=ICS, headers={"cache-control": "private, no-cache"})


@router.get("/public")
async def public(visitor: Anyone) -> Response:
    """公开数据 / how many entries there are, month by month: no names, no days."""
    not_too_often(visitor)
    return visitor.page("public.html.j2", months=await months(visitor.queries))


@router.get("/public.csv")
async def table(visitor: Anyone) -> Response:
    """公开数据 / the same as a table for programs."""
    not_too_often(visitor)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Month.FIELDS)
    writer.writerows(
        [getattr(each, name) for name in Month.FIELDS] for each in await months(visitor.queries)
    )
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8")


async def _page(visitor: Visitor, address: str | None) -> Response:
    found = await feeds.feeds(visitor.reception.desk, _own(visitor))
    return visitor.page(
        "feeds.html.j2", found=found, address=address, most=feeds.MOST, longest=feeds.LONGEST_NAME
    )


def _own(visitor: Visitor) -> str:
    """Return the visitor's department, whose visits he may hand out."""
    of = visitor.me.of or ""
    authorize(visitor.me, Action.FEED_MANAGE, Resource.owned(of))
    if not of:
        raise not_found(of)
    return of
