"""What every fold of an event has at hand: the moment of its entry, and a state with changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from schemas.base import CHINA, Frozen
from schemas.envelope import Actor


@dataclass(frozen=True, slots=True)
class Moment:
    """When an event happened, when it was recorded, and who brought it about."""

    occurred: datetime
    recorded: datetime
    actor: Actor

    @property
    def day(self) -> date:
        """The day, in China, on which it happened."""
        return self.occurred.astimezone(CHINA).date()


def with_(state: Frozen, **changes: object) -> Any:  # noqa: ANN401 - the same kind as given
    """Return a state with other values of some fields."""
    return state.model_copy(update=changes)
