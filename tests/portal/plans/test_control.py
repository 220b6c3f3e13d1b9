"""A search ends when it must, and its best is kept; no test waits for a clock."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace

import pytest

from portal.plans.control import Control, stopped_by_ctrl_c
from portal.plans.process import peak_mib, process_seconds, resident_mib
from scheduler.planner.limits import Limits
from scheduler.planner.progress import Progress
from scheduler.planner.solve import solve
from tests.scheduler.planner.worlds import county_month


def step(number: int) -> Progress:
    """Where a search stands."""
    return Progress(step=number, phase="rounds", objective=200, bound=190, unplaced=1)


def test_time_ends_a_search_at_the_next_step() -> None:
    hands = iter([0.0, 1.0, 2.5])
    control = Control(seconds=2, clock=lambda: next(hands))
    assert control(step(0))
    assert not control(step(1))
    assert control.why == "time"


def test_memory_ends_a_search_at_the_next_step() -> None:
    held = iter([100, 300])
    control = Control(memory_mib=256, memory=lambda: next(held))
    assert (control(step(0)), control(step(1)), control.why) == (True, False, "memory")


def test_a_persons_stop_comes_before_any_limit() -> None:
    told: list[int] = []
    control = Control(seconds=0, told=lambda progress, _: told.append(progress.step))
    control.stop()
    assert not control(step(4))
    assert (control.why, told) == ("stopped", [4])


def test_an_interrupt_stops_the_search_and_the_next_one_the_command() -> None:
    before, control = signal.getsignal(signal.SIGINT), Control()
    with stopped_by_ctrl_c(control):
        assert control(step(0))
        os.kill(os.getpid(), signal.SIGINT)
        assert not control(step(1))
        assert signal.getsignal(signal.SIGINT) is before
    assert control.why == "stopped"
    assert signal.getsignal(signal.SIGINT) is before


async def test_an_interrupt_is_heard_while_the_search_is_another_threads() -> None:
    control = Control()
    with stopped_by_ctrl_c(control):
        searching = asyncio.to_thread(lambda: [None for _ in iter(lambda: control(step(1)), False)])
        asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGINT)
        async with asyncio.timeout(5):
            await searching
    assert control.why == "stopped"


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = 1.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("seconds", "reading", "each", "steps"),
    [
        (10.0, 0.0, 1.0, 8),  # a ninth would end at 10, and three tenths are kept
        (10.0, 2.0, 1.0, 3),  # checking and writing take somewhat longer than reading, each
        (10.0, 0.0, 4.0, 2),  # a third would end at 13
        (0.0, 0.0, 1.0, 1),  # without a step there is no plan
        (None, 0.0, 1.0, 99),
    ],
)
def test_within_a_process_a_step_is_begun_only_if_it_ends_in_time(
    seconds: float | None, reading: float, each: float, steps: int
) -> None:
    heard: list[tuple[int, float]] = []
    clock = Clock()

    def told(progress: Progress, now: float) -> None:
        heard.append((progress.step, now))

    control = Control.of_process(seconds, reading, told, clock)
    for number in range(1, 100):
        clock.now += each
        if not control(step(number)):
            break
    assert heard == [(number, 1.0 + number * each) for number in range(1, steps + 1)]


def test_a_step_that_is_announced_as_long_is_begun_only_if_it_ends_in_time() -> None:
    clock = Clock()
    control = Control.of_process(10.0, 0.0, lambda *_: None, clock)
    assert control(step(1))
    assert control(replace(step(2), ahead=3.0))  # which may take until 8.5
    assert not control(replace(step(3), ahead=4.0))
    assert control.why == "time"


def test_a_process_is_older_than_its_first_test() -> None:
    first, second = process_seconds(), process_seconds()
    assert 0 < first <= second
    assert peak_mib() > 1
    assert resident_mib() >= 0


def test_a_plan_that_was_stopped_is_repeated_by_its_step() -> None:
    """Tests that the step that a stop picked, given as a limit, gives the same plan."""
    problem = county_month(asks=60, departments=6, per_enterprise=2.0, longest=3, seed=1)
    control = Control(told=lambda progress, _: control.stop() if progress.step == 2 else None)
    stopped = solve(problem, seed=3, limits=Limits(whole_options=0), watch=control)
    again = solve(problem, seed=3, limits=Limits(whole_options=0, stop=stopped.step))
    assert again == stopped
