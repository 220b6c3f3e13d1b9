"""How good a plan could be at the very best: lower bounds for each term of its score."""

from dataclasses import dataclass, replace

from scheduler.planner.board import Board
from scheduler.planner.bound import (
    Prices,
    Task,
    least_left_out,
    least_weight,
    priced_bound,
)
from scheduler.planner.index import Index
from scheduler.planner.limits import Limits
from scheduler.planner.model import Choices, choose
from scheduler.planner.plan import TOLL_SCALE, Certificate, Shortfall, Toll
from scheduler.planner.problem import ENTRY_COST, UNPLACED_COST
from scheduler.planner.score import PriceList, Score, score_of
from scheduler.planner.tolls import find_prices


@dataclass(frozen=True, slots=True)
class Floor:
    """A score that no plan beats in any term, and the prices that the objective's rests on."""

    score: Score
    prices: Prices
    searched: bool = False

    def is_met_by(self, board: Board) -> bool:
        """Whether no plan can be better than the board's, weights of unplaced asks apart."""
        score = score_of(board)
        return self.score == replace(score, weight_unplaced=self.score.weight_unplaced)


def quick_floor(index: Index) -> Floor:
    """Bound by counting alone: capacity in sum, enterprises as if capacity were free."""
    return _floor(index, least_left_out(index, range(len(index.asks))))


def priced_floor(index: Index, floor: Floor, limits: Limits) -> Floor:
    """Raise the objective's floor by pricing scarce department-days, if that helps."""
    if index.option_count() > limits.priced_options:
        return floor
    task = _whole(index)
    prices = find_prices(index, task, floor.prices.least)
    value = 0 if prices is None else priced_bound(index, task, prices)
    if prices is None or value <= floor.score.objective:
        return floor
    return Floor(replace(floor.score, objective=value), prices)


def packed_floor(board: Board, floor: Floor, *, seed: int, limits: Limits) -> Floor:
    """Raise the floor by packing exactly each department that leaves out more than it must."""
    index, least = board.index, dict(floor.prices.least)
    for department, asks in _asks_by_department(index).items():
        left_out = sum(board.chosen[ask] is None for ask in asks)
        if left_out > least[department]:
            packed = _least_by_packing(asks, board, seed=seed, limits=limits)
            least[department] = max(least[department], packed)
    if least == floor.prices.least:
        return floor
    packed_only = priced_floor(index, _floor(index, least), limits)
    return max(floor, packed_only, key=lambda known: known.score.objective)


def entries_floor(board: Board, floor: Floor, *, seed: int, limits: Limits) -> int:
    """Fewest entries of any plan that places exactly the asks that this one places."""
    index = board.index
    placed = tuple(ask for ask, option in enumerate(board.chosen) if option is not None)
    task = Task(placed, months=False, unplaced=None)
    free_of_toll = Prices((0,) * len(index.units), {}, {})
    bound = max(priced_bound(index, task, free_of_toll), _left_for_entries(board, floor, placed))
    if bound <= ENTRY_COST * (len(board.guests) - 1):
        bound = max(bound, _priced_entries(index, task, limits))
    entries = -(-bound // ENTRY_COST)
    if entries < len(board.guests) and index.option_count() <= limits.whole_options:
        entries = max(entries, _searched_entries(board, placed, seed=seed, limits=limits))
    return entries


def _left_for_entries(board: Board, floor: Floor, placed: tuple[int, ...]) -> int:
    """What the objective's floor leaves for entries once all else is as dear as it can be."""
    months = sum(max(option.months for option in board.index.options[ask]) for ask in placed)
    return floor.score.objective - UNPLACED_COST * len(board.unplaced()) - months


def _priced_entries(index: Index, task: Task, limits: Limits) -> int:
    if index.option_count() > limits.priced_options:
        return 0
    prices = find_prices(index, task, {})
    return 0 if prices is None else priced_bound(index, task, prices)


def _searched_entries(board: Board, placed: tuple[int, ...], *, seed: int, limits: Limits) -> int:
    price = PriceList(month=0, entry=1, unplaced=dict.fromkeys(placed, 1), pinned=0, must=0)
    return choose(
        Board(board.index),
        placed,
        price,
        hints=tuple(board.chosen[ask] for ask in placed),
        seed=seed,
        effort=limits.whole_effort,
        all_placed=True,
    ).bound


def certificate(index: Index, floor: Floor) -> Certificate:
    """Write the floor's prices down so that others can reckon its objective again."""
    prices = floor.prices
    return Certificate(
        kind="search" if floor.searched else "prices",
        tolls=tuple(
            Toll(department=department, day=day, micro=toll)
            for (department, day), toll in zip(index.bins, prices.tolls, strict=True)
            if toll
        ),
        shortfalls=tuple(
            Shortfall(department=name, least=least, micro=prices.rebates.get(name, 0))
            for name, least in sorted(prices.least.items())
            if least
        ),
    )


def _floor(index: Index, least: dict[str, int]) -> Floor:
    # Leaving one out costs 100 and saves an entry at most: that much is sure of each.
    sure = (UNPLACED_COST - ENTRY_COST) * TOLL_SCALE
    rebates = {name: sure for name, count in least.items() if count}
    prices = Prices((0,) * len(index.units), rebates, least)
    asks = index.asks
    must = least_left_out(index, [a for a, ask in enumerate(asks) if ask.must])
    pinned = least_left_out(index, [a for a, ask in enumerate(asks) if ask.pinned is not None])
    score = Score(
        sum(must.values()),
        sum(pinned.values()),
        priced_bound(index, _whole(index), prices),
        least_weight(index, least),
    )
    return Floor(score, prices)


def _whole(index: Index) -> Task:
    return Task(tuple(range(len(index.asks))))


def _asks_by_department(index: Index) -> dict[str, list[int]]:
    by_department: dict[str, list[int]] = {}
    for number, ask in enumerate(index.asks):
        by_department.setdefault(ask.department, []).append(number)
    return by_department


def _least_by_packing(asks: list[int], board: Board, *, seed: int, limits: Limits) -> int:
    """Pack one department's asks into its days, as if it were alone: who stays over?"""
    price = PriceList(month=0, entry=0, unplaced=dict.fromkeys(asks, 1), pinned=0, must=0)
    hints: Choices = tuple(board.chosen[ask] for ask in asks)
    alone = Board(board.index)
    effort = limits.packing_effort
    answer = choose(alone, asks, price, hints=hints, seed=seed, effort=effort)
    return answer.bound
