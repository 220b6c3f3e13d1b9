"""Who counts under a cap, and who leaves it when it has less room."""

from typing import Final

import numpy as np

from scheduler.planner.instance import NOWHERE, Ints, Points
from scheduler.planner.replan.world import World

SEEN: Final = 4
"""Of so many times as many things as must go, those go that are not in one another's way."""


class Members:
    """The options that count under a cap.

    Parameters
    ----------
    options, marks
        Parallel: an option, and what it makes the cap count.
    """

    def __init__(self, world: World, cap: int) -> None:
        instance = world.instance
        lights = np.flatnonzero(instance.mark_counter[instance.marks] == cap)
        self._world = world
        self.options: Ints = (
            np.searchsorted(instance.mark_first, lights, side="right") - 1
        ).astype(np.int32)
        self.marks: Ints = instance.marks[lights]

    def to_drop(self, number: int) -> Ints:
        """Return the asks that make the cap count as many things as it has no room for any more.

        Those things go whose asks find another place at the least cost, such as a visit that there
        is anyway.
        """
        world, standing = self._world, self._world.standing
        if number <= 0:
            return np.empty(0, np.int32)
        mark_of = np.full(world.instance.options, -1, np.int32)
        mark_of[self.options] = self.marks
        asks = np.unique(world.standing_on(self.options))
        own = mark_of[standing.place[asks]]
        cost, target = self._elsewhere(asks, mark_of)
        things, thing = np.unique(own, return_inverse=True)
        total = np.zeros(len(things), np.int64)
        np.add.at(total, thing, cost)
        first = things[np.argsort(total, kind="stable")][: SEEN * number]
        seen = np.isin(own, first)
        dropped = _apart(first.tolist(), _goals(own[seen], target[seen]), number)
        return asks[np.isin(own, dropped)]

    def _elsewhere(self, asks: Ints, mark_of: Ints) -> tuple[Points, Ints]:
        """What it adds that an ask goes to something else that is counted already; and to which."""
        world, standing = self._world, self._world.standing
        options = world.options_of(asks)
        owner = np.repeat(np.arange(len(asks)), _widths(world, asks))
        added, free = world.entering(options)
        mark = mark_of[options]
        free &= mark != mark_of[standing.place[asks]][owner]
        free &= (mark < 0) | (standing.shining[mark] > 0)
        leave = world.search.leave[asks]
        cost = np.where(free, added, leave[owner])
        best = np.lexsort((cost, owner))[np.searchsorted(owner, np.arange(len(asks)))]
        goes = free[best] & (cost[best] < leave)
        stood = standing.place[asks]
        saved = world.saved(stood)
        return np.where(goes, cost[best], leave) - saved, np.where(goes, mark[best], NOWHERE)


def _goals(own: Ints, target: Ints) -> dict[int, list[int]]:
    """By thing: the things that its asks would go to."""
    goals: dict[int, list[int]] = {}
    for thing, goal in zip(own.tolist(), target.tolist(), strict=True):
        goals.setdefault(thing, []).append(goal)
    return goals


def _apart(things: list[int], goals: dict[int, list[int]], number: int) -> list[int]:
    """Choose things to drop, the first ones first, none of which another one's asks go to."""
    dropped: dict[int, None] = {}
    needed: set[int] = set()
    for thing in things:
        if len(dropped) == number:
            break
        if thing not in needed and dropped.keys().isdisjoint(goals[thing]):
            dropped[thing] = None
            needed.update(goals[thing])
    rest = (thing for thing in things if thing not in dropped)
    return [
        *dropped,
        *(thing for thing, _ in zip(rest, range(number - len(dropped)), strict=False)),
    ]


def _widths(world: World, asks: Ints) -> Ints:
    first = world.instance.option_first
    widths: Ints = first[asks + 1] - first[asks]
    return widths
