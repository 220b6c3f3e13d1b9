"""What a command came to, told from its events alone.

Live handling and replay both use this, so the effects on record can be rebuilt from the ledger. For
that to be exact, a command is "about" the stream of its first event; a refused one says itself what
it was about.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.events import CommandRefused, Event, InputRejected, RequestRefused
from schemas.objections import Objection
from schemas.wire import canonical
from streams.ports import CommandKey, Effect

ACCEPTED, REFUSED, REJECTED = "accepted", "refused", "rejected"


def effect_of(key: CommandKey, hash_: str, stream: str, first: Event) -> Effect:
    """Return the effect of a command whose first event is ``first`` in ``stream``."""
    match first:
        case InputRejected():
            return Effect(key, hash_, REJECTED, stream)
        case CommandRefused():
            return Effect(key, hash_, REFUSED, first.about, _listed(first.objections))
        case RequestRefused():
            return Effect(key, hash_, REFUSED, stream, _listed(first.objections))
        case _:
            return Effect(key, hash_, ACCEPTED, stream)


def cause_of(key: CommandKey) -> str:
    """Return the ``causationid`` of the entries that a command brings about."""
    return f"{key.source}#{key.id}"


def key_of(causationid: str) -> CommandKey:
    """Return the command's key that ``cause_of`` wrote; no source holds a ``#``."""
    source, _, id_ = causationid.partition("#")
    return CommandKey(source, id_)


def _listed(objections: Iterable[Objection]) -> bytes:
    dumped = (o.model_dump(mode="json", exclude_defaults=True) for o in objections)
    return b"[" + b",".join(canonical(o) for o in dumped) + b"]"
