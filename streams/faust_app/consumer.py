"""The framework's consumer with two settings that it does not let one choose.

It asks the broker to hold a request for 1.5 seconds until there is data. What comes in meanwhile on a
partition that this request does not name waits for its end, so a quiet system would answer slowly.
And outside its own transactions it reads what a sender took back; a command that was taken back was
never asked.
"""

from __future__ import annotations

from typing import Any, Final

import faust
from faust.transport.drivers import aiokafka as driver

LONGEST_WAIT: Final = 60
"""Milliseconds for which the broker may hold a request."""


class _Thread(driver.AIOKafkaConsumerThread):
    """Creates the client of a worker."""

    def _create_worker_consumer(self, transport: Any) -> Any:  # noqa: ANN401 - of an untyped library
        client = super()._create_worker_consumer(transport)
        # Both are read when the client starts; its constructor is called by the framework.
        client._fetch_max_wait_ms = LONGEST_WAIT  # noqa: SLF001 - no other way leads there
        client._isolation_level = "read_committed"  # noqa: SLF001 - the same
        return client


class _Consumer(driver.Consumer):
    """Runs its client in our thread."""

    def _new_consumer_thread(self) -> driver.AIOKafkaConsumerThread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)


def install(app: faust.App) -> faust.App:
    """Let an application that is not started yet use this consumer; return it."""
    app.transport.Consumer = _Consumer  # type: ignore[misc]  # one application's, not the class's
    return app
