"""Entries before they have their place: the canonical bytes around the position.

RFC 8785 sorts an entry's keys, so all that stands before ``position`` is one piece and all that
stands after it another; only the number between them waits for the last lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from json import JSONEncoder

from scheduler.identity import derived
from schemas.base import CHINA
from schemas.envelope import Actor
from schemas.events import Event
from schemas.wire import canonical, event_data
from streams.effects import cause_of
from streams.ports import CommandKey, Draft

_quoted = JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Origin:
    """What the entries of one command have in common."""

    key: CommandKey
    hash: str
    correlation: str
    actor: Actor
    occurred: datetime
    recorded: datetime


def entry_id(key: CommandKey, ordinal: int) -> str:
    """Return the id of the ``ordinal``-th entry that a command brings about."""
    return derived(key.source, key.id, "entry", ordinal)


def written(event: Event) -> tuple[Event, bytes]:
    """Return an event as it will be read from the ledger, and its data as they will stand there.

    Live handling folds the event as a replay will read it, down to the order of keys, and an event
    that could not be read back never becomes an entry.

    Raises:
        ValueError: If the event holds what has no place in the ledger, such as a float.
    """
    data = canonical(event_data(event))
    return type(event).model_validate_json(data), data


def draft(  # noqa: PLR0917 - the parts of an entry, in the order of its making
    origin: Origin, id_: str, stream: str, sequence: int, type_: str, data: bytes
) -> Draft:
    """Return an entry without its position."""
    # Written by hand in sorted order: the envelope's own fields are texts and one number, and a
    # batch writes thousands of them. A test reads every entry back and encodes it canonically.
    head = (
        f'{{"actor":{_actor(origin.actor)},"causationid":{_quoted(cause_of(origin.key))}'
        f',"commandhash":{_quoted(origin.hash)},"correlationid":{_quoted(origin.correlation)}'
        f',"data":{data.decode()},"id":{_quoted(id_)}'
    )
    tail = (
        f',"recordedtime":{_instant(origin.recorded)},"sequence":{sequence}'
        f',"source":{_quoted(origin.key.source)},"specversion":"1.0"'
        f',"subject":{_quoted(stream)},"time":{_instant(origin.occurred)}'
        f',"type":{_quoted(type_)}}}'
    )
    return Draft(stream, sequence, type_, head.encode(), tail.encode())


@lru_cache(maxsize=4096)
def _actor(actor: Actor) -> str:
    return canonical(actor.model_dump(mode="json", exclude_defaults=True)).decode()


def _instant(at: datetime) -> str:
    return f'"{at.astimezone(CHINA).isoformat()}"'
