"""The state of one stream, folded from its own entries alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scheduler.evolve import evolve
from streams.typed import read_typed


def folded(stream: str, bodies: Sequence[bytes]) -> Any:  # noqa: ANN401 - the kind is in the stream's name
    """Return the state of a stream after some of its entries, by the fold that wrote it.

    Counters and deadlines are left out: they have cells of their own, which other streams move too.
    """
    cells: dict[str, Any] = {}
    for body in bodies:
        entry = read_typed(body)
        event = entry.data.model_copy(update={"tally": (), "opens": (), "meets": ()})
        cells |= evolve(cells.get, stream, event, entry.occurred, entry.recorded, entry.actor)
    return cells.get(stream)
