"""Decoded cells: the same object while the bytes are the same, anew as soon as they are not."""

from __future__ import annotations

from datetime import date

from scheduler import keys
from scheduler.states import CapacityState, dump_state
from streams.memo import RowsMemo
from streams.readmodels import rows


def a_cell(day: int, units: int) -> tuple[str, bytes]:
    key = keys.capacity("fire", date(2026, 12, day))
    return key, dump_state(CapacityState(units=units))


def test_what_is_read_again_unchanged_is_the_same_object() -> None:
    memo, (key, body) = RowsMemo(), a_cell(25, 3)
    state, shown = memo.state(key, body), memo.rows(key, body)
    assert shown == rows(key, state)
    assert memo.state(key, bytes(bytearray(body))) is state
    assert memo.rows(key, bytes(bytearray(body))) is shown


def test_what_was_written_since_is_decoded_anew() -> None:
    memo, (key, body), (_, later) = RowsMemo(), a_cell(25, 3), a_cell(25, 4)
    before = memo.rows(key, body)
    assert memo.state(key, later) == CapacityState(units=4)
    assert memo.rows(key, later) == rows(key, CapacityState(units=4)) != before


def test_the_least_recently_used_is_dropped_first() -> None:
    memo = RowsMemo(limit=2)
    first, second, third = (a_cell(day, 3) for day in (25, 28, 29))
    kept, dropped = memo.state(*first), memo.state(*second)
    memo.state(*first)
    memo.state(*third)
    assert memo.state(*first) is kept
    assert memo.state(*second) is not dropped
