"""The fold of a ledger from its first entry on. It checks each entry before it believes it.

Positions and sequences without a gap, canonical bytes, ids that derive from their command, no
command twice: what the handler promises is what the fold demands. It hands out whole commands at a
time what a fresh store needs, so a rebuilt store is written by the same ``append`` as the live one.

Memory holds the states as bytes and the decoded ones that were last used, never the entries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from scheduler.states import dump_state
from schemas.events import Event
from schemas.notifications import Notification
from streams.bench import Evolve, Notify
from streams.drafting import entry_id
from streams.effects import effect_of, key_of
from streams.memo import StateMemo
from streams.ports import Append, Cell, CommandKey, Draft, Effect
from streams.typed import NotCanonicalError, Typed, read_canonical

_NOTHING = Cell(0, None)
_CAUSE: Final = re.compile(rb',"causationid":("(?:[^"\\]|\\.)*")')


class Damaged(Exception):  # noqa: N818 - it says what the ledger is
    """An entry that no handler has written; what comes after it cannot be trusted either."""

    def __init__(self, position: int, what: str) -> None:
        self.position = position
        self.what = what
        super().__init__(f"entry {position}: {what}")


@dataclass(slots=True)
class _Command:
    """The command whose entries are being read."""

    cause: str
    key: CommandKey
    hash: str
    events: list[tuple[str, Event]] = field(default_factory=list)

    @property
    def effect(self) -> Effect:
        return effect_of(self.key, self.hash, self.events)


@dataclass(slots=True)
class _Moved:
    """A cell that changed since it was last written down."""

    state: Any
    sequence: int
    writes: int


@dataclass(slots=True)
class _Page:
    """What was gathered since the last batch was handed out."""

    drafts: list[Draft] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    effects: list[Effect] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)


class Fold:
    """Takes entries in order of position; keeps the cells they add up to.

    States are written as bytes when a batch is handed out, not at each entry: most cells are
    written several times within a batch.
    """

    def __init__(self, evolve: Evolve, notify: Notify) -> None:
        self._evolve = evolve
        self._notify = notify
        self._memo = StateMemo()
        self._cells: dict[str, Cell] = {}
        self._moved: dict[str, _Moved] = {}
        self._writers: dict[str, int] = {}
        self._seen: set[str] = set()
        self._command: _Command | None = None
        self._page = _Page()
        self.position = 0

    @property
    def cells(self) -> Mapping[str, Cell]:
        """The cells as of the last entry taken; their versions count the entries that wrote them."""
        self._write_down()
        return self._cells

    @property
    def writers(self) -> Mapping[str, int]:
        """To each cell the position of the last entry that wrote it."""
        return self._writers

    @property
    def size(self) -> int:
        """How many entries were taken since a batch was last handed out."""
        return len(self._page.drafts)

    def begins(self, body: bytes) -> bool:
        """Whether an entry is the first of another command, so that a batch may end before it."""
        command = self._command
        return command is not None and _cause(body) != command.cause

    def take(self, position: int, body: bytes) -> None:
        """Take the next entry.

        Raises:
            Damaged: If no handler can have written it in this place.
        """
        try:
            entry = read_canonical(body)
        except NotCanonicalError as error:
            raise Damaged(position, str(error)) from error
        except ValueError as error:  # what pydantic and json raise
            raise Damaged(position, _why(error)) from error
        command = self._command_of(position, entry)
        self._check(position, entry, command)
        try:
            self._apply(entry)
        except Exception as error:
            raise Damaged(position, f"cannot follow what came before: {error}") from error
        command.events.append((entry.subject, entry.data))
        self._page.drafts.append(_draft(position, entry, body))
        self.position = position

    def hand_out(self) -> Append:
        """Return what was gathered since the last time; call it between two commands."""
        self._finish()
        self._write_down()
        page, self._page = self._page, _Page()
        cells = {key: self._cells[key].state or b"" for key in sorted(page.changed)}
        return Append(page.drafts, cells, page.effects, (), page.notifications)

    def _command_of(self, position: int, entry: Typed) -> _Command:
        command = self._command
        if command is None or command.cause != entry.causationid:
            self._finish()
            cause = entry.causationid
            if cause in self._seen:
                raise Damaged(position, f"a second effect of {cause}")
            self._seen.add(cause)
            command = self._command = _Command(cause, key_of(cause), entry.commandhash)
        if entry.commandhash != command.hash:
            raise Damaged(position, "another payload than its command's")
        return command

    def _check(self, position: int, entry: Typed, command: _Command) -> None:
        if position != self.position + 1:
            raise Damaged(position, f"follows entry {self.position}")
        if entry.position != position:
            raise Damaged(position, f"says that it is entry {entry.position}")
        after = self._length(entry.subject)
        if entry.sequence != after + 1:
            place = f"is number {entry.sequence} of {entry.subject}, after {after}"
            raise Damaged(position, place)
        if entry.source != command.key.source:
            raise Damaged(position, "its source is not its command's")
        if entry.id != entry_id(command.key, len(command.events)):
            raise Damaged(position, "its id does not derive from its command")

    def _apply(self, entry: Typed) -> None:
        stream, event = entry.subject, entry.data
        moment = entry.occurred, entry.recorded, entry.actor
        for key, state in self._evolve(self._state, stream, event, *moment).items():
            moved = self._moved.get(key)
            if moved is None:
                old = self._cells.get(key, _NOTHING)
                moved = self._moved[key] = _Moved(None, old.sequence, 0)
            moved.state = state
            moved.writes += 1
            if key == stream:
                moved.sequence = entry.sequence
            self._writers[key] = entry.position
            self._page.changed.add(key)
        self._page.notifications += self._notify(event, stream, entry.id, self._state)

    def _length(self, stream: str) -> int:
        moved = self._moved.get(stream)
        return moved.sequence if moved else self._cells.get(stream, _NOTHING).sequence

    def _state(self, key: str) -> Any:  # noqa: ANN401 - the key says which model it is
        moved = self._moved.get(key)
        return moved.state if moved else self._memo.state(key, self._cells.get(key, _NOTHING))

    def _write_down(self) -> None:
        for key, moved in self._moved.items():
            version = self._cells.get(key, _NOTHING).version + moved.writes
            cell = Cell(version, dump_state(moved.state), moved.sequence)
            self._cells[key] = cell
            self._memo.keep(key, cell, moved.state)
        self._moved.clear()

    def _finish(self) -> None:
        if self._command is not None:
            self._page.effects.append(self._command.effect)
            self._command = None


def _why(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        return f"fits no type: {error.error_count()} faults"
    return f"is no JSON of the ledger: {error}"


def _cause(body: bytes) -> str | None:
    # In canonical bytes only the actor stands before the cause, so the first one found is the entry's.
    found = _CAUSE.search(body)
    try:
        return json.loads(found[1]) if found else None
    except ValueError:
        return None


def _draft(position: int, entry: Typed, body: bytes) -> Draft:
    mark = b',"position":%d' % position
    # The last one: what follows it are texts of the envelope, in which a quote is escaped.
    head, _, tail = body.rpartition(mark + b',"recordedtime":')
    return Draft(entry.subject, entry.sequence, entry.type, head, b',"recordedtime":' + tail)
