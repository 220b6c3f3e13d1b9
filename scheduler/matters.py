"""Matters that are no visit, gathered: their states by kind, and the fold of their events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scheduler import callbacks, contacts, problem_states, problems
from scheduler.callbacks import CallbackState
from scheduler.contacts import ContactStates
from scheduler.problem_states import ProblemStates
from schemas.base import Frozen

States = ProblemStates | CallbackState | ContactStates

KINDS: Final[dict[str, type[Frozen]]] = {
    **problem_states.KINDS,
    **contacts.KINDS,
    "callback": CallbackState,
}
"""The kinds of their states, for ``scheduler.states``."""

OWN: Final[dict[type, Callable[..., object]]] = {
    **problems.OWN,
    **callbacks.OWN,
    **contacts.OWN,
}
"""What each event does to the cell of its own stream, for ``scheduler.evolve``."""
