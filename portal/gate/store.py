"""The gate's own small store: one SQLite file with the last snapshot, and what waits to be carried in.

It holds no name in the clear. What a verdict or a rating page shows is sealed under the code or the
token; what people said is sealed to the inner system. Several processes may use the file at once.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.gate.messages import Message, ShownVisit, System, Tally, Ticket
from portal.pages.verdict import Stage

FILE: Final = "gate.db"
MOST_WAITING: Final = 200_000
"""Messages that may wait for the ferry; more are refused, so that nobody fills the disk."""

MOST_REPORTS: Final = 5_000
"""Reports that may wait among them. Anybody can write one, and ratings must still find room."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS visit (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS ticket (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS used (name TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS message (
    number INTEGER PRIMARY KEY AUTOINCREMENT, sealed BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS report (number INTEGER PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS scans (
    day TEXT NOT NULL, verdict TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, verdict)) STRICT;
"""
_DAYS_KEPT: Final = 400


class NoStoreError(RuntimeError):
    """There is no store of a gate here; the text says what makes one."""


class FullError(RuntimeError):
    """Too much waits for the ferry; nothing more is taken until it has come."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a gate knows of the inner system."""

    number: int
    made: str
    system: System
    visits: Sequence[ShownVisit]
    tickets: Sequence[Ticket]


