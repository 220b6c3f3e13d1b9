"""A problem's story 企业问题, a month of the pool 清障问题池, and the look back 回头看."""

from __future__ import annotations

from typing import Literal

from schemas.base import Count, Id, Month, Name, Sealed, Text
from schemas.draws import Hash
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
from schemas.events.base import EventBase


class ProblemReported(EventBase):
    """A problem was reported. ``verified``: it is certain for which enterprise somebody spoke."""

    type: Literal["cn.wurao.problem.reported.v1"] = "cn.wurao.problem.reported.v1"
    problem: ProblemReport
    verified: bool
    reporter: Sealed | None = None
    by: Id


class ProblemAccepted(EventBase):
    """A problem was graded and given to its two owners."""

    type: Literal["cn.wurao.problem.accepted.v1"] = "cn.wurao.problem.accepted.v1"
    grade: ProblemGrade
    leader: Id
    department: Id
    section: Name | None = None


class ProblemDeclined(EventBase):
    """A problem was not taken up, for a reason that whoever reported it is told."""

    type: Literal["cn.wurao.problem.declined.v1"] = "cn.wurao.problem.declined.v1"
    reason: Text


class ProblemMerged(EventBase):
    """A problem goes on in another one."""

    type: Literal["cn.wurao.problem.merged.v1"] = "cn.wurao.problem.merged.v1"
    into: Id
    reason: Text


class ProblemJoined(EventBase):
    """Another problem goes on in this one."""

    type: Literal["cn.wurao.problem.joined.v1"] = "cn.wurao.problem.joined.v1"
    problem: Id


class ProblemReassigned(EventBase):
    """A problem has other owners; its clock goes on."""

    type: Literal["cn.wurao.problem.reassigned.v1"] = "cn.wurao.problem.reassigned.v1"
    leader: Id
    department: Id
    section: Name | None = None
    reason: Text


class ProblemAnswered(EventBase):
    """The department said what it did and proved it."""

    type: Literal["cn.wurao.problem.answered.v1"] = "cn.wurao.problem.answered.v1"
    answer: ProblemAnswer


class WordGiven(EventBase):
    """The enterprise gave its word; where it is not satisfied the clock starts anew."""

    type: Literal["cn.wurao.problem.word_given.v1"] = "cn.wurao.problem.word_given.v1"
    word: EnterpriseWord


class ProblemClosed(EventBase):
    """销号. A problem was closed, and how."""

    type: Literal["cn.wurao.problem.closed.v1"] = "cn.wurao.problem.closed.v1"
    closing: ProblemClosing
    month: Month
    reason: Text | None = None


class ProblemCarried(EventBase):
    """A problem is taken into the next month."""

    type: Literal["cn.wurao.problem.carried.v1"] = "cn.wurao.problem.carried.v1"
    carry: Carry


class ProblemReopened(EventBase):
    """A closed problem is open again."""

    type: Literal["cn.wurao.problem.reopened.v1"] = "cn.wurao.problem.reopened.v1"
    reason: Text


class ProblemReviewed(EventBase):
    """What a problem teaches is on record."""

    type: Literal["cn.wurao.problem.reviewed.v1"] = "cn.wurao.problem.reviewed.v1"
    review: ProblemReview


class PoolOpened(EventBase):
    """The first problem of a month lies in its pool: the month's clearing is due at its end."""

    type: Literal["cn.wurao.pool.opened.v1"] = "cn.wurao.pool.opened.v1"
    month: Month


class PoolCleared(EventBase):
    """A month's pool was cleared: every problem still open is carried over with a reason."""

    type: Literal["cn.wurao.pool.cleared.v1"] = "cn.wurao.pool.cleared.v1"
    month: Month
    closed: Count
    carried: tuple[Id, ...] = ()


class LookBackDrawn(EventBase):
    """A sample of a month's closed problems, and what it was drawn from and by."""

    type: Literal["cn.wurao.look_back.drawn.v1"] = "cn.wurao.look_back.drawn.v1"
    month: Month
    seed: Hash
    population: Hash
    of: Count
    sample: tuple[Id, ...]


class ProblemChecked(EventBase):
    """The look back came to a problem of the sample."""

    type: Literal["cn.wurao.problem.checked.v1"] = "cn.wurao.problem.checked.v1"
    checked: Checked


ProblemEvent = (
    ProblemReported
    | ProblemAccepted
    | ProblemDeclined
    | ProblemMerged
    | ProblemJoined
    | ProblemReassigned
    | ProblemAnswered
    | WordGiven
    | ProblemClosed
    | ProblemCarried
    | ProblemReopened
    | ProblemReviewed
    | PoolOpened
    | PoolCleared
    | LookBackDrawn
    | ProblemChecked
)
