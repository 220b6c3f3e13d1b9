"""The view of cells that a decision works on, and the circumstances in which it is made.

A decision reads cells only through a ``View``, and a view hands out loaded cells only. What a
decision read in order to refuse is therefore always among the cells that the shell has locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from scheduler.states import KINDS, kind_of
from schemas.base import CHINA
from schemas.envelope import Actor
from schemas.events import Event
from schemas.objections import Objection

S = TypeVar("S")


class NeedCells(LookupError):  # noqa: N818 - a question, not a fault
    """A decision needs cells that are not loaded yet; load ``keys`` and ask again."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = tuple(keys)
        super().__init__(", ".join(self.keys))


class View:
    """Loaded cells with the changes of earlier decisions of the same batch laid over them."""

    def __init__(self, cells: Mapping[str, Any]) -> None:
        self._cells = cells
        self._changed: dict[str, Any] = {}
        self.read: set[str] = set()

    def need(self, *keys: str) -> None:
        """Ask for several cells at once, so that the shell can load them together.

        Raises:
        ------
        NeedCells
            With every key that is not loaded.
        """
        self.read.update(keys)
        missing = [k for k in keys if k not in self._changed and k not in self._cells]
        if missing:
            raise NeedCells(missing)

    def get(self, key: str) -> Any:  # noqa: ANN401 - the kind is in the key
        """Return the state of a cell, ``None`` when the cell does not exist.

        Raises:
        ------
        NeedCells
            If the cell was not loaded.
        """
        self.read.add(key)
        if key in self._changed:
            return self._changed[key]
        try:
            return self._cells[key]
        except KeyError:
            raise NeedCells([key]) from None

    def find(self, kind: type[S], key: str) -> S | None:
        """Return the state of a cell as the kind that its key promises."""
        state = self.get(key)
        assert_kind(key, kind)
        return state  # type: ignore[no-any-return]  # checked by the key's kind

    def apply(self, changes: Mapping[str, Any]) -> None:
        """Lay the changes of a decision over the cells."""
        self._changed.update(changes)

    @property
    def changed(self) -> Mapping[str, Any]:
        """All cells changed so far, with their newest state."""
        return self._changed


def assert_kind(key: str, kind: type[Any]) -> None:
    """Raise ``TypeError`` when a key does not promise this kind of state."""
    if KINDS[kind_of(key)] is not kind:
        msg = f"{key} holds no {kind.__name__}"
        raise TypeError(msg)


@dataclass(frozen=True, slots=True)
class Claims:
    """What the shell verified about the codes and tokens in a command; ``None`` means forged.

    The core never sees a signature: it is told for which visit, serial and enterprise a code is
    genuine.
    """

    code: tuple[str, str] | None = None
    gate: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of a command: who, when it happened, when it arrived, under which key."""

    source: str
    id: str
    actor: Actor
    occurred: datetime
    recorded: datetime
    claims: Claims = Claims()

    @property
    def today(self) -> date:
        """The day, in China, on which the command happened."""
        return self.occurred.astimezone(CHINA).date()

    @property
    def recorded_on(self) -> date:
        """The day, in China, on which the command was recorded."""
        return self.recorded.astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a command: at least one event, each with its stream, and the outcome in short.

    ``status`` is ``accepted`` or ``refused``; ``about`` names the stream that the command was for.
    """

    status: str
    about: str
    events: tuple[tuple[str, Event], ...]
    objections: tuple[Objection, ...] = field(default=())
