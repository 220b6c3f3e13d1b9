"""Decoded states, kept from one batch to the next.

Policies, calendars and registers are read by almost every decision and hardly ever change. A state
is taken over only while its stored bytes are the same, so nothing here can go stale; and because it
is then the same object, what the core memoises per policy and calendar stays valid too.
"""

from __future__ import annotations

from typing import Any

from scheduler.states import load_state
from streams.ports import Cell


class StateMemo:
    """The states of up to ``limit`` cells, the least recently used dropped first."""

    def __init__(self, limit: int = 20_000) -> None:
        self._limit = limit
        self._kept: dict[str, tuple[bytes, Any]] = {}

    def state(self, key: str, cell: Cell) -> Any:  # noqa: ANN401 - the key says which model it is
        """Return the state in a cell, ``None`` when the cell does not exist."""
        if cell.state is None:
            return None
        kept = self._kept.pop(key, None)
        if kept is None or kept[0] != cell.state:
            kept = (cell.state, load_state(key, cell.state))
        self._kept[key] = kept
        if len(self._kept) > self._limit:
            del self._kept[next(iter(self._kept))]
        return kept[1]
