"""Counters and alerts in a table: a fold over the ledger's topic that a replay rebuilds.

The table's changelog keeps the newest record of each key, and each record knows the last position
that changed it, so an entry that is read again is not counted again. Nothing is acknowledged: every
start reads the ledger's topic from its beginning. A table that was recovered short of its last records
(seen under load after a restart) is mended by that, where a committed place would have kept the hole.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import faust
import structlog

from scheduler.watching import changes, watched
from streams.faust_app.application import Held, Place, application
from streams.kafka import naming

TABLE: Final = "watched"
_log = structlog.get_logger(__name__)


def changelog(domain: str) -> str:
    """Return the name of the topic that holds the table."""
    return f"wurao.{domain}.watch-{TABLE}-changelog"


def watch_app(place: Place, told: Callable[[int], None] = lambda _: None) -> faust.App:
    """Return the application that watches a domain's ledger."""
    app = application("watch", place)
    table = app.Table(
        TABLE, partitions=1, schema=faust.Schema(key_serializer="json", value_serializer="json")
    )
    channel = app.topic(naming.ledger(place.domain), schema=Held())

    async def watch(stream: Any) -> None:  # noqa: ANN401 - the framework's stream
        # One by one: a table can only be changed while the framework knows by which record.
        async for event in stream.noack().events():
            told(taken(table, event.value))

    app.agent(channel, name="watch")(watch)
    return app


def taken(table: Any, body: bytes) -> int:  # noqa: ANN401 - the framework's table
    """Fold an entry into the table and return its position. It cannot raise.

    The ledger's entries were written by this program. One that cannot be read nonetheless must not
    stop the watch: the audit of the topic names it.
    """
    try:
        entry = json.loads(body)
        for key, change in changes(entry):
            new = watched(table.get(key), change, entry["position"])
            if new is not None:
                table[key] = new
        return int(entry["position"])
    except Exception as error:  # noqa: BLE001 - an agent that raises loses its place
        _log.error("entry-not-watched", fault=type(error).__name__)
        return 0
