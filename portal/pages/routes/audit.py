"""审计: the search through the ledger, and a case from its first entry to its last."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Response

from portal.http import revealing
from portal.http.house import PathId
from portal.http.problems import not_found
from portal.pages import doubts
from portal.pages.asof import KINDS, as_of
from portal.pages.cases import TYPES, Wanted, case, search, told_all
from portal.pages.matters import may
from portal.pages.names import names
from portal.pages.routes.uploads import download
from portal.pages.uploads import XLSX
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action, reach
from scheduler import keys
from scheduler.doubts import Doubt

router = APIRouter()

Position = Annotated[int, Path(ge=1, lt=2**53)]
Month = Annotated[str, Query(pattern=r"^$|^[1-9][0-9]{3}-(0[1-9]|1[0-2])$")]


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


@router.get("/audit/cases/{kind}/{id_}/as-of")
async def travel(visitor: Known, kind: str, id_: PathId, at: str = "") -> Response:
    """当时与现在 / a case as of one of its entries, beside what is on record now."""
    reach(visitor.me, Action.AUDIT_READ)
    if kind not in KINDS:
        raise not_found(kind)
    position = int(at) if at.isdigit() and len(at) < 16 else None  # noqa: PLR2004 - digits
    found = await as_of(visitor.queries, visitor.reception.history, kind, id_, position)
    if found is None:
        raise not_found(id_)
    return visitor.page("as-of.html.j2", found=found, kind=kind, id=id_)


@router.get("/audit/entries/{position}")
async def entry(visitor: Known, position: Position) -> Response:
    """一条记录 / an entry with its personal fields masked, and the way to see one."""
    reach(visitor.me, Action.AUDIT_READ)
    return await _entry_page(visitor, position)


@router.post("/audit/entries/{position}/reveal")
async def reveal(visitor: Known, position: Position) -> Response:
    """查看个人信息 / show a field to whoever says why; the look is on record first."""
    form = await visitor.form()
    shown = await revealing.reveal(
        visitor.house, visitor.who, position, form.one("field"), form.one("reason")
    )
    return await _entry_page(visitor, position, shown)


@router.get("/audit/reveals")
async def list_reveals(visitor: Known, month: Month = "") -> Response:
    """个人信息查看记录 / who saw which personal field, and why, month by month."""
    reach(visitor.me, Action.AUDIT_READ)
    chosen = month or keys.month_of(visitor.house.service.clock.now().date())
    found = await revealing.looks(visitor.reception.history, chosen)
    return visitor.page("reveals.html.j2", found=found, month=chosen)


@router.get("/audit/doubts")
async def list_doubts(
    visitor: Known, kind: str = "", department: str = "", rules: str = ""
) -> Response:
    """疑点清单 / doubtful points, each with the entries that show it."""
    reach(visitor.me, Action.AUDIT_READ)
    found = await _doubts(visitor, kind, department, rules)
    shown = found.points[: doubts.SHOWN]
    chosen = {"kind": kind, "department": department, "rules": rules}
    query = urlencode({name: value for name, value in chosen.items() if value})
    return visitor.page(
        "doubts.html.j2",
        found=found,
        points=await _told(visitor, found, shown),
        kinds=doubts.KINDS,
        departments=(await names(visitor.queries)).of,
        query=query,
        kind=kind,
        department=department,
        rules=rules,
    )


@router.get("/audit/doubts.xlsx")
async def worksheet(
    visitor: Known, kind: str = "", department: str = "", rules: str = ""
) -> Response:
    """核查表 / the same as a worksheet, with room for what is found out."""
    reach(visitor.me, Action.AUDIT_READ)
    found = await _doubts(visitor, kind, department, rules)
    told = await _told(visitor, found, found.points)
    body = doubts.worksheet(told, found.names, visitor.tongue)
    return download(body, XLSX, "疑点清单.xlsx")


async def _entry_page(
    visitor: Visitor, position: int, shown: revealing.Revealed | None = None
) -> Response:
    found = await revealing.entry_at(visitor.house, position)
    (told,) = await told_all(visitor.queries, [found.body])
    return visitor.page(
        "entry.html.j2",
        told=told,
        fields=revealing.sealed_fields(found.entry.data),
        shown=shown,
        may=may(visitor, Action.PERSONAL_REVEAL),
        shortest=revealing.SHORTEST,
    )


async def _doubts(visitor: Visitor, kind: str, department: str, rules: str) -> doubts.Listed:
    ledger = visitor.house.service.ledger
    return await doubts.listed(
        visitor.queries, ledger, kind=kind, department=department, rules=bool(rules)
    )


async def _told(
    visitor: Visitor, found: doubts.Listed, points: tuple[Doubt, ...]
) -> tuple[doubts.Told, ...]:
    history = visitor.reception.history
    return await doubts.told(visitor.queries, history, points, found.names, visitor.tongue)