class GateStore:
    """One connection to the file, for one thread at a time."""

    def __init__(self, path: Path, *, make: bool = False) -> None:
        """Open the store.

        Raises:
            NoStoreError: If there is none and none is to be made.
        """
        if not make and not path.exists():
            raise NoStoreError(
                f"{path}: 这里还没有入企门, 先运行 wurao gate setup / no gate is set up here"
            )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._lock = threading.Lock()
        self._base = sqlite3.connect(
            path, timeout=20, isolation_level=None, check_same_thread=False
        )
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = FULL")
        self._base.execute("PRAGMA secure_delete = ON")
        self._base.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    # ---------------------------------------------------------------- the inner system's side
    def trusted(self) -> tuple[bytes, ...]:
        """Return the keys that sign what the inner system sends, newest last."""
        with self._lock:
            system = self._system()
            first = self._meta("inner")
        return system.signing if system is not None else ((first,) if first is not None else ())

    def trust(self, key: bytes) -> None:
        """Trust this key of an inner system, until its first snapshot names all of its keys."""
        with self._changing():
            self._set("inner", key)

    def number(self) -> int:
        """Return the number of the last snapshot that was taken; 0 before the first."""
        with self._lock:
            return int(self._meta("number") or b"0")

    def made(self) -> str | None:
        """Return when the last snapshot was made."""
        with self._lock:
            found = self._meta("made")
        return found.decode() if found else None

    def system(self) -> System | None:
        """Return the inner system's keys; ``None`` before the first snapshot."""
        with self._lock:
            return self._system()

    def take(self, snapshot: Snapshot, gate: str) -> bool:
        """Put a snapshot in the place of the last one; ``False`` where a newer one is here.

        Messages that the inner system has by then are forgotten, and used tokens that it names.
        """
        with self._changing():
            if snapshot.number <= int(self._meta("number") or b"0"):
                return False
            self._base.execute("DELETE FROM visit")
            self._base.execute("DELETE FROM ticket")
            self._base.executemany(
                "INSERT INTO visit VALUES (?, ?)",
                ((each.id, each.model_dump_json()) for each in snapshot.visits),
            )
            self._base.executemany(
                "INSERT INTO ticket VALUES (?, ?)",
                ((each.name, each.model_dump_json()) for each in snapshot.tickets),
            )
            arrived = snapshot.system.taken.get(gate, 0)
            self._base.execute("DELETE FROM message WHERE number <= ?", (arrived,))
            # A rating that arrived and was refused there may be given again.
            self._base.execute("DELETE FROM used WHERE number <= ?", (arrived,))
            self._base.execute("DELETE FROM report WHERE number <= ?", (arrived,))
            self._set("system", snapshot.system.model_dump_json().encode())
            self._set("made", snapshot.made.encode())
            self._set("number", str(snapshot.number).encode())
            return True

    # ---------------------------------------------------------------- what the pages read
    def visit(self, id_: str) -> ShownVisit | None:
        """Return a coded visit."""
        body = self._one("SELECT body FROM visit WHERE id = ?", id_)
        return ShownVisit.model_validate_json(body) if body else None

    def ticket(self, name: str) -> Ticket | None:
        """Return a rating's ticket; rated, where its token was used at this gate."""
        body = self._one("SELECT body FROM ticket WHERE name = ?", name)
        if body is None:
            return None
        found = Ticket.model_validate_json(body)
        used = self._one("SELECT name FROM used WHERE name = ?", name)
        return found.model_copy(update={"stage": Stage.RATED}) if used else found

    # ---------------------------------------------------------------- what people say
    def keep_rating(self, name: str, sealed: bytes) -> bool:
        """Keep a rating and use its token up; ``False`` where it was used before.

        Raises:
            FullError: If too much waits already.
        """
        with self._changing():
            if self._base.execute("SELECT 1 FROM used WHERE name = ?", (name,)).fetchone():
                return False
            number = self._keep(sealed)
            self._base.execute("INSERT INTO used VALUES (?, ?)", (name, number))
            return True

    def keep_report(self, sealed: bytes) -> None:
        """Keep what somebody reported.

        Raises:
            FullError: If too much waits already.
        """
        with self._changing():
            (waiting,) = self._base.execute("SELECT count(*) FROM report").fetchone()
            if waiting >= MOST_REPORTS:
                raise FullError("too many reports wait for the ferry")
            number = self._keep(sealed)
            self._base.execute("INSERT INTO report VALUES (?)", (number,))

    def count(self, day: str, verdict: str) -> None:
        """Count a scan."""
        with self._changing():
            self._base.execute(
                "INSERT INTO scans VALUES (?, ?, 1) "
                "ON CONFLICT (day, verdict) DO UPDATE SET count = count + 1",
                (day, verdict),
            )
            self._base.execute(
                "DELETE FROM scans WHERE day < date(?, ?)", (day, f"-{_DAYS_KEPT} days")
            )

    def waiting(self, most: int = MOST_WAITING) -> list[Message]:
        """Return what the inner system is not known to have, in order."""
        with self._lock:
            rows = self._base.execute(
                "SELECT number, sealed FROM message ORDER BY number LIMIT ?", (most,)
            ).fetchall()
        return [Message(number=number, sealed=sealed) for number, sealed in rows]

    def depth(self) -> int:
        """Return how many messages wait for the ferry."""
        with self._lock:
            row = self._base.execute("SELECT count(*) FROM message").fetchone()
        return int(row[0])

    def scans(self) -> list[Tally]:
        """Return how many codes were scanned, by day and verdict."""
        with self._lock:
            rows = self._base.execute(
                "SELECT day, verdict, count FROM scans ORDER BY day, verdict"
            ).fetchall()
        return [Tally(day=day, verdict=verdict, count=count) for day, verdict, count in rows]

    def next_parcel(self) -> int:
        """Return the number of the next parcel that goes in, and use it up."""
        with self._changing():
            number = int(self._meta("parcel") or b"0") + 1
            self._set("parcel", str(number).encode())
            return number

    def _keep(self, sealed: bytes) -> int:
        (waiting,) = self._base.execute("SELECT count(*) FROM message").fetchone()
        if waiting >= MOST_WAITING:
            raise FullError("too much waits for the ferry")
        made = self._base.execute("INSERT INTO message (sealed) VALUES (?)", (sealed,))
        if made.lastrowid is None:
            raise RuntimeError("the store gave no number")
        return made.lastrowid

    # ---------------------------------------------------------------- the file
    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def _one(self, statement: str, value: str) -> str | None:
        with self._lock:
            row = self._base.execute(statement, (value,)).fetchone()
        return str(row[0]) if row else None

    def _system(self) -> System | None:
        body = self._meta("system")
        return System.model_validate_json(body) if body else None

    def _meta(self, name: str) -> bytes | None:
        row = self._base.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return bytes(row[0]) if row else None

    def _set(self, name: str, value: bytes) -> None:
        self._base.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )
