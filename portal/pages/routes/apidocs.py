"""接口文档: what programs can ask for, as a page of our own. It is made once, and open to everybody."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Response

from portal.pages.apidocs import Reference, reference
from portal.pages.visitor import Anyone

router = APIRouter()

PATH: Final = "/api-docs"
SCHEMAS: Final = "/api-docs/schemas"
DOCUMENT: Final = "/api/v1/openapi.json"


@lru_cache(maxsize=4)
def _made(app: FastAPI) -> Reference:
    found: dict[str, Any] = app.openapi()
    return reference(found)


@router.get(PATH)
async def show(visitor: Anyone) -> Response:
    """接口文档 / the interface for programs: operations, schemas, examples."""
    found = _made(visitor.request.app)
    return visitor.page(
        "api-docs.html.j2",
        reference=found,
        schemas=SCHEMAS,
        document=DOCUMENT,
        base=visitor.base(),
    )


@router.get(SCHEMAS)
async def schemas(visitor: Anyone) -> Response:
    """数据结构 / what operations take and give, on a page of its own: together they weigh too much."""
    found = _made(visitor.request.app)
    return visitor.page("api-schemas.html.j2", reference=found, operations=PATH)
