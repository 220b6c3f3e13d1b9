"""What a command came to, told from its events alone.

Live handling and replay both use this, so the effects on record can be rebuilt from the ledger. For
that to be exact, a command is "about" the stream of its first event; a refused one says itself what
it was about, and a publication, which comes after everything it places, is about its month.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.events import CommandRefused, Event, InputRejected, PlanPublished, RequestRefused
from schemas.objections import Objection
from schemas.wire import canonical
from streams.ports import CommandKey, Effect

ACCEPTED, REFUSED, REJECTED = "accepted", "refused", "rejected"


def effect_of(key: CommandKey, hash_: str, events: Sequence[tuple[str, Event]]) -> Effect:
    """Return the effect of a command that brought about these events, each with its stream."""
    stream, first = events[0]
    match first:
        case InputRejected():
            return Effect(key, hash_, REJECTED, stream)
        case CommandRefused():
            return Effect(key, hash_, REFUSED, first.about, _listed(first.objections))
        case RequestRefused():
            return Effect(key, hash_, REFUSED, stream, _listed(first.objections))
        case _:
            last, closing = events[-1]
            about = last if isinstance(closing, PlanPublished) else stream
            return Effect(key, hash_, ACCEPTED, about)


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
