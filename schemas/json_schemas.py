"""JSON Schemas (2020-12) of what travels: data of commands and events, envelopes, documents.

The models are the source; these functions only shape what pydantic says of them for readers outside:
the type string stands on the envelope and not in the data, a sender never seals, and an audience
sees no more than the topic table keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from schemas.catalogue import COMMAND_TYPES, EVENT_TYPES
from schemas.envelope import CommandMessage, Entry
from schemas.topic import Topic
from schemas.topics import AUDIENCE_ENVELOPE

Json = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_DEFS: Final = "#/$defs/"
_SEALED: Final = {"$ref": "#/$defs/Sealed"}


def command_schema(type_: str) -> Json:
    """Return the schema of a command's data, as a sender outside must write them."""
    schema = _without_sealed(_data(COMMAND_TYPES[type_]))
    return _document(f"command:{type_}", schema)


def event_schema(type_: str) -> Json:
    """Return the schema of an event's data, as they stand in the ledger."""
    return _document(f"event:{type_}", _data(EVENT_TYPES[type_]))


def audience_schema(topic: Topic, type_: str) -> Json:
    """Return the schema of an event's data as an audience topic carries them."""
    schema = kept(_data(EVENT_TYPES[type_]), topic.keeps[type_])
    return _document(f"audience:{topic.name}:{type_}", schema)


def envelope_schemas() -> dict[str, Json]:
    """Return the schemas of the envelopes: of a command, an entry, and an entry outside."""
    entry = Entry.model_json_schema()
    return {
        "command": _document("envelope:command", CommandMessage.model_json_schema()),
        "entry": _document("envelope:entry", entry),
        "audience": _document("envelope:audience", kept(entry, AUDIENCE_ENVELOPE)),
    }


def model_schema(name: str, model: type[BaseModel]) -> Json:
    """Return the schema of a document that people write, such as a policy."""
    return _document(f"document:{name}", model.model_json_schema())


def kept(schema: Mapping[str, Any], paths: Sequence[str]) -> Json:
    """Return an object's schema with these fields only; dots lead below a field, through lists.

    Raises:
        KeyError: If there is no such field.
    """
    defs = schema.get("$defs", {})
    node = _kept(schema, [path.split(".") for path in paths], defs)
    return _with_defs(node, defs)


def refs(node: object) -> Iterator[str]:
    """Yield every reference that stands in a schema or document."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            yield from refs(value)
    elif isinstance(node, list):
        for item in node:
            yield from refs(item)


def _document(name: str, schema: Mapping[str, Any]) -> Json:
    return {"$schema": DIALECT, "$id": f"urn:wurao:{name}", **schema}


def _data(model: type[BaseModel]) -> Json:
    schema = model.model_json_schema()
    del schema["properties"]["type"]
    return schema


def _without_sealed(schema: Mapping[str, Any]) -> Json:
    """Leave out every field that only the shell writes, and its form where there is a plain one."""
    defs = schema.get("$defs", {})
    clean = {name: _unsealed(node) for name, node in defs.items() if name != "Sealed"}
    node = _unsealed({key: value for key, value in schema.items() if key != "$defs"})
    return _with_defs(node, clean)


def _unsealed(node: Json) -> Json:
    properties = {}
    for name, field in node.get("properties", {}).items():
        plain = [option for option in field.get("anyOf", [field]) if option != _SEALED]
        if plain and plain != [{"type": "null"}]:
            properties[name] = {**field, "anyOf": plain} if "anyOf" in field else field
    return {**node, "properties": properties} if "properties" in node else node


def _kept(node: Mapping[str, Any], paths: Sequence[list[str]], defs: Mapping[str, Any]) -> Json:
    properties: Json = {}
    for name in dict.fromkeys(path[0] for path in paths):
        below = [path[1:] for path in paths if path[0] == name]
        field = node["properties"][name]
        properties[name] = field if [] in below else _below(field, below, defs)
    result: Json = {key: node[key] for key in ("title", "description", "type") if key in node}
    required = [name for name in node.get("required", ()) if name in properties]
    return {
        **result,
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _below(field: Mapping[str, Any], paths: Sequence[list[str]], defs: Mapping[str, Any]) -> Json:
    if "$ref" in field:
        return _kept(defs[field["$ref"].removeprefix(_DEFS)], paths, defs)
    if "items" in field:
        return {**field, "items": _below(field["items"], paths, defs)}
    raise KeyError(".".join(paths[0]))


def _with_defs(node: Json, defs: Mapping[str, Any]) -> Json:
    """Add the definitions that are referred to, and no others."""
    needed: dict[str, Any] = {}
    todo = list(_names(refs(node)))
    while todo:
        name = todo.pop()
        if name not in needed:
            needed[name] = defs[name]
            todo += _names(refs(defs[name]))
    return {**({"$defs": dict(sorted(needed.items()))} if needed else {}), **node}


def _names(references: Iterable[str]) -> Iterator[str]:
    return (reference.removeprefix(_DEFS) for reference in references)
