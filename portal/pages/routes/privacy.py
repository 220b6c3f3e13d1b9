"""个人信息: holds, and erasure in two steps. Every form asks the interface's own functions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import APIRouter, Response
from pydantic import ValidationError

from portal.http.changing import Asking
from portal.http.routes import privacy as doors
from portal.pages.matters import may
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action
from schemas.base import Frozen
from schemas.faults import explain
from schemas.privacy import ErasureGround

router = APIRouter()

B = TypeVar("B", bound=Frozen)

_ACTS = (Action.PRIVACY_HOLD, Action.PRIVACY_ASK, Action.PRIVACY_ERASE)


@router.get("/privacy")
async def list_(visitor: Known) -> Response:
    """个人信息 / what is held, waits, or was erased; and the forms for whoever may act."""
    return await _page(visitor)


@router.post("/privacy/holds")
async def hold(visitor: Known) -> Response:
    """留存 / hold a subject's data."""
    return await _act(visitor, doors.HoldBody, doors.hold, "held")


@router.post("/privacy/releases")
async def release(visitor: Known) -> Response:
    """解除留存 / release a hold."""
    return await _act(visitor, doors.ReleaseBody, doors.release, "released")


@router.post("/privacy/askings")
async def ask(visitor: Known) -> Response:
    """提出删除 / ask for an erasure."""
    return await _act(visitor, doors.AskBody, doors.ask_erasure, "erasure-asked")


@router.post("/privacy/erasures")
async def erase(visitor: Known) -> Response:
    """办理删除 / erase; the key is destroyed."""
    return await _act(visitor, doors.EraseBody, doors.erase, "erased")


async def _act(
    visitor: Visitor, model: type[B], act: Callable[[Asking, B], Awaitable[object]], done: str
) -> Response:
    """Do what a form states, or show the page again with what is wrong with it."""
    form = await visitor.form()
    try:
        body = model.model_validate({name: form.one(name) for name in model.model_fields})
    except ValidationError as error:
        return await _page(visitor, tuple(explain(error).splitlines()))
    await act(visitor.asking(form), body)
    return visitor.go("/privacy", done)


async def _page(visitor: Visitor, faults: tuple[str, ...] = ()) -> Response:
    found = await doors.list_(visitor.house, visitor.who)
    kept = await doors.retention(visitor.house, visitor.who)
    return visitor.page(
        "privacy.html.j2",
        422 if faults else 200,
        rows=found,
        faults=faults,
        classes=kept.retention.classes if kept.retention else (),
        grounds=tuple(ErasureGround),
        may={each.value for each in _ACTS if may(visitor, each)},
    )
