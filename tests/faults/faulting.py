"""Carries out a schedule of faults, and finds out of each whether it took effect."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from streams.kafka import topics
from tests.faults.clients import Town
from tests.faults.history import Line, What
from tests.faults.machines import Machines
from tests.faults.proxy import Mode, Proxy
from tests.faults.schedule import Planned
from tests.faults.site import Site

_BALLAST: Final = "ballast"


@dataclass(slots=True)
class Faults:
    """Does to a site what a schedule says."""

    machines: Machines
    site: Site
    town: Town
    chance: random.Random

    async def run(self, planned: tuple[Planned, ...]) -> None:
        """Let every fault happen in its time, one after another."""
        for each in planned:
            await asyncio.sleep(max(0.0, each.at - self.town.elapsed))
            proof = await self.happen(each)
            what = What.FAULT if proof else What.HARMLESS
            self.town.history.add(
                Line(at=round(self.town.elapsed, 3), what=what, kind=each.kind, text=proof)
            )

    async def happen(self, fault: Planned) -> str:
        """Let a fault happen; return how one knows that it did, nothing where it did not."""
        name, _, target = fault.kind.partition("-")
        if name == "kill" and target not in {"broker", "postgres"}:
            return await self._kill(target)
        return await _HOW[fault.kind](self, fault.lasts)

    def _one(self, kind: str) -> str:
        names = [name for name, member in self.site.members.items() if member.kind == kind]
        return self.chance.choice(sorted(names))

    async def _kill(self, kind: str) -> str:
        name = self._one(kind)
        code = await self.site.end(name, signal.SIGKILL)
        await asyncio.sleep(self.chance.uniform(0, 0.5))
        await self.site.start(name)
        return f"{name} died of signal {-code}" if code == -signal.SIGKILL else ""

    async def _pause(self, kind: str, lasts: float) -> str:
        name = self._one(kind)
        return await _stopped(self.site.members[name].pid, name, lasts)

    async def _pause_broker(self, lasts: float) -> str:
        pid = self.machines.kafka.running()
        return await _stopped(pid, "the broker", lasts) if pid else ""

    async def _broker(self, lasts: float, *, kill: bool) -> str:
        kafka = self.machines.kafka
        before = kafka.running()
        await asyncio.to_thread(kafka.kill if kill else kafka.stop)
        down = kafka.running() is None
        await asyncio.sleep(lasts)
        after = await asyncio.to_thread(kafka.start)
        return f"broker {before} ended, {after} took over" if down and before != after else ""

    async def _postgres(self, lasts: float, *, kill: bool) -> str:
        before = await self.machines.stop_postgres(kill=kill)
        await asyncio.sleep(lasts)
        await self.machines.start_postgres()
        after = self.machines.postmaster
        return f"postgres {before} ended, {after} took over" if before != after else ""

    async def _bytes(self, proxy: Proxy, mode: Mode, lasts: float) -> str:
        before = proxy.seen[mode]
        proxy.begin(mode)
        await asyncio.sleep(lasts)
        proxy.end()
        touched = proxy.seen[mode] - before
        return f"{touched} pieces on their way" if touched else ""

    async def _cut(self, proxy: Proxy) -> str:
        broken = proxy.cut()
        return f"{broken} connections broke" if broken else ""

    async def _disk_full(self, lasts: float) -> str:
        """Fill the disk below Postgres, and let a statement of ours find out."""
        if self.machines.disk is None:
            return ""
        ballast = self.machines.disk / _BALLAST
        await asyncio.to_thread(_fill, ballast)
        proof = ""
        try:
            end = time.monotonic() + lasts
            while time.monotonic() < end:
                proof = proof or await self._refused()
                await asyncio.sleep(0.2)
        finally:
            ballast.unlink()
        if self.machines.postmaster is None:
            # It may end when it cannot write its journal; whoever keeps it running starts it again.
            await self.machines.start_postgres()
            proof = f"{proof}; postgres ended and was started again"
        return proof

    async def _refused(self) -> str:
        """Ask Postgres to write more than there is room for; return what it says against it."""
        try:
            connection = await asyncpg.connect(self.machines.direct_dsn, timeout=2)
        except (OSError, asyncpg.PostgresError, TimeoutError) as error:
            return f"no connection: {type(error).__name__}"
        try:
            await connection.execute(
                "CREATE TEMPORARY TABLE full_disk AS SELECT repeat('x', 1000) FROM generate_series(1, 20000)"
            )
        except (asyncpg.DiskFullError, asyncpg.PostgresConnectionError) as error:
            return type(error).__name__
        except (OSError, asyncpg.PostgresError) as error:
            return f"{type(error).__name__}"
        finally:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                await connection.close(timeout=2)
        return ""

    async def _clock_jump(self, lasts: float) -> str:
        """Let one process's clock be off, by minutes or by days, ahead or behind."""
        name = self._one(self.chance.choice(("worker", "portal", "planner")))
        off = self.chance.choice((-3600.0, -90.0, 90.0, 26 * 3600.0))
        self.site.set_clock(name, off)
        await asyncio.sleep(lasts)
        self.site.set_clock(name, 0)
        return f"{name}'s clock was off by {off:g} s"

    async def _rebalance(self, lasts: float) -> str:
        """Let a further worker join, and leave in order."""
        before = await self._group()
        name = f"worker{1 + sum(m.kind == 'worker' for m in self.site.members.values())}"
        await self.site.add(name, "worker", "--member", name)
        joined, end = before, time.monotonic() + lasts + 6
        while joined == before and time.monotonic() < end:
            await asyncio.sleep(0.5)
            joined = await self._group()
        await asyncio.sleep(lasts / 2)
        code = await self.site.end(name, signal.SIGTERM)
        del self.site.members[name]
        return f"{before} members, then {joined}, left with {code}" if joined != before else ""

    async def _group(self) -> int:
        """Return how many workers share the topics, by the broker's word."""
        async with topics.administration(self.machines.kafka.direct) as client:
            found = await client.describe_consumer_groups([f"wurao.{self.site.domain}.intake"])
        (group,) = found[0].groups
        return len(group[-2] if isinstance(group[-1], int) else group[-1])


