"""What was recorded later than it happened: both times beside each other, for everybody who looks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portal.pages.cases import TYPES
from portal.pages.field import LATE
from scheduler import keys
from schemas.envelope import Entry
from streams.history import History

_STATIONS: Final = frozenset(
    {
        "cn.wurao.visit.entered.v1",
        "cn.wurao.visit.left.v1",
        "cn.wurao.visit.not_entered.v1",
        "cn.wurao.outcome.recorded.v1",
    }
)
"""What happens at the gate and behind it. Ratings are not among it: nobody learns their hour."""


@dataclass(frozen=True, slots=True)
class Late:
    """Something that was told late."""

    name: str
    happened: datetime
    recorded: datetime

    @property
    def minutes(self) -> int:
        """By how many minutes."""
        return int((self.recorded - self.happened).total_seconds() // 60)


async def late(history: History, visit: str) -> tuple[Late, ...]:
    """Return the stations of a visit that were recorded much later than they happened."""
    entries = [
        Entry.model_validate(json.loads(body)) for body in await history.of([keys.visit(visit)])
    ]
    return tuple(
        Late(TYPES[entry.type], entry.time, entry.recordedtime)
        for entry in entries
        if entry.type in _STATIONS and entry.recordedtime - entry.time >= LATE
    )
