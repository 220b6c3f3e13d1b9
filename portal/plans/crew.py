"""Threads for the planner's pieces of work: its compiled loops let other threads run."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from scheduler.planner.crew import Piece


def at_once(pieces: Sequence[Piece]) -> None:
    """Do all pieces at once, each in a thread of its own; raises what the first one to fail raised."""
    with ThreadPoolExecutor(len(pieces)) as threads:
        for done in [threads.submit(piece) for piece in pieces]:
            done.result()
