"""The search: numbered steps of annealing, then the whole as one model where it is small."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from scheduler.planner.anneal import Annealing, settle
from scheduler.planner.board import Board
from scheduler.planner.floor import Floor
from scheduler.planner.index import Index
from scheduler.planner.limits import Limits
from scheduler.planner.model import Answer, Choices, choose
from scheduler.planner.score import PriceList, Score, price_list, score_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where the search stands after a step; step 0 is the first plan."""

    step: int
    steps: int
    objective: int
    bound: int
    unplaced: int


Watch = Callable[[Progress], bool]


@dataclass(slots=True)
class Work:
    """The best plan so far, what is proven about it, and how it came about."""

    board: Board
    floor: Floor
    step: int = 0
    improvements: int = 0
    models: int = 0


def keep_going(progress: Progress) -> bool:
    """Watch nothing and never stop."""
    del progress
    return True


def improve(
    index: Index, first: Board, floor: Floor, *, seed: int, limits: Limits, watch: Watch
) -> Work:
    """Improve the first plan until it is proven, the steps are done or the watcher stops it."""
    settle(first, seed)
    work = Work(first, floor)
    best: Choices = tuple(first.chosen)
    best_score = score_of(first)
    running = Board(index)
    running.show(best)
    annealing = Annealing(running, seed, limits.steps)
    stopped = False
    while work.step < limits.steps and not work.floor.is_met_by(work.board):
        if stopped := _is_stopped(work, limits, watch):
            break
        work.step += 1
        annealing.step(work.step)
        if score_of(running) < best_score:
            best, best_score = tuple(running.chosen), score_of(running)
            work.improvements += 1
            work.board.show(best)
    settle(work.board, seed)
    small = 0 < index.option_count() <= limits.whole_options
    if small and not (stopped or _is_best(work) or _is_stopped(work, limits, watch)):
        work.step += 1
        _search_whole(work, seed, limits)
    return work


def _is_best(work: Work) -> bool:
    """Whether no plan can be better, not even in the weight of what is left out."""
    return score_of(work.board) == work.floor.score


def _is_stopped(work: Work, limits: Limits, watch: Watch) -> bool:
    return work.step == limits.stop or not watch(_progress(work, limits))


def _search_whole(work: Work, seed: int, limits: Limits) -> None:
    board = work.board
    free = range(len(board.index.asks))
    prices = price_list(board.index, free)
    hints: Choices = tuple(board.chosen)
    before = score_of(board)
    board.show((None,) * len(hints))
    answer = choose(board, free, prices, hints=hints, seed=seed, effort=limits.whole_effort)
    board.show(hints if answer.choices is None else answer.choices)
    if score_of(board) > before:
        board.show(hints)
    work.models += 1
    work.improvements += score_of(board) < before
    work.floor = searched_floor(work.floor, answer, prices, score_of(board))


def searched_floor(floor: Floor, answer: Answer, prices: PriceList, score: Score) -> Floor:
    """What the model proved: all of the score, or what its bound says of the objective."""
    if answer.proven:
        return Floor(score, floor.prices, searched=True)
    rest = answer.bound - prices.must * score.must_unplaced - prices.pinned * score.pinned_unplaced
    objective = rest // prices.month
    if objective <= floor.score.objective:
        return floor
    return replace(floor, score=replace(floor.score, objective=objective), searched=True)


def _progress(work: Work, limits: Limits) -> Progress:
    return Progress(
        step=work.step,
        steps=limits.steps,
        objective=score_of(work.board).objective,
        bound=work.floor.score.objective,
        unplaced=len(work.board.unplaced()),
    )
