"""The lower bound, kept true from event to event: only what an event touches is reckoned again."""

import numpy as np

from scheduler.exchange.plan import Certificate, no_certificate
from scheduler.exchange.statement import Statement
from scheduler.planner.engine.arrays import MICRO
from scheduler.planner.engine.groups import Standing, flat_rates, nobody
from scheduler.planner.engine.outcome import whole_points
from scheduler.planner.instance import Points
from scheduler.planner.replan.leasts import least_of
from scheduler.planner.replan.world import CLOSED, World


class Proof:
    """A certificate's prices, and the parts of the bound that they prove; all in micro-points.

    The prices stay what they were: any prices prove a true bound, of the problem as it is now. What
    departments must leave out is counted anew for those that an event touches; a claim that rests
    on exact packing then falls back to what counting shows.

    Parameters
    ----------
    values
        The least of each group.
    groups, earned
        Their sum; what capacities and caps earn.
    """

    def __init__(self, world: World, certificate: Certificate) -> None:
        self._world = world
        self.tolls = np.maximum(certificate.tolls, 0).ravel()
        self.budgets = np.maximum(certificate.budgets, 0)
        self.rebates = np.maximum(certificate.rebates, 0)
        self.least = np.where(self.rebates > 0, np.maximum(certificate.least, 0), 0)
        self.values = np.zeros(0, np.int64)
        self.groups = 0
        instance = world.instance
        self.earned = _product(self.tolls, instance.bin_units)
        self.earned += _product(self.budgets, instance.counter_limit[: len(self.budgets)])
        self._empty: Standing = nobody(world.true)
        world.stale_groups.update(range(instance.groups))
        world.stale_departments.clear()
        self._releave(np.arange(instance.asks))
        self.refresh()

    @property
    def bound(self) -> int:
        """Points below which no plan of the problem can be."""
        return whole_points(self.groups - self.earned + _product(self.least, self.rebates))

    def refresh(self) -> None:
        """Reckon anew what changed since the last time."""
        world = self._world
        instance = world.instance
        if len(world.true.visit_price) != len(self._empty.guests) or len(instance.leave) != len(
            self._empty.place
        ):
            self._empty = nobody(world.true)
            self._releave(np.arange(instance.asks))
        for department in sorted(world.stale_departments):
            if self.rebates[department]:
                self._recount(department)
        world.stale_departments.clear()
        if world.stale_groups:
            self._revalue(np.array(sorted(world.stale_groups), np.int64))
            world.stale_groups.clear()

    def certificate(self, statement: Statement) -> Certificate:
        """Return the prices, for the problem as it is now."""
        nothing = no_certificate(statement)
        return Certificate(
            tolls=self.tolls.reshape(nothing.tolls.shape),
            surcharge_request=nothing.surcharge_request,
            surcharge_day=nothing.surcharge_day,
            surcharge_micro=nothing.surcharge_micro,
            budgets=self.budgets,
            least=self.least,
            rebates=self.rebates,
        )

    def earn(self, toll: int, more: int) -> None:
        """Note that so many more units, or so much more room, at this price are there."""
        self.earned += toll * more

    def _revalue(self, groups: Points) -> None:
        counters = len(self._world.instance.counter_limit)
        budgets = np.zeros(counters, np.int64)
        budgets[: len(self.budgets)] = self.budgets
        missing = self._world.instance.groups - len(self.values)
        self.values = np.concatenate((self.values, np.zeros(missing, np.int64)))
        before = self.values[groups].tolist()
        rates = flat_rates(self.tolls, budgets)
        least_of(self._world.true, rates, self._empty, groups, self.values)
        self.groups += sum(self.values[groups].tolist()) - sum(before)

    def _releave(self, asks: Points) -> None:
        """Let leaving out cost what the problem says, less the rebate."""
        world = self._world
        instance = world.instance
        owed = instance.leave[asks] * MICRO - self.rebates[instance.ask_department[asks]]
        world.true.leave[asks] = np.where(world.alive[asks], owed, 0)

    def cancel(self, ask: int) -> None:
        """Let a cancelled ask cost nothing."""
        self._releave(np.array([ask]))

    def _recount(self, department: int) -> None:
        """Claim what counting shows, and no rebate where it shows nothing."""
        world, instance = self._world, self._world.instance
        asks = np.flatnonzero((instance.ask_department == department) & world.alive)
        options = world.options_of(asks)
        options = options[world.true.option_price[options] < CLOSED]
        shortest = np.full(instance.asks, np.iinfo(np.int64).max)
        use = instance.option_use[options].astype(np.int64)
        np.minimum.at(shortest, world.roster.owner[options], use)
        own = np.sort(shortest[asks])
        can = own[own < np.iinfo(np.int64).max]
        units = int(instance.bin_units[instance.bin_department == department].sum())
        fit = int((np.cumsum(can) <= units).sum())
        self.least[department] = len(own) - fit
        if not self.least[department]:
            self.rebates[department] = 0
            self._releave(asks)
            world.stale_groups.update(np.unique(instance.ask_group[asks]).tolist())


def _product(prices: Points, amounts: Points) -> int:
    """Sum price x amount in numbers of any length."""
    paid = np.flatnonzero(prices)
    pairs = zip(prices[paid].tolist(), amounts[paid].tolist(), strict=True)
    return sum(price * amount for price, amount in pairs)
