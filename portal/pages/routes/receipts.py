"""Receipts at the gate: a page that checks one, and the receipt of a rating for who has its token.

The page checks with the very file that it hands out; who does not trust it takes that file, and keys from
somebody else, and checks at home.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Response

from portal.http.problems import ProblemError
from portal.pages.forms import Form
from portal.pages.gatepages import no_such_link
from portal.pages.routes.gate import counter, not_too_often
from portal.pages.visitor import Anyone, Visitor
from portal.receipts import verify_receipt
from portal.receipts.making import NoReceiptError, receipt, written
from scheduler.proof.notes import BadNoteError

router = APIRouter()

SCRIPT: Final = Path(verify_receipt.__file__).read_text(encoding="utf-8")
"""The file that checks a receipt anywhere."""

_LONGEST: Final = 100_000


@router.get("/receipt")
async def ask(visitor: Anyone) -> Response:
    """核验凭据 / the page at which a receipt is checked."""
    return _page(visitor)


@router.post("/receipt")
async def check(visitor: Anyone) -> Response:
    """Check a receipt, and say what it proves."""
    not_too_often(visitor)
    text = (await Form.read(visitor.request)).some("receipt") or ""
    if len(text) > _LONGEST:
        return _page(visitor, outcome="unreadable")
    try:
        found = verify_receipt.check(text.encode(), visitor.reception.trust)
    except verify_receipt.UnreadableError:
        return _page(visitor, outcome="unreadable")
    except verify_receipt.ReceiptError as error:
        return _page(visitor, outcome="fails", why=str(error))
    return _page(visitor, outcome="holds", found=found)


@router.get("/receipt/verify_receipt.py")
async def script() -> Response:
    """核验程序 / the file that checks a receipt anywhere."""
    return _file("verify_receipt.py", SCRIPT)


@router.get("/receipt/trust.policy")
async def trust(visitor: Anyone) -> Response:
    """公钥 / the keys of this log and its witnesses, to be compared with those got elsewhere."""
    return _file("trust.policy", visitor.reception.trust)


@router.get("/r/{token}/receipt.json")
async def of_rating(visitor: Anyone, token: str) -> Response:
    """评价凭据 / the receipt of a rating: that it was counted, and not how it was given."""
    not_too_often(visitor)
    visit = visitor.house.service.credentials.read_rating_token(token)
    if visit is None:
        raise no_such_link()
    try:
        made = await receipt("rating", visit, visitor.reception.history, visitor.reception.seals)
    except (NoReceiptError, BadNoteError) as error:
        zh, _, en = str(error).partition(" / ")
        raise ProblemError(409, "no-receipt", (zh, en or zh)) from error
    return _file("receipt.json", written(made))


def _page(
    visitor: Visitor, *, outcome: str = "", found: Mapping[str, object] | None = None, why: str = ""
) -> Response:
    known = bool(visitor.reception.trust)
    values = {"outcome": outcome, "found": found, "why": why, "known": known}
    return counter(visitor).show("receipt.html.j2", 200, **values)


def _file(name: str, text: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(text, media_type="text/plain; charset=utf-8", headers=headers)
