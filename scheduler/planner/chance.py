"""Repeatable chance in whole numbers: the same draws on every machine.

Generator xorshift64* after Vigna, "An experimental exploration of Marsaglia's xorshift
generators, scrambled" (ACM TOMS 42, 2016). Acceptance of a worsening by Metropolis' rule needs a
logarithm, whose last bit differs between machines; it is read from a table of whole numbers here.
"""

from math import log

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import bare
from scheduler.planner.instance import Points

Seeds = NDArray[np.uint64]

ONE = 1 << 16
"""Heats are in parts of this: 65536 parts are one point."""

_BITS = 14
_A, _B, _C = np.uint64(12), np.uint64(25), np.uint64(27)
_FACTOR = np.uint64(2685821657736338717)
_HALF = np.uint64(32)
_TABLE_SHIFT = np.uint64(64 - _BITS)
_MANTISSA, _ONE_WHOLE = np.uint64(11), 2.0**53

TAILS = np.array(
    [round(-log((k + 0.5) / (1 << _BITS)) * ONE) for k in range(1 << _BITS)], dtype=np.int64
)
"""-ln of evenly spread numbers of (0, 1), in parts of `ONE`: exponentially distributed tails."""


def seeds_of(seed: int) -> Seeds:
    """Return the generator's state for a seed: any whole number."""
    mixed = ((seed + 1) * 0x9E3779B97F4A7C15) & (2**64 - 1)
    return np.array([mixed or 1], dtype=np.uint64)


@bare
def _next(seeds: Seeds) -> np.uint64:
    x = seeds[0]
    x ^= x >> _A
    x ^= x << _B
    x ^= x >> _C
    seeds[0] = x
    return np.uint64(x * _FACTOR)


@bare
def draw(seeds: Seeds, kinds: int) -> int:
    """Draw one of 0 .. kinds - 1, for kinds of 1 up to 2**31."""
    return int(np.int64((_next(seeds) >> _HALF) * np.uint64(kinds) >> _HALF))


@bare
def share(seeds: Seeds) -> float:
    """Draw a number from 0 up to 1."""
    return np.float64(_next(seeds) >> _MANTISSA) / _ONE_WHOLE


@bare
def tail(seeds: Seeds, tails: Points, heat: int) -> int:
    """Draw the worsening that is still accepted at this heat: exponential with that mean.

    `heat` is in parts of `ONE` of some unit; the answer in whole such units, rounded down.
    """
    at = np.int64(_next(seeds) >> _TABLE_SHIFT)
    return int((tails[at] * heat) >> 32)
