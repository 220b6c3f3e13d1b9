"""个人信息: holds, and erasure in two steps. Every form asks the interface's own functions."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from portal.http.authorize import TABLE, Action
from portal.http.routes import privacy as doors
from portal.pages.forms import Form
from portal.pages.visitor import Known, Visitor
from schemas.faults import explain
from schemas.privacy import ErasureGround

router = APIRouter()

_ACTS = (Action.PRIVACY_HOLD, Action.PRIVACY_ASK, Action.PRIVACY_ERASE)


@router.get("/privacy")
async def list_(visitor: Known) -> Response:
    """个人信息 / what is held, waits, or was erased; and the forms for whoever may act."""
    return await _page(visitor)


@router.post("/privacy/holds")
async def hold(visitor: Known) -> Response:
    """留存 / hold a subject's data."""
    form = await visitor.form()
    body = _read(doors.HoldBody, form, "subject", "hold", "reference", "reason")
    if not isinstance(body, doors.HoldBody):
        return await _page(visitor, body)
    await doors.hold(visitor.house, visitor.who, body, form.some("key"))
    return visitor.go("/privacy", "held")


@router.post("/privacy/releases")
async def release(visitor: Known) -> Response:
    """解除留存 / release a hold."""
    form = await visitor.form()
    body = _read(doors.ReleaseBody, form, "subject", "hold", "reason")
    if not isinstance(body, doors.ReleaseBody):
        return await _page(visitor, body)
    await doors.release(visitor.house, visitor.who, body, form.some("key"))
    return visitor.go("/privacy", "released")


@router.post("/privacy/askings")
async def ask(visitor: Known) -> Response:
    """提出删除 / ask for an erasure."""
    form = await visitor.form()
    body = _read(doors.AskBody, form, "subject", "ground", "reason")
    if not isinstance(body, doors.AskBody):
        return await _page(visitor, body)
    await doors.ask_erasure(visitor.house, visitor.who, body, form.some("key"))
    return visitor.go("/privacy", "erasure-asked")


@router.post("/privacy/erasures")
async def erase(visitor: Known) -> Response:
    """办理删除 / erase; the key is destroyed."""
    form = await visitor.form()
    body = doors.EraseBody(subject=form.one("subject"))
    await doors.erase(visitor.house, visitor.who, body, form.some("key"))
    return visitor.go("/privacy", "erased")


def _read(model: type[Any], form: Form, *names: str) -> Any:  # noqa: ANN401 - one of the bodies
    """Return the body that a form states, or what is wrong with it."""
    try:
        return model.model_validate({name: form.one(name) for name in names})
    except ValidationError as error:
        return tuple(explain(error).splitlines())


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
        may={each.value for each in _ACTS if visitor.me.role in TABLE[each]},
    )
