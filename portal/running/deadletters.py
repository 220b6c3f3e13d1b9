"""Dead letters: rejected input, to look at, mend and send again.

What a person sends again is a command of its own, with an id that derives from the rejection and the
new content, so pressing the key twice has its effect once. It keeps the source that the input came
from and names the rejection as its cause.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.running.service import Service
from scheduler.states import RejectionState
from schemas.wire import BadInput, canonical, read_message
from streams.handler import raw_subject
from streams.intake import Raw
from streams.ports import Effect


class GoneError(LookupError):
    """There is no such rejection, or its bytes are kept no longer."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A rejection: ``source`` and ``received`` are unknown once its bytes are gone."""

    id: str
    rejection: RejectionState
    source: str | None = None
    received: datetime | None = None


async def letters(service: Service, *, limit: int, reason: str | None = None) -> list[Letter]:
    """Return rejections, the newest first; those whose bytes are gone come last."""
    queries = service.queries
    found = [
        await _letter(service, key.partition("/")[2], state)
        for key, state in await (
            queries.find("rejection", reason=reason) if reason else queries.find("rejection")
        )
    ]
    found.sort(key=lambda letter: letter.id)
    found.sort(
        key=lambda letter: letter.received.timestamp() if letter.received else 0, reverse=True
    )
    return found[:limit]


async def letter(service: Service, id_: str) -> Letter:
    """Return one rejection.

    Raises:
        GoneError: If there is none of this id.
    """
    state = await service.queries.get(RejectionState, f"rejection/{id_}")
    if state is None:
        raise GoneError(f"{id_}: 没有这条死信 / there is no such dead letter")
    return await _letter(service, id_, state)


async def _letter(service: Service, id_: str, state: RejectionState) -> Letter:
    kept = await service.inputs.find(id_)
    if kept is None:
        return Letter(id_, state)
    return Letter(id_, state, kept.source, kept.received)


async def content(service: Service, id_: str) -> Raw:
    """Return the rejected bytes with the source that they came from.

    Raises:
        GoneError: If they are kept no longer.
    """
    kept = await service.inputs.find(id_)
    opened = await service.vault.open([(raw_subject(id_), kept.body.decode())]) if kept else [None]
    if kept is None or opened[0] is None:
        raise GoneError(f"{id_}: 原文已过保存期 / its bytes are kept no longer")
    return Raw(kept.source, base64.b64decode(opened[0]))


def mended(id_: str, source: str, body: bytes) -> Raw:
    """Return mended bytes as the message that will be sent.

    Raises:
        BadInput: If they are still no command.
    """
    read_message(body)
    envelope: dict[str, Any] = json.loads(body)
    envelope |= {
        "id": f"{id_}-{hashlib.sha256(body).hexdigest()[:12]}",
        "source": source,
        "correlationid": id_,
        "causationid": f"rejection/{id_}",
    }
    return Raw(source, canonical(envelope))


async def requeue(service: Service, id_: str, body: bytes | None = None) -> Effect:
    """Send a rejected input again, as it was or mended; return what became of it.

    Raises:
        GoneError: If it is unknown, or its bytes are kept no longer.
        BadInput: If what would be sent is no command.
    """
    kept = await content(service, id_)
    raw = mended(id_, kept.source, kept.body if body is None else body)
    return (await service.submit([raw]))[0]


__all__ = ["BadInput", "GoneError", "Letter", "content", "letter", "letters", "mended", "requeue"]
