"""One event's moves: those that it hits get new places, and few others move."""

from collections.abc import Callable
from functools import partial

import numpy as np

from scheduler.exchange.statement import Flags
from scheduler.planner.chance import seeds_of
from scheduler.planner.engine.chains import place, relieve
from scheduler.planner.engine.groups import Rates
from scheduler.planner.engine.rounds import WALL, rearrange
from scheduler.planner.instance import NOWHERE, Ints, Points
from scheduler.planner.replan.world import CLOSED, World

TRIES = 50
"""Asks without a day that look for one when room becomes free."""
IN_VAIN = 10
"""Searches for a chain that may find nothing before no more are made for the same event."""


class Turn:
    """What an event did so far.

    Parameters
    ----------
    before
        The plan before.
    hit
        Asks that the event itself takes their day, or may take it.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.before = world.standing.place.copy()
        self.hit: Flags = np.zeros(len(self.before), np.bool_)
        self._in_vain = 0

    def strike(self, asks: Ints) -> None:
        """Take these asks their days."""
        self.hit[asks] = True
        self._world.release(asks)
        for ask in asks.tolist():
            self._world.shift(ask, NOWHERE)

    def place(self, asks: Ints) -> None:
        """Give asks without a day one: a group's together, then each by the cheapest chain."""
        world = self._world
        groups, size = np.unique(world.instance.ask_group[asks], return_counts=True)
        for group in groups[size > 1].tolist():
            self._attempt(partial(self._rearrange, group))
        self._place_each(asks)

    def fill(self, asks: Ints) -> None:
        """Let asks without a day, the most urgent ones first, try for one."""
        world = self._world
        out = asks[world.standing.place[asks] == NOWHERE]
        options = world.options_of(out)
        able = world.roster.owner[options[world.search.option_price[options] < CLOSED]]
        self._place_each(np.unique(able), TRIES)

    def relieve(self, b: int, units: int) -> None:
        """Let a department-day have only so many units: whoever is too much goes elsewhere."""
        world = self._world
        room, load = world.instance.bin_units, world.standing.load
        takes = (world.instance.option_bin == b) & (world.instance.option_use > 0)
        day = np.flatnonzero(takes).astype(np.int32)
        self.hit[world.standing_on(day)] = True
        while load[b] > units:
            stood, taken = world.standing_on(day), int(load[b])
            largest = int(world.instance.option_use[world.standing.place[stood]].max())
            steps = dict.fromkeys((max(units, taken - largest), taken - 1))
            if not any(self._let_go(b, step) for step in steps):
                room[b] = taken  # whoever goes does not come back: there is no unit to spare
                self._shed(stood)
        room[b] = units

    def _place_each(self, asks: Ints, most: int | None = None) -> None:
        world = self._world
        out = asks[world.standing.place[asks] == NOWHERE]
        order = np.argsort(-world.search.leave[out], kind="stable")[:most]
        for ask in out[order].tolist():
            if not self._attempt(partial(self._chain, ask)):
                self._straight(ask)

    def _chain(self, ask: int) -> None:
        world = self._world
        most = int(world.search.leave[ask])
        place(world.search, world.standing, world.roster, world.labels, (ask, most))

    def _straight(self, ask: int) -> None:
        """Give an ask the cheapest day with room, if there is one."""
        world = self._world
        options = world.options_of(np.array([ask]))
        added, free = world.entering(options)
        free = world.counted(options, free & (added < world.search.leave[ask]))
        if free.any():
            world.shift(ask, int(options[np.argmin(np.where(free, added, WALL))]))

    def _let_go(self, b: int, units: int) -> bool:
        """Let a chain free a department-day down to so many units, or by one ask at least."""
        world = self._world
        world.instance.bin_units[b] = units
        was = world.standing.load[b]
        chain = partial(relieve, world.search, world.standing, world.roster, world.labels, b)
        return self._attempt(chain) and bool(world.standing.load[b] < was)

    def _shed(self, asks: Ints) -> None:
        """Send off the ask that is cheapest to send off: to a day with room, or out of the plan."""
        world = self._world
        options = world.options_of(asks)
        owner = world.roster.owner[options]
        added, free = world.entering(options)
        free = world.counted(options, free & (options != world.standing.place[owner]))
        cost: Points = np.concatenate((np.where(free, added, WALL), world.search.leave[asks]))
        ask = np.concatenate((owner, asks))
        target = np.concatenate((options, np.full(len(asks), NOWHERE, np.int32)))
        best = int(np.argmin(cost - world.saved(world.standing.place[ask])))
        world.shift(int(ask[best]), int(target[best]))

    def _rearrange(self, group: int) -> None:
        world = self._world
        none = np.zeros(len(world.instance.bin_units), np.int64)
        dark = np.zeros(len(world.instance.counter_limit), np.int64)
        rates = Rates(none, none + WALL, dark, dark + WALL)
        order = np.array([group], np.int64)
        rearrange(world.search, rates, world.standing, order, (seeds_of(0), 1, True))

    def _attempt(self, act: Callable[[], object]) -> bool:
        """Do it, and undo it if too many would be moved; whether anybody moved.

        What had to be undone is not tried again, and what finds nothing not often: an event that
        hits hundreds must not search hundreds of times in vain.
        """
        world = self._world
        if self._in_vain >= IN_VAIN:
            return False
        kept = world.standing.place.copy()
        act()
        asks = np.flatnonzero(kept != world.standing.place).tolist()
        if len(self.beyond()) <= world.limits.moved:
            self._in_vain += not asks
            return bool(asks)
        for ask in asks:
            world.shift(ask, NOWHERE)
        for ask in asks:
            world.shift(ask, int(kept[ask]))
        self._in_vain = IN_VAIN
        return False

    def beyond(self) -> Ints:
        """The asks that had a day, were not hit, and have it no more."""
        moved = (self.before != self._world.standing.place) & (self.before != NOWHERE)
        return np.flatnonzero(moved & ~self.hit).astype(np.int32)
