"""The application: routes, and one form for whatever goes wrong on the way."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import metadata
from typing import Final

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from portal.http.describe import describe
from portal.http.headers import SAFE
from portal.http.house import House
from portal.http.identity import Authenticator
from portal.http.limits import BodyLimit
from portal.http.problems import Fault, ProblemError, not_found, response
from portal.http.routes import (
    accounts,
    administration,
    alerts,
    annual,
    audits,
    booking,
    budget_moves,
    budgets,
    byhand,
    callbacks,
    campaigns,
    codes,
    contacts,
    draws,
    evidence,
    health,
    joint,
    leads,
    meetings,
    mix,
    off_site,
    plans,
    privacy,
    problems,
    ratings,
    reasons,
    recording,
    registers,
    requests,
    scorecards,
    sealed,
    treatment,
    visits,
)
from portal.http.solving import Solving
from portal.pages import routes as pages
from portal.pages.compress import Compressed
from portal.pages.faults import for_people, login_first, problem_page
from portal.pages.reception import Reception
from portal.pages.visitor import LoginNeeded
from portal.permissions import Denied
from portal.proof.evidence import BadScan
from portal.running.service import Service
from schemas.faults import explain, place
from streams.handler import Busy
from streams.ports import Unavailable

ROUTERS: Final = (
    requests.router,
    annual.router,
    budget_moves.router,
    scorecards.router,
    scorecards.bulletins,
    budgets.router,
    plans.router,
    reasons.router,
    visits.router,
    codes.router,
    ratings.router,
    recording.router,
    registers.router,
    accounts.router,
    administration.router,
    byhand.router,
    audits.router,
    draws.router,
    alerts.router,
    problems.router,
    callbacks.router,
    contacts.router,
    treatment.router,
    booking.router,
    mix.router,
    meetings.router,
    off_site.router,
    joint.router,
    campaigns.router,
    leads.router,
    sealed.router,
    privacy.router,
    evidence.router,
)
_MOST_FAULTS: Final = 20
_SAID: Final = {
    400: ("bad-request", ("请求无法读取", "the request cannot be read")),
    405: ("method-not-allowed", ("不支持这种方法", "this method is not allowed here")),
    415: ("unsupported-media-type", ("须为 application/json", "must be application/json")),
}
_log = structlog.get_logger("wurao.http")

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    service: Service, authenticator: Authenticator, reception: Reception | None = None
) -> FastAPI:
    """Return the application on an open service. Its description names no other host."""
    solving = Solving(service)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await solving.close()

    app = described(lifespan)
    app.state.house = House(service, authenticator, solving)
    app.state.reception = reception or Reception.of(service)
    return app


def described(lifespan: Lifespan | None = None) -> FastAPI:
    """Return the application without a house: enough to describe it."""
    app = FastAPI(
        title="Wurao 无扰",
        version=metadata.version("wurao"),
        description=(
            "无事不扰: 入企申请、审批、月度计划、赋码、扫码、结果、评价. "
            "Every refusal is a problem (RFC 9457) with the rule, its origin and the ways out."
        ),
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=lifespan,
        separate_input_output_schemas=False,
        generate_unique_id_function=_name,
    )
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    app.include_router(health.router)
    for router in pages.ROUTERS:
        app.include_router(router, include_in_schema=False)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]  # the framework's own way
    app.add_middleware(Compressed)
    app.add_middleware(BodyLimit, uploads=pages.UPLOADS | {evidence.UPLOAD})
    app.middleware("http")(_guarded)
    app.add_exception_handler(LoginNeeded, login_first)
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ValidationError, _misfit)
    app.add_exception_handler(Denied, _denied)
    app.add_exception_handler(BadScan, _bad_scan)
    app.add_exception_handler(Busy, _busy)
    app.add_exception_handler(Unavailable, _busy)
    app.add_exception_handler(Exception, _failed)
    return app


def _name(route: APIRoute) -> str:
    """Return an operation's name for programs that are made from the description."""
    tag = str(route.tags[0] if route.tags else "pages").partition(" ")[0]
    return f"{tag}_{route.name.rstrip('_')}"


async def _guarded(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    """Give each request an id in the log and the answer its safe headers."""
    id_ = secrets.token_hex(8)
    with structlog.contextvars.bound_contextvars(http_request=id_):
        answer = await call(request)
    for name, value in SAFE.items():
        answer.headers.setdefault(name, value)
    answer.headers["x-request-id"] = id_
    return answer


async def _told(request: Request, problem: ProblemError) -> Response:
    """Tell a person by a page, a program by a problem."""
    if for_people(request):
        return await problem_page(request, problem)
    return response(request, problem)


async def _problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        raise error
    return await _told(request, error)


async def _plain(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 404:  # noqa: PLR2004 - a status of HTTP
        return await _told(request, not_found(request.url.path))
    code, said = _SAID.get(error.status_code, _SAID[400])
    return await _told(request, ProblemError(error.status_code, code, said, headers=error.headers))


async def _invalid(request: Request, error: Exception) -> Response:
    """Say what does not fit, never what stood there: it may be personal, or long."""
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    faults = [_fault(each) for each in found[:_MOST_FAULTS]]
    unread = any(
        each["loc"] == ("body",) and isinstance(each.get("input"), bytes) for each in found
    )
    if unread:
        return await _told(request, ProblemError(415, *_SAID[415]))
    said = (f"内容有 {len(found)} 处不符", f"{len(found)} faults in what was sent")
    return await _told(request, ProblemError(422, "bad-input", said, faults=faults))


async def _misfit(request: Request, error: Exception) -> Response:
    """A command that the vocabulary refuses although each field fits alone."""
    if not isinstance(error, ValidationError):
        raise error
    zh, _, en = explain(error).partition(" / ")
    said = ("内容不符", "what was sent does not fit")
    fault = Fault(place="-", zh=zh, en=en or zh)
    return await _told(request, ProblemError(422, "bad-input", said, faults=[fault]))


def _fault(found: dict[str, object]) -> Fault:
    loc = found["loc"]
    parts = tuple(loc) if isinstance(loc, tuple) else ()
    context = found.get("ctx")
    details = {"type": found["type"], "loc": (), "input": None}
    try:
        line = details | ({"ctx": context} if context else {})
        said = explain(ValidationError.from_exception_data("input", [line]))  # type: ignore[list-item]  # pydantic's own dictionary
    except (KeyError, TypeError, ValueError):  # a type of fault that only the web framework knows
        said = str(found["msg"])
    zh, _, en = said.removeprefix("-: ").partition(" / ")
    return Fault(place=place(parts), zh=zh, en=en or zh)


async def _denied(request: Request, error: Exception) -> Response:
    if not isinstance(error, Denied):
        raise error
    if error.hidden:
        return await _told(request, not_found(request.url.path))
    said = ("不由您办理", "this is not yours to do")
    return await _told(request, ProblemError(403, "denied", said))


async def _bad_scan(request: Request, error: Exception) -> Response:
    if not isinstance(error, BadScan):
        raise error
    return await _told(request, ProblemError(error.status, error.code, error.said))


async def _busy(request: Request, _: Exception) -> Response:
    said = ("暂时繁忙, 请稍后再试", "busy, come again")
    return await _told(request, ProblemError(503, "busy", said, headers={"retry-after": "2"}))


async def _failed(request: Request, error: Exception) -> Response:
    """Tell nothing of the fault outside; the log has it."""
    _log.error("failed", path=request.url.path, fault=type(error).__name__, exc_info=error)
    said = ("程序出错, 已记录", "the program failed; it is on record")
    return await _told(request, ProblemError(500, "internal-fault", said))
