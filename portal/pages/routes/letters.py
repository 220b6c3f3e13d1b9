"""死信: rejected input, looked at, mended, and sent again as a command of its own."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import not_found
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action, reach
from portal.running import deadletters
from portal.running.deadletters import GoneError, Letter
from portal.wording.refusals import objections_of, title
from schemas.base import Bilingual
from schemas.faults import BadInput

router = APIRouter()

SHOWN: Final = 100
"""Letters that the list shows."""


@router.get("/admin/letters")
async def list_(visitor: Known) -> Response:
    """死信 / rejected input, the newest first."""
    reach(visitor.me, Action.LETTER_MANAGE)
    found = await deadletters.letters(visitor.house.service, limit=SHOWN)
    return visitor.page("letters.html.j2", found=found, most=SHOWN)


@router.get("/admin/letters/{id_}")
async def show(visitor: Known, id_: PathId) -> Response:
    """一条死信 / a dead letter with its bytes, to be mended."""
    reach(visitor.me, Action.LETTER_MANAGE)
    found = await _letter(visitor, id_)
    return visitor.page("letter.html.j2", letter=found, body=await _body(visitor, id_), told=None)


@router.post("/admin/letters/{id_}")
async def act(visitor: Known, id_: PathId) -> Response:
    """检查或重发 / check what was mended, or send it again."""
    reach(visitor.me, Action.LETTER_MANAGE)
    form = await visitor.form()
    found = await _letter(visitor, id_)
    body = form.one("body")
    told = await _told(visitor, found, body, send=form.one("act") == "send")
    if told is None:
        return visitor.go(f"/admin/letters/{id_}", "sent-again")
    return visitor.page("letter.html.j2", letter=found, body=body, told=told)


async def _told(visitor: Visitor, found: Letter, body: str, *, send: bool) -> Bilingual | None:
    """Check what was mended, and send it if asked to; ``None`` when it was accepted."""
    try:
        deadletters.mended(found.id, found.source or "-", body.encode())
        if not send:
            return Bilingual(zh="可以重新提交", en="it can be sent again")
        effect = await deadletters.requeue(visitor.house.service, found.id, body.encode())
    except BadInput as bad:
        zh, _, en = bad.detail.partition(" / ")
        return Bilingual(zh=f"还不是指令：{zh}", en=f"still no command: {en or zh}")
    except GoneError:
        raise not_found(found.id) from None
    if effect.status == "accepted":
        return None
    against = [title(objection) for objection in objections_of(effect)]
    return Bilingual(
        zh=f"规则不允许：{'；'.join(said.zh for said in against) or effect.status}",
        en=f"refused: {'; '.join(said.en for said in against) or effect.status}",
    )


async def _letter(visitor: Visitor, id_: str) -> Letter:
    try:
        return await deadletters.letter(visitor.house.service, id_)
    except GoneError:
        raise not_found(id_) from None


async def _body(visitor: Visitor, id_: str) -> str | None:
    try:
        raw = await deadletters.content(visitor.house.service, id_)
    except GoneError:
        return None
    return raw.body.decode(errors="backslashreplace")
