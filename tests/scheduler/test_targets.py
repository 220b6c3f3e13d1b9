"""What a policy hopes for, counted."""

import pytest

from scheduler.gaps import gap
from scheduler.targets import Counts, measured
from schemas.lanes import Purpose
from schemas.policy import Floor, Share
from tests.builders import a_cap

COUNTS = Counts(
    visits={Purpose.INSPECTION: 6, Purpose.SERVICE: 3, Purpose.OVERSIGHT: 1},
    planned=8,
    joint=2,
    entries=10,
    exempt=3,
    coded=9,
    rated=4,
    unrated=1,
    high=7,
    reached=5,
    before=30,
    after=12,
)
_BASE = {name: getattr(a_cap(), name) for name in ("code", "title", "origin", "in_force")}


@pytest.mark.parametrize(
    ("measure", "target", "pair", "missing"),
    [
        ("joint", 50, (2, 8), 2),
        ("service", 70, (3, 10), 4),
        ("oversight", 20, (1, 10), 0),
        ("enforcement", 10, (6, 10), 5),
        ("exempt", 35, (3, 10), 0),
        ("fewer_entries", 50, (18, 30), 0),
    ],
)
def test_shares(measure: str, target: int, pair: tuple[int, int], missing: int) -> None:
    rule = Share.model_validate({**_BASE, "measure": measure, "target": target})
    assert measured(rule, COUNTS) == pair
    assert gap(rule, *pair) == missing


@pytest.mark.parametrize(
    ("measure", "pair", "missing"),
    [("high_risk_coverage", (5, 7), 2), ("coded", (9, 10), 1), ("rated", (4, 5), 1)],
)
def test_floors(measure: str, pair: tuple[int, int], missing: int) -> None:
    rule = Floor.model_validate({**_BASE, "measure": measure, "at_least": 100})
    assert measured(rule, COUNTS) == pair
    assert gap(rule, *pair) == missing
