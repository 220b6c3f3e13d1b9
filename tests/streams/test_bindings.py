"""A source of messages acts for its own department only, and sends what its topic is for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from portal.messages import message
from schemas import commands as c
from schemas.envelope import Actor, ActorRole
from streams.bindings import BadBindingError, bound, read_bindings
from streams.intake import Asked, Raw, Unfit, read
from streams.kafka.records import message as record
from streams.ports import Effect
from tests.builders import a_request
from tests.worlds import NOVEMBER


def _sent(role: ActorRole, of: str | None, command: c.Command | None = None) -> bytes:
    actor = Actor(id="somebody", role=role, of=of)
    asked = command or c.SubmitRequest(request=a_request())
    return message(asked, id_="c-1", source="fire", actor=actor, at=NOVEMBER).body


def _mark(payload: bytes) -> str:
    return str(len(payload))


def _why(raw: Raw) -> str | None:
    item = read(raw, _mark)
    return item.event.reason if isinstance(item, Unfit) else None


def test_a_department_speaks_for_its_own_people() -> None:
    raw = Raw("fire", _sent(ActorRole.CLERK, "fire"), of="fire")
    assert isinstance(read(raw, _mark), Asked)


@pytest.mark.parametrize(
    ("role", "of"),
    [
        (ActorRole.CLERK, "market"),
        (ActorRole.CLERK, None),
        (ActorRole.SCHEDULER, "fire"),
        (ActorRole.LEADER, "fire"),
        (ActorRole.ENTERPRISE, "fire"),
        (ActorRole.ADMIN, "fire"),
    ],
)
def test_it_speaks_for_nobody_else(role: ActorRole, of: str | None) -> None:
    assert _why(Raw("fire", _sent(role, of), of="fire")) == "foreign-actor"


def test_a_topic_takes_only_what_it_is_for() -> None:
    """Tests that whoever may send requests can close no month by the same topic."""
    topic = "wurao.county.intake.requests.fire"
    good = record(topic, _sent(ActorRole.CLERK, "fire"), "county")
    assert _why(good) is None
    other = _sent(ActorRole.SCHEDULER, None, c.CloseMonth(month="2026-12"))
    assert _why(record(topic, other, "county")) == "foreign-type"


async def test_a_source_is_bound_to_the_department_of_its_name_unless_told_otherwise() -> None:
    seen: list[Raw] = []

    async def handle(batch: Sequence[Raw]) -> Sequence[Effect]:
        seen.extend(batch)
        return []

    held = bound(handle, read_bindings("fire-java=fire, platform=*"))
    await held([Raw(source, b"") for source in ("fire", "fire-java", "platform", "planner")])
    assert [raw.of for raw in seen] == ["fire", "fire", None, None]


@pytest.mark.parametrize("text", ["fire", "fire=", "=fire", "a=b,c"])
def test_a_binding_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadBindingError, match="来源=部门"):
        read_bindings(text)
