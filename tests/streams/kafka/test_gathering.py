"""What a worker asks for: the client has the settings where they are changed, and they bound every wait."""

from __future__ import annotations

import inspect
from types import SimpleNamespace

from aiokafka.consumer.fetcher import Fetcher

from streams.kafka.gathering import BUSY, QUIET, gather

LONGEST = 60
"""Milliseconds that a record may wait because a question under way does not name its partition."""


def test_the_client_knows_what_is_set() -> None:
    """Tests that an update of the library that keeps them elsewhere is noticed."""
    takes = inspect.signature(Fetcher.__init__).parameters
    keeps = inspect.getsource(Fetcher.__init__)
    for name in (*BUSY, *QUIET):
        assert name in takes
        assert f"self._{name} = {name}" in keeps


def test_a_quiet_worker_is_answered_at_the_first_byte_and_nobody_waits_long() -> None:
    consumer = SimpleNamespace(_fetcher=SimpleNamespace())
    gather(consumer, busy=True)
    assert consumer._fetcher._fetch_min_bytes > 1
    gather(consumer, busy=False)
    assert consumer._fetcher._fetch_min_bytes == 1
    assert BUSY.keys() == QUIET.keys()
    assert max(BUSY["fetch_max_wait_ms"], QUIET["fetch_max_wait_ms"]) <= LONGEST
