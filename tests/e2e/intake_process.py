"""An intake as a process of its own: submits one request per enterprise, a few in a transaction.

    python tests/e2e/intake_process.py DSN NAME COUNT

Prints ``ready``, waits for a line, submits, and prints the statuses as one JSON list.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pydantic import SecretStr

from portal.messages import Sender
from portal.running.service import Service
from portal.settings import Settings
from schemas.commands import SubmitRequest
from schemas.envelope import ActorRole
from streams.clock import SimulatedClock
from tests.builders import a_request, a_uscc
from tests.worlds import NOVEMBER

BATCH = 5


async def intake(dsn: str, name: str, count: int, keys: Path) -> list[str]:
    """Submit a routine request for each enterprise; return what became of each."""
    clerk = Sender.of(f"clerk-{name}", ActorRole.CLERK, "fire", source=name)
    settings = Settings(dsn=SecretStr(dsn), data=keys)
    async with Service.open(settings, clock=SimulatedClock(NOVEMBER)) as service:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        statuses: dict[int, str] = {}
        for start in range(1, count + 1, BATCH):
            numbers = list(range(start, min(start + BATCH, count + 1)))
            if name == "right":
                numbers.reverse()  # the other way round, so that locks are wished for crosswise
            messages = [
                clerk.message(
                    SubmitRequest(request=a_request(enterprise=a_uscc(number))),
                    id_=f"race-{number}",
                    at=NOVEMBER,
                )
                for number in numbers
            ]
            for number, effect in zip(numbers, await service.submit(messages), strict=True):
                statuses[number] = effect.status
        return [statuses[number] for number in range(1, count + 1)]


def main() -> None:
    """Run one intake as the command line says."""
    dsn, name, count, keys = sys.argv[1:]
    statuses = asyncio.run(intake(dsn, name, int(count), Path(keys)))
    sys.stdout.write(json.dumps(statuses) + "\n")


if __name__ == "__main__":
    main()
