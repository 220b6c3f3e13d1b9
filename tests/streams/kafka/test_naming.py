"""Names on the broker lead back to who may write there."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.intake_topics import INTAKE
from schemas.topic import Topic
from schemas.topics import TOPICS
from streams.kafka import naming

IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,95}", fullmatch=True)


@given(IDS)
def test_a_name_leads_back_to_its_id_and_is_fit_for_a_broker(id_: str) -> None:
    name = naming.safe(id_)
    assert naming.plain(name) == id_
    assert re.fullmatch(r"[A-Za-z0-9._-]+", name)


@given(IDS, IDS)
def test_two_ids_never_share_a_name(one: str, other: str) -> None:
    assert (naming.safe(one) == naming.safe(other)) == (one == other)


@pytest.mark.parametrize("topic", INTAKE, ids=lambda topic: topic.name)
@given(IDS)
def test_the_topic_says_who_the_source_is(topic: Topic, source: str) -> None:
    assert naming.intake_of(naming.address(topic, "county", source), "county") == (topic, source)


@pytest.mark.parametrize(
    "name",
    ["wurao.county.ledger", "wurao.other.intake.requests.x", "wurao.county.intake.requests."],
)
def test_other_topics_have_no_source(name: str) -> None:
    with pytest.raises(ValueError, match="intake topic"):
        naming.intake_of(name, "county")


def test_every_line_of_the_table_has_a_name() -> None:
    names = [naming.address(topic, "county", "fire") for topic in TOPICS]
    assert len(set(names)) == len(TOPICS)
    assert not [name for name in names if "{" in name]