async def _stopped(pid: int, name: str, lasts: float) -> str:
    """Let a process stand still; the kernel says whether it does."""
    state = ""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(lasts)
            state = state_of(pid)
        finally:
            os.kill(pid, signal.SIGCONT)
    return f"{name} stood still for {lasts} s" if state == "T" else ""


def state_of(pid: int) -> str:
    """Return the letter by which the kernel says what a process does; none where it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return ""
    return text.rpartition(")")[2].split()[0]


def _fill(path: Path) -> None:
    """Write a file until the disk takes no more."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 20))
    with path.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 10))


_How = Callable[[Faults, float], Awaitable[str]]
_HOW: Final[Mapping[str, _How]] = {
    "pause-worker": lambda f, lasts: f._pause("worker", lasts),
    "pause-worker-long": lambda f, lasts: f._pause("worker", lasts),
    "pause-relay": lambda f, lasts: f._pause("relay", lasts),
    "pause-broker": lambda f, lasts: f._pause_broker(lasts),
    "restart-broker": lambda f, lasts: f._broker(lasts, kill=False),
    "kill-broker": lambda f, lasts: f._broker(lasts, kill=True),
    "restart-postgres": lambda f, lasts: f._postgres(lasts, kill=False),
    "kill-postgres": lambda f, lasts: f._postgres(lasts, kill=True),
    "kafka-cut": lambda f, _: f._cut(f.machines.kafka_proxy),
    "kafka-slow": lambda f, lasts: f._bytes(f.machines.kafka_proxy, Mode.SLOW, lasts),
    "kafka-half-open": lambda f, lasts: f._bytes(f.machines.kafka_proxy, Mode.HALF_OPEN, lasts),
    "kafka-mute": lambda f, lasts: f._bytes(f.machines.kafka_proxy, Mode.MUTE, lasts),
    "postgres-cut": lambda f, _: f._cut(f.machines.postgres_proxy),
    "postgres-slow": lambda f, lasts: f._bytes(f.machines.postgres_proxy, Mode.SLOW, lasts),
    "postgres-half-open": lambda f, lasts: f._bytes(f.machines.postgres_proxy, Mode.HALF_OPEN, lasts),
    "postgres-mute": lambda f, lasts: f._bytes(f.machines.postgres_proxy, Mode.MUTE, lasts),
    "disk-full": lambda f, lasts: f._disk_full(lasts),
    "clock-jump": lambda f, lasts: f._clock_jump(lasts),
    "rebalance": lambda f, lasts: f._rebalance(lasts),
}  # fmt: skip
"""How each fault is done that is no kill of one of our processes."""
