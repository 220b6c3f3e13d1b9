"""How far a consumer group is behind: what lies on its topics and is not acknowledged yet."""

from __future__ import annotations

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from streams.kafka import topics
from streams.kafka.ends import reader
from streams.ports import Unavailable


async def lag(broker: str, group: str, names: list[str]) -> dict[str, int]:
    """Return how many records of each topic a group has still to take.

    Raises:
        Unavailable: If the broker does not answer.
    """
    try:
        async with topics.administration(broker) as admin, reader(broker) as consumer:
            committed = await admin.list_consumer_group_offsets(group)
            found = await admin.describe_topics(names)
            partitions = [
                TopicPartition(each["topic"], n)
                for each in found
                for n in range(len(each["partitions"]))
            ]
            ends = await consumer.end_offsets(partitions)
            begins = await consumer.beginning_offsets(partitions)
    except (KafkaError, OSError, TimeoutError) as error:
        raise Unavailable(f"{type(error).__name__}: {error}") from error
    behind = dict.fromkeys(names, 0)
    for partition in partitions:
        taken = committed[partition].offset if partition in committed else -1
        behind[partition.topic] += ends[partition] - max(taken, begins[partition])
    return behind
