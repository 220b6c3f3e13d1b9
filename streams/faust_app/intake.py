"""Agents that take commands in: one per kind of intake topic, all over the same handler.

An agent that raises loses its message, so no body here can: ``settle`` raises nothing but an outage,
and an outage, or anything that nobody thought of, ends the process at once with nothing acknowledged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import faust
import structlog

from schemas.intake_topics import INTAKE
from streams import tracing
from streams.faust_app.application import Held, Place, application, release
from streams.faust_app.batches import batches
from streams.faust_app.room import Room
from streams.kafka import naming
from streams.kafka.records import MovableClock, advance, instant, message
from streams.patience import Handle, Outage, Patience, leave, settle

BATCH: Final = 200
"""Records handed to the handler at once, where so many wait."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """What agents work with."""

    handle: Handle
    patience: Patience = field(default_factory=Patience)
    clock: MovableClock | None = None
    batch: int = BATCH
    told: Callable[[str, int], None] = lambda _, __: None
    leave: Callable[[], None] = leave
    room: Room = field(default_factory=Room)


def intake_app(place: Place, topics: Sequence[str], work: Work, name: str = "intake") -> faust.App:
    """Return the application that serves these intake topics, with an agent for each kind."""
    app = application(name, place)
    for kind in INTAKE:
        prefix = naming.intake_prefix(kind, place.domain)
        mine = [topic for topic in topics if topic.startswith(prefix)]
        if mine:
            _agent(app, kind.name, mine, place.domain, work)
    return app


def _agent(app: faust.App, name: str, topics: Sequence[str], domain: str, work: Work) -> None:
    channel = app.topic(*topics, schema=Held(work.room), allow_empty=True)

    async def take(stream: Any) -> None:  # noqa: ANN401 - the framework's stream
        async for events in batches(stream, work.batch):
            await settled(app, name, events, domain, work)
            del events  # or they would keep their room until others come, who wait for it

    app.agent(channel, name=name)(take)


async def settled(
    app: faust.App, name: str, events: Sequence[Any], domain: str, work: Work
) -> None:
    """Take a batch through the ledger, then let its records go."""
    messages = [event.message for event in events]
    try:
        advance(work.clock, [instant(m.headers) for m in messages])
        batch = [message(m.topic, m.value, domain) for m in messages]
        with tracing.taken(messages):
            await settle(work.handle, batch, work.patience)
    except Exception as error:  # noqa: BLE001 - a body that raises would be started again without them
        why = str(error) if isinstance(error, Outage) else type(error).__name__
        _log.error("worker-leaves", agent=name, waiting=len(messages), why=why)
        work.leave()
        return
    for each in messages:
        release(app, each)
    work.told(name, len(messages))
