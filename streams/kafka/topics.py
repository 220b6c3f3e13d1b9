"""Topics on the broker, made from the topic table. What differs is reported, never changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from schemas.intake_topics import INTAKE
from schemas.topic import Kind, Rows, Topic
from schemas.topics import (
    AUDIENCES,
    CHECKPOINTS,
    DEAD_LETTERS,
    DOUBTS,
    LEDGER,
    SEARCHES,
)
from streams.kafka import access, naming

LARGEST_ENTRY: Final = 8 * 1024 * 1024
"""An entry is larger than the command that brought it about: it carries what was decided."""

_DAY: Final = 24 * 60 * 60 * 1000
_EXISTS: Final = 36
_LOOKS: Final = 300
_PAUSE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Wanted:
    """A topic as it ought to be."""

    name: str
    partitions: int
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A topic that is not as the table says."""

    topic: str
    setting: str
    wanted: str
    found: str

    def __str__(self) -> str:
        return (
            f"{self.topic}: {self.setting} 应为 / should be {self.wanted}, 实为 / is {self.found}"
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What was made, what was there, and what was there otherwise than the table says."""

    created: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    differing: tuple[Difference, ...] = field(default=())


class TopicError(RuntimeError):
    """A topic could not be made; the broker's own words."""


def wanted(topic: Topic, domain: str, owner: str = "") -> Wanted:
    """Return a line of the table as a topic of a domain, and of a source or department."""
    days = topic.retention_days
    settings = {
        "retention.ms": "-1" if days is None else str(days * _DAY),
        "cleanup.policy": "compact" if topic.compacted else "delete",
    }
    if topic.kind is not Kind.INTAKE:
        settings["max.message.bytes"] = str(LARGEST_ENTRY)
    return Wanted(naming.address(topic, domain, owner), topic.partitions, settings)


def table(
    domain: str, sources: Iterable[str] = (), departments: Iterable[str] = ()
) -> list[Wanted]:
    """Return every topic of a domain with these sources and departments."""
    return [
        *(wanted(topic, domain, source) for source in sources for topic in INTAKE),
        wanted(LEDGER, domain),
        *(wanted(topic, domain) for topic in AUDIENCES if topic.rows is not Rows.OWN),
        *(
            wanted(topic, domain, department)
            for department in departments
            for topic in AUDIENCES
            if topic.rows is Rows.OWN
        ),
        wanted(DEAD_LETTERS, domain),
        wanted(CHECKPOINTS, domain),
        wanted(SEARCHES, domain),
        wanted(DOUBTS, domain),
    ]


@asynccontextmanager
async def administration(broker: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """Lend an administrator's connection."""
    client = AIOKafkaAdminClient(**access.client(broker))
    await client.start()
    try:
        yield client
    finally:
        await client.close()


async def ensure(broker: str, topics: Sequence[Wanted]) -> Report:
    """Make the topics that are missing, and compare those that are there.

    Raises:
        TopicError: If the broker refuses to make one.
    """
    async with administration(broker) as client:
        answer = await client.create_topics(
            [NewTopic(t.name, t.partitions, 1, topic_configs=dict(t.settings)) for t in topics]
        )
        codes = {error[0]: (error[1], error[2]) for error in answer.topic_errors}
        for name, (code, text) in codes.items():
            if code not in {0, _EXISTS}:
                msg = f"{name}: {text or code}"
                raise TopicError(msg)
        there = [t for t in topics if codes[t.name][0] == _EXISTS]
        partitions = await _partitions(client, [t.name for t in topics])
        return Report(
            created=tuple(t.name for t in topics if codes[t.name][0] == 0),
            present=tuple(t.name for t in there),
            differing=tuple(await _differences(client, there, partitions)),
        )


async def existing(broker: str, prefix: str) -> list[str]:
    """Return the names of the topics that begin so, sorted."""
    async with administration(broker) as client:
        return sorted(name for name in await client.list_topics() if name.startswith(prefix))


async def _partitions(client: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, int]:
    """Return how many partitions topics have; what was just made takes a moment to be known.

    Raises:
        TopicError: If one stays unknown.
    """
    unknown: list[str] = []
    for _ in range(_LOOKS):
        found = await client.describe_topics(list(names))
        unknown = [each["topic"] for each in found if each["error_code"]]
        if not unknown:
            return {each["topic"]: len(each["partitions"]) for each in found}
        await asyncio.sleep(_PAUSE)
    msg = f"{', '.join(unknown)}: 创建后未就绪 / was made and did not become ready"
    raise TopicError(msg)


async def _differences(
    client: AIOKafkaAdminClient, topics: Sequence[Wanted], partitions: Mapping[str, int]
) -> list[Difference]:
    if not topics:
        return []
    settings = await _settings(client, [topic.name for topic in topics])
    found: list[Difference] = []
    for topic in topics:
        pairs = [("partitions", str(topic.partitions), str(partitions[topic.name]))]
        pairs += [
            (name, want, settings[topic.name].get(name, "?"))
            for name, want in topic.settings.items()
        ]
        found += [
            Difference(topic.name, setting, want, have)
            for setting, want, have in pairs
            if want != have
        ]
    return found


async def _settings(client: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    answers = await client.describe_configs(asked)
    return {
        resource[3]: {entry[0]: entry[1] for entry in resource[4]}
        for answer in answers
        for resource in answer.resources
    }
