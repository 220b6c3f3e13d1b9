"""Small steps on arrays that several parts need."""

import numpy as np
from numpy.typing import NDArray

from scheduler.exchange.statement import Ints, Points

Whole = NDArray[np.integer]


def ranges(start: Whole, width: Whole) -> Points:
    """Return start, start + 1 .. of each width, one range after another."""
    ends = np.cumsum(width, dtype=np.int64)
    numbers = np.repeat(start - (ends - width), width)
    numbers += np.arange(len(numbers), dtype=np.int64)
    return numbers


def firsts(width: Whole) -> Points:
    """Return where each of several rows side by side begins, and where the last ends."""
    first = np.zeros(len(width) + 1, np.int64)
    np.cumsum(width, out=first[1:])
    return first


def owners(first: Points) -> Ints:
    """Return which row each element of rows side by side belongs to."""
    return np.repeat(np.arange(len(first) - 1, dtype=np.int32), np.diff(first))
