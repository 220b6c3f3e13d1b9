"""The way in and out: login, language, assets, and the demonstration's own buttons."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from portal.http import accounts
from portal.http.problems import ProblemError, not_found
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
    return _login_page(visitor, local(to))


@router.post("/login")
async def enter(visitor: Anyone) -> Response:
    """Check a name and its password, and begin a session."""
    if not logins.local_users(visitor.reception):
        raise not_found(visitor.request.url.path)
    form = await visitor.form()
    to, name = local(form.one("to", "/")), form.one("name")
    try:
        actor = await logins.recognised(
            visitor.reception, name, form.one("password"), visitor.address
        )
    except TooOftenError:
        return _login_page(visitor, to, 429, name=name, fault="too-often")
    if actor is None:
        return _login_page(visitor, to, 401, name=name, fault="no-match")
    answer, _ = await begun(visitor, actor, to, demo=False)
    return answer


@router.post("/login/demo")
async def demo(visitor: Anyone) -> Response:
    """Log in without a password. Outside of a demonstration there is no such page."""
    if visitor.reception.demo is None:
        raise not_found(visitor.request.url.path)
    form = await visitor.form()
    chosen = visitor.reception.demo.login(form.one("login"))
    if chosen is None:
        raise not_found(form.one("login"))
    answer, _ = await begun(visitor, chosen.actor, local(form.one("to", "/")), demo=True)
    return answer


@router.post("/logout")
async def leave(visitor: Anyone) -> Response:
    """End the session."""
    await visitor.form()
    reception, digest = visitor.reception, logins.digest(visitor.cookie)
    await reception.people.end(digest)
    answer: Response = visitor.go("/login")
    provider = reception.provider
    if provider is not None and await logins.from_elsewhere(reception, visitor.actor):
        farewell = await provider.farewell(digest, f"{visitor.base()}/login", reception.clock.now())
        if farewell is not None:
            # A form may lead to our own host only, so a page sends the visitor on.
            answer = visitor.page("left.html.j2", farewell=farewell, me=None, nav=[])
    answer.delete_cookie(cookie_name(reception), secure=reception.secure, httponly=True)
    return answer


@router.get("/account")
async def account(visitor: Known) -> Response:
    """我的账号 / who is logged in, and the way to another password."""
    found = await visitor.reception.people.account(visitor.me.id)
    return visitor.page("account.html.j2", account=found, shortest=accounts.SHORTEST)


@router.post("/account/password")
async def password(visitor: Known) -> Response:
    """修改密码 / change one's own password; every other session of the account ends."""
    form = await visitor.form()
    new, me = form.one("new"), visitor.me
    if new != form.one("again"):
        said = ("两次输入的新密码不一样", "the new password was typed in two ways")
        raise ProblemError(422, "unfit-password", said)
    await accounts.change_own(visitor.reception, me, form.one("old"), new, visitor.address)
    token = await logins.begin(visitor.reception, me)
    answer = visitor.go("/account", "password-changed")
    visitor.remember(answer, token)
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


def _login_page(
    visitor: Visitor, to: str, status: int = 200, *, name: str = "", fault: str = ""
) -> Response:
    provider = visitor.reception.provider
    return visitor.page(
        "login.html.j2",
        status,
        to=to,
        name=name,
        fault=fault,
        minutes=logins.MINUTES,
        provider=provider.settings if provider else None,
        local_users=logins.local_users(visitor.reception),
    )


async def begun(visitor: Visitor, actor: Actor, to: str, *, demo: bool) -> tuple[Response, str]:
    """Begin a session under a new cookie: the one from before the login is worth nothing after.

    Return where the visitor goes, and what the cookie holds.
    """
    if visitor.actor is not None:
        await visitor.reception.people.end(logins.digest(visitor.cookie))
    token = await logins.begin(visitor.reception, actor, demo=demo)
    answer = visitor.go(to)
    visitor.remember(answer, token)
    return answer, token
