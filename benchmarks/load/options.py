"""How large each part of the load test is; every size has an option, so that it also runs short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

THINKING: Final = (10, 20)
"""Seconds that a user looks at a page before the next one: the fewest and the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Sizes of all parts."""

    commands: int = 3000
    """Commands of each way of the intake."""
    singles: int = 200
    """Of these how many are sent one after the other, for the time that one takes."""
    seconds: float = 20.0
    """How long each paced run of the latency takes."""
    rate: float = 500.0
    """Commands a second of its first paced run."""
    requests: int = 100_000
    """Rows of the import."""
    users: int = 200
    """Simulated users of the portal."""
    portal_seconds: float = 90.0
    """How long they use it, after all have come."""
    lengths: Sequence[int] = (10_000, 100_000, 1_000_000)
    """Entries of the long ledger at which its costs are read."""
    minutes: float = 5.0
    """How long the paced run takes over which memory is read."""
    pace: float = 50.0
    """Commands a second of that run."""
