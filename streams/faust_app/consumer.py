"""The framework's consumer with settings that it does not let one choose, two faults mended, and less to do.

It asks the broker to hold a request for 1.5 seconds until there is any data. What comes in meanwhile on a
partition that this request does not name waits for its end, so a quiet system would answer slowly; see
``streams.kafka.gathering``. And outside its own transactions it reads what a sender took back; a command
that was taken back was never asked.

It asks the client for records of a set of partitions that changes while the client waits. Emptied
meanwhile, the set means all partitions: records come of some that are paused, and are dropped, while the
place of reading has moved on. Afterwards it seeks to the committed place, but where none is committed
yet the client stays where it is, and what was dropped is lost.

It makes four tasks for every record, to be able to stop waiting where the record's agent has no room. Here
four are made for all that an answer brought: docs/decisions/0232.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import faust
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, Message

from streams.kafka.gathering import QUIET, gather

_PATIENCE: Final = 1.0
"""Seconds after which whoever waits for records looks whether it should stop."""

Begins = Callable[[TP], int]
"""From which offset to read a partition of which no place is committed."""


class _Thread(driver.AIOKafkaConsumerThread):
    """Creates the client of a worker."""

    def _create_worker_consumer(self, transport: Any) -> Any:  # noqa: ANN401 - of an untyped library
        client = super()._create_worker_consumer(transport)
        # All are read when the client starts; its constructor is called by the framework.
        for name, value in QUIET.items():
            setattr(client, f"_{name}", value)
        client._isolation_level = "read_committed"  # noqa: SLF001 - no other way leads there
        return client


class _Consumer(driver.Consumer):
    """Runs its client in our thread, and loses no record that the framework is not ready for."""

    def __init__(self, *args: Any, begins: Begins, **more: Any) -> None:  # noqa: ANN401 - of an untyped library
        self._begins = begins
        super().__init__(*args, **more)

    def _new_consumer_thread(self) -> driver.AIOKafkaConsumerThread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:  # noqa: ANN401, ASYNC109 - as its parent has it
        asked = None if active_partitions is None else set(active_partitions)
        return await super()._getmany(asked, timeout)

    async def _drain_messages(self, fetcher: Any) -> None:  # noqa: ANN401 - of an untyped library
        """Hand over what comes in until told to stop."""
        ended: tuple[type[BaseException], ...]
        ended = (*self.consumer_stopped_errors, asyncio.CancelledError)
        try:
            while not (self.should_stop or fetcher.should_stop):
                found = deque([each async for each in self.getmany(_PATIENCE)])
                gather(self._thread._ensure_consumer(), busy=bool(found))  # noqa: SLF001 - the same
                if found:
                    await self.wait_first(self._hand_over(found), self.suspend_flow.wait())
                await asyncio.sleep(0)
        except ended:
            if not self.app.should_stop:
                raise

    async def _hand_over(self, found: deque[tuple[TP, Message]]) -> None:
        """Hand records to their agents in order; none is kept here, so that its room can be given back."""
        while found:
            partition, message = found.popleft()
            offset, before = message.offset, self._read_offset[partition]
            if before is not None and offset < before:
                continue
            if before and offset > before + 1 and self.app.topics.acks_enabled_for(message.topic):
                # What lies in between is no record, and nobody will ever acknowledge it.
                await self._add_gap(partition, before + 1, offset)
            await self.callback(message)
            self._read_offset[partition] = offset

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek to where reading goes on: to the committed place, or to where it begins."""
        committed = await super().seek_to_committed()
        fresh = [tp for tp, offset in committed.items() if not offset]
        begins = {tp: self._begins(tp) for tp in fresh if not self._is_changelog_tp(tp)}
        if begins:
            await self.seek_wait(begins)
        return committed


def at_first(_: TP) -> int:
    """Begin with the first record that there is."""
    return 0


def install(app: faust.App, begins: Begins = at_first) -> faust.App:
    """Let an application that is not started yet use this consumer; return it.

    ``begins`` says from which offset to read a partition of which no place is committed.
    """
    app.transport.Consumer = partial(_Consumer, begins=begins)  # type: ignore[misc,assignment]  # one application's, not the class's
    return app
