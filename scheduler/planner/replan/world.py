"""A planned problem in memory that single events change in place."""

from typing import Final

import numpy as np

from scheduler.exchange.arrays import Whole, ranges
from scheduler.exchange.plan import NO_DAY
from scheduler.exchange.statement import Flags, Statement
from scheduler.planner.engine.arrays import MICRO, Arrays, arrays_of
from scheduler.planner.engine.chains import Labels, labels_for
from scheduler.planner.engine.groups import Standing
from scheduler.planner.engine.rounds import counts, shift
from scheduler.planner.engine.ways import Roster, roster_of
from scheduler.planner.instance import NOWHERE, Instance, Ints, Points
from scheduler.planner.replan.events import Limits
from scheduler.planner.replan.layout import lay_out, standing_of
from scheduler.planner.replan.names import Names

CLOSED: Final = 2_000_000_000
"""Points of an option that cannot stand: more than any chain of moves could save."""


class World:
    """Arrays of a problem and its plan.

    Two sets of prices lie on the same arrays: `true` ones, which the bound is reckoned at, and those
    of the `search`, in which leaving a published day costs points and leaving out follows the
    objective's levels. Closed options are `CLOSED` in both; `instance` keeps the problem's own prices.

    Parameters
    ----------
    published
        Option of each ask in the plan before the event that is being answered.
    request
        Of each ask: its number among `names.ids`.
    alive, gone
        Asks that were not cancelled; options that an enterprise's closed day took away.
    stale_groups, stale_departments
        Whose true prices changed since the bound was last reckoned.
    """

    def __init__(self, statement: Statement, day: Ints, limits: Limits) -> None:
        laid = lay_out(statement, day)
        self.names = Names(statement, laid.request, laid.instance)
        self.limits = limits
        self.instance: Instance = laid.instance
        self.request, self.pinned, self.zeal = laid.request, laid.pinned, laid.zeal
        self.published = laid.place.copy()
        self.alive: Flags = np.ones(self.instance.asks, np.bool_)
        self.gone: Flags = np.zeros(self.instance.options, np.bool_)
        self.stale_groups: set[int] = set()
        self.stale_departments: set[int] = set()
        self._released: list[int] = []
        price = np.full(self.instance.options, CLOSED, np.int64)
        self.arrange(arrays_of(self.instance), laid.place, price)
        self.reprice(np.arange(self.instance.options))

    def arrange(self, arrays: Arrays, place: Ints, price: Points) -> None:
        """Lay out what follows from the instance and its arrays; `price` is the true one by option."""
        self.true: Arrays = arrays._replace(option_price=price)
        self.search: Arrays = arrays._replace(
            option_price=price.copy(), leave=np.zeros_like(arrays.leave)
        )
        self.roster: Roster = roster_of(self.instance)
        self.labels: Labels = labels_for(self.roster)
        self.standing: Standing = standing_of(self.true, place)
        self.releave(np.arange(self.instance.asks))

    def releave(self, asks: Whole) -> None:
        """Let the search see what leaving these asks out costs now."""
        stood = self.published[asks] != NOWHERE
        promised = (self.instance.leave[asks] + self.limits.change * stood) * MICRO
        self.search.leave[asks] = np.where(self.alive[asks], promised + self.zeal[asks], 0)

    def reprice(self, options: Whole) -> None:
        """Let both prices follow what can stand now, and what is published."""
        ask = self.roster.owner[options]
        own = self.instance.option_price[options]
        price = np.where(self.shut(options), CLOSED, own)
        news = self.true.option_price[options] != price
        self.stale_groups.update(np.unique(self.instance.ask_group[ask[news]]).tolist())
        self.stale_departments.update(np.unique(self.instance.ask_department[ask[news]]).tolist())
        self.true.option_price[options] = price
        stands = self.published[ask] == options
        away = (self.published[ask] != NOWHERE) & ~stands
        price = price + self.limits.change * away
        early = (self.instance.option_day[options] < self.limits.first_day) & ~stands
        self.search.option_price[options] = np.where(early, CLOSED, price)

    def shut(self, options: Whole) -> Flags:
        """Whether these options could not stand even alone."""
        instance, ask = self.instance, self.roster.owner[options]
        pin = self.pinned[ask]
        shut: Flags = self.gone[options] | ~self.alive[ask]
        shut |= (pin != NO_DAY) & (pin != instance.option_day[options])
        shut |= instance.option_use[options] > instance.bin_units[instance.option_bin[options]]
        dark = instance.counter_limit[: self.names.caps] <= 0
        if dark.any():
            first = instance.mark_first[options]
            width = instance.mark_first[options + 1] - first
            counter = instance.mark_counter[instance.marks[ranges(first, width)]]
            under = counter < self.names.caps
            under[under] = dark[counter[under]]
            shut[np.repeat(np.arange(len(options)), width)[under]] = True
        return shut

    def publish(self) -> None:
        """Let the plan as it stands be the published one."""
        news = np.flatnonzero(self.standing.place != self.published)
        asks = np.union1d(news, np.array(self._released, np.int64))
        self._released.clear()
        self.published[asks] = self.standing.place[asks]
        self.releave(asks)
        self.reprice(self.options_of(asks))

    def cancel(self, ask: int) -> None:
        """Let an ask count for nothing from now on."""
        self.alive[ask] = False
        self.instance.leave[ask] = 0
        self.stale_groups.add(int(self.instance.ask_group[ask]))
        self.stale_departments.add(int(self.instance.ask_department[ask]))
        self.releave(np.array([ask]))

    def release(self, asks: Ints) -> None:
        """Let asks go whose day is gone: until the next plan is published, to stay costs as much."""
        stood = self.published[asks]
        self.search.option_price[stood[stood != NOWHERE]] += self.limits.change
        self._released += asks.tolist()

    def shift(self, ask: int, option: int) -> None:
        """Move an ask, whatever it costs."""
        shift(self.search, self.standing, ask, option)

    def entering(self, options: Ints) -> tuple[Points, Flags]:
        """Return what taking each of these options adds in the search, and whether there is room.

        Counters are not asked: see `counted`.
        """
        price, visit = self.search.option_price[options], self.instance.option_visit[options]
        opened = self.standing.guests[visit] > 0
        added = price + np.where(opened, 0, self.instance.visit_price[visit])
        b = self.instance.option_bin[options]
        taken = self.standing.load[b] + self.instance.option_use[options]
        free: Flags = (taken <= self.instance.bin_units[b]) & (price < CLOSED)
        return added * MICRO, free

    def saved(self, stood: Ints) -> Points:
        """Return what leaving each of these options saves in the search, if one ask stands there."""
        alone = self.standing.guests[self.instance.option_visit[stood]] == 1
        opening = self.instance.visit_price[self.instance.option_visit[stood]]
        saved: Points = (self.search.option_price[stood] + alone * opening) * MICRO
        return saved

    def counted(self, options: Ints, free: Flags) -> Flags:
        """Return which of the free options counters admit as well."""
        first = self.instance.mark_first
        admitted = free.copy()
        for k in np.flatnonzero(free & (first[options] < first[options + 1])).tolist():
            admitted[k] = counts(self.search, self.standing, options[k])
        return admitted

    def options_of(self, asks: Whole) -> Ints:
        """Return all options of these asks."""
        first = self.instance.option_first[asks]
        return ranges(first, self.instance.option_first[asks + 1] - first).astype(np.int32)

    def standing_on(self, options: Ints) -> Ints:
        """Return the asks that stand on one of these options."""
        ask = self.roster.owner[options]
        here: Ints = ask[self.standing.place[ask] == options]
        return here

    def request_of(self, ask: int) -> str:
        """Return the id of an ask's request."""
        return self.names.ids[int(self.request[ask])]

    @property
    def objective(self) -> int:
        """Points of the plan as it stands."""
        place, instance = self.standing.place, self.instance
        return (
            int(instance.leave[place == NOWHERE].sum())
            + int(instance.option_price[place[place != NOWHERE]].sum())
            + int(instance.visit_price[self.standing.guests > 0].sum())
        )
