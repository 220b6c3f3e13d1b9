"""How often Python looks for cycles while a log is folded."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SELDOM: Final = 50_000
"""New objects after which the youngest are looked at; Python's own number is 700."""


class _Blocks:
    """The blocks that are running, and what was set before the first of them."""

    def __init__(self) -> None:
        self._running = 0
        self._before = gc.get_threshold()
        self._frozen = False

    def enter(self) -> None:
        if not self._running:
            self._before = gc.get_threshold()
            # A program that has put its own start aside already keeps that when the block is over.
            self._frozen = not gc.get_freeze_count()
            if self._frozen:
                gc.freeze()
            gc.set_threshold(max(_SELDOM, self._before[0]), *self._before[1:])
        self._running += 1

    def leave(self) -> None:
        self._running -= 1
        if not self._running:
            gc.set_threshold(*self._before)
            if self._frozen:
                gc.unfreeze()


_blocks: Final = _Blocks()


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for cycles seldom, and not among what is there already, as long as the block runs.

    A fold keeps some hundred thousand models, none of which refers back to another, and Python would
    go through all of them, and all that the program has loaded, again and again: a third of the
    fold's time. What nobody refers to any more is freed at once as ever. Blocks may overlap.
    """
    _blocks.enter()
    try:
        yield
    finally:
        _blocks.leave()
