"""Improving a plan by many small moves: simulated annealing in numbered steps.

A move brings an enterprise's asks together on one day, or one ask to a day, and lets
others give way (`moves`). Dearer plans are accepted with a chance that falls from step to
step, after Kirkpatrick, Gelatt and Vecchi, "Optimization by simulated annealing" (1983).
"""

from math import exp
from random import Random

from scheduler.planner.board import Board
from scheduler.planner.greedy import fill
from scheduler.planner.moves import Mover
from scheduler.planner.score import price_list, score_of

HOT, COLD = 6.0, 0.8  # objective points: the scale of a worsening accepted first and last
BUNDLES = 0.6  # share of moves that bring a whole enterprise together
TROUBLED = 0.5  # share of moves that start where something is split or unplaced
LOOK_AGAIN = 500  # moves after which the list of such enterprises is renewed


class Annealing:
    """The work on one board; each call of `step` is one numbered step."""

    def __init__(self, board: Board, seed: int, steps: int) -> None:
        self.board = board
        self.steps = steps
        self.random = Random(seed)
        asks = range(len(board.index.asks))
        self.mover = Mover(board, price_list(board.index, asks), self.random)
        self.movable = [
            group
            for group, members in enumerate(board.index.groups)
            if any(board.index.options[ask] for ask in members)
        ]

    def step(self, number: int) -> None:
        """Do the step's moves: as many as the problem has options."""
        cooling = (number - 1) / max(self.steps - 1, 1)
        heat = HOT * (COLD / HOT) ** cooling * self.mover.prices.month
        troubled: list[int] = []
        for move in range(self.board.index.option_count()):
            if move % LOOK_AGAIN == 0:
                troubled = [group for group in self.movable if _is_troubled(self.board, group)]
            self._move(troubled, heat)

    def _move(self, troubled: list[int], heat: float) -> None:
        pool = troubled if troubled and self.random.random() < TROUBLED else self.movable
        members = self.board.index.groups[self.random.choice(pool)]
        whole = self.random.random() < BUNDLES
        asks = list(members) if whole else [self.random.choice(members)]
        options = self.board.index.options[self.random.choice(asks)]
        if not options:
            return
        change = self.mover.bring(asks, self.random.choice(options).day)
        if change is None or (change > 0 and self.random.random() >= exp(-change / heat)):
            self.mover.undo()


def settle(board: Board, seed: int) -> None:
    """End at a plan where no unplaced ask fits, and none could push out lighter ones."""
    mover = Mover(board, price_list(board.index, range(len(board.index.asks))), Random(seed))
    fill(board)
    improved = True
    while improved:
        before = score_of(board)
        for ask in board.unplaced():
            for option in board.index.options[ask]:
                change = mover.bring([ask], option.day)
                if change is not None and change < 0:
                    break
                mover.undo()
        fill(board)
        improved = score_of(board) < before


def _is_troubled(board: Board, group: int) -> bool:
    """Whether an enterprise has an unplaced ask or is entered on more than one day."""
    chosen = [board.chosen[ask] for ask in board.index.groups[group]]
    days = {option.day for option in chosen if option is not None}
    return len(days) > 1 or None in chosen
