"""What travels between the zones: the snapshot that the gate judges by, and what people say there."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, TypeAdapter

from portal.pages.concerns import Reported
from portal.pages.verdict import Stage, Standing
from schemas.base import Count, Frozen, Id, Instant, Text
from schemas.visits import Rating


def _raw(value: Any) -> Any:  # noqa: ANN401 - what a validator is given
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None


Raw = Annotated[
    bytes,
    BeforeValidator(_raw),
    PlainSerializer(lambda raw: base64.b64encode(raw).decode(), return_type=str),
]
"""Bytes, written as base64."""

SYSTEM: Final = "system.json"
VISITS: Final = "visits.jsonl"
TICKETS: Final = "tickets.jsonl"
MESSAGES: Final = "messages.jsonl"
REPORT: Final = "report.json"


class System(Frozen):
    """The inner system's public keys, and how far it has taken what each gate said.

    ``codes`` verify visit codes by number; ``sealing`` (X25519) and ``signing`` (Ed25519) are newest
    last. ``taken`` is to each gate's id the last number that arrived.
    """

    position: Count
    codes: dict[int, Raw]
    sealing: tuple[Raw, ...] = Field(min_length=1)
    signing: tuple[Raw, ...] = Field(min_length=1)
    taken: dict[str, Count] = Field(default_factory=dict)


class ShownVisit(Frozen):
    """A coded visit. Each of ``faces`` is sealed under one genuine text of its code."""

    id: Id
    standing: Standing
    faces: tuple[Raw, ...] = ()


class Ticket(Frozen):
    """A rating token by its name, from which it cannot be made; the face is sealed under the token."""

    name: str = Field(pattern=r"^[0-9a-f]{32}$")
    stage: Stage
    face: Raw


class RatingSaid(Frozen):
    """An enterprise rated a visit."""

    kind: Literal["rating"] = "rating"
    id: Id
    at: Instant
    token: Text
    rating: Rating
    comment: Text | None = None


class ReportSaid(Frozen):
    """Somebody who scanned a code reported a problem."""

    kind: Literal["report"] = "report"
    id: Id
    at: Instant
    report: Reported


Said = Annotated[RatingSaid | ReportSaid, Field(discriminator="kind")]
SAID: TypeAdapter[Said] = TypeAdapter(Said)
"""Reads what was said at a gate."""


class Message(Frozen):
    """Something that was said, numbered and sealed to the inner system."""

    number: int = Field(ge=1, le=2**53 - 1)
    sealed: Raw


class Tally(Frozen):
    """How many codes were scanned at a gate on a day, by verdict."""

    day: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    verdict: str = Field(pattern=r"^[a-z]{1,20}$")
    count: Count


class Report(Frozen):
    """What a gate says of itself: the last number of a snapshot that it took, its scans by day."""

    snapshot: Count
    scans: tuple[Tally, ...] = Field(default=(), max_length=2_000)


def lines(models: Sequence[Frozen]) -> bytes:
    """Return models as lines of JSON."""
    return "".join(f"{each.model_dump_json()}\n" for each in models).encode()
