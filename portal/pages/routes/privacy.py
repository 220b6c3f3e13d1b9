"""个人信息: holds, and erasure in two steps. Every form asks the interface's own functions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from fastapi import APIRouter, Response

from portal.http.changing import Asking
from portal.http.routes import privacy as doors
from portal.pages.forms import made
from portal.pages.language import marked
from portal.pages.matters import may
from portal.pages.names import names
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action
from scheduler import keys
from scheduler.states import VisitState
from schemas.base import Frozen
from schemas.privacy import ErasureGround

router = APIRouter()

B = TypeVar("B", bound=Frozen)

KINDS: Final = {
    "officer": marked("执法人员"),
    "contact": marked("企业联系人"),
    "rater": marked("评价人"),
}
"""What the subjects of personal data are called, by the beginning of their codes."""

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
    """Do what a form states."""
    form = await visitor.form()
    body = made(lambda: model.model_validate({n: form.one(n) for n in model.model_fields}), form)
    await act(visitor.asking(form), body)
    return visitor.go("/privacy", done)


async def _whose(visitor: Visitor, subject: str) -> str:
    """Return whom a subject is about, in words; the code itself where nobody has it."""
    kind, _, id_ = subject.partition("/")
    if kind == "rater":
        visit = await visitor.queries.get(VisitState, keys.visit(id_))
        return visitor.tongue.full_day(visit.line.day) if visit else id_
    found = await names(visitor.queries, enterprises=[id_], people=[id_])
    return found(id_)


async def _page(visitor: Visitor) -> Response:
    found = await doors.list_(visitor.house, visitor.who)
    kept = await doors.retention(visitor.house, visitor.who)
    return visitor.page(
        "privacy.html.j2",
        rows=found,
        kinds=KINDS,
        about={row.subject: await _whose(visitor, row.subject) for row in found},
        classes=kept.retention.classes if kept.retention else (),
        grounds=tuple(ErasureGround),
        may={each.value for each in _ACTS if may(visitor, each)},
    )
