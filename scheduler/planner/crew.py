"""How pieces of work that do not touch each other are done: the planner knows no threads."""

from collections.abc import Callable, Sequence

Piece = Callable[[], None]
Crew = Callable[[Sequence[Piece]], None]
"""Does all pieces, in whatever order or at once, and returns when all are done."""


def one_by_one(pieces: Sequence[Piece]) -> None:
    """Do one piece after the other."""
    for piece in pieces:
        piece()
