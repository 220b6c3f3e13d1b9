"""审计: the search through the ledger, and a case from its first entry to its last."""

from __future__ import annotations

from fastapi import APIRouter, Response

from portal.http.authorize import Action, reach
from portal.http.house import PathId
from portal.http.problems import not_found
from portal.pages.cases import TYPES, Wanted, case, search
from portal.pages.visitor import Known

router = APIRouter()


@router.get("/audit")
async def find(
    visitor: Known, q: str = "", kind: str = "", actor: str = "", before: str = ""
) -> Response:
    """审计检索 / search the ledger; the page says how far the search went."""
    reach(visitor.me, Action.AUDIT_READ)
    start = int(before) if before.isdigit() and len(before) < 16 else None  # noqa: PLR2004 - digits
    type_ = kind if kind in TYPES else ""
    ledger = visitor.house.service.ledger
    wanted = Wanted(q.strip(), type_, actor.strip(), start)
    found = await search(visitor.queries, ledger, wanted)
    return visitor.page("audit.html.j2", found=found, q=q, kind=type_, actor=actor, types=TYPES)


@router.get("/audit/cases/{kind}/{id_}")
async def show(visitor: Known, kind: str, id_: PathId) -> Response:
    """案卷时间线 / everything that the ledger holds of a case, in order."""
    reach(visitor.me, Action.AUDIT_READ)
    if kind not in {"request", "visit"}:
        raise not_found(kind)
    entries = await case(visitor.queries, visitor.reception.history, kind, id_)
    if not entries:
        raise not_found(id_)
    return visitor.page("case.html.j2", entries=entries, kind=kind, id=id_)
