"""When a search is stopped, by a clock that the test turns."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

import pytest

from portal.plans.stopwatch import Watch, peak_mebibytes, process_seconds


@dataclass
class Seen:
    step: int
    objective: int = 7
    bound: int = 5


class Clock:
    def __init__(self) -> None:
        self.now = 1.0

    def __call__(self) -> float:
        return self.now


def steps_until_stopped(watch: Watch, clock: Clock, each: float, most: int = 99) -> int:
    for step in range(1, most):
        clock.now += each
        if not watch(Seen(step)):
            return step
    return most


@pytest.mark.parametrize(
    ("seconds", "reading", "each", "steps"),
    [
        (10.0, 0.0, 1.0, 8),  # a ninth would end at 10, and half a second is kept
        (10.0, 2.0, 1.0, 4),  # checking and writing take as long as reading, each
        (10.0, 0.0, 4.0, 2),  # a third would end at 13
        (0.0, 0.0, 1.0, 1),  # without a step there is no plan
        (None, 0.0, 1.0, 99),
    ],
)
def test_a_step_is_begun_only_if_it_ends_in_time(
    seconds: float | None, reading: float, each: float, steps: int
) -> None:
    clock = Clock()
    watch = Watch(seconds, reading, lambda _, __: None, clock)
    assert steps_until_stopped(watch, clock, each) == steps


def test_everyone_hears_how_far_it_is() -> None:
    heard: list[tuple[int, float]] = []
    clock = Clock()
    watch = Watch(None, 0.0, lambda seen, now: heard.append((seen.step, now)), clock)
    steps_until_stopped(watch, clock, 1.0, most=4)
    assert heard == [(1, 2.0), (2, 3.0), (3, 4.0)]


def test_an_interrupt_stops_the_search_and_not_the_program() -> None:
    before = signal.getsignal(signal.SIGINT)
    watch = Watch(None, 0.0, lambda _, __: None, Clock())
    with watch.interruptible():
        assert watch(Seen(0))
        os.kill(os.getpid(), signal.SIGINT)
        assert not watch(Seen(1))
    assert signal.getsignal(signal.SIGINT) is before


def test_the_process_is_older_than_its_first_test() -> None:
    first, second = process_seconds(), process_seconds()
    assert 0 < first <= second
    assert peak_mebibytes() > 1
