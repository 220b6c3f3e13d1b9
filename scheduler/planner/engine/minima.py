"""The least that a group costs on its own: an uncapacitated facility location.

Visits are opened, asks go to open ones or are left out. At most `EXACT` asks are solved by a
dynamic program over the sets of asks served, visit by visit.
"""

from typing import Final, NamedTuple

import numpy as np

from scheduler.compiled import bare, compiled
from scheduler.planner.engine.ascent import ascend
from scheduler.planner.instance import NOWHERE, Ints, Points

EXACT: Final = 12
NEVER: Final = 2**61  # the gain of a choice that does not exist: none, whatever is added to it


class Desk(NamedTuple):
    """Room to solve one group after the other.

    Parameters
    ----------
    opening
        Cost of opening each visit of the group.
    gain
        By visit and ask: what placing the ask there costs more than leaving it out.
    option
        By visit and ask: the option.
    answer
        The option of each ask, or NOWHERE, once solved.
    served, opened, taken
        Sums and sets of the dynamic program: the least cost of serving a set by the visits so far,
        the same with this visit open, and what it serves of the set.
    """

    opening: Points
    gain: Points
    option: Ints
    answer: Ints
    served: Points
    opened: Points
    taken: Ints


@compiled
def desk(visits: int, asks: int) -> Desk:
    """Make room for groups of at most so many visits and asks."""
    sets = 1 << min(asks, EXACT)
    return Desk(
        np.zeros(visits, np.int64),
        np.full((visits, asks), NEVER, np.int64),
        np.full((visits, asks), NOWHERE, np.int32),
        np.full(asks, NOWHERE, np.int32),
        np.zeros(sets, np.int64),
        np.zeros(sets, np.int64),
        np.zeros((visits, sets), np.int32),
    )


@compiled
def least(room: Desk, visits: int, asks: int) -> int:
    """Solve the group on the desk: no choice goes below the value returned; all out is zero."""
    opening, gain, option, answer = room.opening, room.gain, room.option, room.answer
    if asks > EXACT:
        return _by_ascent(opening[:visits], gain[:visits, :asks], option, answer)
    sets = 1 << asks
    served, opened, taken = room.served[:sets], room.opened[:sets], room.taken
    served[0] = 0
    served[1:] = NEVER
    for t in range(visits):
        cost, row = gain[t, :asks], taken[t, :sets]
        if _pays(opening[t], cost) and (t == 0 or _differs(opening, gain, t, asks)):
            _serve(served, opened, row, opening[t], cost)
        else:
            row[:] = 0
    best = 0
    for s in range(1, sets):
        if served[s] < served[best]:
            best = s
    _answer(taken, option[:visits], best, answer[:asks])
    return int(served[best])


@bare
def _answer(taken: Ints, option: Ints, best: int, answer: Ints) -> None:
    """Read the choice back from the sets that the visits took."""
    left = best
    answer[:] = NOWHERE
    for t in range(len(option) - 1, -1, -1):
        inside = int(taken[t, left])
        for i in range(len(answer)):
            if inside >> i & 1:
                answer[i] = option[t, i]
        left ^= inside


@compiled
def _by_ascent(opening: Points, gain: Points, option: Ints, answer: Ints) -> int:
    asks = gain.shape[1]
    at = np.empty(asks, np.int64)
    value = ascend(opening, gain, at)
    for i in range(asks):
        answer[i] = NOWHERE if at[i] < 0 else option[at[i], i]
    return value


@bare
def _pays(opening: int, gain: Points) -> bool:
    """Whether opening the visit could pay if it served all asks."""
    balance = opening
    for i in range(len(gain)):
        balance += min(gain[i], 0)
    return bool(balance < 0)


@bare
def _differs(opening: Points, gain: Points, visit: int, asks: int) -> bool:
    """Whether the visit costs something else than the one before it: if not, it adds nothing."""
    if opening[visit] != opening[visit - 1]:
        return True
    differing = 0
    for i in range(asks):
        differing += gain[visit, i] != gain[visit - 1, i]
    return differing > 0


@bare
def _serve(served: Points, opened: Points, taken: Ints, opening: int, gain: Points) -> None:
    """Let one more visit serve what pays."""
    for s in range(len(served)):
        opened[s] = served[s] + opening
        taken[s] = 0
    for i in range(len(gain)):
        if gain[i] < 0:
            _add(opened, taken, gain[i], 1 << i)
    for s in range(len(served)):
        if opened[s] < served[s]:
            served[s] = opened[s]
        else:
            taken[s] = 0


@bare
def _add(opened: Points, taken: Ints, gain: int, bit: int) -> None:
    """Let the open visit serve one more ask, wherever that is cheaper."""
    for block in range(bit, len(opened), 2 * bit):
        for s in range(block, block + bit):
            if opened[s - bit] + gain < opened[s]:
                opened[s] = opened[s - bit] + gain
                taken[s] = taken[s - bit] | bit
