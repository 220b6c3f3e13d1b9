"""Consumer contracts: what the examples read is promised, and what they send is accepted as it is."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas.wire import read_message

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "deploy" / "examples"
CONTRACTS = ROOT / "schemas" / "contracts"
NEEDS = json.loads((EXAMPLES / "contracts.json").read_text(encoding="utf-8"))


def load(name: str) -> ModuleType:
    """Import an example; it lies in no package."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def needs() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    for example, topics in NEEDS.items():
        for topic, types in topics.items():
            for type_, paths in types.items():
                yield example, topic, type_, tuple(paths)


@pytest.mark.parametrize(("example", "topic", "type_", "paths"), list(needs()))
def test_what_an_example_counts_on_is_promised(
    example: str, topic: str, type_: str, paths: tuple[str, ...]
) -> None:
    """Tests that each field is in the topic's schema, and there in every message."""
    del example
    path = CONTRACTS / "topics" / topic / f"{type_}.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    for each in paths:
        assert promised(schema, each.split("."), schema), f"{type_}: {each}"


def promised(schema: dict[str, Any], parts: list[str], root: dict[str, Any]) -> bool:
    """Whether a field is required all the way down; lists are looked into."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    if schema.get("type") == "array":
        return promised(schema["items"], parts, root)
    if not parts:
        return True
    name, *rest = parts
    if name not in schema.get("required", ()):
        return False
    return promised(schema["properties"][name], rest, root)


def test_every_type_that_an_example_tells_about_has_its_contract() -> None:
    assert set(load("department").STORIES) == set(NEEDS["department"]["cases"])
    known = {"cn.wurao.visit.published.v1", "cn.wurao.visit.arranged.v1"}
    assert known | set(load("plans").BECOMES) == set(NEEDS["plans"]["plans"])


def sample() -> list[dict[str, Any]]:
    found = load("department").messages(EXAMPLES / "requests.jsonl", "fire-system", "fire")
    return [json.loads(value) for _, value in found]


def test_what_is_sent_fits_the_contracts() -> None:
    envelope = json.loads((CONTRACTS / "envelopes" / "command.json").read_text(encoding="utf-8"))
    for message in sample():
        Draft202012Validator(envelope).validate(message)
        path = CONTRACTS / "commands" / f"{message['type']}.json"
        schema = json.loads(path.read_text(encoding="utf-8"))
        Draft202012Validator(schema).validate(message["data"])
        read_message(json.dumps(message).encode())


def test_a_story_is_told_of_the_least_that_is_promised() -> None:
    """Tests that defaults may be left out, and that unknown types and fields are passed over."""
    story = load("department").story
    refused = {"objections": [{"rule": "service-week"}], "request": {}, "news": 1}
    assert story(entry("request.refused", refused)) == "refused: ['service-week']"
    assert story(entry("request.accepted", {"approvals_needed": ["head"]})).endswith("['head']")
    assert story(entry("request.teleported", {})) == "cn.wurao.request.teleported.v1"


def entry(name: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"type": f"cn.wurao.{name}.v1", "data": data}


def test_places_are_kept_and_nothing_is_told_twice(tmp_path: Path) -> None:
    places = load("department").Places
    file = tmp_path / "state.json"
    first = places(file)
    assert first.is_new("a")
    first.keep(0, 3, "a")
    first.keep(0, 4, "a")  # delivered again further behind, as after a restore from a backup
    again = places(file)
    assert (again.offset(0), again.is_new("a"), again.is_new("b")) == (5, False, True)
    assert again.offset(1) == 0
    for number in range(places.REMEMBERED):
        again.keep(0, 5 + number, f"b-{number}")
    assert again.is_new("a"), "only the last ones are remembered"


def test_a_calendar_takes_each_message_once() -> None:
    calendar = load("plans").Calendar()
    line = {"day": "2026-12-25", "enterprise": "E", "parts": [{"department": "fire"}]}
    arranged = {
        "type": "cn.wurao.visit.arranged.v1",
        "subject": "visit/1",
        "id": "a",
        "data": {"line": line},
    }
    left = {"type": "cn.wurao.visit.left.v1", "subject": "visit/1", "id": "b", "data": {}}
    unknown = {"type": "cn.wurao.visit.sung.v1", "subject": "visit/1", "id": "c", "data": {}}
    for message in (arranged, left, arranged, unknown):
        calendar.read(message)
    assert calendar.lines() == ["2026-12-25  E  fire  left"]


def test_the_pages_name_every_example() -> None:
    page = (ROOT / "docs" / "how-to" / "connect-a-department.md").read_text(encoding="utf-8")
    for file in EXAMPLES.iterdir():
        if file.suffix in {".py", ".java", ".jsonl"}:
            assert file.name in page
