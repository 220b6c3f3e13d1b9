"""Random numbers for compiled loops: SplitMix64 (Steele, Lea and Flood 2014), state in an array."""

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled

Dice = NDArray[np.uint64]


def dice(seed: int) -> Dice:
    """Return the state that a seed begins with."""
    return np.array([seed], np.uint64)


@compiled
def _next(state: Dice) -> int:
    state[0] = z = state[0] + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))  # type: ignore[no-any-return]


@compiled
def below(state: Dice, number: int) -> int:
    """Draw a whole number from 0 to ``number - 1``."""
    return int(np.int64(_next(state) >> np.uint64(1)) % np.int64(number))


@compiled
def share(state: Dice) -> float:
    """Draw a number from 0 up to 1."""
    return np.float64(_next(state) >> np.uint64(11)) / 9007199254740992.0
