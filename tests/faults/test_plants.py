"""The planted bugs: each names a promise, and none of the promises goes without one."""

from __future__ import annotations

from tests.faults.checker import CHECKS
from tests.faults.plants import PLANTS
from tests.faults.schedule import LASTING


def test_every_promise_is_broken_by_a_planted_bug() -> None:
    assert {plant.breaks for plant in PLANTS.values()} == CHECKS.keys()


def test_a_bug_is_in_processes_that_there_are_and_needs_faults_that_there_are() -> None:
    kinds = {kind for plant in PLANTS.values() for kind in plant.where}
    assert kinds <= {"worker", "relay", "sealer", "planner", "portal"}
    assert {plant.fault for plant in PLANTS.values()} - {None} <= LASTING.keys()
