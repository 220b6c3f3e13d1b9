"""What a search that was cut short may claim."""

import pytest

from scheduler.planner.bound import Prices
from scheduler.planner.floor import Floor
from scheduler.planner.improve import searched_floor
from scheduler.planner.model import Answer
from scheduler.planner.score import PriceList, Score

# One point is 10, a pinned ask 10,000 and a statutory one 100,000.
PRICES = PriceList(month=10, entry=100, unplaced={}, pinned=10_000, must=100_000)
KNOWN = Floor(Score(0, 0, 40, 0), Prices((), {}, {}))
FOUND = Score(must_unplaced=1, pinned_unplaced=2, objective=60, weight_unplaced=7)


def test_a_finished_search_proves_all_of_the_score() -> None:
    floor = searched_floor(KNOWN, Answer((), 0, proven=True), PRICES, FOUND)
    assert (floor.score, floor.searched) == (FOUND, True)


@pytest.mark.parametrize(
    ("bound", "objective", "searched"),
    [
        (120_509, 50, True),  # 509 is left: 50 points and at most 9 of weight
        (120_510, 51, True),
        (120_409, 40, False),  # no more than was known
        (0, 40, False),
    ],
)
def test_an_unfinished_search_proves_what_its_bound_leaves_for_the_objective(
    bound: int, objective: int, searched: bool
) -> None:
    floor = searched_floor(KNOWN, Answer((), bound, proven=False), PRICES, FOUND)
    assert (floor.score, floor.searched) == (Score(0, 0, objective, 0), searched)
