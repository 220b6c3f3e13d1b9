"""A released contract may grow, and nothing else."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.catalogue import COMMAND_TYPES, EVENT_TYPES
from schemas.compat import breaks
from schemas.generate import RELEASED, frozen
from schemas.json_schemas import command_schema, event_schema
from schemas.wire import UPCASTS

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
RELEASES = sorted((ROOT / RELEASED).glob("*.json"))
MEND = "give the type a new version, and its old one an upcast (docs/decisions/0051)"


def test_a_version_in_the_changelog_has_its_contracts_frozen() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = set(re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE))
    kept = {path.stem for path in RELEASES}
    assert released <= kept, "run `python -m schemas.generate --release VERSION`"


def test_what_was_released_is_still_understood() -> None:
    """Tests that every event of a released version is read, and every command taken."""
    for release in RELEASES:
        old = json.loads(release.read_text(encoding="utf-8"))
        assert broken(old) == {}, f"{release.stem}: {MEND}"


def broken(released: dict[str, dict[str, Json]]) -> dict[str, list[str]]:
    """Return the breaks of a frozen version by type; empty when all of it is understood."""
    found = {}
    for type_, old in released["events"].items():
        if type_ not in UPCASTS:
            known = type_ in EVENT_TYPES
            found[type_] = breaks(old, event_schema(type_)) if known else ["the event is gone"]
    for type_, old in released["commands"].items():
        known = type_ in COMMAND_TYPES
        told = breaks(old, command_schema(type_)) if known else ["the command is gone"]
        found[type_] = [*found.get(type_, []), *told]
    return {type_: told for type_, told in found.items() if told}


def test_todays_contracts_understand_themselves() -> None:
    assert broken(json.loads(frozen())) == {}


def test_a_break_of_a_frozen_version_is_told_by_type() -> None:
    today = json.loads(frozen())
    units = today["events"]["cn.wurao.capacity.stated.v1"]["properties"]["units"]
    units["default"] = 3
    today["events"]["cn.wurao.capacity.stated.v1"]["required"].remove("units")
    today["events"]["cn.wurao.month.opened.v1"] = {}
    today["commands"]["cn.wurao.visit.fly.v1"] = {}
    assert broken(today) == {
        "cn.wurao.capacity.stated.v1": ["units: the field became required"],
        "cn.wurao.month.opened.v1": ["the event is gone"],
        "cn.wurao.visit.fly.v1": ["the command is gone"],
    }


OLD: Json = {
    "$defs": {
        "Lane": {"type": "string", "enum": ["routine", "escalated"]},
        "Gate": {"type": "object", "properties": {"shape": {"const": "gate", "type": "string"}}},
        "Cap": {
            "type": "object",
            "properties": {
                "shape": {"const": "cap", "type": "string"},
                "limit": {"type": "integer"},
            },
            "required": ["limit"],
        },
    },
    "type": "object",
    "properties": {
        "id": {"type": "string", "pattern": "^a$", "maxLength": 9},
        "units": {"type": "integer", "minimum": 0, "default": 1},
        "lane": {"$ref": "#/$defs/Lane"},
        "day": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}], "default": None},
        "rules": {
            "type": "array",
            "items": {"oneOf": [{"$ref": "#/$defs/Gate"}, {"$ref": "#/$defs/Cap"}]},
        },
        "numbers": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
    "required": ["id", "lane"],
}


def after(change: Callable[[Json, Json, Json], object]) -> list[str]:
    """Return the breaks once a change was made to (schema, its properties, its definitions)."""
    new = copy.deepcopy(OLD)
    change(new, new["properties"], new["$defs"])
    return breaks(OLD, new)


@pytest.mark.parametrize("type_", EVENT_TYPES)
def test_a_contract_is_compatible_with_itself(type_: str) -> None:
    assert breaks(event_schema(type_), event_schema(type_)) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda _, fields, __: fields.update(colour={"type": "string", "default": "red"}),
        lambda _, __, defs: defs["Lane"]["enum"].append("emergency"),
        lambda _, fields, __: fields["id"].pop("pattern"),
        lambda _, fields, __: fields["id"].update(maxLength=10),
        lambda _, fields, __: fields["units"].pop("minimum"),
        lambda schema, _, __: schema["required"].remove("lane"),
        lambda _, fields, __: fields["id"].update(title="Id", description="the id"),
        lambda _, fields, __: fields["rules"]["items"]["oneOf"].append({"type": "null"}),
        lambda _, fields, __: fields.update(
            lane={"anyOf": [{"$ref": "#/$defs/Lane"}, {"type": "null"}]}
        ),
    ],
)
def test_growth_is_compatible(change: Callable[[Json, Json, Json], object]) -> None:
    assert after(change) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda _, fields, __: fields.pop("units"), "units: the field is gone"),
        (
            lambda _, fields, __: fields.update(unit=fields.pop("units")),
            "units: the field is gone",
        ),
        (lambda s, _, __: s["required"].append("units"), "units: the field became required"),
        (
            lambda _, __, defs: defs["Lane"]["enum"].remove("escalated"),
            "lane: 'escalated' is not allowed any more",
        ),
        (lambda _, f, __: f["units"].update(default=2), "units: the default became 2"),
        (lambda _, f, __: f["units"].pop("default"), "units: the default became nothing stated"),
        (lambda _, f, __: f["units"].update(type="string"), "units: type integer became string"),
        (lambda _, f, __: f["units"].update(minimum=1), "units: minimum rose to 1"),
        (lambda _, f, __: f["units"].update(maximum=9), "units: maximum fell to 9"),
        (lambda _, f, __: f["id"].update(pattern="^b$"), "id: pattern became ^b$"),
        (lambda _, f, __: f["id"].update(enum=["a"]), "id: any value became a choice of some"),
        (lambda _, f, __: f["day"]["anyOf"].pop(), "day: type null became string"),
        (
            lambda _, f, __: f["day"].update(anyOf=[{"type": "string", "format": "date-time"}]),
            "day: format became date-time",
        ),
        (lambda _, f, __: f["rules"]["items"]["oneOf"].pop(), "rules.*.shape: 'cap' is not"),
        (
            lambda _, __, defs: defs["Cap"]["required"].append("shape"),
            "rules.*.shape: the field became required",
        ),
        (
            lambda _, f, __: f["numbers"].update(additionalProperties={"type": "string"}),
            "numbers.*: type integer became string",
        ),
    ],
)
def test_a_break_is_told(change: Callable[[Json, Json, Json], object], told: str) -> None:
    found = after(change)
    assert [line for line in found if line.startswith(told)], found
