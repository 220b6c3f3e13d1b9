"""What is guessed of cells that nobody loaded yet, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler import keys
from scheduler.evolve import evolve
from scheduler.view import Context, Decision, View
from schemas import commands as c
from schemas import events as e
from streams.bench import Bench, Core, Ready
from streams.intake import Asked, read
from tests.streams.shop import START, PlainCredentials, ask

DEPARTMENT = keys.department("D1")


def unknown(_: str) -> tuple[Any, int]:
    """Guess what is guessed of a cell that was never seen."""
    return None, 0


@pytest.mark.parametrize("cell", [DEPARTMENT, keys.month("2026-12")])
def test_a_register_that_was_never_seen_is_asked_for_before_anything_rests_on_it(cell: str) -> None:
    """Tests that no decision is made for nothing: without its department a request is refused."""
    made = []

    def decide(command: c.Command, _: Context, view: View) -> Decision:
        assert isinstance(command, c.SetCapacity)
        view.get(cell)
        made.append(command)
        stream = keys.capacity(command.department, command.day)
        event = e.CapacitySet(department="D1", day=command.day, units=1)
        return Decision("accepted", stream, ((stream, event),))

    item = read(ask("a", "D1"), PlainCredentials().fingerprint)
    assert isinstance(item, Asked)
    bench = Bench(Core(decide, evolve, lambda *_: ()), [Ready(item, item.command)], recorded=START)
    missing = bench.run({}, {}, unknown)
    assert cell in missing
    assert len(made) == (0 if cell == DEPARTMENT else 1)
    cells: dict[str, Any] = dict.fromkeys([*missing, keys.capacity("D1", START.date())])
    assert not bench.run(cells, {})
    assert len(made) == 1
    assert not bench.faults
    assert len(bench.outcomes) == 1
