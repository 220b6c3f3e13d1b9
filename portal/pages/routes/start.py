"""The way in and out: login, language, assets, and the demonstration's own buttons."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from portal.http.problems import not_found
from portal.pages import logins
from portal.pages.frame import asset_file
from portal.pages.logins import TooOftenError
from portal.pages.visitor import Anyone, Known, Visitor, cookie_name, local
from schemas.envelope import Actor

router = APIRouter()

_FOR_EVER = "public, max-age=31536000, immutable"


@router.get("/static/{name:path}")
async def static(name: str) -> Response:
    """Return an asset. Its address changes with its content, so nobody asks for it twice."""
    found = asset_file(name)
    if found is None:
        raise not_found()
    body, type_ = found
    return Response(body, media_type=type_, headers={"cache-control": _FOR_EVER})


@router.get("/favicon.ico")
async def favicon() -> Response:
    """Send whoever asks by habit to the picture."""
    return RedirectResponse("/static/icon.svg", 308)


@router.get("/login")
async def login(visitor: Anyone, to: str = "/") -> Response:
    """登录 / log in; in a demonstration by a button for each role."""
    return visitor.page("login.html.j2", to=local(to), name="", fault="")


@router.post("/login")
async def enter(visitor: Anyone) -> Response:
    """Check a name and its password, and begin a session."""
    form = await visitor.form()
    to, name = local(form.one("to", "/")), form.one("name")
    client = visitor.request.client
    try:
        actor = await logins.recognised(
            visitor.reception, name, form.one("password"), client.host if client else "-"
        )
    except TooOftenError:
        return visitor.page("login.html.j2", 429, to=to, name=name, fault="too-often")
    if actor is None:
        return visitor.page("login.html.j2", 401, to=to, name=name, fault="no-match")
    return await _begun(visitor, actor, to, demo=False)


@router.post("/login/demo")
async def demo(visitor: Anyone) -> Response:
    """Log in without a password. Outside of a demonstration there is no such page."""
    if visitor.reception.demo is None:
        raise not_found(visitor.request.url.path)
    form = await visitor.form()
    chosen = visitor.reception.demo.login(form.one("login"))
    if chosen is None:
        raise not_found(form.one("login"))
    return await _begun(visitor, chosen.actor, local(form.one("to", "/")), demo=True)


@router.post("/logout")
async def leave(visitor: Anyone) -> Response:
    """End the session."""
    await visitor.form()
    await visitor.reception.people.end(logins.digest(visitor.cookie))
    answer = visitor.go("/login")
    answer.delete_cookie(cookie_name(visitor.reception))
    return answer


@router.get("/language/{lang}")
async def language(visitor: Anyone, lang: str, to: str = "/") -> Response:
    """Choose the language of the pages."""
    if lang not in {"zh", "en"}:
        raise not_found(lang)
    answer = visitor.go(local(to))
    visitor.speak(answer, lang)
    return answer


@router.post("/demo/go-on")
async def go_on(visitor: Known) -> Response:
    """Let the demonstration's scripted people go on to the next station."""
    if visitor.reception.demo is None:
        raise not_found(visitor.request.url.path)
    await visitor.form()
    await visitor.reception.demo.go_on()
    return visitor.go("/", "moved-on")


async def _begun(visitor: Visitor, actor: Actor, to: str, *, demo: bool) -> Response:
    """Begin a session under a new cookie: the one from before the login is worth nothing after."""
    if visitor.actor is not None:
        await visitor.reception.people.end(logins.digest(visitor.cookie))
    token = await logins.begin(visitor.reception, actor, demo=demo)
    answer = visitor.go(to)
    visitor.remember(answer, token)
    return answer
