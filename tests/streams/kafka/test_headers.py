"""Outside the house no header tells a position: two of them count the ratings in between."""

import pytest

from schemas.topic import Audience, Topic
from schemas.topics import TOPICS
from streams.kafka.ends import POSITION
from streams.kafka.publisher import _headers
from streams.outside import Record


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_position_is_named_inside_only(topic: Topic) -> None:
    named = dict(_headers(Record(topic, b"key", b"value", 7)))
    assert named == ({POSITION: b"7"} if topic.audience is Audience.INTERNAL else {})
