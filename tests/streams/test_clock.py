"""Clocks: aware, in China's time, and never backwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas.base import CHINA
from streams.clock import SimulatedClock, SystemClock

START = datetime(2026, 12, 25, 9, tzinfo=CHINA)


def test_the_system_clock_is_aware() -> None:
    first, second = SystemClock().now(), SystemClock().now()
    assert first.utcoffset() == timedelta(hours=8)
    assert first <= second


def test_a_simulated_clock_stands_still_until_it_is_moved() -> None:
    clock = SimulatedClock(START)
    assert clock.now() == clock.now() == START
    clock.advance(timedelta(hours=1))
    assert clock.now() == START + timedelta(hours=1)
    clock.set(datetime(2026, 12, 25, 3, tzinfo=UTC))
    assert clock.now().isoformat() == "2026-12-25T11:00:00+08:00"


def test_a_simulated_clock_never_runs_backwards() -> None:
    clock = SimulatedClock(START)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance(timedelta(seconds=-1))
    clock.set(START)


@pytest.mark.parametrize("make", [SimulatedClock, SimulatedClock(START).set])
def test_a_naive_instant_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="no time zone"):
        make(datetime(2026, 12, 25))  # noqa: DTZ001 - naive on purpose
