"""A site: one planning domain with its processes, each of which can be killed, paused and started anew."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from tests.faults.machines import free_ports
from tests.faults.plants import PLANTS

SOURCES: Final = "portal=*,console=*"
ROOT: Final = Path(__file__).absolute().parents[2]
_PARENT: Final = "WURAO_"
_PAUSE: Final = 2.0
"""Seconds between two starts of a process that ends by itself."""


class Nursery:
    """The process that starts processes (see ``nursery.py``)."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._started: asyncio.Queue[int] = asyncio.Queue()
        self.codes: dict[int, int] = {}
        """The exit codes of the processes that ended."""
        self.cpu = 0.0
        """Seconds of processor time that they used."""

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Nursery]:
        """Start it, and end it with all that it started."""
        others = {n: v for n, v in os.environ.items() if not n.upper().startswith(_PARENT)}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.nursery"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env={**others, "PYTHONPATH": str(ROOT)},
        )
        nursery = cls(process)
        reading = asyncio.create_task(nursery._read())
        try:
            await nursery._started.get()
            yield nursery
        finally:
            if process.stdin is not None:
                process.stdin.close()
            await process.wait()
            reading.cancel()

    async def start(self, order: dict[str, Any]) -> int:
        """Start a process and return its id."""
        if self._process.stdin is None:
            raise TypeError(self._process)
        self._process.stdin.write(f"{json.dumps(order)}\n".encode())
        return await self._started.get()

    async def _read(self) -> None:
        if self._process.stdout is None:
            raise TypeError(self._process)
        async for line in self._process.stdout:
            said = json.loads(line)
            if "ended" in said:
                self.codes[said["ended"]] = said["code"]
                self.cpu += said["cpu"]
            else:
                # The system may have given the number of one that ended to another.
                self.codes.pop(started := said.get("started", 0), None)
                self._started.put_nowait(started)


@dataclass(slots=True)
class Member:
    """A process of the site: its command line, and its id while it runs."""

    name: str
    words: tuple[str, ...]
    pid: int = 0
    started: float = 0.0
    expected: bool = False
    """Whether somebody wants it to be down."""

    @property
    def kind(self) -> str:
        """What kind of process it is: ``worker``, ``relay``, ``sealer``, ``planner`` or ``portal``."""
        return self.name.rstrip("0123456789")


class Ground(Protocol):
    """What processes stand on."""

    @property
    def broker(self) -> str:
        """Where they find the broker."""

    @property
    def dsn(self) -> str:
        """Where they find Postgres."""


@dataclass(slots=True)
class Site:
    """One domain's processes."""

    ground: Ground
    nursery: Nursery
    domain: str
    data: Path
    born: float
    plant: str | None = None
    members: dict[str, Member] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    async def begin(self, workers: int = 2, portals: int = 2) -> None:
        """Start every process."""
        first = free_ports(portals)
        for n in range(1, workers + 1):
            await self.add(f"worker{n}", "worker", "--member", f"w{n}")
        await self.add("relay", "relay")
        await self.add("sealer", "seal", "--every", "1")
        await self.add("planner", "planner", "--claim", "4")
        for n in range(1, portals + 1):
            name, port = f"portal{n}", first + n - 1
            self.ports[name] = port
            await self.add(name, "serve", "--port", str(port), "--no-sealer")

    async def add(self, name: str, *words: str) -> None:
        """Start a further process."""
        self.members[name] = Member(name, words)
        await self.start(name)

    async def start(self, name: str) -> None:
        """Start a process that is down."""
        member = self.members[name]
        plant = self.plant if self.plant and member.kind in PLANTS[self.plant].where else None
        member.pid = await self.nursery.start(
            {
                "words": member.words,
                "env": self._environment(),
                "log": str(self.data / f"{name}.log"),
                "clock": str(self.clock(name)),
                "born": self.born,
                "plant": plant,
            }
        )
        member.started, member.expected = time.monotonic(), False

    def clock(self, name: str) -> Path:
        """Return the file that says by how many seconds a process's clock is off."""
        return self.data / f"{name}.clock"

    def set_clock(self, name: str, seconds: float) -> None:
        """Let a process's clock be off."""
        path = self.clock(name)
        new = path.with_suffix(".new")
        new.write_text(str(seconds), encoding="ascii")
        new.replace(path)

    def alive(self, name: str) -> bool:
        """Tell whether a process runs."""
        return self.members[name].pid not in self.nursery.codes

    def tell(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a process of ours, by its id."""
        with suppress(ProcessLookupError):
            if self.alive(name):
                os.kill(self.members[name].pid, number)

    async def end(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """End a process and return its exit code, which is negative where a signal ended it."""
        self.members[name].expected = True
        self.tell(name, number)
        while self.alive(name):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)
        return self.nursery.codes[self.members[name].pid]

    async def look(self) -> list[tuple[str, int, float]]:
        """Start again what ended by itself, as a supervisor would: with a pause between two starts.

        Returns the name, the exit code and the age in seconds of each whose end nobody wanted.
        """
        found = []
        for name, member in list(self.members.items()):
            age = time.monotonic() - member.started
            if age > _PAUSE and not member.expected and not self.alive(name):
                found.append((name, self.nursery.codes[member.pid], age))
                await self.start(name)
        return found

    async def close(self, patience: float = 25.0) -> dict[str, int]:
        """Ask every process to end; kill what does not in time, and return the exit codes."""
        for name, member in self.members.items():
            member.expected = True
            self.tell(name, signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while any(map(self.alive, self.members)):  # noqa: ASYNC110 - other processes
                    await asyncio.sleep(0.05)
        return await self.kill()

    async def kill(self) -> dict[str, int]:
        """Kill whatever still runs, and return the exit codes of all."""
        return {name: await self.end(name) for name in self.members}

    def _environment(self) -> dict[str, str]:
        return {
            "WURAO_DATA": str(self.data),
            "WURAO_DSN": self.ground.dsn,
            "WURAO_DOMAIN": self.domain,
            "WURAO_KAFKA": self.ground.broker,
            "WURAO_SOURCES": SOURCES,
            "WURAO_LOG_LEVEL": "info",
            "WURAO_LOG_FORMAT": "json",
        }
