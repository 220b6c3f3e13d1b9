"""Entries written long ago are still read, and mean byte for byte what they meant."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.catalogue import EVENT_TYPES, TYPE_PATTERN
from schemas.plain_json import canonical
from schemas.wire import UPCASTS, event_data, read_entry
from tests.golden_events import FOLDER, paths

FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("kind", ["poor", "rich"])
@pytest.mark.parametrize("type_", EVENT_TYPES)
def test_every_event_type_has_its_golden_entries(type_: str, kind: str) -> None:
    path = paths(type_)[kind]
    assert path.is_file(), "run `python -m tests.golden_events` and commit what it writes"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_entry_is_read_and_written_as_the_same_bytes(path: Path) -> None:
    body = path.read_bytes().removesuffix(b"\n")
    entry, event = read_entry(body)
    raw = json.loads(body)
    assert canonical(raw) == body
    if entry.type in UPCASTS:
        return  # an old version comes out as a newer one; its own test says which
    assert event.type == entry.type == path.name.removesuffix(".json").removesuffix(".rich")
    assert canonical(event_data(event)) == canonical(raw["data"])


def test_no_golden_entry_lost_its_type() -> None:
    types = {json.loads(path.read_bytes())["type"] for path in FILES}
    assert types <= EVENT_TYPES.keys() | UPCASTS.keys()
    assert TYPE_PATTERN


def leaves(node: Any, path: str = "") -> set[str]:  # noqa: ANN401 - any part of an entry
    if isinstance(node, dict):
        return {path}.union(*(leaves(value, f"{path}.{key}") for key, value in node.items()))
    if isinstance(node, list):
        return {path}.union(*(leaves(value, path) for value in node))
    return {path}


@pytest.mark.parametrize("type_", EVENT_TYPES)
def test_a_rich_entry_has_more_than_a_poor_one(type_: str) -> None:
    poor, rich = (json.loads(path.read_bytes())["data"] for path in paths(type_).values())
    assert leaves(poor) < leaves(rich)
