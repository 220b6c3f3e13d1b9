"""Matters that are no visit, gathered: their states by kind, and the fold of their events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scheduler import (
    booking,
    callbacks,
    contacts,
    coordination,
    meetings,
    problem_states,
    problems,
    treatment,
)
from scheduler.callbacks import CallbackState
from scheduler.contacts import ContactStates
from scheduler.meetings import MeetingStates
from scheduler.problem_states import ProblemStates
from scheduler.scorecards import fold as scorecards
from scheduler.scorecards import states as score_states
from scheduler.scorecards.states import ScoreStates
from scheduler.treatment import TreatmentStates
from schemas.base import Frozen

States = (
    ProblemStates
    | CallbackState
    | ContactStates
    | TreatmentStates
    | MeetingStates
    | coordination.States
    | ScoreStates
)

KINDS: Final[dict[str, type[Frozen]]] = {
    **problem_states.KINDS,
    **contacts.KINDS,
    **score_states.KINDS,
    **treatment.KINDS,
    **meetings.KINDS,
    **coordination.KINDS,
    "callback": CallbackState,
}
"""The kinds of their states, for ``scheduler.states``."""

OWN: Final[dict[type, Callable[..., object]]] = {
    **problems.OWN,
    **callbacks.OWN,
    **contacts.OWN,
    **scorecards.OWN,
    **treatment.OWN,
    **booking.OWN,
    **meetings.OWN,
    **coordination.OWN,
}
"""What each event does to the cell of its own stream, for ``scheduler.evolve``."""
