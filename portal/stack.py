"""The local broker and the topics of an installation: what ``wurao up`` brings up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from portal.resources import deploy_dir
from portal.settings import Settings
from streams.kafka import topics
from streams.kafka.local import Broker, free_port

JARS: Final = Path(".wurao/kafka")
"""Where the broker's jars are kept: once for the whole checkout, whatever folder the data lie in."""

Starting = Callable[[], object]
"""Starts what may be gone; does nothing where it runs."""

SOURCES: Final = ("console", "planner", "timer")
"""The sources that belong to the program itself."""

_PORT: Final = "port"


class NotUpError(RuntimeError):
    """No broker is known; the text says what brings one up."""


def local_broker(settings: Settings) -> Broker:
    """Return the local broker of an installation. It keeps the port that it got at its first start."""
    folder = settings.broker
    note = folder / _PORT
    if not note.exists():
        folder.mkdir(parents=True, exist_ok=True)
        note.write_text(str(free_port()), encoding="ascii")
    port = int(note.read_text(encoding="ascii"))
    return Broker(folder, deploy_dir("kafka") / "pom.xml", JARS, port=port)


def broker_address(settings: Settings) -> str:
    """Return where clients connect.

    Raises:
        NotUpError: If no broker is named and the local one does not run.
    """
    if settings.kafka is not None:
        return settings.kafka
    if (settings.broker / _PORT).exists():
        local = local_broker(settings)
        if local.running() is not None:
            return local.address
    msg = "Kafka 没有启动, 请先运行 wurao up / no broker runs here; start it with: wurao up"
    raise NotUpError(msg)


async def up(
    settings: Settings, sources: Iterable[str] = (), departments: Iterable[str] = ()
) -> tuple[str, topics.Report]:
    """Start the local broker where none is named, and make the topics that are missing.

    Raises:
        NoBroker: If the broker cannot run here.
        TopicError: If it refuses to make a topic.
    """
    if settings.kafka is None:
        await asyncio.to_thread(local_broker(settings).start)
    address = broker_address(settings)
    wanted = topics.table(settings.domain, sorted({*SOURCES, *sources}), sorted(set(departments)))
    return address, await topics.ensure(address, wanted)


def down(settings: Settings) -> bool:
    """Stop the local broker; tell whether it ran. A broker of one's own is left alone."""
    if settings.kafka is not None or not (settings.broker / _PORT).exists():
        return False
    return local_broker(settings).stop()
