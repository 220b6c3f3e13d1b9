"""Examples of what fits a JSON schema: what must be there, and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

Json = Mapping[str, Any]

SCHEMAS: Final = "#/components/schemas/"

_TEXTS: Final = {
    "date": "2026-12-25",
    "date-time": "2026-12-25T09:00:00+08:00",
    r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])$": "2026-12",
    r"^[a-z0-9_]+(\.[a-z0-9_]+){0,8}$": "contact_phone",
    r"^[0-9a-f]{64}$": "0" * 64,
    r"^[A-T]?[0-9]{0,4}$": "C13",
    r"^(officer|contact|rater)/[A-Za-z0-9][A-Za-z0-9._:@-]{0,95}$": "officer/id-1",
}
"""Texts by their format or pattern; any other pattern of ours takes ``_ID``."""

_ID: Final = "id-1"


def example(schema: Json, schemas: Json) -> Any:  # noqa: ANN401 - JSON
    """Return a value that fits a schema; ``schemas`` are those that it may name.

    What must be there never holds itself, so this ends.
    """
    if "$ref" in schema:
        return example(schemas[schema["$ref"].removeprefix(SCHEMAS)], schemas)
    for given in ("const", "default"):
        if given in schema:
            return schema[given]
    if "enum" in schema:
        return schema["enum"][0]
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return example(options[0], schemas)
    return _MADE.get(schema.get("type", ""), _nothing)(schema, schemas)


def _object(schema: Json, schemas: Json) -> dict[str, Any]:
    fields = schema.get("properties", {})
    return {name: example(fields[name], schemas) for name in schema.get("required", ())}


def _list(schema: Json, schemas: Json) -> list[Any]:
    least = schema.get("minItems", 0)
    return [example(schema["items"], schemas)] * least if least else []


def _number(schema: Json, _: Json) -> int:
    return int(schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1))


def _text(schema: Json, _: Json) -> str:
    for name in ("format", "pattern"):
        if (known := _TEXTS.get(schema.get(name, ""))) is not None:
            return known
    pattern = str(schema.get("pattern", ""))
    if pattern.startswith("^("):  # a closed list
        return pattern.strip("^$()").partition("|")[0]
    return _ID.ljust(schema.get("minLength", 0), "x")


def _nothing(_: Json, __: Json) -> None:
    return None


_MADE: Final[Mapping[str, Callable[[Json, Json], Any]]] = {
    "object": _object,
    "array": _list,
    "integer": _number,
    "number": _number,
    "boolean": lambda _, __: False,
    "string": _text,
}
