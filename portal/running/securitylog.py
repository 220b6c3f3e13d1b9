"""The security log: who logged in, who was refused, what was exported or erased.

It lies apart from the ledger and from every other log, one file a month, readable by its owner alone,
and is kept for six months at least. It is written whatever the level of the other log is.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from schemas.base import CHINA
from streams.clock import SystemClock
from streams.ports import Clock

LEAST_MONTHS: Final = 6
"""No retention class shortens this."""

EVENTS: Final = frozenset(
    {
        "denied",
        "login",
        "login refused",
        "logout",
        "password changed",
        "password reset",
        "account kept",
        "account changed",
        "exported",
        "erased",
        "erasure-asked",
        "held",
        "released",
        "imported",
    }
)
"""The events that are copied here. They carry ids, roles and reasons, never a personal field."""

_FILE: Final = re.compile(r"([0-9]{4})-([0-9]{2})\.jsonl")
_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class SecurityLog:
    """The files of a folder."""

    folder: Path
    clock: Clock

    def __call__(
        self, _logger: object, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """Copy a structlog event that belongs here, and pass every event on."""
        if event.get("event") in EVENTS:
            self.note(event)
        return event

    def note(self, event: Mapping[str, Any]) -> None:
        """Add a line to this month's file."""
        now = self.clock.now().astimezone(CHINA)
        line = json.dumps({"at": now.isoformat(), **event}, ensure_ascii=False, default=str)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = self.folder / f"{now:%Y-%m}.jsonl"
        # One write of one line: programs that log at once do not tear each other's lines.
        fd = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.write(fd, f"{line}\n".encode())
        finally:
            os.close(fd)

    def lines(self, first: date, last: date) -> Iterator[dict[str, Any]]:
        """Yield what was logged in a period, both days included, in order."""
        for path in self._files():
            for line in path.read_text(encoding="utf-8").splitlines():
                found = json.loads(line)
                if first <= datetime.fromisoformat(found["at"]).date() <= last:
                    yield found

    def purge(self, months: int) -> list[str]:
        """Delete the files of months that ended longer ago than so many months; return their names.

        Raises:
            ValueError: If that is less than the least time.
        """
        if months < LEAST_MONTHS:
            msg = f"安全日志至少保存 {LEAST_MONTHS} 个月 / at least {LEAST_MONTHS} months are kept"
            raise ValueError(msg)
        now = self.clock.now().astimezone(CHINA)
        oldest = now.year * _YEAR + now.month - 1 - months
        gone = [path for path in self._files() if _number(path) < oldest]
        for path in gone:
            path.unlink()
        return [path.name for path in gone]

    def _files(self) -> list[Path]:
        return sorted(p for p in self.folder.glob("*.jsonl") if _FILE.fullmatch(p.name))


def security_log(folder: Path, clock: Clock | None = None) -> SecurityLog:
    """Return the security log of a folder."""
    return SecurityLog(folder, clock or SystemClock())


def _number(path: Path) -> int:
    year, month = path.stem.split("-")
    return int(year) * _YEAR + int(month) - 1
