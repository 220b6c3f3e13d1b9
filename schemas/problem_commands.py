"""Commands about enterprises' problems 企业问题 and the pool 清障问题池 that they lie in."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Id, Month, Name, Personal, Text
from schemas.command_base import CommandBase
from schemas.draws import Hash
from schemas.enterprise_problems import CarryCause, ProblemGrade, ProblemReport, Proof

MOST_OPEN = 2000
"""Problems that one clearing of the pool, or one look back, may name."""


class ReportProblem(CommandBase):
    """Report a problem.

    Whoever is not logged in shows by ``token`` (a visit's rating token) or ``gate`` (the enterprise's
    own code) for which enterprise he speaks. ``reporter`` says who he is and how he is reached.
    """

    type: Literal["cn.wurao.problem.report.v1"] = "cn.wurao.problem.report.v1"
    problem: ProblemReport
    reporter: Personal | None = None
    token: Text | None = None
    gate: Text | None = None

    def personal(self) -> dict[str, str]:
        """Return who reported as personal to the enterprise's contact."""
        return {"reporter": f"contact/{self.problem.enterprise or 'none'}"}


class AcceptProblem(CommandBase):
    """定级交办. Accept a problem: its grade, the leading official, the department, its section."""

    type: Literal["cn.wurao.problem.accept.v1"] = "cn.wurao.problem.accept.v1"
    problem: Id
    grade: ProblemGrade
    leader: Id
    department: Id
    section: Name | None = None


class DeclineProblem(CommandBase):
    """Decline a problem that the city cannot take up; whoever reported is told why."""

    type: Literal["cn.wurao.problem.decline.v1"] = "cn.wurao.problem.decline.v1"
    problem: Id
    reason: Text


class MergeProblem(CommandBase):
    """Unite a problem with one that says the same; it is answered there."""

    type: Literal["cn.wurao.problem.merge.v1"] = "cn.wurao.problem.merge.v1"
    problem: Id
    into: Id
    reason: Text


class ReassignProblem(CommandBase):
    """Give a problem to other owners; its clock goes on."""

    type: Literal["cn.wurao.problem.reassign.v1"] = "cn.wurao.problem.reassign.v1"
    problem: Id
    leader: Id
    department: Id
    section: Name | None = None
    reason: Text


class AnswerProblem(CommandBase):
    """The department says what it did, with proof; the enterprise is asked for its word."""

    type: Literal["cn.wurao.problem.answer.v1"] = "cn.wurao.problem.answer.v1"
    problem: Id
    text: Text
    proofs: tuple[Proof, ...] = Field(min_length=1, max_length=20)


class GiveWord(CommandBase):
    """The enterprise says whether it calls the problem solved, logged in or by its token."""

    type: Literal["cn.wurao.problem.give_word.v1"] = "cn.wurao.problem.give_word.v1"
    problem: Id
    satisfied: bool
    reason: Text | None = None
    token: Text | None = None


class CloseProblem(CommandBase):
    """The office closes a problem for which no enterprise can or did give its word, saying why."""

    type: Literal["cn.wurao.problem.close.v1"] = "cn.wurao.problem.close.v1"
    problem: Id
    reason: Text


class CarryProblem(CommandBase):
    """结转. Take an open problem into the next month, with the reason."""

    type: Literal["cn.wurao.problem.carry.v1"] = "cn.wurao.problem.carry.v1"
    problem: Id
    month: Month
    cause: CarryCause
    reason: Text


class ReopenProblem(CommandBase):
    """Open a closed problem again."""

    type: Literal["cn.wurao.problem.reopen.v1"] = "cn.wurao.problem.reopen.v1"
    problem: Id
    reason: Text


class ReviewProblem(CommandBase):
    """复盘. Put on record what a typical problem teaches."""

    type: Literal["cn.wurao.problem.review.v1"] = "cn.wurao.problem.review.v1"
    problem: Id
    text: Text
    change: Text


class ClearPool(CommandBase):
    """月月清零. Clear a month's pool; ``open`` are all problems still open, each carried over."""

    type: Literal["cn.wurao.pool.clear.v1"] = "cn.wurao.pool.clear.v1"
    month: Month
    open: tuple[Id, ...] = Field(max_length=MOST_OPEN)


class LookBack(CommandBase):
    """回头看. Draw a sample of all problems that were closed in a month, ``closed``, by a seed."""

    type: Literal["cn.wurao.look_back.draw.v1"] = "cn.wurao.look_back.draw.v1"
    month: Month
    closed: tuple[Id, ...] = Field(min_length=1, max_length=MOST_OPEN)
    seed: Hash


class CheckProblem(CommandBase):
    """Record what the look back found at one problem of the sample."""

    type: Literal["cn.wurao.look_back.check.v1"] = "cn.wurao.look_back.check.v1"
    month: Month
    problem: Id
    holds: bool
    text: Text


ProblemCommand = (
    ReportProblem
    | AcceptProblem
    | DeclineProblem
    | MergeProblem
    | ReassignProblem
    | AnswerProblem
    | GiveWord
    | CloseProblem
    | CarryProblem
    | ReopenProblem
    | ReviewProblem
    | ClearPool
    | LookBack
    | CheckProblem
)
