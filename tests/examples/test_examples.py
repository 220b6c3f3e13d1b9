"""The examples on a real broker, as their own processes, as a neighbour would run them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.messages import Sender, fresh_id
from portal.running.service import Service
from scheduler.states import RequestState
from schemas import commands as c
from schemas.envelope import ActorRole
from schemas.lanes import Lane
from schemas.visits import Decision, Role
from streams.clock import SimulatedClock
from streams.kafka import topics
from streams.kafka.jars import jars, java
from tests.brokers import JARS, POM
from tests.e2e.installations import settings_of
from tests.portal.http.clients import furnish
from tests.processes import Installation
from tests.worlds import NOVEMBER, at

pytestmark = [pytest.mark.lane("kafka"), pytest.mark.timeout(300)]

EXAMPLES = Path(__file__).resolve().parents[2] / "deploy" / "examples"
REQUESTS = EXAMPLES / "requests.jsonl"
_PATIENCE = 90


class Running:
    """An example that runs: its lines, as they come."""

    def __init__(self, *command: str | Path) -> None:
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
        )

    async def lines(self, count: int) -> list[str]:
        """Return the next lines."""
        out = self._process.stdout
        assert out is not None
        async with asyncio.timeout(_PATIENCE):
            return [(await asyncio.to_thread(out.readline)).rstrip("\n") for _ in range(count)]

    async def ended(self) -> int:
        """Ask it to end, as a service manager would; return its exit code."""
        self._process.terminate()
        async with asyncio.timeout(_PATIENCE):
            return await asyncio.to_thread(self._process.wait)

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.communicate()


@contextmanager
def running(*command: str | Path) -> Iterator[Running]:
    """Run an example."""
    found = Running(*command)
    try:
        yield found
    finally:
        found.end()


def words(installation: Installation, state: str, source: str) -> list[str]:
    named = {
        "broker": installation.broker,
        "domain": installation.domain,
        "department": "fire",
        "source": source,
        "requests": str(REQUESTS),
        "state": str(installation.data / state),
        "idle": "60",
    }
    return [word for name, value in named.items() for word in (f"--{name}", value)]


def python(installation: Installation) -> list[str | Path]:
    return [
        sys.executable,
        EXAMPLES / "department.py",
        *words(installation, "state.json", "fire-py"),
    ]


def java_(installation: Installation) -> list[str | Path]:
    path = f"{jars(POM, JARS)}/*"
    example = EXAMPLES / "Department.java"
    return [java(), "-cp", path, example, *words(installation, "state.properties", "fire-java")]


async def decided(service: Service) -> str:
    """Let the head approve the complaint's check and the clerk arrange it; return its day."""
    found = await service.queries.find("request", lane=Lane.STATUTORY.value, limit=1)
    ((_, state),) = found
    assert isinstance(state, RequestState)
    day = state.request.window.first
    head = Sender.of("head-fire", ActorRole.HEAD, "fire")
    clerk = Sender.of("clerk-fire", ActorRole.CLERK, "fire")
    yes = c.DecideRequest(request=state.id, role=Role.HEAD, decision=Decision.APPROVED)
    arrange = c.ArrangeVisit(request=state.id, day=day)
    told = await service.submit(
        [
            head.message(yes, id_=fresh_id(), at=at(NOVEMBER.date(), 10)),
            clerk.message(arrange, id_=fresh_id(), at=at(NOVEMBER.date(), 11)),
        ]
    )
    assert [effect.status for effect in told] == ["accepted", "accepted"]
    return str(day)


async def test_a_department_in_two_languages_and_a_neighbour(installation: Installation) -> None:
    wanted = topics.table(installation.domain, ["fire-py", "fire-java"], ["fire"])
    await topics.ensure(installation.broker, wanted)
    settings = settings_of(installation)
    async with Service.open(settings, clock=SimulatedClock(NOVEMBER)) as service:
        await furnish(service)
        installation.start("worker", "--bare", "--simulated")
        installation.start("relay")

        with running(*python(installation)) as department:
            sent, *stories = await department.lines(4)
            assert sent == "sent 3"
            assert sorted(story.split("  ")[-1] for story in stories) == [
                "accepted, waiting for ['head']",
                "accepted, waiting for ['head']",
                "refused: ['service-week']",
            ]
            assert await department.ended() == 0
        # Sent again: no effect. Read on: only what is new is told.
        with running(*python(installation)) as department:
            assert await department.lines(1) == ["sent 3"]
            day = await decided(service)
            stories = await department.lines(3)
            assert {story.split("  ")[-1] for story in stories} == {
                "decided: approved by head",
                f"visit on {day}, led by fire",
                f"placed on {day}",
            }
        assert len(await service.queries.find("request")) == 3

        with running(*java_(installation)) as department:
            told = await department.lines(10)
            assert told[0] == "sent 3"
            ends = [story.split("  ")[-1] for story in told[1:]]
            assert ends.count('accepted, waiting for ["head"]') == 4
            refusals = [end for end in ends if end.startswith("refused: ")]
            assert all("service-week" in each for each in refusals), refusals
            assert len(refusals) == 2, ends
            assert f"visit on {day}, led by fire" in ends
            assert "decided: approved by head" in ends

        command = ["--broker", installation.broker, "--domain", installation.domain]
        with running(sys.executable, EXAMPLES / "plans.py", *command) as neighbour:
            (line,) = await neighbour.lines(1)
            assert line.startswith(day)
            assert line.endswith("fire  to come")
