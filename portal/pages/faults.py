"""Problems as pages: every rule in the way, where it comes from, and the ways out.

Whoever filled in a form gets it back as he filled it in; all others get a page of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.types import Message, Scope

from portal.http.problems import ProblemError, view
from portal.pages.forms import Form
from portal.pages.frame import environment
from portal.pages.retyped import retyped
from portal.pages.visitor import LoginNeeded, Visitor, local, visitor

MACHINES: Final = frozenset({"/healthz", "/readyz", "/metrics", "/version"})
"""Addresses outside the interface that programs alone ask."""

_BUSY: Final = 503
_OF_A_BODY: Final = frozenset({b"content-type", b"content-length", b"transfer-encoding"})
_KEPT: Final = ("content-security-policy", "content-language", "referrer-policy", "cache-control")


async def problem_page(request: Request, problem: ProblemError) -> Response:
    """Return a problem as a page, above the form that it is about where somebody sent one."""
    found = await visitor(request)
    back = local(_back(request))
    answer = await _form_again(found, problem, back) or found.page(
        "problem.html.j2",
        problem.status_code,
        problem=problem,
        objections=tuple(map(view, problem.objections)),
        back=back,
    )
    for name, value in (problem.headers or {}).items():
        answer.headers.setdefault(name, value)
    return answer


async def login_first(request: Request, error: Exception) -> Response:
    """Send somebody who is not logged in to the login, and from there to where he was."""
    if not isinstance(error, LoginNeeded):
        raise error
    to = _back(request) if request.method == "POST" else error.to
    return RedirectResponse(f"/login?to={quote(local(to))}", 303)


def for_people(request: Request) -> bool:
    """Whether an answer is for a person at a page, not for a program at the interface."""
    path = request.url.path
    return not path.startswith("/api/") and path not in MACHINES


def _back(request: Request) -> str:
    """Return the page from which something was asked; browsers say so within one host."""
    came = request.headers.get("referer", "")
    own = str(request.base_url)
    return "/" + came.removeprefix(own) if came.startswith(own) else "/"


async def _form_again(found: Visitor, problem: ProblemError, back: str) -> Response | None:
    """Return the page that a form was sent from, with what was typed and what is wrong with it."""
    request = found.request
    form = getattr(request.state, "typed", None)
    failed = problem.status_code >= 500 and problem.status_code != _BUSY  # noqa: PLR2004 - HTTP
    whole = "referer" in request.headers and "hx-request" not in request.headers
    if not isinstance(form, Form) or not whole or failed:
        return None
    where = _without_notice(back)
    page = await _looked_at(request, where)
    if page is None:
        return None

    def told(words: Mapping[str, str], form_id: str) -> str:
        template = environment(found.tongue.lang).get_template("retyped.html.j2")
        objections = tuple(map(view, problem.objections))
        return template.render(problem=problem, objections=objections, words=words, form=form_id)

    shown = retyped(
        bytes(page.body).decode(),
        where=where,
        sent=request.url.path,
        form=form,
        wrong={fault.place for fault in problem.faults},
        told=told,
    )
    if shown is None:
        return None
    kept = {name: page.headers[name] for name in _KEPT if name in page.headers}
    return HTMLResponse(shown, problem.status_code, headers=kept)


def _without_notice(back: str) -> str:
    """Return a page's address without the word about what was done before."""
    parts = urlsplit(back)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "done"]
    return f"{parts.path}?{urlencode(query)}" if query else parts.path


async def _looked_at(request: Request, where: str) -> HTMLResponse | None:
    """Return a page as the same visitor would see it now; ``None`` where there is none."""
    path, _, query = where.partition("?")
    headers = [each for each in request.scope["headers"] if each[0] not in _OF_A_BODY]
    scope: Scope = {
        **{name: value for name, value in request.scope.items() if name in _OF_A_VISIT},
        "method": "GET",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": query.encode(),
        "headers": headers,
        "state": {},
    }
    said: dict[str, Any] = {}
    pieces: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            said.update(message)
        pieces.append(message.get("body", b""))

    await request.app.router(scope, receive, send)
    names = {name.decode(): value.decode() for name, value in said.get("headers", ())}
    fits = said.get("status") == 200 and names.get("content-type", "").startswith("text/html")  # noqa: PLR2004 - HTTP
    return HTMLResponse(b"".join(pieces), headers=names) if fits else None


_OF_A_VISIT: Final = frozenset(
    {
        "type",
        "asgi",
        "http_version",
        "scheme",
        "server",
        "client",
        "root_path",
        "app",
        "fastapi_middleware_astack",
        "starlette.exception_handlers",
    }
)
"""What a look at a page shares with the sending of its form: everything but the sending."""
