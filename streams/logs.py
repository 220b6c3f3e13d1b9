"""Where a replay may read entries from: the ledger itself, its topic, or an export.

All of them give the same bytes in the same order; what they may not be trusted with, the fold and
the tree over the leaves find out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from scheduler.proof.hashing import SHA256
from scheduler.proof.merkle import Head, Tree
from schemas.base import CHINA
from streams.collecting import few_collections

ENTRIES: Final = "entries.jsonl"
"""Name of the file of entries in a package: one entry a line, as the ledger holds it."""

_POSITION: Final = b',"position":'
_PAGE: Final = 1000
_RECORDED: Final = re.compile(rb',"recordedtime":"([^"]+)","sequence":')


class Log(Protocol):
    """Entries in order of position. ``streams.ports.Ledger`` is one."""

    def entries(self, after: int = 0, until: int | None = None) -> AsyncIterator[tuple[int, bytes]]:
        """Read entries in order of position, ``after`` excluded, ``until`` included."""

    async def position(self) -> int:
        """Return the last position; 0 when there is no entry."""


@runtime_checkable
class Paged(Protocol):
    """A log that hands out many entries at a time, for whom one by one is too slow."""

    def pages(
        self, after: int = 0, until: int | None = None
    ) -> AsyncIterator[Sequence[tuple[int, bytes]]]:
        """Read entries as ``Log.entries`` does, some at a time; no page is empty."""


class NoLogError(ValueError):
    """A file holds no entries of a ledger."""


class FileLog:
    """The entries of a file: lines of canonical JSON, alone or within a package."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: int | None = None

    async def entries(
        self, after: int = 0, until: int | None = None
    ) -> AsyncIterator[tuple[int, bytes]]:
        """Read entries in order of position, ``after`` excluded, ``until`` included.

        Raises:
            NoLogError: If a line is no entry.
        """
        async for page in self.pages(after, until):
            for each in page:
                yield each

    async def pages(
        self, after: int = 0, until: int | None = None
    ) -> AsyncIterator[Sequence[tuple[int, bytes]]]:
        """Read entries as ``entries`` does, some at a time.

        Raises:
            NoLogError: If a line is no entry.
        """
        lines = self._within(after, until)
        while page := list(islice(lines, _PAGE)):
            yield page

    async def position(self) -> int:
        """Return the position of the last line; 0 when there is none."""
        if self._last is None:
            last = b""
            for last in self._lines():  # noqa: B007 - only the last one is wanted
                pass
            self._last = position_of(last) if last else 0
        return self._last

    def _within(self, after: int, until: int | None) -> Iterator[tuple[int, bytes]]:
        for body in self._lines():
            position = position_of(body)
            if until is not None and position > until:
                return
            if position > after:
                yield position, body

    def _lines(self) -> Iterator[bytes]:
        with _opened(self._path) as file:
            for line in file:
                yield line.removesuffix(b"\n")


def _opened(path: Path) -> io.BufferedReader:
    if not zipfile.is_zipfile(path):
        return path.open("rb")
    try:
        # The member keeps the archive open until it is closed itself.
        return io.BufferedReader(zipfile.ZipFile(path).open(ENTRIES), 1 << 20)  # type: ignore[arg-type]  # it is a raw stream in all but name
    except KeyError as error:
        msg = f"{path}: 包内没有 {ENTRIES} / the package holds no {ENTRIES}"
        raise NoLogError(msg) from error


def position_of(body: bytes) -> int:
    """Return the position that an entry's bytes say, without parsing them.

    Raises:
        NoLogError: If they say none.
    """
    # A quote inside of a text is escaped, so the last ones are the envelope's.
    end = body.rfind(b',"recordedtime":')
    start = body.rfind(_POSITION, 0, max(end, 0))
    digits = body[start + len(_POSITION) : end]
    if start < 0 or not digits.isdigit():
        msg = f"不是台账记录 / no entry of a ledger: {body[:60]!r}"
        raise NoLogError(msg)
    return int(digits)


def recorded_of(body: bytes) -> datetime:
    """Return the time of recording that an entry's bytes say, in China Standard Time.

    Raises:
        NoLogError: If they say none, or one without its offset.
    """
    found = _RECORDED.findall(body)
    try:
        at = datetime.fromisoformat(str(found[-1], "ascii", "replace"))
    except (IndexError, ValueError):
        at = None
    if at is None or at.tzinfo is None:
        msg = f"不是台账记录 / no entry of a ledger: {body[:60]!r}"
        raise NoLogError(msg)
    return at.astimezone(CHINA)


async def read(log: Log, until: int | None = None) -> Head:
    """Read a log with nothing but its leaves: return how many entries it has and their root.

    Raises:
        NoLogError: If positions do not run from 1 without a gap.
    """
    tree = Tree()
    with few_collections():
        async for page in _pages(log, until):
            for expected, (position, _) in enumerate(page, start=len(tree) + 1):
                if position != expected:
                    msg = (
                        f"第 {expected} 条缺失或错序 / entry {expected} is missing or out of order"
                    )
                    raise NoLogError(msg)
            tree.extend(SHA256.leaves([body for _, body in page]))
    return Head(len(tree), tree.root())


async def _pages(log: Log, until: int | None) -> AsyncIterator[Sequence[tuple[int, bytes]]]:
    if isinstance(log, Paged):
        async for whole in log.pages(until=until):
            yield whole
        return
    page: list[tuple[int, bytes]] = []
    async for each in log.entries(until=until):
        page.append(each)
        if len(page) == _PAGE:
            yield page
            page = []
    if page:
        yield page
