"""Health: whether the process lives, whether it can serve, which version it is. No token is needed."""

from __future__ import annotations

import asyncio
from importlib import metadata

from fastapi import APIRouter, Request, Response

from portal.http.house import In
from portal.http.nearby import nearby
from portal.http.problems import ProblemError, documented, not_found
from portal.http.routes.front import Front
from portal.running.metrics import METERS, TYPE
from schemas.base import Frozen

router = APIRouter(tags=["health 运行状况"])

_PATIENCE = 3.0  # seconds; whoever asks has an own deadline


class Health(Frozen):
    """It lives."""

    status: str = "ok"


class Version(Frozen):
    """What runs here."""

    name: str
    version: str


@router.get("/healthz")
async def alive() -> Health:
    """进程在运行 / the process lives."""
    return Health()


@router.get("/readyz", responses=documented(503))
async def ready(stands: In) -> Health:
    """台账可读 / the ledger answers."""
    try:
        async with asyncio.timeout(_PATIENCE):
            await stands.service.ledger.position()
    except Exception:  # noqa: BLE001 - whatever keeps the ledger from answering: we cannot serve
        said = ("台账没有应答", "the ledger does not answer")
        raise ProblemError(503, "not-ready", said, headers={"retry-after": "5"}) from None
    return Health()


@router.get("/version")
async def version() -> Version:
    """版本 / the version."""
    return Version(name="wurao", version=metadata.version("wurao"))


@router.get("/metrics", include_in_schema=False)
async def numbers(stands: In, front: Front, request: Request) -> Response:
    """指标 / numbers for whoever watches the machines, from where those stand."""
    peer = request.client.host if request.client else None
    if not nearby(peer, request.headers, front.metrics_from):
        raise not_found("metrics")
    service = stands.service
    return Response(await METERS.page(service.database, service.clock), media_type=TYPE)
