"""A search ends when it must, and its best is kept; no test waits for a clock."""

from __future__ import annotations

import asyncio
import os
import signal

from portal.plans.control import Control, resident_mib, stopped_by_ctrl_c
from scheduler.planner.limits import Limits
from scheduler.planner.progress import Progress
from scheduler.planner.solve import solve
from tests.scheduler.planner.worlds import county_month


def step(number: int) -> Progress:
    """Where a search stands."""
    return Progress(step=number, phase="rounds", objective=200, bound=190, unplaced=1)


def test_time_ends_a_search_at_the_next_step() -> None:
    hands = iter([0.0, 1.0, 1.0, 2.5, 2.5, 2.5])
    control = Control(seconds=2, clock=lambda: next(hands))
    assert control(step(0))
    assert not control(step(1))
    assert control.why == "time"


def test_memory_ends_a_search_at_the_next_step() -> None:
    held = iter([100, 300])
    control = Control(memory_mib=256, memory=lambda: next(held))
    assert (control(step(0)), control(step(1)), control.why) == (True, False, "memory")
    assert resident_mib() >= 0


def test_a_persons_stop_comes_before_any_limit() -> None:
    told: list[int] = []
    control = Control(seconds=0, told=lambda progress, _: told.append(progress.step))
    control.stop()
    assert not control(step(4))
    assert (control.why, told) == ("stopped", [4])


async def test_an_interrupt_stops_the_search_and_not_the_command() -> None:
    control = Control()
    with stopped_by_ctrl_c(control):
        os.kill(os.getpid(), signal.SIGINT)
        async with asyncio.timeout(5):
            while control(step(1)):  # noqa: ASYNC110 - the loop must run to hear the signal
                await asyncio.sleep(0)
    assert control.why == "stopped"


def test_a_plan_that_was_stopped_is_repeated_by_its_step() -> None:
    """Tests that the step that a stop picked, given as a limit, gives the same plan."""
    problem = county_month(asks=60, departments=6, per_enterprise=2.0, longest=3, seed=1)
    control = Control(told=lambda progress, _: control.stop() if progress.step == 2 else None)
    stopped = solve(problem, seed=3, limits=Limits(whole_options=0), watch=control)
    again = solve(problem, seed=3, limits=Limits(whole_options=0, stop=stopped.step))
    assert again == stopped
