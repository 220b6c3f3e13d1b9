"""Starts the project's own processes for tests, kills them, and ends what it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

WURAO = Path(sys.executable).with_name("wurao")
_GRACE = 30.0


@dataclass
class Installation:
    """One installation's environment, and the processes that run in it."""

    data: Path
    dsn: str
    domain: str
    broker: str
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the installation's processes."""
        ours = {
            "WURAO_DATA": str(self.data),
            "WURAO_DSN": self.dsn,
            "WURAO_DOMAIN": self.domain,
            "WURAO_KAFKA": self.broker,
            "WURAO_SOURCES": "portal=*,fire-py=fire,fire-java=fire",
            "WURAO_LOG_LEVEL": "info",
            "WURAO_LOG_FORMAT": "json",
        }
        return {**os.environ, **ours}

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command; what it says goes to a file in the installation's folder."""
        log = self.data / f"{words[0]}.log"
        with log.open("ab") as file:
            process = subprocess.Popen(
                [WURAO, *words], env=self.environment, stdout=file, stderr=file
            )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process at once, as a crash would."""
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def end(self, process: subprocess.Popen[bytes]) -> int:
        """Ask a process to end, and return its exit code."""
        process.send_signal(signal.SIGTERM)
        self.running.remove(process)
        return process.wait(_GRACE)

    def log(self, name: str) -> str:
        """Return what the processes of a command said."""
        return (self.data / f"{name}.log").read_text(encoding="utf-8")

    @contextmanager
    def ending(self) -> Iterator[None]:
        """End whatever still runs when the block is over."""
        try:
            yield
        finally:
            for process in list(self.running):
                with suppress(ProcessLookupError):
                    process.kill()
                process.wait()
