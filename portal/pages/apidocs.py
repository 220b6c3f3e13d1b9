"""The interface's description as a page: its operations and schemas, read from the OpenAPI document.

No viewer is shipped: the page is made here, so it needs no script and weighs a few kilobytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portal.pages.apiexamples import SCHEMAS, Json, example
from schemas.base import Bilingual

_LIMITS: Final = {
    "pattern": "{}",
    "format": "{}",
    "minimum": "≥ {}",
    "maximum": "≤ {}",
    "exclusiveMinimum": "> {}",
    "minLength": "≥ {} chars",
    "maxLength": "≤ {} chars",
    "minItems": "≥ {} items",
    "maxItems": "≤ {} items",
    "default": "= {}",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a type; ``to`` names the schema that it stands for."""

    text: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a schema, or a parameter of an operation: ``place`` is where that one stands."""

    name: str
    kind: tuple[Piece, ...]
    required: bool
    limits: str
    note: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One of an operation's answers."""

    status: str
    note: str
    kind: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked for. ``example`` is a body that fits, as JSON."""

    id: str
    method: str
    path: str
    said: Bilingual
    secured: bool
    parameters: tuple[Field, ...]
    body: tuple[Piece, ...]
    example: str | None
    file: str | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Operations on one kind of thing."""

    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema: an object's fields, or the values of a closed list."""

    name: str
    note: str
    fields: tuple[Field, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole description."""

    version: str
    groups: tuple[Group, ...]
    schemas: tuple[Schema, ...]


def reference(document: Json) -> Reference:
    """Return an OpenAPI document as the page shows it."""
    schemas: Json = document["components"]["schemas"]
    groups: dict[str, list[Operation]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            name = str(operation.get("tags", ["—"])[0])
            groups.setdefault(name, []).append(_operation(path, method, operation, schemas))
    return Reference(
        document["info"]["version"],
        tuple(Group(name, tuple(found)) for name, found in groups.items()),
        tuple(_schema(name, schema) for name, schema in schemas.items()),
    )


def _operation(path: str, method: str, found: Json, schemas: Json) -> Operation:
    sent = found.get("requestBody", {})
    body, media = _content(sent), next(iter(sent.get("content", ())), "")
    text = body and media == "application/json"
    return Operation(
        id=found["operationId"],
        method=method.upper(),
        path=path,
        said=_said(found.get("description") or found["summary"]),
        secured=bool(found.get("security")),
        parameters=tuple(
            _field(each["name"], each["schema"], each, place=each["in"])
            for each in found.get("parameters", ())
        ),
        body=tuple(_kind(body)) if body else (),
        example=_pretty(example(body, schemas)) if text else None,
        file=media if body and not text else None,
        answers=tuple(
            Answer(status, each["description"], tuple(_kind(_content(each))))
            for status, each in found["responses"].items()
        ),
    )


def _schema(name: str, schema: Json) -> Schema:
    required = set(schema.get("required", ()))
    fields = tuple(
        _field(key, each, {"required": key in required})
        for key, each in schema.get("properties", {}).items()
    )
    values = tuple(map(str, schema.get("enum", ())))
    return Schema(name, schema.get("description", ""), fields, values)


def _field(name: str, schema: Json, more: Json, place: str = "") -> Field:
    note = more.get("description") or schema.get("description", "")
    required = bool(more.get("required"))
    return Field(name, tuple(_kind(schema)), required, ", ".join(_limits(schema)), note, place)


def _said(text: str) -> Bilingual:
    """Return the first paragraph of a description: Chinese, a slash, English."""
    first = " ".join(text.partition("\n\n")[0].split())
    zh, _, en = first.partition(" / ")
    return Bilingual(zh=zh, en=en or zh)


def _content(of: Json) -> Json:
    """Return the schema of a body or an answer; empty where it has none."""
    media: Json = next(iter(of.get("content", {}).values()), {})
    found: Json = media.get("schema", {})
    return found


def _kind(schema: Json) -> Iterator[Piece]:
    """Yield a schema's type, part by part."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(SCHEMAS)
        yield Piece(name, name)
    elif options := schema.get("anyOf") or schema.get("oneOf"):
        for n, each in enumerate(options):
            if n:
                yield Piece(" | ")
            yield from _kind(each)
    elif inner := _inner(schema):
        start, of, end = inner
        yield Piece(start)
        yield from _kind(of)
        yield Piece(end)
    elif schema:
        yield Piece(_plain_kind(schema))


def _inner(schema: Json) -> tuple[str, Json, str] | None:
    """Return what a list or a map holds, and the brackets around it."""
    if schema.get("type") == "array":
        return "[", schema.get("items", {}), "]"
    more = schema.get("additionalProperties")
    return ("{… : ", more, "}") if isinstance(more, Mapping) else None


def _plain_kind(schema: Json) -> str:
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    values = " | ".join(map(str, schema.get("enum", ())))
    return values or str(schema.get("type", "any"))


def _limits(schema: Json) -> Iterator[str]:
    for each in (schema, *_options(schema)):
        for name, said in _LIMITS.items():
            value = each.get(name)
            if value is not None and value not in ("", []):
                yield said.format(_plain(value))


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _options(schema: Json) -> Sequence[Json]:
    return [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]


def _pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
