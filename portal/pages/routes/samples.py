"""演示用码: a sheet to print, in a demonstration only."""

from __future__ import annotations

from fastapi import APIRouter, Response

from portal.http.problems import not_found
from portal.pages.routes.gate import picture
from portal.pages.samples import KINDS, samples
from portal.pages.visitor import Anyone, Visitor

router = APIRouter()


@router.get("/demo/codes")
async def sheet(visitor: Anyone) -> Response:
    """演示用码 / the sheet: a genuine, a forged, an expired and a revoked code."""
    _demo_only(visitor)
    found = await samples(visitor.house.service)
    return visitor.page("samples.html.j2", found=found, kinds=KINDS, base=visitor.base())


@router.get("/demo/codes/{kind}.svg")
async def code(visitor: Anyone, kind: str) -> Response:
    """一个码 / one of them as a picture."""
    _demo_only(visitor)
    found = await samples(visitor.house.service)
    if kind not in found:
        raise not_found(kind)
    return picture(f"{visitor.base()}/q/{found[kind]}")


def _demo_only(visitor: Visitor) -> None:
    if visitor.reception.demo is None:
        raise not_found(visitor.request.url.path)
