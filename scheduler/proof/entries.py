"""Where an entry says that it stands: read from its bytes without reading the whole of it.

The canonical bytes sort their keys, so the envelope's last fields stand at the end, after everything
that people wrote; a quote inside of a text is escaped, so the last match is the envelope's own.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

_MARK: Final = b',"position":'
_TEXT: Final = rb'"([^"\\]*(?:\\.[^"\\]*)*)"'
_END: Final = re.compile(
    rb'(\d+),"recordedtime":'
    + _TEXT
    + rb',"sequence":(\d+),"source":'
    + _TEXT
    + rb',"specversion":"1\.0","subject":'
    + _TEXT
    + rb',"time":'
    + _TEXT
    + rb',"type":'
    + _TEXT
    + rb"\}"
)


@dataclass(frozen=True, slots=True)
class Place:
    """What the end of an entry says: where it stands, when it happened, of which type it is."""

    position: int
    sequence: int
    subject: str
    time: str
    type: str


def place_of(body: bytes) -> Place | None:
    """Return where an entry says that it stands; ``None`` for bytes that are no entry."""
    start = body.rfind(_MARK)
    found = _END.fullmatch(body, start + len(_MARK)) if start >= 0 else None
    if found is None:
        return None
    return Place(int(found[1]), int(found[3]), _text(found[5]), _text(found[6]), _text(found[7]))


def at_place(body: bytes, position: int, later: int = 0) -> bytes:
    """Return the entry as it would be at another position, ``later`` places later in its stream."""
    place = place_of(body)
    if place is None:
        return body
    start = body.rfind(_MARK)
    old = b"%s%d," % (_MARK, place.position)
    rest = body[start + len(old) :]
    if later:
        number = b',"sequence":%d,'
        rest = rest.replace(number % place.sequence, number % (place.sequence + later), 1)
    return body[:start] + b"%s%d," % (_MARK, position) + rest


def _text(raw: bytes) -> str:
    return str(json.loads(b'"' + raw + b'"')) if b"\\" in raw else raw.decode()
