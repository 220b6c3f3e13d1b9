"""A session: what every command has at hand to read settings, reach the service and speak.

Results go to standard output, as text for people or as exactly one JSON object; progress and logs go
to standard error. Chinese comes first, then English, unless one language is asked for.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from portal.settings import Lang, Settings
from portal.wording.language import say
from schemas.base import CHINA
from streams.clock import SystemClock

if TYPE_CHECKING:
    from portal.running.service import Service


class Exit(IntEnum):
    """Exit codes, the same for every command."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    BAD_ROWS = 3
    ENVIRONMENT = 4


class Stop(Exception):  # noqa: N818 - it ends a command, which need not be an error
    """Ends a command with an exit code; ``data`` is what programs are told, ``told`` people."""

    def __init__(self, code: Exit, told: Sequence[str], data: Mapping[str, Any]) -> None:
        self.code = code
        self.told = tuple(told)
        self.data = data
        super().__init__("; ".join(told))


def out_console() -> Console:
    """Return where results are printed."""
    # A pipe or a file has no width of its own: nothing there is folded to fit a screen.
    width = None if sys.stdout.isatty() else 240
    return Console(highlight=False, soft_wrap=True, width=width)


@dataclass(slots=True)
class Session:
    """One run of one command."""

    settings: Settings
    json: bool
    at: datetime | None = None
    out: Console = field(default_factory=out_console)
    err: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))

    @property
    def lang(self) -> Lang:
        """The language to speak in."""
        return self.settings.lang

    @property
    def now(self) -> datetime:
        """When the command's people act: now, or the instant that they back-fill."""
        return self.at or SystemClock().now()

    @asynccontextmanager
    async def service(self) -> AsyncIterator[Service]:
        """Open the service on the installation's ledger."""
        from portal.running.service import Service

        async with AsyncExitStack() as stack:
            with self.waiting("正在打开台账", "opening the ledger"):
                service = await stack.enter_async_context(Service.open(self.settings))
            yield service

    def text(self, zh: str, en: str) -> str:
        """Return a text in the session's language."""
        return say(zh, en, self.lang)

    def tell(self, zh: str, en: str) -> None:
        """Say something to people; programs do not hear it."""
        self.line(self.text(zh, en))

    def line(self, text: str) -> None:
        """Print a line of text as it is; nothing in it is taken for markup."""
        if not self.json:
            self.out.print(text, markup=False)

    def table(
        self, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]], title: str = ""
    ) -> None:
        """Print a table; columns are named in both languages. Wide letters count as two."""
        if self.json:
            return
        table = Table(title=title or None, title_justify="left")
        for zh, en in columns:
            table.add_column(self.text(zh, en), overflow="fold")
        for row in rows:
            table.add_row(*(_cell(value) for value in row))
        self.out.print(table)

    def result(self, **data: object) -> None:
        """Print the one JSON object, where a program asked for it."""
        if self.json:
            self.dump({"ok": True, **data})

    def dump(self, data: Mapping[str, Any]) -> None:
        """Print a JSON object on one line."""
        text = json.dumps(data, ensure_ascii=False, default=_plain)
        sys.stdout.write(f"{text}\n")

    @contextmanager
    def waiting(self, zh: str, en: str) -> Iterator[None]:
        """Show that something takes its time; only where somebody is watching."""
        if self.json or not self.err.is_terminal:
            yield
            return
        with self.err.status(self.text(zh, en)):
            yield

    @contextmanager
    def progress(self, zh: str, en: str, total: int | None = None) -> Iterator[Bar]:
        """Show a progress bar; only where somebody is watching."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        hidden = self.json or not self.err.is_terminal
        with Progress(*columns, console=self.err, transient=True, disable=hidden) as progress:
            task = progress.add_task(self.text(zh, en), total=total)
            yield Bar(progress, task)


@dataclass(frozen=True, slots=True)
class Bar:
    """A progress bar that can be moved on."""

    progress: Progress
    task: Any

    def __call__(self, steps: int) -> None:
        """Move the bar on by some steps."""
        self.progress.advance(self.task, steps)

    def says(self, text: str, done: int) -> None:
        """Show a text beside the bar, and how many steps are done."""
        self.progress.update(self.task, description=text, completed=done)


def _cell(value: object) -> str:
    return "" if value is None else escape(str(value))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def instant(text: str | None) -> datetime | None:
    """Return the instant that somebody typed; without an offset it is China's time.

    Raises:
        ValueError: If it is none.
    """
    return None if text is None else at(text)


def at(text: str) -> datetime:
    """Return the instant that a text says; without an offset it is China's time.

    Raises:
        ValueError: If it is none.
    """
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=CHINA) if found.tzinfo is None else found.astimezone(CHINA)
