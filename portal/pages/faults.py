"""Problems as pages: every rule in the way, where it comes from, and the ways out."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from portal.http.problems import ProblemError, view
from portal.pages.visitor import LoginNeeded, local, visitor

MACHINES: Final = frozenset({"/healthz", "/readyz", "/metrics", "/version"})
"""Addresses outside the interface that programs alone ask."""


async def problem_page(request: Request, problem: ProblemError) -> Response:
    """Return a problem as a page."""
    found = await visitor(request)
    answer = found.page(
        "problem.html.j2",
        problem.status_code,
        problem=problem,
        objections=tuple(map(view, problem.objections)),
        back=local(_back(request)),
    )
    for name, value in (problem.headers or {}).items():
        answer.headers.setdefault(name, value)
    return answer


async def login_first(_: Request, error: Exception) -> Response:
    """Send somebody who is not logged in to the login, and from there on."""
    if not isinstance(error, LoginNeeded):
        raise error
    return RedirectResponse(f"/login?to={quote(local(error.to))}", 303)


def for_people(request: Request) -> bool:
    """Whether an answer is for a person at a page, not for a program at the interface."""
    path = request.url.path
    return not path.startswith("/api/") and path not in MACHINES


def _back(request: Request) -> str:
    """Return the page from which something was asked; browsers say so within one host."""
    came = request.headers.get("referer", "")
    own = str(request.base_url)
    return "/" + came.removeprefix(own) if came.startswith(own) else "/"
