"""How a worker asks the broker for records: for whatever there is while all is quiet, for many while they come.

An answer costs worker and broker more than a record does. Left to itself the broker answers as soon as it has
one byte, at five hundred records a second once for every two or three. The client reads both settings for each
question that it asks, but takes them once only; so they are changed where it keeps them.
"""

from __future__ import annotations

from typing import Any, Final

QUIET: Final = {"fetch_min_bytes": 1, "fetch_max_wait_ms": 60}
"""What is asked while nothing comes. What comes in on a partition that a question under way does not name waits
for its end, so it must not last."""

BUSY: Final = {"fetch_min_bytes": 64_000, "fetch_max_wait_ms": 30}
"""What is asked while records come: some ninety requests, or what came in so many milliseconds."""


def gather(consumer: Any, *, busy: bool) -> None:  # noqa: ANN401 - the client, or what another made of it
    """Let the next question of a started client be one for many records, or for any."""
    for name, value in (BUSY if busy else QUIET).items():
        setattr(consumer._fetcher, f"_{name}", value)  # noqa: SLF001 - no other way leads there
