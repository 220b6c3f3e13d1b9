"""What leaves the house is what the topic table keeps, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from scheduler.decide import decide
from scheduler.evolve import evolve
from scheduler.notify import notify
from scheduler.states import load_state
from schemas.json_schemas import audience_schema, envelope_schemas
from schemas.topic import Audience, Kind, Rows
from schemas.topics import AUDIENCES, CHECKPOINTS, DEAD_LETTERS, LEDGER, PRIVATE
from streams.intake import Raw
from streams.outside import Record, cells_needed, records
from tests.builders import a_request
from tests.streams.shop import Shop
from tests.streams.stories import DRAFTED, PUBLISHED, Story, december
from tests.worlds import at


async def told(story: Story) -> list[Record]:
    """Return the records that a story's entries become."""
    shop = Shop(decide=decide, evolve=evolve, notify=notify)
    for each in story.told:
        shop.clock.at = each.recorded
        await shop.handler.handle([each.raw])
    await shop.handler.handle([Raw("test", b"{")])
    bodies = [body async for _, body in shop.ledger.entries()]
    cells = await shop.ledger.peek(cells_needed(bodies))
    states: dict[str, Any] = {k: load_state(k, c.state) for k, c in cells.items() if c.state}
    return [record for body in bodies for record in records(body, states)]


@pytest.fixture(scope="module")
def story() -> Story:
    return december()


async def test_the_ledger_topic_has_every_entry_as_it_is(story: Story) -> None:
    found = [r for r in await told(story) if r.topic is LEDGER]
    assert [r.position for r in found] == list(range(1, len(found) + 1))
    assert all(json.loads(r.value)["position"] == r.position for r in found)


async def test_every_record_fits_the_contract_of_its_topic(story: Story) -> None:
    envelope = Draft202012Validator(envelope_schemas()["audience"])
    seen: set[str] = set()
    for record in await told(story):
        if record.topic.kind is Kind.AUDIENCE:
            message = json.loads(record.value)
            envelope.validate(message)
            schema = audience_schema(record.topic, message["type"])
            Draft202012Validator(schema).validate(message["data"])
            seen.add(record.topic.name)
    assert seen >= {"plans", "counts", "cases", "notices"}


async def test_no_rating_and_no_actor_leaves_the_ledger(story: Story) -> None:
    outside = [json.loads(r.value) for r in await told(story) if r.topic in AUDIENCES]
    assert not [m for m in outside if m["type"] in PRIVATE]
    assert not [m for m in outside if {"actor", "commandhash", "causationid"} & m.keys()]


async def test_nobody_outside_counts_entries(story: Story) -> None:
    """Tests that two messages do not tell how many entries, ratings among them, lie in between."""
    outside = [r for r in await told(story) if r.topic.audience is not Audience.INTERNAL]
    assert outside
    assert not [r for r in outside if {"position", "sequence"} & json.loads(r.value).keys()]
    assert CHECKPOINTS.audience is Audience.INTERNAL


async def test_a_department_sees_its_own_cases_only(story: Story) -> None:
    owned = [r for r in await told(story) if r.topic.rows is Rows.OWN]
    assert {r.owner for r in owned} == {"fire"}
    for record in owned:
        line = json.loads(record.value)["data"].get("line", {})
        assert {part["department"] for part in line.get("parts", ())} <= {"fire"}


async def test_what_is_about_an_enterprise_is_keyed_by_it(story: Story) -> None:
    for record in await told(story):
        if record.topic.name == "plans":
            assert record.key.startswith(b"9")


async def test_an_unannounced_visit_is_known_to_its_department_alone() -> None:
    story = Story.adopted()
    assert isinstance(story, Story)
    request = story.submit(a_request(announced=False))
    story.head_approves(request)
    story.publish("2026-12", at(DRAFTED), at(PUBLISHED))
    found = await told(story)
    assert story.visits()
    about_visits = [r for r in found if r.topic.kind is Kind.AUDIENCE and b'"visit/' in r.value]
    assert {r.topic.name for r in about_visits} == {"cases"}


async def test_a_rejection_becomes_a_dead_letter_without_its_bytes(story: Story) -> None:
    (letter,) = [r for r in await told(story) if r.topic is DEAD_LETTERS]
    assert letter.key == b"test"
    assert json.loads(letter.value)["data"].keys() >= {"reason", "detail", "digest", "size"}
