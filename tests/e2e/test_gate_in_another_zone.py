"""Two zones as processes of their own, joined by files alone: from the code to the rating, once."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from portal.running.service import Service
from portal.settings import Settings
from scheduler.states import VisitState
from schemas import commands as c
from schemas.base import CHINA
from streams.clock import SimulatedClock
from tests.portal.cli.shell import Shell
from tests.portal.http.clients import furnish
from tests.portal.pages.months import coded, done
from tests.portal.pages.offices import Office
from tests.worlds import NOVEMBER

RATED = "cn.wurao.rating.given.v1"
WURAO = Path(sys.executable).with_name("wurao")
pytestmark = [pytest.mark.lane("postgres"), pytest.mark.timeout(600)]


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone: its own folder and settings, and every command a process of its own."""

    data: Path
    dsn: str | None = None

    @property
    def environ(self) -> dict[str, str]:
        """The environment of this zone's processes; outside none names a database."""
        own = {k: v for k, v in os.environ.items() if not k.startswith("WURAO_")}
        return {**own, "WURAO_DSN": self.dsn} if self.dsn else own

    async def here(self, *words: object) -> dict[str, Any]:
        """Run a command in this process: quicker, where it is not the process that is tested."""
        return await asyncio.to_thread(
            Shell(self.data.parent, self.dsn, data=str(self.data)).ok, *words
        )

    async def run(self, *words: object) -> dict[str, Any]:
        """Run a command as a process to its end; return what it said."""
        process = await asyncio.create_subprocess_exec(
            *(str(WURAO), *map(str, words), "--data", str(self.data), "--json"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environ,
        )
        out, err = await process.communicate()
        assert process.returncode == 0, (words, out, err)
        found: dict[str, Any] = json.loads(out)
        return found

    @asynccontextmanager
    async def gate(self, at: datetime) -> AsyncIterator[httpx.AsyncClient]:
        """Serve the gate at an instant, as a process; give a stranger's client in front of it."""
        process = await asyncio.create_subprocess_exec(
            *(str(WURAO), "gate", "serve", "--port", "0", "--standing-at", at.isoformat()),
            *("--data", str(self.data), "--json"),
            stdout=subprocess.PIPE,
            env=self.environ,
        )
        try:
            assert process.stdout is not None
            url = str(json.loads(await process.stdout.readline())["url"])
            async with httpx.AsyncClient(base_url=url.removesuffix("/q")) as client:
                yield client
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 60) == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


