"""The AsyncAPI 3.0 document: the topic table and the schemas, in the words other systems read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from inspect import cleandoc
from typing import Any, Final

from schemas.catalogue import COMMAND_TYPES, EVENT_TYPES
from schemas.reports import REPORT_TYPES
from schemas.topic import Key, Kind, Topic
from schemas.topics import TOPICS

Json = dict[str, Any]

_DIALECT: Final = "application/schema+json;version=draft-2020-12"
_DAY: Final = 24 * 60 * 60 * 1000
_BINDING: Final = "0.5.0"

_PARAMETERS: Final[Mapping[str, str]] = {
    "domain": "The planning domain: one county or one city.",
    "source": "The system that may write to the topic; it is the source of its commands.",
    "department": "The department that may read the topic.",
}
_KEYS: Final[Mapping[Key, str]] = {
    Key.STREAM: "The stream (subject) that the message is about.",
    Key.ENTERPRISE: "The code (USCC) of the enterprise that the message is about.",
    Key.SIZE: "How many entries the checkpoint is over.",
    Key.SOURCE: "The source that the message came from.",
    Key.JOB: "The job that the message is about.",
    Key.ALERT: "The id of the alert; told again it is the same.",
}


def document(version: str) -> Json:
    """Return the document. Paths in it are relative to its own folder."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Wurao 无扰",
            "version": version,
            "description": "Visits of departments to enterprises: what comes in, what is made known.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": {_operation_name(topic): _operation(topic) for topic in TOPICS},
        "components": {
            "messages": {
                _message_name(topic, type_): _message(topic, type_)
                for topic, type_ in _carried(TOPICS)
            },
            "parameters": {name: {"description": text} for name, text in _PARAMETERS.items()},
        },
    }


def contract_path(topic: Topic, type_: str) -> str:
    """Return where the schema of a message's data lies, from the contracts' folder."""
    match topic.kind:
        case Kind.INTAKE:
            return f"commands/{type_}.json"
        case Kind.AUDIENCE:
            return f"topics/{topic.name}/{type_}.json"
        case Kind.REPORTS:
            return f"reports/{type_}.json"
        case _:
            return f"events/{type_}.json"


def _carried(topics: Sequence[Topic]) -> Iterator[tuple[Topic, str]]:
    return ((topic, type_) for topic in topics for type_ in topic.carries)


def _message_name(topic: Topic, type_: str) -> str:
    return f"{topic.name}.{type_}"


def _operation_name(topic: Topic) -> str:
    return f"{_action(topic)}-{topic.name}"


def _action(topic: Topic) -> str:
    return "receive" if topic.kind is Kind.INTAKE else "send"


def _channel(topic: Topic) -> Json:
    names = re.findall(r"{(\w+)}", topic.address)
    kafka: Json = {"partitions": topic.partitions, "bindingVersion": _BINDING}
    kafka["topicConfiguration"] = {
        "cleanup.policy": ["compact"] if topic.compacted else ["delete"],
        "retention.ms": -1 if topic.retention_days is None else topic.retention_days * _DAY,
    }
    return {
        "address": topic.address,
        "description": topic.meaning,
        "messages": {
            type_: {"$ref": f"#/components/messages/{_message_name(topic, type_)}"}
            for type_ in topic.carries
        },
        "parameters": {name: {"$ref": f"#/components/parameters/{name}"} for name in names},
        "bindings": {"kafka": kafka},
        "x-audience": topic.audience.value,
        "x-rows": topic.rows.value,
    }


def _operation(topic: Topic) -> Json:
    channel = f"#/channels/{topic.name}"
    return {
        "action": _action(topic),
        "channel": {"$ref": channel},
        "summary": topic.meaning,
        "messages": [{"$ref": f"{channel}/messages/{type_}"} for type_ in topic.carries],
    }


def _message(topic: Topic, type_: str) -> Json:
    if topic.kind is Kind.CHECKPOINTS:
        return _note(topic, type_)
    models = {Kind.INTAKE: COMMAND_TYPES, Kind.REPORTS: REPORT_TYPES}.get(topic.kind, EVENT_TYPES)
    model = models[type_]
    key = {"type": "string", "description": _KEYS[topic.key]}
    return {
        "name": type_,
        "summary": cleandoc(model.__doc__ or "").splitlines()[0],
        "contentType": "application/json",
        "payload": {"schemaFormat": _DIALECT, "schema": _payload(topic, type_)},
        "bindings": {"kafka": {"key": key, "bindingVersion": _BINDING}},
    }


def _note(topic: Topic, type_: str) -> Json:
    """Return the one message that is no JSON: a signed note, as its own standard has it."""
    key = {"type": "string", "description": _KEYS[topic.key]}
    return {
        "name": type_,
        "summary": topic.meaning,
        "contentType": "text/plain; charset=utf-8",
        "payload": {"type": "string"},
        "bindings": {"kafka": {"key": key, "bindingVersion": _BINDING}},
    }


def _payload(topic: Topic, type_: str) -> Json:
    if topic.kind is Kind.REPORTS:
        return {"$ref": f"./{contract_path(topic, type_)}"}
    envelope = {Kind.INTAKE: "command", Kind.AUDIENCE: "audience"}.get(topic.kind, "entry")
    properties = {"type": {"const": type_}, "data": {"$ref": f"./{contract_path(topic, type_)}"}}
    return {
        "allOf": [
            {"$ref": f"./envelopes/{envelope}.json"},
            {"type": "object", "properties": properties, "required": ["type", "data"]},
        ]
    }
