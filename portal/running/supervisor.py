"""Keeps the processes of an installation running: starts them, starts them again, ends them.

A small stand-in for what systemd or an orchestrator does in earnest, for demonstrations and tests. It
signals only processes that it started itself, by their id.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from portal.running.stack import Starting
from portal.settings import Settings

_LOOK: Final = 0.3
_GRACE: Final = 20.0
_log = structlog.get_logger(__name__)


@dataclass
class Kept:
    """A process that is kept running. ``starts`` counts how often it was started."""

    name: str
    words: Sequence[str]
    process: subprocess.Popen[bytes]
    starts: int = 1


@dataclass
class Supervisor:
    """Keeps commands of this program running with one installation's settings."""

    settings: Settings
    broker: str
    dsn: str
    kept: dict[str, Kept] = field(default_factory=dict)

    def start(self, name: str, *words: str) -> None:
        """Start a command and keep it running under a name."""
        self.kept[name] = Kept(name, words, self._popen(name, words))

    def look(self) -> None:
        """Start again whatever has ended."""
        for each in self.kept.values():
            if (code := each.process.poll()) is not None:
                _log.warning("process-ended", name=each.name, code=code, starts=each.starts)
                each.process = self._popen(each.name, each.words)
                each.starts += 1

    def end(self) -> None:
        """Ask all to end, wait, and kill what does not."""
        for each in self.kept.values():
            with suppress(ProcessLookupError):
                each.process.send_signal(signal.SIGTERM)
        for each in self.kept.values():
            try:
                each.process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                _log.warning("process-killed", name=each.name)
                each.process.kill()
                each.process.wait()

    def _popen(self, name: str, words: Sequence[str]) -> subprocess.Popen[bytes]:
        folder = self.settings.data / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own program, words of ours
                [program(), *words, "--parent", str(os.getpid())],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # The keyboard's interrupt is for the one in front; it ends these in its turn.
                start_new_session=True,
            )

    def _environment(self) -> Mapping[str, str]:
        settings = self.settings
        ours = {
            "WURAO_DATA": str(settings.data.resolve()),
            "WURAO_DOMAIN": settings.domain,
            "WURAO_DSN": self.dsn,
            "WURAO_KAFKA": self.broker,
            "WURAO_SOURCES": settings.sources,
            "WURAO_LOG_LEVEL": "warning",
            "WURAO_LOG_FORMAT": "json",
        }
        others = {n: v for n, v in os.environ.items() if not n.upper().startswith("WURAO_")}
        return {**others, **ours}


def program() -> str:
    """Return the command of this very installation."""
    return str(Path(sys.executable).with_name("wurao"))


@asynccontextmanager
async def keeping(supervisor: Supervisor, first: Starting) -> AsyncIterator[Supervisor]:
    """Look after the processes within a block, and after what they stand on first; end them with it."""

    async def watch() -> None:
        while True:
            await asyncio.sleep(_LOOK)
            await asyncio.to_thread(first)
            supervisor.look()

    watching = asyncio.create_task(watch())
    try:
        yield supervisor
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await asyncio.to_thread(supervisor.end)
