"""外勤: the inspector's day on his phone, with or without a network, and the paper that stands in."""

from __future__ import annotations

from datetime import date
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from portal.http.house import PathId, ask, command_id
from portal.http.problems import ProblemError, not_found, refused, response
from portal.http.routes.visits import readable
from portal.pages import logins
from portal.pages.field import (
    ON_PAPER,
    Day,
    clock_time,
    day_of,
    happened,
    marked_late,
)
from portal.pages.forms import Form
from portal.pages.frame import POLICY, STATIC, asset
from portal.pages.language import marked
from portal.pages.names import names
from portal.pages.routes.visits import ACTS, enter, record
from portal.pages.visitor import Anyone, Known, Visitor
from portal.permissions import Action, reach
from portal.wording.refusals import objections_of, rejected
from portal.wording.words import MEASURES
from scheduler.states import VisitState
from schemas import commands as c
from schemas.faults import explain
from schemas.lanes import HalfDay
from schemas.visits import NoEntry
from streams.ports import CommandKey

router = APIRouter()

_ACTS: Final = ("entry", "no-entry", "departure", "outcome")
"""What an inspector does outside; everything else is done at a desk."""

_KEPT: Final = ("app.css", "field.css", "field.js", "icon.svg", "vendor/htmx.min.js")
"""What the page needs beside itself when there is no network."""


@router.get("/field")
async def today(visitor: Known) -> Response:
    """今天的入企 / today's visits, each with its code and what is to be told."""
    found = await _day(visitor, "")
    return visitor.page(
        "field.html.j2",
        found=found,
        acts=_ACTS,
        causes=tuple(NoEntry),
        measures=MEASURES,
        half=HalfDay,
    )


@router.get("/field/sheet")
async def sheet(visitor: Known, day: str = "") -> Response:
    """纸质登记表 / a sheet to print for a day without a phone."""
    return visitor.page("field-sheet.html.j2", found=await _day(visitor, day), half=HalfDay)


@router.get("/field/state")
async def state(visitor: Anyone) -> Response:
    """Say who is logged in at this browser, and what the time is; a script asks before it sends."""
    me = visitor.actor
    told = {
        "who": me.id if me else None,
        "csrf": logins.form_token(visitor.cookie) if me else None,
        "now": visitor.house.service.clock.now().isoformat(),
    }
    return JSONResponse(told, headers={"cache-control": "no-store"})


@router.post("/field/acts")
async def act(visitor: Known, request: Request) -> Response:
    """Take what a script kept: as the form of the visit's page, with the time of its happening."""
    try:
        form = await visitor.form()
        return JSONResponse(await _taken(visitor, form), headers={"cache-control": "no-store"})
    except ProblemError as problem:
        return response(request, problem)
    except ValidationError as error:
        zh, _, en = explain(error).partition(" / ")
        return response(request, ProblemError(422, "bad-input", (zh, en or zh)))


async def _taken(visitor: Visitor, form: Form) -> dict[str, object]:
    name, key = form.one("act"), form.one("key")
    if name not in _ACTS or not key:
        raise not_found(name)
    service, source = visitor.house.service, visitor.who.source
    own = CommandKey(source, command_id(key))
    now, at = service.clock.now(), happened(form)
    known = (await service.ledger.effects([own])).get(own)
    # What is known already keeps its first outcome: it was marked as late, or not, back then.
    if known is None:
        action, made, _ = ACTS[name]
        found = await readable(visitor.house, visitor.who, form.one("visit"), action)
        command = marked_late(await made(visitor, form, found), at, now)
        await ask(visitor.house, visitor.who, command, key, at)
    elif known.status != "accepted":
        raise refused(known.about, objections_of(known) or (rejected(known),))
    return {"accepted": True, "replayed": known is not None, "recorded": now.isoformat()}


@router.get("/field/back-fill/{visit}")
async def paper(visitor: Known, visit: PathId) -> Response:
    """补录 / enter what was written on paper, marked as back-filled."""
    found = await readable(visitor.house, visitor.who, visit, Action.ENTRY_SCAN)
    return await _paper(visitor, found)


@router.post("/field/back-fill/{visit}")
async def back_fill(visitor: Known, visit: PathId) -> Response:
    """Take a sheet: the entry, the departure and the result, each with the time that it names."""
    form = await visitor.form()
    found = await readable(visitor.house, visitor.who, visit, Action.ENTRY_SCAN)
    day = found.line.day
    came, went = clock_time(form, "came", day), clock_time(form, "went", day)
    if came is None or went is None or not form.some("why"):
        return await _paper(visitor, found, fault=True)
    key, who = form.one("key"), visitor.who
    entry = await enter(visitor, form, found)
    entry = entry.model_copy(
        update={"offline": True, "late_reason": f"{ON_PAPER}{form.one('why')}"[:_LONGEST]}
    )
    await ask(visitor.house, who, entry, f"{key}-in", came)
    await ask(visitor.house, who, c.ScanOut(visit=visit), f"{key}-out", went)
    if form.ticked("result"):
        await ask(visitor.house, who, await record(visitor, form, found), f"{key}-result", went)
    return visitor.go(f"/visits/{visit}", "back-filled")


_LONGEST: Final = 2000  # characters of a reason


async def _paper(visitor: Visitor, found: VisitState, *, fault: bool = False) -> Response:
    own = next((p for p in found.line.parts if p.department == visitor.me.of), None)
    if own is None:
        raise not_found(found.id)
    return visitor.page(
        "field-back-fill.html.j2",
        422 if fault else 200,
        state=found,
        own=own,
        names=await names(visitor.queries, [found.line.enterprise], set(own.items)),
        measures=MEASURES,
        fault=fault,
    )


@router.get("/field/worker.js")
async def worker() -> Response:
    """Return the worker that keeps the page for a time without a network."""
    kept = ",\n".join(f'  "{asset(name)}"' for name in _KEPT)
    body = (STATIC / "field-worker.js").read_text(encoding="utf-8").replace("/*KEPT*/", kept)
    headers = {
        "cache-control": "no-cache",
        "content-security-policy": POLICY,
        "service-worker-allowed": "/field",
    }
    return Response(body, media_type="text/javascript", headers=headers)


@router.get("/field/app.webmanifest")
async def manifest(visitor: Anyone) -> Response:
    """Return what a phone needs to put the page among its apps."""
    told = {
        "id": "/field",
        "name": visitor.tongue.text(marked("无扰 · 外勤")),
        "short_name": visitor.tongue.text(marked("外勤")),
        "lang": visitor.tongue.html,
        "start_url": "/field",
        "scope": "/field",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b6e4f",
        "icons": [{"src": asset("icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JSONResponse(told, media_type="application/manifest+json")


async def _day(visitor: Visitor, day: str) -> Day:
    reach(visitor.me, Action.ENTRY_SCAN)
    on = Form({"day": (day,)}).day("day")
    chosen: date = on or visitor.house.service.clock.now().date()
    return await day_of(visitor.queries, visitor.me, chosen)
