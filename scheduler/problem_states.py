"""States of enterprises' problems 企业问题, of a month's pool 清障问题池 and of a look back 回头看."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from schemas.base import Frozen, Instant, Sealed
from schemas.enterprise_problems import (
    Carry,
    Checked,
    EnterpriseWord,
    ProblemAnswer,
    ProblemClosing,
    ProblemGrade,
    ProblemReport,
    ProblemReview,
)


class ProblemStatus(StrEnum):
    """Where a problem stands."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"


OPEN: Final = frozenset({ProblemStatus.REPORTED, ProblemStatus.ACCEPTED, ProblemStatus.ANSWERED})
"""Where a problem lies in the pool."""


class ProblemState(Frozen):
    """A problem, from its report to its closing, and what came after.

    ``closed_in`` is the month in which it was last closed, ``reopened`` how often it was opened again.
    """

    id: str
    problem: ProblemReport
    verified: bool
    by: str
    reported: Instant
    reporter: Sealed | None = None
    status: ProblemStatus = ProblemStatus.REPORTED
    grade: ProblemGrade | None = None
    leader: str | None = None
    department: str | None = None
    section: str | None = None
    accepted_on: date | None = None
    answers: tuple[ProblemAnswer, ...] = ()
    words: tuple[EnterpriseWord, ...] = ()
    carried: tuple[Carry, ...] = ()
    reason: str | None = None
    closing: ProblemClosing | None = None
    closed_in: str | None = None
    into: str | None = None
    joined: tuple[str, ...] = ()
    reopened: int = 0
    reviews: tuple[ProblemReview, ...] = ()
    checks: tuple[Checked, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it lies in the pool."""
        return self.status in OPEN


class PoolState(Frozen):
    """A month of the pool."""

    month: str
    cleared: Instant | None = None
    closed: int = 0
    carried: tuple[str, ...] = ()


class LookBackState(Frozen):
    """The sample of a month's closed problems that are looked at again."""

    month: str
    seed: str
    population: str
    of: int
    sample: tuple[str, ...]
    by: str
    at: Instant


ProblemStates = ProblemState | PoolState | LookBackState

KINDS: Final[dict[str, type[Frozen]]] = {
    "problem": ProblemState,
    "pool": PoolState,
    "look_back": LookBackState,
}
"""The kinds of these states, for ``scheduler.states``."""
