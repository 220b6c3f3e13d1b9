"""How the project's Faust applications are set up. Each setting that differs says why."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import faust
from faust.types import AppT, EventT, Message

from streams.faust_app import consumer, flow
from streams.faust_app.room import Room
from streams.kafka.access import MECHANISM, SecureAddress

SESSION: Final = 10.0
"""Seconds after which a worker that was killed is missed and its partitions go to others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an application runs: the broker, the planning domain, and a name for this worker."""

    broker: str
    domain: str
    member: str | None = None
    """A fixed name: after a restart the worker gets its partitions back at once."""
    session: float = SESSION


def application(name: str, place: Place, begins: consumer.Begins = consumer.at_first) -> faust.App:
    """Return an application of a domain; its name is also its consumer group.

    ``begins`` says from which offset to read a partition of which no place is committed.
    """
    app = faust.App(
        f"wurao.{place.domain}.{name}",
        broker=f"kafka://{place.broker}",
        broker_credentials=_credentials(place.broker),
        # State is rebuilt from topics: nothing on this machine has to be kept or trusted.
        store="memory://",
        # The framework makes a folder nevertheless; left to itself, in the folder one stands in.
        datadir=Path(tempfile.gettempdir(), f"wurao-{place.domain}-{name}"),
        key_serializer="raw",
        value_serializer="raw",
        # No port is opened; a page of health is served elsewhere, behind a login.
        web_enabled=False,
        # Waiting for agents to finish before a rebalance has been seen to wait for ever; a message
        # that is delivered twice finds its effect on record instead.
        stream_wait_empty=False,
        # Nothing rests on the framework's transactions: they doubled messages when killed.
        processing_guarantee="at_least_once",
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=place.member or "",
        broker_session_timeout=place.session,
        broker_heartbeat_interval=place.session / 3,
        broker_commit_interval=0.5,
        stream_buffer_maxsize=2000,
        # What waits in an agent's queue is taken from it without another round of the loop.
        cython_optimizations=True,
        topic_disable_leader=True,
        topic_replication_factor=1,
        topic_partitions=1,
        worker_redirect_stdouts=False,
        autodiscover=False,
    )
    return flow.install(consumer.install(app, begins))


def _credentials(broker: str) -> faust.SASLCredentials | None:
    """Return what lets the framework in, where the broker asks for it."""
    if not isinstance(broker, SecureAddress):
        return None
    return faust.SASLCredentials(
        username=broker.user,
        password=broker.password,
        ssl_context=broker.context(),
        mechanism=MECHANISM,
    )


class Held(faust.Schema[bytes, bytes]):
    """Hands records over as bytes, and holds each one until the agent lets it go.

    The framework acknowledges a record by itself when it skips one of an earlier generation after a
    rebalance, or when an agent is interrupted. Each record therefore carries one reference more than
    the framework knows of; only ``release`` takes it away, after the ledger has committed.

    While ``room`` is full nothing more is handed over, so the framework reads no further.
    """

    def __init__(self, room: Room | None = None) -> None:
        super().__init__()
        self._room = room or Room()

    def compile(self, app: AppT, **more: Any) -> Callable[..., Awaitable[EventT[bytes]]]:  # noqa: ANN401 - none is needed
        """Return the function that makes an event of a record. It decodes nothing, so cannot fail."""

        async def decode(message: Message, *, propagate: bool = False) -> EventT[bytes]:
            message.incref()
            value = message.value if message.value is not None else b""
            await self._room.take(message, len(value))
            return app.create_event(message.key, value, message.headers, message)

        return decode


def release(app: faust.App, message: Message) -> None:
    """Let a record go: what is below it may be committed now."""
    message.ack(app.consumer, n=2)
