"""Entries as a fold takes them: envelope and event typed in one pass over the bytes.

``schemas.wire.read_entry`` reads any entry; this reads the same from entries of today's types at half
the cost, which counts where a ledger is read from its first entry on. What it does not know (an old
version, a damaged entry) it leaves to ``read_entry``.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic_core import from_json, to_json

from schemas.base import CHINA
from schemas.catalogue import EVENT_TYPES
from schemas.envelope import Actor
from schemas.wire import UPCASTS, canonical, read_entry

_TYPE: Final = b',"type":"'
"""The last field of canonical bytes: it names the model before anything is parsed."""

_UNUSUAL: Final = (
    re.compile(rb'":-?[0-9]+(?:[.eE]|(?<=[0-9]{16}))'),
    re.compile(rb"\[-?[0-9]+(?:[.eE]|(?<=[0-9]{16}))"),
    re.compile(rb",-?[0-9]+(?:[.eE]|(?<=[0-9]{16}))"),
)
"""What might be a fraction or a number above 2**53. A text may look so too; then the bytes are held
against ``canonical`` itself. One pattern would do, but three with a fixed beginning are found faster."""


class Typed(BaseModel):
    """An entry with its event as ``data``. Instants stay texts: few of them are looked at."""

    model_config = ConfigDict(extra="forbid")

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: str
    recordedtime: str
    position: int = Field(ge=1)
    sequence: int = Field(ge=1)
    causationid: str
    commandhash: str
    correlationid: str
    actor: Actor
    data: Any

    @property
    def occurred(self) -> datetime:
        """When it happened, in China Standard Time."""
        return instant(self.time)

    @property
    def recorded(self) -> datetime:
        """When it was recorded, in China Standard Time."""
        return instant(self.recordedtime)


def read_typed(body: bytes) -> Typed:
    """Return an entry of the ledger with its event; old versions come upcast.

    Raises:
        ValueError: If it is no entry (pydantic's and json's errors are of this kind).
    """
    type_ = body[body.rfind(_TYPE) + len(_TYPE) : -2].decode("ascii", "replace")
    if type_ in EVENT_TYPES and type_ not in UPCASTS:
        try:
            found = _reader(type_).model_validate_json(body)
            instant(found.time)
            instant(found.recordedtime)
        except ValueError:
            return _slowly(body)  # which says what is wrong with it
        if found.type == type_:
            return found
    return _slowly(body)


def is_canonical(body: bytes) -> bool:
    """Tell whether bytes are canonical JSON as ``schemas.wire.canonical`` writes it.

    Raises:
        ValueError: If they are no JSON.
    """
    # The ledger's keys are ASCII, so code points order them as RFC 8785 asks.
    if any(pattern.search(body) for pattern in _UNUSUAL):
        return canonical(json.loads(body)) == body
    value = from_json(body)
    return to_json(value) == body and _sorted(value)


def _sorted(value: Any) -> bool:  # noqa: ANN401 - JSON
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if type(each) is dict:
            names = list(each)
            if names != sorted(names) or not "".join(names).isascii():
                return False
            each = each.values()
        waiting += [inner for inner in each if type(inner) in _NESTING]
    return True


_NESTING: Final = (dict, list)


@lru_cache(maxsize=1024)
def instant(text: str) -> datetime:
    """Return the instant that an entry writes.

    Raises:
        ValueError: If it is none, or has no offset.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        msg = f"an instant without its offset: {text}"
        raise ValueError(msg)
    return at.astimezone(CHINA)


@cache
def _reader(type_: str) -> type[Typed]:
    return create_model("Typed", __base__=Typed, data=(EVENT_TYPES[type_], ...))


def _slowly(body: bytes) -> Typed:
    entry, event = read_entry(body)
    envelope = entry.model_dump(exclude={"data", "time", "recordedtime", "actor"})
    return Typed.model_construct(
        **envelope,
        time=entry.time.isoformat(),
        recordedtime=entry.recordedtime.isoformat(),
        actor=entry.actor,
        data=event,
    )
