"""Writes the contracts: ``python -m schemas.generate``.

Everything is worked out from the models and the topic table in memory; only ``main`` writes.
``--release VERSION`` freezes today's contracts as those of a released version, against which
compatibility is tested for ever.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from schemas import asyncapi, reference
from schemas.calendars import Calendar
from schemas.catalogue import COMMAND_TYPES, EVENT_TYPES
from schemas.json_schemas import (
    Json,
    audience_schema,
    command_schema,
    envelope_schemas,
    event_schema,
    model_schema,
)
from schemas.policy import Policy
from schemas.reports import REPORT_TYPES
from schemas.topics import AUDIENCES

CONTRACTS: Final = "schemas/contracts"
RELEASED: Final = f"{CONTRACTS}/released"
PAGE: Final = "docs/reference/events.md"
VERSION: Final = "1"
"""Version of the contracts as a whole: counts up when a topic or a type goes away."""


def files() -> dict[str, str]:
    """Return every generated file: its path in the checkout and its text."""
    made: dict[str, Json] = {
        **{f"commands/{type_}.json": command_schema(type_) for type_ in COMMAND_TYPES},
        **{f"events/{type_}.json": event_schema(type_) for type_ in EVENT_TYPES},
        **{f"envelopes/{name}.json": schema for name, schema in envelope_schemas().items()},
        "documents/policy.json": model_schema("policy", Policy),
        "documents/calendar.json": model_schema("calendar", Calendar),
        **{f"reports/{type_}.json": model_schema(type_, m) for type_, m in REPORT_TYPES.items()},
        "asyncapi.json": asyncapi.document(VERSION),
    }
    for topic in AUDIENCES:
        for type_ in topic.carries:
            made[asyncapi.contract_path(topic, type_)] = audience_schema(topic, type_)
    texts = {f"{CONTRACTS}/{path}": _text(schema) for path, schema in made.items()}
    return {**texts, PAGE: reference.page()}


def frozen() -> str:
    """Return the text of a released version: all data schemas, without their explanations."""
    schemas = {
        "commands": {type_: _bare(command_schema(type_)) for type_ in COMMAND_TYPES},
        "events": {type_: _bare(event_schema(type_)) for type_ in EVENT_TYPES},
    }
    return json.dumps(schemas, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def main(arguments: Sequence[str], root: Path) -> int:
    """Write what has changed, remove what is no longer made, and say so."""
    match arguments:
        case []:
            return _write(files(), root)
        case ["--release", version]:
            path = root / RELEASED / f"{version}.json"
            if path.exists():
                # A released contract is a promise; whoever must break it does so by hand.
                sys.stderr.write(f"{path.relative_to(root)} is frozen already\n")
                return 1
            return _write({f"{RELEASED}/{version}.json": frozen()}, root, keep=True)
        case _:
            sys.stderr.write("usage: python -m schemas.generate [--release VERSION]\n")
            return 2


def stale(root: Path, made: Mapping[str, str]) -> list[str]:
    """Return the contract files that lie in a checkout and are not made any more."""
    found = (path.relative_to(root).as_posix() for path in (root / CONTRACTS).rglob("*.json"))
    return sorted(path for path in found if path not in made and not path.startswith(RELEASED))


def _write(made: Mapping[str, str], root: Path, *, keep: bool = False) -> int:
    for path, text in made.items():
        target = root / path
        if target.is_file() and target.read_text(encoding="utf-8") == text:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote {path}\n")
    for path in [] if keep else stale(root, made):
        (root / path).unlink()
        sys.stdout.write(f"removed {path}\n")
    return 0


def _text(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _bare(node: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Leave out titles and descriptions; a property of such a name is an object and stays."""
    if isinstance(node, dict):
        words = {"title", "description"}
        return {
            key: _bare(value)
            for key, value in node.items()
            if not (key in words and isinstance(value, str))
        }
    return [_bare(item) for item in node] if isinstance(node, list) else node


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parents[1]))