@dataclass(slots=True)
class Loop:
    """A visit inside, a gate outside, and the folders that are carried both ways."""

    office: Office
    inside: Zone
    outside: Zone
    there: Path
    back: Path
    visit: str = ""

    async def join(self) -> None:
        """Let both sides know each other's keys, and a visit be coded inside."""
        key = (await self.inside.here("gate", "key"))["key"]
        own = (await self.outside.here("gate", "setup", key))["key"]
        await self.inside.here("gate", "admit", own)
        self.visit = await coded(self.office)

    async def state(self) -> VisitState:
        """Return the visit as the ledger has it."""
        found = await self.office.service.queries.get(VisitState, f"visit/{self.visit}")
        assert found is not None
        return found

    async def code(self) -> str:
        """Return the text of the visit's code."""
        own = (await self.state()).code
        assert own is not None
        credentials = self.office.service.credentials
        return credentials.visit_code(own.serial, self.visit, own.valid_from, own.valid_until)

    @property
    def link(self) -> str:
        """Where the enterprise rates."""
        return f"/r/{self.office.service.credentials.rating_token(self.visit)}"

    async def out(self) -> dict[str, Any]:
        """Carry a snapshot out."""
        now = self.office.clock.now().isoformat()
        await self.inside.run("gate", "export", self.there, "--at", now)
        return await self.outside.here("gate", "take", self.there)

    async def scans(self) -> None:
        """Let strangers scan a genuine, a forged and a revoked code."""
        void = await self.code()
        await done(self.office, "office", c.RevokeCode(visit=self.visit, reason="换人"))
        await done(self.office, "clerk", c.IssueCode(visit=self.visit))
        good = await self.code()
        assert (await self.out())["visits"] == 1
        day = datetime.combine((await self.state()).line.day, datetime.min.time(), CHINA)
        self.office.clock.set(day + timedelta(hours=10))
        forged = f"{good[:-5]}{'B' if good[-5] == 'A' else 'A'}{good[-4:]}"
        said = {good: "真实有效", forged: "不是本系统签发的码", void: "这个码已经作废"}
        async with self.outside.gate(self.office.clock.now()) as stranger:
            for text, verdict in said.items():
                assert verdict in (await stranger.get(f"/q/{text}")).text

    async def visited(self) -> None:
        """Let the officers enter and leave."""
        credentials = self.office.service.credentials
        scan = c.ScanIn(
            visit=self.visit,
            code=await self.code(),
            gate=credentials.gate_code((await self.state()).line.enterprise),
            departments=("fire", "market"),
            officers=("officer-1", "officer-2", "officer-1-market", "officer-2-market"),
        )
        await done(self.office, "officer", scan)
        await done(self.office, "officer", c.ScanOut(visit=self.visit))

    async def rated(self) -> None:
        """Let the code expire, and the enterprise rate at the gate, and try to rate again."""
        assert (await self.out())["number"] == 2
        async with self.outside.gate(self.office.clock.now() + timedelta(days=1)) as rater:
            assert "入企时间已过" in (await rater.get(f"/q/{await self.code()}")).text
            assert "提交评价" in (await rater.get(self.link)).text
            for grade in ("good", "very_poor"):  # the second finds the token used
                await rater.post(self.link, data={"grade": grade, "comment": "准时"})
            assert "已收到评价，谢谢。" in (await rater.get(self.link)).text
        assert (await self.state()).rating is None

    async def arrived(self) -> None:
        """Carry in what was said, twice; it has its effect once."""
        await self.outside.run("gate", "send", self.back)
        later = (self.office.clock.now() + timedelta(days=1)).isoformat()
        take = ("gate", "receive", self.back, "--at", later)
        told = [await self.inside.run(*take) for _ in range(2)]
        assert [(each["arrived"], each["accepted"], each["repeated"]) for each in told] == [
            (1, 1, 0),
            (0, 0, 1),
        ]
        rating = (await self.state()).rating
        assert rating is not None
        assert rating.grade == "good"
        entries = [body async for _, body in self.office.service.ledger.entries()]
        given = [entry for entry in map(json.loads, entries) if entry["type"] == RATED]
        assert [each["source"].partition(".")[0] for each in given] == ["gate"]
        assert not any("准时".encode() in body for body in entries)

    async def confirmed(self) -> None:
        """Carry the confirmation out: nothing waits any more."""
        await self.out()
        status = await self.outside.here("gate", "status")
        assert (status["snapshot"], status["waiting"]) == (3, 0)
        counted = {each["verdict"]: each["count"] for each in status["scans"]}
        assert counted == {"genuine": 1, "forged": 1, "revoked": 1, "over": 1}
        (gate,) = (await self.inside.here("gate", "list"))["gates"]
        assert (gate["arrived"], gate["scans"]) == (1, status["scans"])


async def test_the_loop_between_two_zones_by_files_alone(database_dsn: str, tmp_path: Path) -> None:
    inside, outside = Zone(tmp_path / "inside", database_dsn), Zone(tmp_path / "outside")
    settings = Settings(dsn=SecretStr(database_dsn), data=inside.data)
    clock = SimulatedClock(NOVEMBER)
    async with Service.open(settings, clock=clock) as service:
        await furnish(service)
        office = Office(service, clock, None)
        loop = Loop(office, inside, outside, tmp_path / "there", tmp_path / "back")
        await loop.join()
        await loop.scans()
        await loop.visited()
        await loop.rated()
        await loop.arrived()
        await loop.confirmed()
