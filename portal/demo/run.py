"""One run in one folder: an unfinished one goes on, a finished or another one is replaced.

``demo.json`` in the folder says which run lies there. It is written before the first command and
after the last one, so whatever kills a run leaves it unfinished, and the ledger says how far it came.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from portal.demo.desk import Desk, Told
from portal.proof.sealing import seal_once
from portal.running import stack
from portal.running.service import Service
from portal.settings import Settings
from streams.clock import SimulatedClock
from streams.embedded import EmbeddedServer

_NOTE: Final = "demo.json"


class NotOursError(RuntimeError):
    """The folder holds something that is no run of the demo; nothing in it was touched."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run: its folder and the arguments that make it the same run or another one."""

    data: Path
    arguments: dict[str, Any]

    @property
    def _note(self) -> Path:
        return self.data / _NOTE

    def prepare(self) -> bool:
        """Make the folder ready; tell whether an unfinished run of the same arguments goes on.

        Raises:
            NotOursError: If the folder holds something else.
        """
        known = self._known()
        if known is None and self.data.exists() and any(self.data.iterdir()):
            msg = (
                f"{self.data} 里不是演示数据, 未作改动; 请用 --data 换一个文件夹 / "
                f"{self.data} holds no run of the demo and was left alone; choose another --data"
            )
            raise NotOursError(msg)
        same = known is not None and known.get("arguments") == self.arguments
        resumes = same and known is not None and not known.get("finished")
        if known is not None and not resumes:
            self._discard()
        self.data.mkdir(parents=True, exist_ok=True)
        self._write(finished=False)
        return resumes

    def finish(self) -> None:
        """Note that the run is over."""
        self._write(finished=True)

    @property
    def finished(self) -> bool:
        """Whether a finished run of the same arguments lies in the folder."""
        known = self._known() or {}
        return bool(known.get("finished")) and known.get("arguments") == self.arguments

    def _known(self) -> dict[str, Any] | None:
        try:
            found = json.loads(self._note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def _write(self, *, finished: bool) -> None:
        text = json.dumps({"arguments": self.arguments, "finished": finished}, ensure_ascii=False)
        new = self._note.with_suffix(".new")
        new.write_text(text + "\n", encoding="utf-8")
        new.replace(self._note)

    def _discard(self) -> None:
        """Remove the old run. Its server is stopped first, in case a killed run left it behind."""
        stack.down(Settings(data=self.data))
        folder = Settings(data=self.data).postgres
        if folder.exists():
            server = EmbeddedServer(folder)
            server.start()
            server.stop()
            if (folder / "data" / "postmaster.pid").exists():
                msg = f"{self.data} 正在使用 / is in use by another process"
                raise NotOursError(msg)
        for path in self.data.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


Through = Callable[[Desk], AbstractAsyncContextManager[Desk]]
"""Gives a desk another way to hand its commands in."""


def directly(desk: Desk) -> AbstractAsyncContextManager[Desk]:
    """Hand commands straight to the handler, in this process."""
    return nullcontext(desk)


@asynccontextmanager
async def opened(
    run: Run, start: datetime, told: Told, through: Through = directly
) -> AsyncIterator[Desk]:
    """Open a run's ledger on the embedded server in its folder, with a clock of its own."""
    await asyncio.to_thread(run.prepare)
    clock, settings = SimulatedClock(start), Settings(data=run.data)
    async with Service.open(settings, clock=clock) as service:
        async with through(Desk(service, clock, told)) as desk:
            yield desk
        await seal_once(settings, service)


def in_memory(start: datetime, told: Told = lambda _, __: None) -> Desk:
    """Return a desk over a ledger in memory, for tests."""
    clock = SimulatedClock(start)
    return Desk(Service.memory(clock=clock), clock, told)


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file, by which a run knows its input again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@asynccontextmanager
async def reopened(run: Run, now: datetime) -> AsyncIterator[Desk]:
    """Open a finished run's ledger to read it; nothing in the folder is replaced."""
    clock = SimulatedClock(now)
    async with Service.open(Settings(data=run.data), clock=clock) as service:
        yield Desk(service, clock)
