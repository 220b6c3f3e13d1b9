"""The topic table: complete, and nothing private leaves the house."""

from collections.abc import Iterator
from typing import Any

import pytest

from scheduler.states import KINDS
from schemas.catalogue import COMMAND_TYPES, EVENT_TYPES
from schemas.intake_topics import INPUT_DAYS, INTAKE
from schemas.json_schemas import audience_schema, command_schema, refs
from schemas.subjects import STREAMS
from schemas.topic import Audience, Key, Rows, Topic
from schemas.topics import (
    AUDIENCE_ENVELOPE,
    AUDIENCES,
    DEAD_LETTERS,
    LEDGER,
    PRIVATE,
    TOPICS,
    intake_of,
)

OUTSIDE = (*AUDIENCES, DEAD_LETTERS)


def test_every_command_comes_in_on_exactly_one_topic() -> None:
    carried = [type_ for topic in INTAKE for type_ in topic.carries]
    assert sorted(carried) == sorted(COMMAND_TYPES)


def test_every_event_is_in_the_ledger_topic() -> None:
    assert sorted(LEDGER.carries) == sorted(EVENT_TYPES)


def test_the_ledger_topic_is_one_partition_for_ever() -> None:
    assert (LEDGER.partitions, LEDGER.retention_days, LEDGER.compacted) == (1, None, False)
    assert LEDGER.audience is Audience.INTERNAL


def test_names_and_addresses_are_told_apart() -> None:
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)
    assert len({topic.address for topic in TOPICS}) == len(TOPICS)


def test_streams_are_kinds_that_the_ledger_folds() -> None:
    assert STREAMS.keys() == EVENT_TYPES.keys()
    assert set(STREAMS.values()) <= KINDS.keys()


def test_the_intake_of_a_command_is_found() -> None:
    assert intake_of("cn.wurao.request.submit.v1").name == "requests"
    with pytest.raises(KeyError):
        intake_of("cn.wurao.request.accepted.v1")


def test_an_address_is_filled_in() -> None:
    requests = intake_of("cn.wurao.request.submit.v1")
    address = requests.at(domain="changning", source="market-regulation")
    assert address == "wurao.changning.intake.requests.market-regulation"


def test_an_intake_topic_has_one_writer() -> None:
    assert all("{source}" in topic.address for topic in INTAKE)


def test_inputs_are_gone_after_their_time() -> None:
    kept = [topic.retention_days for topic in (*INTAKE, DEAD_LETTERS)]
    assert all(days is not None and days <= INPUT_DAYS for days in kept)


def test_requests_and_entries_keep_their_order_by_enterprise() -> None:
    keys = {topic.name: topic.key for topic in TOPICS}
    assert keys["requests"] is keys["entries"] is keys["plans"] is Key.ENTERPRISE


@pytest.mark.parametrize("topic", OUTSIDE, ids=lambda topic: topic.name)
def test_no_rating_leaves_the_ledger(topic: Topic) -> None:
    assert not set(topic.carries) & set(PRIVATE)
    assert not [type_ for type_ in topic.carries if "rating" in type_]


def test_whatever_tells_of_a_rating_is_private() -> None:
    """Tests that a new event with a rating in it cannot be forgotten."""
    telling = [
        type_
        for type_, model in EVENT_TYPES.items()
        if "rating" in type_ or "rating" in str(model.model_json_schema()["properties"])
    ]
    assert set(telling) <= set(PRIVATE)


CARRIED = [(topic, type_) for topic in AUDIENCES for type_ in topic.carries]


def fields(schema: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a schema
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for value in schema.values():
            yield from fields(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from fields(value)


@pytest.mark.parametrize(("topic", "type_"), CARRIED)
def test_no_personal_field_leaves_the_house(topic: Topic, type_: str) -> None:
    schema = audience_schema(topic, type_)
    assert "#/$defs/Sealed" not in set(refs(schema))
    personal = {"ct", "position", "phone", "contact_name", "contact_phone", "comment", "grade"}
    assert not set(fields(schema)) & personal


@pytest.mark.parametrize(("topic", "type_"), CARRIED)
def test_the_inner_book_keeping_stays_inside(topic: Topic, type_: str) -> None:
    assert not set(fields(audience_schema(topic, type_))) & {"tally", "opens", "meets", "caps"}


def test_only_a_department_sees_its_officers() -> None:
    seen = {
        topic.name
        for topic, type_ in CARRIED
        if "officers" in fields(audience_schema(topic, type_))
    }
    assert seen == {"cases"}


def test_an_unannounced_visit_is_known_to_its_department_alone() -> None:
    about_visits = [topic for topic, type_ in CARRIED if STREAMS[type_] == "visit"]
    assert {topic.rows for topic in about_visits} == {Rows.ANNOUNCED, Rows.OWN}
    assert all("{department}" in topic.address for topic in TOPICS if topic.rows is Rows.OWN)


def test_who_acted_stays_inside() -> None:
    assert not {"actor", "commandhash", "causationid"} & set(AUDIENCE_ENVELOPE)


def test_the_public_sees_numbers_only() -> None:
    public = [(topic, type_) for topic, type_ in CARRIED if topic.audience is Audience.PUBLIC]
    for topic, type_ in public:
        properties = audience_schema(topic, type_)["properties"]
        assert {name for name, field in properties.items() if field["type"] != "integer"} == {
            "month"
        }


@pytest.mark.parametrize("type_", COMMAND_TYPES)
def test_no_sender_is_asked_for_sealed_fields(type_: str) -> None:
    assert not {"ct"} & set(fields(command_schema(type_)))
