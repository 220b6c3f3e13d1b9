"""Improving a plan by local search, in numbered steps."""

from dataclasses import dataclass

import numpy as np

from scheduler.planner.chance import ONE
from scheduler.planner.instance import Instance, Ints, Points, least_by_ask
from scheduler.planner.search.annealing import anneal
from scheduler.planner.search.desk import desk_of, keep
from scheduler.planner.search.moves import SHADES
from scheduler.planner.search.repair import descend, dim, relieve
from scheduler.planner.search.state import BEYOND, COST, OVER, board_of

NEVER = 2**62
"""Cost of no plan."""
STEPS = 100
"""Numbered steps of one cooling."""
_FINEST = 0.02
"""Of what a visit costs: finer prices than that do not cool a search any further."""
_ENOUGH = 20
_MOST_COOLINGS = 10


@dataclass(frozen=True, slots=True)
class Schedule:
    """Heats and penalty (docs/decisions/0230-all-moves-of-one-ask.md).

    Parameters
    ----------
    heat
        Mean worsening that is accepted, as a multiple of what a visit costs at first, at last of the
        finest decision (`grain_of`). Both are the same, and the search neither cools nor ends, where
        days have no prices of their own. Where they have, the heat at which visits are shuffled
        melts every choice of days (docs/decisions/0145-search-as-fine-as-its-prices.md).
    finer
        How far the first heat follows the finest decision down, as an exponent: 0 not at all,
        1 as far as the last.
    penalty
        Penalty of exceeding a capacity by an ask of mean length, as a multiple of what a visit costs.
    closing
        Share of the steps, the last ones, in which exceeding is dearer than anything.
    """

    heat: float = 0.30
    finer: float = 0.5
    penalty: float = 3.5
    closing: float = 0.05


def improve(
    instance: Instance,
    places: Ints,
    *,
    seed: int,
    moves: int,
    schedule: Schedule | None = None,
) -> Ints:
    """Return a plan that keeps all hard rules and is no dearer than `places` if that does, too.

    Parameters
    ----------
    places
        Option of each ask, or NOWHERE; where to start from.
    moves
        Moves tried, some millions a second. The schedule cools over all of them, so half the moves
        is another search, not the first half of one; small instances are cooled several times.
    """
    coolings = min(_MOST_COOLINGS, max(1, moves // (_ENOUGH * max(1, instance.asks) ** 2)))
    search = Search(instance, places, seed=seed, moves=moves, coolings=coolings, schedule=schedule)
    for _ in range(search.steps):
        search.step()
    return search.result()


class Search:
    """The work on one plan; each call of `step` is one numbered step."""

    def __init__(
        self,
        instance: Instance,
        places: Ints,
        *,
        seed: int,
        moves: int,
        coolings: int = 1,
        schedule: Schedule | None = None,
        shortfalls: Points | None = None,
    ) -> None:
        self.instance = instance
        self.steps = STEPS * coolings
        self.moves = -(-moves // self.steps)
        self.schedule = schedule or Schedule()
        self.done = 0
        self.scale = scale_of(instance)
        self.grain = grain_of(instance, self.scale)
        self._units = max(1.0, float(instance.option_use.mean())) if instance.options else 1.0
        self._leave = float(np.median(instance.leave)) if instance.asks else 0.0
        self._board = board_of(instance, places, shortfalls)
        feasible = self._board.totals[OVER] + self._board.totals[BEYOND] == 0
        cost = int(self._board.totals[COST]) if feasible else NEVER
        self._desk = desk_of(self._board, seed, cost)

    @property
    def cost(self) -> int:
        """Points of the best plan so far, or `NEVER`."""
        return int(self._desk.best_cost[0])

    @property
    def best(self) -> Ints:
        """The best plan so far, where `cost` is known."""
        best: Ints = self._desk.best
        return best

    def step(self) -> None:
        """Do the next step's moves."""
        self.done += 1
        if not self.instance.options:
            return
        cooling, number = divmod(self.done - 1, STEPS)
        plan, scale = self.schedule, self.scale
        open_steps = round(STEPS * (1 - plan.closing))
        share = min(1.0, (number + 1) / open_steps)
        # Every other cooling exceeds little, and leaves asks out and takes them back freely.
        hot = plan.heat * scale * (self.grain / scale) ** plan.finer
        hot = max(hot, self._leave if cooling % 2 else 0.0)
        heat = hot * (plan.heat * self.grain / hot) ** share
        penalty = max(plan.penalty * scale, self._leave if cooling % 2 else 0.0)
        shades = round(penalty * SHADES / self._units)
        if number == open_steps:
            self._mend()
        if number >= open_steps:
            shades = self._forbidding()
        anneal(self._board, self._desk, round(heat * SHADES * ONE), max(1, shades), self.moves)

    def result(self) -> Ints:
        """Return the best plan, after mending the present one, too."""
        self._mend()
        return self._desk.best.copy()

    def _mend(self) -> None:
        board, dear = self._board, self._forbidding()
        dim(board)
        relieve(board, self._desk, dear)
        descend(board, dear)
        keep(board, self._desk)

    def _forbidding(self) -> int:
        """Return a penalty that is dearer than any move can save."""
        most = [column.max(initial=0) for column in self._prices()]
        return int(sum(most) + 1) * SHADES

    def _prices(self) -> tuple[Points, Points, Points]:
        return self.instance.leave, self.instance.visit_price, self.instance.option_price


def scale_of(instance: Instance) -> int:
    """Return the points that a typical decision is about: a visit, or an ask's own prices."""
    paid = instance.visit_price[instance.visit_price > 0]
    if len(paid):
        return int(np.median(paid))
    first = instance.option_first[:-1][np.diff(instance.option_first) > 0]
    if not len(first):
        return 1
    dearest = np.maximum.reduceat(instance.option_price, first)
    spread = dearest - np.minimum.reduceat(instance.option_price, first)
    return max(1, int(np.median(spread)) // 2)


def grain_of(instance: Instance, scale: int) -> float:
    """Return the points of the finest decision: what the next best day costs half of the asks.

    It is what a visit costs where days have no prices of their own, and never finer than a
    fiftieth of that.
    """
    if not instance.options:
        return float(scale)
    owner = np.repeat(np.arange(instance.asks), np.diff(instance.option_first))
    dearer = instance.option_price - least_by_ask(instance, instance.option_price)[owner]
    least = np.full(instance.asks, scale, np.int64)
    np.minimum.at(least, owner[dearer > 0], dearer[dearer > 0])
    return max(float(np.median(least)), _FINEST * scale)
