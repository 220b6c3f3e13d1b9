"""The reference page of commands, events and topics, written from the code's own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from inspect import cleandoc

from schemas.catalogue import COMMAND_TYPES, EVENT_TYPES
from schemas.subjects import STREAMS
from schemas.topic import Kind, Topic
from schemas.topics import TOPICS, intake_of

_HEAD = """# Commands, events and topics

Written by `python -m schemas.generate` from the models and the topic table; edit those, not this page.
The full schemas lie in `schemas/contracts/`, the AsyncAPI document beside them.
"""


def page() -> str:
    """Return the page."""
    parts = (_HEAD, _topics(), _events(), _commands())
    return "\n".join(parts)


def meaning(model: type) -> str:
    """Return a model's docstring as one line for a table."""
    words = " ".join(cleandoc(model.__doc__ or "").split())
    return words.replace("|", "\\|").replace("``", "`")


def _topics() -> str:
    rows = [
        (
            f"`{topic.address}`",
            topic.meaning,
            topic.audience.value,
            topic.key.value,
            _kept_for(topic),
            str(topic.partitions),
            topic.rows.value,
        )
        for topic in TOPICS
    ]
    head = ("Topic", "What it carries", "For", "Key", "Kept", "Partitions", "Rows")
    return _table("Topics", head, rows)


def _events() -> str:
    outside = {
        type_: [f"`{topic.name}`" for topic in TOPICS if _leaves(topic, type_)]
        for type_ in EVENT_TYPES
    }
    rows = [
        (
            f"`{type_}`",
            meaning(model),
            f"`{STREAMS[type_]}/...`",
            ", ".join(("`ledger`", *outside[type_])),
        )
        for type_, model in EVENT_TYPES.items()
    ]
    return _table("Events", ("Type", "Meaning", "Stream", "Topics"), rows)


def _commands() -> str:
    rows = [
        (f"`{type_}`", meaning(model), f"`{intake_of(type_).name}`")
        for type_, model in COMMAND_TYPES.items()
    ]
    return _table("Commands", ("Type", "Meaning", "Topic"), rows)


def _leaves(topic: Topic, type_: str) -> bool:
    return topic.kind in {Kind.AUDIENCE, Kind.DEAD_LETTERS} and type_ in topic.carries


def _kept_for(topic: Topic) -> str:
    return "for ever" if topic.retention_days is None else f"{topic.retention_days} days"


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"## {title}\n\n{body}\n"
