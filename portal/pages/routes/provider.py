"""Logging in at a provider: out to it, and back with its answer."""

from __future__ import annotations

import secrets
from typing import Final
from urllib.parse import quote, unquote

import structlog
from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from portal.http.accounts import registered
from portal.http.claims import UnfitClaimsError, actor_of
from portal.http.problems import ProblemError, not_found
from portal.http.provider import Flow, Provider, ProviderError
from portal.pages import logins
from portal.pages.routes.start import begun
from portal.pages.visitor import Anyone, Visitor, cookie_name, local
from schemas.envelope import Actor, ActorRole
from schemas.registry import Department, Enterprise

router = APIRouter()

_BACK: Final = "/login/provider/back"
_LASTS: Final = 600  # seconds in which somebody finds his password
_LONGEST: Final = 1000
_log = structlog.get_logger("wurao.pages")

_SAID: Final = {
    "not-this-login": (
        400,
        "登录已过期，或不是从这个浏览器开始的，请重新登录",
        "the login is out of date or began in another browser; log in again",
    ),
    "denied": (
        403,
        "身份平台没有同意登录",
        "the provider did not agree to the login",
    ),
    "provider-unreachable": (
        503,
        "暂时连不上身份平台，请稍后再试；仍不行请联系信息中心",
        "the provider of logins cannot be reached; try later or tell your IT",
    ),
    "provider-faulty": (
        502,
        "身份平台的答复无法使用，请联系信息中心",
        "the provider's answer cannot be used; tell your IT",
    ),
    "provider-refused": (
        403,
        "身份平台不认这次登录，请重新登录；仍不行请联系信息中心",
        "the provider refused this login; log in again or tell your IT",
    ),
    "token-unfit": (
        403,
        "身份平台的身份凭证没有通过核验，未登录",
        "the provider's id token did not pass the checks; you are not logged in",
    ),
}


@router.get("/login/provider")
async def out(visitor: Anyone, to: str = "/") -> Response:
    """统一身份认证 / go to the provider; what the way back needs stays in this browser."""
    provider, reception = _provider(visitor), visitor.reception
    flow = Flow(secrets.token_urlsafe(32))
    try:
        url = await provider.begin(flow, _back(visitor), reception.clock.now())
    except ProviderError as error:
        raise _problem(error) from None
    answer = RedirectResponse(url, 303)
    answer.set_cookie(
        _cookie(visitor),
        f"{flow.secret}.{quote(local(to)[:_LONGEST], safe='')}",
        max_age=_LASTS,
        httponly=True,
        samesite="lax",
        secure=reception.secure,
    )
    return answer


@router.get("/login/provider/back")
async def back(visitor: Anyone) -> Response:
    """Take the provider's answer, and begin a session for whom it proves."""
    provider, reception = _provider(visitor), visitor.reception
    now = reception.clock.now()
    if reception.addresses.full(visitor.address, now):
        raise logins.TooOftenError
    secret, _, to = visitor.request.cookies.get(_cookie(visitor), "").partition(".")
    answer = {name: value[:_LONGEST] for name, value in visitor.request.query_params.items()}
    try:
        proven = await provider.finish(Flow(secret), answer, _back(visitor), now)
        actor = actor_of(proven.claims, provider.settings)
        await _fits(visitor, actor)
    except ProviderError as error:
        reception.addresses.count(visitor.address, now)
        raise _problem(error) from None
    except UnfitClaimsError as error:
        _log.warning("login refused", why=error.code)
        raise ProblemError(403, error.code, error.said) from None
    reply, token = await begun(visitor, actor, local(unquote(to)), demo=False)
    reply.delete_cookie(_cookie(visitor), secure=reception.secure, httponly=True)
    provider.keep(logins.digest(token), proven.id_token)
    return reply


async def _fits(visitor: Visitor, actor: Actor) -> None:
    """Refuse somebody who would act in another's name, or for a body that nobody registered."""
    if await visitor.reception.people.account(actor.id) is not None:
        raise UnfitClaimsError(
            "name-taken",
            "同名的本地用户已存在，请联系管理员",
            "a local user has this name; ask the administrator",
        )
    if actor.of is None:
        return
    kind = Enterprise if actor.role is ActorRole.ENTERPRISE else Department
    if not await registered(visitor.queries, kind, actor.of):
        raise UnfitClaimsError(
            "unknown-body",
            f"{actor.of} 未在本系统登记，请联系管理员",
            f"{actor.of} is not registered here; ask the administrator",
        )


def _provider(visitor: Visitor) -> Provider:
    found = visitor.reception.provider
    if found is None:
        raise not_found(visitor.request.url.path)
    return found


def _back(visitor: Visitor) -> str:
    return f"{visitor.base()}{_BACK}"


def _cookie(visitor: Visitor) -> str:
    return f"{cookie_name(visitor.reception)}-login"


def _problem(error: ProviderError) -> ProblemError:
    _log.warning("login refused", why=error.code, detail=error.detail)
    status, zh, en = _SAID[error.code]
    return ProblemError(status, error.code, (zh, en))
