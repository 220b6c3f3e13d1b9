"""The history of a run: what was asked, what was answered, which faults took effect. One line each.

A command is known by the key under which the ledger keeps its effect, so that the history and the
ledger can be laid side by side without knowing anything of how the one became the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path


class What(StrEnum):
    """What a line of the history says."""

    ASKED = "asked"
    """A command is about to be sent for the first time."""
    TAKEN = "taken"
    """The broker said that it has the command; it must have its effect some time."""
    ANSWERED = "answered"
    """The portal said what became of the command; ``status`` is what it said."""
    UNKNOWN = "unknown"
    """Nobody answered, or not to be understood; it may have had its effect or not."""
    STAGE = "stage"
    """A stage of the run is over; ``kind`` is which."""
    FAULT = "fault"
    """A fault took effect; ``kind`` is which, ``text`` how that is known."""
    HARMLESS = "harmless"
    """A fault was tried and had no effect."""
    AGAIN = "again"
    """A process found nothing to stand on while it started, said so, and was started again."""
    ENDED = "ended"
    """A process ended that nobody had asked or killed; ``status`` is its exit code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. ``at`` is in seconds from the beginning; ``bad`` marks bytes that are no command."""

    at: float
    what: What
    source: str = ""
    id: str = ""
    bad: bool = False
    status: str = ""
    kind: str = ""
    text: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The key of the command that the line is about."""
        return self.source, self.id

    def written(self) -> str:
        """Return the line as JSON, without what says nothing."""
        return json.dumps(
            {name: value for name, value in asdict(self).items() if value or name == "at"}
        )


class History:
    """Takes lines, and keeps each on the disk as soon as it is said."""

    def __init__(self, path: Path) -> None:
        self.lines: list[Line] = []
        self._file = path.open("w", encoding="utf-8", buffering=1)

    def add(self, line: Line) -> None:
        """Keep a line."""
        self.lines.append(line)
        self._file.write(f"{line.written()}\n")

    def close(self) -> None:
        """Keep no more."""
        self._file.close()


def read(lines: Iterable[str]) -> Iterator[Line]:
    """Read lines that were written."""
    for text in lines:
        values = json.loads(text)
        yield Line(**{**values, "what": What(values["what"])})
