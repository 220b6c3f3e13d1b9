"""Decoded states, kept from one batch to the next, and good guesses at what a cell holds.

Policies, calendars and registers are read by almost every decision and hardly ever change. A state
is taken over only while its stored bytes are the same, so nothing here can go stale; and because it
is then the same object, what the core memoises per policy and calendar stays valid too.

``guess`` is for deciding before anything was loaded. A guess is never believed: the bench decides
anew whatever rests on a cell that turns out to hold something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from scheduler.states import load_state
from streams.ports import Cell, Newer
from streams.readmodels import Rows, rows

_NOT_DECODED = object()
_UNKNOWN = frozenset({"extra_forbidden"})
"""What the models say of a field that they do not have."""


class StateMemo:
    """The states of up to ``limit`` cells, the least recently used dropped first."""

    def __init__(self, limit: int = 30_000) -> None:
        self._limit = limit
        self._kept: dict[str, tuple[Cell, Any]] = {}

    def state(self, key: str, cell: Cell) -> Any:  # noqa: ANN401 - the key says which model it is
        """Return the state in a cell, ``None`` when the cell does not exist.

        Raises:
            Newer: If a newer program wrote it, with fields that this one does not know.
        """
        if cell.state is None:
            return None
        kept, state = self._kept.pop(key, (None, _NOT_DECODED))
        if state is _NOT_DECODED or kept is None or kept.state != cell.state:
            state = known_state(key, cell.state)
        self._keep(key, cell, state)
        return state

    def keep(self, key: str, cell: Cell, state: Any) -> None:  # noqa: ANN401 - the same
        """Remember a cell with its state, which is at hand; it is not decoded again."""
        self._kept.pop(key, None)
        self._keep(key, cell, state)

    def guess(self, key: str) -> tuple[Any, int]:
        """Return the state and the sequence that a cell had when it was last seen, else none."""
        kept = self._kept.get(key)
        if kept is None:
            return None, 0
        return self.state(key, kept[0]), kept[0].sequence

    def written(self, key: str, cell: Cell) -> None:
        """Remember what was written to a cell; it is decoded when somebody asks for it."""
        self._kept.pop(key, None)
        self._keep(key, cell, _NOT_DECODED)

    def _keep(self, key: str, cell: Cell, state: object) -> None:
        self._kept[key] = (cell, state)
        if len(self._kept) > self._limit:
            del self._kept[next(iter(self._kept))]


@dataclass(slots=True)
class _Decoded:
    """What a cell holds: its bytes, its state, and its rows once somebody asked for them."""

    body: bytes
    state: Any
    rows: tuple[Rows, ...] | None = None


class RowsMemo:
    """The states and rows of up to ``limit`` cells, the least recently used dropped first."""

    def __init__(self, limit: int = 30_000) -> None:
        self._limit = limit
        self._kept: dict[str, _Decoded] = {}

    def state(self, key: str, body: bytes) -> Any:  # noqa: ANN401 - the same
        """Return the state that is kept under a key."""
        return self._of(key, body).state

    def rows(self, key: str, body: bytes) -> tuple[Rows, ...]:
        """Return the rows of the state that is kept under a key."""
        found = self._of(key, body)
        if found.rows is None:
            found.rows = rows(key, found.state)
        return found.rows

    def _of(self, key: str, body: bytes) -> _Decoded:
        found = self._kept.pop(key, None)
        if found is None or found.body != body:
            found = _Decoded(body, load_state(key, body))
        self._kept[key] = found
        if len(self._kept) > self._limit:
            del self._kept[next(iter(self._kept))]
        return found


def known_state(key: str, body: bytes) -> Any:  # noqa: ANN401 - the same
    """Return the state that is kept under a key.

    Raises:
        Newer: If a newer program wrote it, with fields that this one does not know.
    """
    try:
        return load_state(key, body)
    except ValidationError as error:
        if any(fault["type"] in _UNKNOWN for fault in error.errors(include_url=False)):
            msg = f"the state of {key} has fields of a newer program"
            raise Newer(msg) from None
        raise
