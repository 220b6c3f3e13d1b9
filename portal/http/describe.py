"""The interface's description, OpenAPI 3.1, made from the code.

`docs/tools/openapi.py` keeps it in the repository, and a test fails where the two differ: whoever
changes what neighbours rely on sees it in the change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from portal.http.problems import Problem, documented

_REFERENCE: Final = "#/components/schemas/{model}"


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the description, with problems in the one form that they have here."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    for operation in _operations(found):
        if "422" in operation["responses"]:
            operation["responses"]["422"] = documented(422)[422]
        operation["responses"].setdefault("500", documented(500)[500])
    schemas = found["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):  # what the framework would have said
        schemas.pop(name, None)
    _, made = models_json_schema([(Problem, "serialization")], ref_template=_REFERENCE)
    found["components"]["schemas"] = dict(sorted({**made["$defs"], **schemas}.items()))
    return found


def text(app: FastAPI) -> str:
    """Return the description as it stands in the file."""
    return json.dumps(describe(app), ensure_ascii=False, indent=1) + "\n"


def _operations(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in found["paths"].values():
        yield from path.values()
