"""The schemas outsiders read are valid, and say no more than the models do."""

import pytest
from jsonschema import Draft202012Validator, ValidationError

from schemas.catalogue import COMMAND_TYPES, EVENT_TYPES
from schemas.commands import RegisterOfficer
from schemas.events import VisitPublished
from schemas.generate import files
from schemas.json_schemas import command_schema, event_schema, kept, refs
from schemas.wire import command_data, event_data
from tests.builders import an_officer
from tests.samples import sample


@pytest.mark.parametrize("rich", [False, True])
@pytest.mark.parametrize("type_", EVENT_TYPES)
def test_every_event_fits_its_schema(type_: str, *, rich: bool) -> None:
    data = event_data(sample(EVENT_TYPES[type_], rich=rich))
    Draft202012Validator(event_schema(type_)).validate(data)


@pytest.mark.parametrize(
    "schema", [*map(command_schema, COMMAND_TYPES), *map(event_schema, EVENT_TYPES)]
)
def test_a_schema_is_valid_and_whole(schema: dict[str, object]) -> None:
    Draft202012Validator.check_schema(schema)
    defs = schema.get("$defs", {})
    assert isinstance(defs, dict)
    assert {ref.removeprefix("#/$defs/") for ref in refs(schema)} == set(defs)


def test_identifiers_are_told_apart() -> None:
    texts = [text for path, text in files().items() if "/commands/" in path or "/events/" in path]
    ids = {line for text in texts for line in text.splitlines() if '"$id"' in line}
    assert len(ids) == len(texts)


def test_an_officers_phone_is_sent_in_clear_and_never_sealed() -> None:
    schema = command_schema(RegisterOfficer.model_fields["type"].default)
    kinds = [option["type"] for option in schema["properties"]["phone"]["anyOf"]]
    assert kinds == ["string", "null"]
    assert "phone" not in schema["$defs"]["Officer"]["properties"]
    data = command_data(RegisterOfficer(officer=an_officer(), phone="13900000000"))
    Draft202012Validator(schema).validate(data)


def test_kept_leads_below_fields_and_through_lists() -> None:
    schema = kept(VisitPublished.model_json_schema(), ("line.day", "line.parts.department", "lane"))
    assert list(schema["properties"]) == ["line", "lane"]
    part = {"department": "fire"}
    line = {"day": "2026-12-25", "parts": [part]}
    validator = Draft202012Validator(schema)
    validator.validate({"line": line, "lane": "routine"})
    for extra in (
        {"line": {**line, "visit": "visit-1"}, "lane": "routine"},
        {"line": {**line, "parts": [{**part, "caps": []}]}, "lane": "routine"},
        {"line": line, "lane": "routine", "tally": []},
        {"line": line},
    ):
        with pytest.raises(ValidationError):
            validator.validate(extra)


@pytest.mark.parametrize("path", ["colour", "line.colour", "lane.colour", "month.colour"])
def test_a_field_that_is_not_there_cannot_be_kept(path: str) -> None:
    with pytest.raises(KeyError):
        kept(VisitPublished.model_json_schema(), (path,))
