"""The AsyncAPI document holds together; its whole grammar was checked when it was written."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from schemas.asyncapi import document
from schemas.generate import CONTRACTS, files
from schemas.json_schemas import refs
from schemas.topic import Kind, Topic
from schemas.topics import TOPICS

DOCUMENT = document("1")
ROOT_FIELDS = {"asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations"}
CHANNEL_FIELDS = {"address", "messages", "title", "summary", "description", "servers", "parameters"}
OPERATION_FIELDS = {"action", "channel", "title", "summary", "description", "messages", "bindings"}
MESSAGE_FIELDS = {"headers", "payload", "contentType", "name", "title", "summary", "bindings"}
NAME = re.compile(r"[A-Za-z0-9._-]+")


def looked_up(pointer: str) -> Any:  # noqa: ANN401 - any part of the document
    node: Any = DOCUMENT
    for part in pointer.removeprefix("#/").split("/"):
        node = node[part]
    return node


def own(node: dict[str, Any]) -> set[str]:
    return {key for key in node if not key.startswith("x-")}


def test_every_reference_leads_somewhere() -> None:
    made = {path.removeprefix(f"{CONTRACTS}/") for path in files()}
    for reference in refs(DOCUMENT):
        if reference.startswith("#/"):
            assert looked_up(reference)
        else:
            assert reference.removeprefix("./") in made


def test_the_objects_have_the_fields_of_the_standard_only() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= own(DOCUMENT["info"])
    assert own(DOCUMENT) <= {*ROOT_FIELDS, "components"}
    for channel in DOCUMENT["channels"].values():
        assert own(channel) <= {*CHANNEL_FIELDS, "bindings"}
    for operation in DOCUMENT["operations"].values():
        assert own(operation) <= OPERATION_FIELDS
        assert operation["action"] in {"send", "receive"}
    for message in DOCUMENT["components"]["messages"].values():
        assert own(message) <= MESSAGE_FIELDS


def test_component_names_have_the_characters_of_the_standard() -> None:
    components = DOCUMENT["components"]
    names = [*components["messages"], *components["parameters"]]
    assert [name for name in names if not NAME.fullmatch(name)] == []


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_channel_tells_of_its_topic(topic: Topic) -> None:
    channel = DOCUMENT["channels"][topic.name]
    assert channel["address"] == topic.address
    assert set(channel["messages"]) == set(topic.carries)
    assert set(channel["parameters"]) == set(re.findall(r"{(\w+)}", topic.address))
    assert channel["bindings"]["kafka"]["partitions"] == topic.partitions


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_commands_are_received_and_facts_are_sent(topic: Topic) -> None:
    action = "receive" if topic.kind is Kind.INTAKE else "send"
    operation = DOCUMENT["operations"][f"{action}-{topic.name}"]
    assert operation["channel"] == {"$ref": f"#/channels/{topic.name}"}
    for reference in operation["messages"]:
        # The standard asks for messages of the operation's own channel.
        assert reference["$ref"].startswith(f"#/channels/{topic.name}/messages/")


def test_retention_is_stated_in_milliseconds() -> None:
    def retention(name: str) -> object:
        kafka = DOCUMENT["channels"][name]["bindings"]["kafka"]
        return kafka["topicConfiguration"]["retention.ms"]

    assert retention("ledger") == -1
    assert retention("requests") == 30 * 24 * 3600 * 1000


def test_the_document_is_json_for_everybody() -> None:
    text = (Path(__file__).resolve().parents[2] / CONTRACTS / "asyncapi.json").read_text("utf-8")
    assert json.loads(text) == document("1")
