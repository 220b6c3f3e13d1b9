"""The schedule of a run: which faults, when, for how long, on whom. A pure function of the seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, order=True)
class Planned:
    """A fault at so many seconds from the beginning; ``lasts`` is 0 for what is over at once."""

    at: float
    kind: str
    lasts: float = 0.0


LASTING: Final = {
    "kill-worker": (0.0, 0.0),
    "kill-relay": (0.0, 0.0),
    "kill-sealer": (0.0, 0.0),
    "kill-planner": (0.0, 0.0),
    "kill-portal": (0.0, 0.0),
    "pause-worker": (2.0, 4.0),
    "pause-worker-long": (11.0, 12.0),
    "pause-relay": (2.0, 4.0),
    "pause-broker": (2.0, 4.0),
    "restart-broker": (0.0, 0.0),
    "kill-broker": (0.0, 1.5),
    "restart-postgres": (0.0, 0.0),
    "kill-postgres": (0.0, 1.5),
    "kafka-cut": (0.0, 0.0),
    "kafka-slow": (2.0, 4.0),
    "kafka-half-open": (2.0, 4.0),
    "kafka-mute": (1.0, 3.0),
    "postgres-cut": (0.0, 0.0),
    "postgres-slow": (2.0, 4.0),
    "postgres-half-open": (2.0, 4.0),
    "postgres-mute": (1.0, 3.0),
    "disk-full": (2.0, 3.0),
    "clock-jump": (2.0, 4.0),
    "rebalance": (2.0, 4.0),
}
"""Every kind with the shortest and longest time, in seconds, for which it lasts."""

GAP: Final = (0.4, 1.4)
"""Seconds of quiet between two faults."""

COUNT: Final = 6
"""Faults in a run unless another number is asked for; with messages that come twice that is seven kinds."""

HEAVY: Final = ("kill-broker", "restart-broker", "pause-worker-long", "disk-full", "kill-postgres")
"""What takes long to get over; at most one of these for four faults, so that a run stays short."""


def schedule(
    seed: int, count: int = COUNT, kinds: Sequence[str] = tuple(LASTING)
) -> tuple[Planned, ...]:
    """Return so many faults of different kinds, one after another."""
    chance = random.Random(f"faults {seed}")
    heavy, light = [k for k in kinds if k in HEAVY], [k for k in kinds if k not in HEAVY]
    slow = chance.sample(heavy, min(len(heavy), count // 4))
    chosen = [*slow, *chance.sample(light, min(len(light), count - len(slow)))]
    chance.shuffle(chosen)
    found: list[Planned] = []
    at = 1.0
    for kind in chosen:
        lasts = round(chance.uniform(*LASTING[kind]), 2)
        found.append(Planned(round(at, 2), kind, lasts))
        at += lasts + chance.uniform(*GAP)
    return tuple(found)
