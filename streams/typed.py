"""Entries as a fold takes them: the envelope by its fixed form, the event typed from its own bytes.

``schemas.wire.read_entry`` reads any entry; this reads the same from entries of today's types as the
ledger writes them, at a third of the cost, which counts where a ledger is read from its first entry
on. What it does not know (an old version, an unusual envelope, a damaged entry) it leaves to
``read_entry``.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple, NoReturn

import msgspec

from schemas.base import CHINA
from schemas.catalogue import EVENT_TYPES
from schemas.envelope import Actor
from schemas.wire import UPCASTS, canonical, read_entry

_PLAIN: Final = rb"[!#-\[\]-~]*"
_TEXT: Final = rb'"(' + _PLAIN + rb')"'
_NUMBER: Final = rb"([1-9][0-9]{0,14})"
_INSTANT: Final = (
    rb'"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{6})?)\+08:00"'
)
_HEAD: Final = re.compile(
    rb'\{"actor":(\{"id":"%b"(?:,"of":"%b")?,"role":"%b"\})' % (_PLAIN, _PLAIN, _PLAIN)
    + rb',"causationid":%b,"commandhash":%b,"correlationid":%b,"data":' % (_TEXT, _TEXT, _TEXT)
)
_TAIL: Final = re.compile(
    rb',"id":%b,"position":%b,"recordedtime":%b' % (_TEXT, _NUMBER, _INSTANT)
    + rb',"sequence":%b,"source":%b,"specversion":"1\.0"' % (_NUMBER, _TEXT)
    + rb',"subject":%b,"time":%b,"type":%b\}' % (_TEXT, _INSTANT, _TEXT)
)
"""What stands before and after the event, of texts that need no escape. Bytes that are one, a JSON
value and the other are an entry in canonical form, if the value is in it."""


class NotCanonicalError(ValueError):
    """Bytes that are an entry, but not as the ledger writes it."""


class Typed(NamedTuple):
    """An entry with its event as ``data``; both instants in China Standard Time."""

    id: str
    source: str
    type: str
    subject: str
    occurred: datetime
    recorded: datetime
    position: int
    sequence: int
    causationid: str
    commandhash: str
    correlationid: str
    actor: Actor
    data: Any


def read_typed(body: bytes) -> Typed:
    """Return an entry of the ledger with its event; old versions come upcast.

    Raises:
        ValueError: If it is no entry (pydantic's and json's errors are of this kind).
    """
    try:
        head, tail = _ends(body)
        event = _validator(tail[8]).validate_json(body[head.end() : tail.start()])
        return _typed(head, tail, event)
    except ValueError:
        return _slowly(body)  # which says what is wrong with it, if anything is


def read_canonical(body: bytes) -> Typed:
    """Return an entry as ``read_typed`` does, of bytes that must be canonical; parse them once.

    Raises:
        NotCanonicalError: If it is an entry, and the ledger would write it in another way.
        ValueError: If it is no entry.
    """
    try:
        head, tail = _ends(body)
        data = body[head.end() : tail.start()]
        value = _canonical_value(data)
        return _typed(head, tail, _validator(tail[8]).validate_python(value))
    except ValueError:
        entry = _slowly(body)
        if not is_canonical(body):
            raise NotCanonicalError("its bytes are not canonical") from None
        return entry


def is_canonical(body: bytes) -> bool:
    """Tell whether bytes are canonical JSON as ``schemas.wire.canonical`` writes it.

    Raises:
        ValueError: If they are no JSON, or hold what has no place in the ledger.
    """
    try:
        _canonical_value(body)
    except NotCanonicalError:
        return False
    return True


def _ends(body: bytes) -> tuple[re.Match[bytes], re.Match[bytes]]:
    head = _HEAD.match(body)
    # A quote inside of a text is escaped, so the last one found is the envelope's own.
    tail = _TAIL.fullmatch(body, max(body.rfind(b',"id":"'), 0))
    if head is None or tail is None:
        raise ValueError("an unusual envelope")
    return head, tail


def _typed(head: re.Match[bytes], tail: re.Match[bytes], event: Any) -> Typed:  # noqa: ANN401 - any event
    actor, cause, hash_, correlation = head.groups()
    id_, position, recorded, sequence, source, subject, occurred, type_ = tail.groups()
    return Typed(
        id_.decode(),
        source.decode(),
        type_.decode(),
        subject.decode(),
        _instant(occurred),
        _instant(recorded),
        int(position),
        int(sequence),
        cause.decode(),
        hash_.decode(),
        correlation.decode(),
        _actor(actor),
        event,
    )


@lru_cache(maxsize=4096)
def _instant(text: bytes) -> datetime:
    return datetime.fromisoformat(text.decode()).replace(tzinfo=CHINA)


@lru_cache(maxsize=4096)
def _actor(text: bytes) -> Actor:
    return Actor.model_validate_json(text)


@lru_cache(maxsize=512)
def _validator(type_: bytes) -> Any:  # noqa: ANN401 - pydantic's own, of a type that it keeps to itself
    name = type_.decode()
    if name in UPCASTS or name not in EVENT_TYPES:
        raise ValueError("no type of today")
    return EVENT_TYPES[name].__pydantic_validator__


def _slowly(body: bytes) -> Typed:
    entry, event = read_entry(body)
    return Typed(
        entry.id,
        entry.source,
        entry.type,
        entry.subject,
        entry.time,
        entry.recordedtime,
        entry.position,
        entry.sequence,
        entry.causationid,
        entry.commandhash,
        entry.correlationid,
        entry.actor,
        event,
    )


def _no_fraction(text: str) -> NoReturn:
    msg = f"no value for the ledger: {text}"
    raise ValueError(msg)


_decoded: Final = msgspec.json.Decoder(float_hook=_no_fraction).decode
_encoded: Final = msgspec.json.Encoder(order="deterministic").encode

_MARKS: Final = bytes(
    ord("0") if ord("0") <= each <= ord("9") else 0xFF if each >= 0xEE else each  # noqa: PLR2004 - see below
    for each in range(256)
)
"""Makes any digit a nought, and 0xFF of what begins a character from U+E000 on."""

_LONG: Final = b"0" * 16
_LONG_NUMBERS: Final = tuple(before + _LONG for before in (b":", b",", b"[", b"-"))
_HIGH_KEY: Final = re.compile(rb'\xff(?:[^"\\]|\\.)*":')
"""In marked bytes, what may be a number above 2**53 and what a key with such a character. An enterprise's
code in a text is neither."""


def _canonical_value(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return the value of canonical bytes.

    Raises:
        NotCanonicalError: If they are not canonical.
        ValueError: If they are no JSON, or hold what has no place in the ledger.
    """
    if _unusual(body):
        # It may be only a text that looks so: ``canonical`` can tell.
        value = json.loads(body)
        same = canonical(value) == body
    else:
        try:
            value = _decoded(body)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        same = _encoded(value) == body
    if not same:
        raise NotCanonicalError("its bytes are not canonical")
    return value


def _unusual(body: bytes) -> bool:
    """Tell whether there may be a number above 2**53, or a key that RFC 8785 sorts elsewhere."""
    marked = body.translate(_MARKS)
    return (
        not marked.startswith(b"{")
        or (_LONG in marked and any(number in marked for number in _LONG_NUMBERS))
        or (b"\xff" in marked and _HIGH_KEY.search(marked) is not None)
    )
