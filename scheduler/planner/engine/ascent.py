"""Dual ascent for a group too large for sets: a lower bound and a good choice.

Asks raise in turn what they are willing to pay until every visit they would join is paid for; the
sum is a lower bound, and the visits that are paid for are a good choice (D. Erlenkotter, "A
dual-based procedure for uncapacitated facility location", Operations Research 26(6), 1978).
"""

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import bare, compiled
from scheduler.planner.instance import Points


@compiled
def ascend(opening: Points, gain: Points, at: Points) -> int:
    """Bound what opening visits and placing asks gains, and choose visits well.

    Parameters
    ----------
    gain
        By visit and ask: what placing the ask there costs more than leaving it out.
    at
        Takes the visit of each ask, or -1.
    """
    visits, asks = gain.shape
    slack = opening.copy()
    worth = np.zeros(asks, np.int64)
    for i in range(asks):
        for t in range(visits):
            worth[i] = min(worth[i], gain[t, i])
    risen = True
    while risen:
        risen = False
        for i in range(asks):
            if worth[i] < 0:
                rise = _rise(gain, slack, visits, i, int(worth[i]))
                worth[i] += rise
                risen = risen or rise > 0
    _open_tight(opening, gain, slack <= 0, at)
    return int(worth.sum())


@bare
def _rise(gain: Points, slack: Points, visits: int, ask: int, worth: int) -> int:
    """Raise one ask to the next gain it meets, as far as the visits it pays for allow."""
    top = 0
    for t in range(visits):
        if worth < gain[t, ask] < top:
            top = int(gain[t, ask])
    rise = top - worth
    for t in range(visits):
        if gain[t, ask] <= worth:
            rise = min(rise, int(slack[t]))
    if rise > 0:
        for t in range(visits):
            if gain[t, ask] <= worth:
                slack[t] -= rise
    return rise


@bare
def _open_tight(opening: Points, gain: Points, is_open: NDArray[np.bool_], at: Points) -> None:
    """Start with the tight visits and close in turn the one that pays least."""
    visits, asks = gain.shape
    while True:
        for i in range(asks):
            at[i] = _cheapest(gain, is_open, visits, i, -1)
        worst, most = -1, 0
        for t in range(visits):
            if is_open[t]:
                saved = int(opening[t]) - _lost(gain, is_open, at, visits, t)
                if saved > most:
                    worst, most = t, saved
        if worst < 0:
            return
        is_open[worst] = False


@bare
def _cheapest(gain: Points, is_open: NDArray[np.bool_], visits: int, ask: int, without: int) -> int:
    """The open visit that gains most, or -1 if leaving the ask out is no worse."""
    best = -1
    for t in range(visits):
        worth = t != without and is_open[t] and gain[t, ask] < 0
        if worth and (best < 0 or gain[t, ask] < gain[best, ask]):
            best = t
    return best


@bare
def _lost(gain: Points, is_open: NDArray[np.bool_], at: Points, visits: int, visit: int) -> int:
    """What the asks at a visit lose if it is closed and each goes to its second choice."""
    lost = 0
    for i in range(len(at)):
        if at[i] == visit:
            second = _cheapest(gain, is_open, visits, i, visit)
            lost -= int(gain[visit, i])
            if second >= 0:
                lost += int(gain[second, i])
    return lost
