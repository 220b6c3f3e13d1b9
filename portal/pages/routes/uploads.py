"""A sheet of requests: chosen, looked at row by row, handed in, handed back with what is wrong."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Response

from portal.http.house import PathId
from portal.http.problems import not_found
from portal.pages import uploads
from portal.pages.visitor import Known, Visitor
from portal.permissions import Action, Resource, authorize

router = APIRouter()


@router.get("/requests/upload")
async def choose(visitor: Known) -> Response:
    """批量上传 / choose a sheet of requests."""
    _own(visitor)
    return visitor.page("upload.html.j2", fault=None, name="")


@router.post("/requests/upload")
async def look(visitor: Known) -> Response:
    """预览 / what would become of every row; nothing is submitted yet."""
    _own(visitor)
    _, sent = await visitor.upload()
    if sent is None or not sent.body:
        return visitor.page("upload.html.j2", 422, fault="empty", name="")
    try:
        id_ = await uploads.look(visitor.house.service, visitor.reception.desk, visitor.me, sent)
    except uploads.BadFile as bad:
        return visitor.page("upload.html.j2", 422, fault=bad, name=sent.name)
    return visitor.go(f"/requests/upload/{id_}")


@router.get("/requests/upload/blank.xlsx")
async def blank(visitor: Known) -> Response:
    """空白表 / an empty sheet with all columns."""
    _own(visitor)
    return download(uploads.blank_sheet(), uploads.XLSX, "入企申请.xlsx")


@router.get("/requests/upload/{upload}")
async def show(visitor: Known, upload: PathId) -> Response:
    """上传结果 / what became of a sheet, row by row."""
    _own(visitor)
    found = await uploads.seen(visitor.reception.desk, visitor.me, upload)
    if found is None:
        raise not_found(upload)
    return visitor.page("uploaded.html.j2", found=found, report=found.report)


@router.post("/requests/upload/{upload}")
async def hand_in(visitor: Known, upload: PathId) -> Response:
    """提交 / hand a sheet in as it was shown; a second time changes nothing."""
    _own(visitor)
    await visitor.form()
    done = await uploads.hand_in(visitor.house.service, visitor.reception.desk, visitor.me, upload)
    return visitor.go(f"/requests/upload/{upload}", "uploaded" if done else None)


@router.get("/requests/upload/{upload}/errors")
async def errors(visitor: Known, upload: PathId) -> Response:
    """退回的表 / the faulty rows with a column that says what is wrong."""
    _own(visitor)
    kept = await uploads.handback(visitor.reception.desk, visitor.me, upload)
    if kept is None:
        raise not_found(upload)
    type_ = uploads.XLSX if kept.title.endswith(".xlsx") else "text/csv; charset=utf-8"
    return download(kept.body, type_, kept.title)


def download(body: bytes, type_: str, name: str) -> Response:
    """Return a file to keep, under a name that browsers understand."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(body, media_type=type_, headers={"content-disposition": disposition})


def _own(visitor: Visitor) -> None:
    authorize(visitor.me, Action.REQUEST_SUBMIT, Resource.owned(visitor.me.of or ""))
    if visitor.me.role.value not in {"clerk", "head"}:
        raise not_found(visitor.request.url.path)
