"""企业问题: what an enterprise asks the city to solve, how it is graded, answered, closed, looked at again."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from schemas.base import Frozen, Id, Instant, Month, Name, Text
from schemas.draws import Hash
from schemas.uscc import Uscc


class ProblemSource(StrEnum):
    """渠道. By which way a problem came to be known."""

    ENTERPRISE = "enterprise"
    VISIT = "visit"
    CONTACT = "contact"
    RATING = "rating"
    ROUND_TABLE = "round_table"
    SUPERVISOR = "supervisor"
    PROJECT_INSPECTOR = "project_inspector"
    PROJECT_POLICE = "project_police"
    MONITORING_POINT = "monitoring_point"
    ASSOCIATION = "association"
    OBSERVER = "observer"
    PHONE = "phone"
    HOTLINE = "hotline"
    TEXT_MESSAGE = "text_message"


class ProblemTopic(StrEnum):
    """类别. What a problem is about, so that its department is found."""

    LICENCES = "licences"
    FINANCE = "finance"
    LABOUR = "labour"
    LAND = "land"
    UTILITIES = "utilities"
    MARKET = "market"
    POLICY = "policy"
    ARREARS = "arrears"
    ENFORCEMENT = "enforcement"
    CONDUCT = "conduct"
    SECURITY = "security"
    OTHER = "other"


class ProblemGrade(StrEnum):
    """定级. How hard a problem is; the clock of its grade runs from its acceptance."""

    SIMPLE = "simple"
    COMPLEX = "complex"


class ProblemReport(Frozen):
    """A problem as it was reported.

    ``about`` names the visit, contact or other stream in which it came up, ``against`` a department
    that it complains of, ``chain`` the industrial chain that it is of (一条产链一批问题). With
    ``unnamed`` the departments that work on it do not learn which enterprise it is.
    """

    title: Name
    text: Text
    source: ProblemSource
    topic: ProblemTopic = ProblemTopic.OTHER
    enterprise: Uscc | None = None
    about: Id | None = None
    against: Id | None = None
    chain: Name | None = None
    unnamed: bool = False
    generated: bool = False


class Proof(Frozen):
    """What shows that a problem was solved: the name of a file and its SHA-256."""

    name: Name
    digest: Hash


class ProblemAnswer(Frozen):
    """What a department did about a problem, and what shows it."""

    text: Text
    proofs: tuple[Proof, ...] = Field(min_length=1)
    by: Id
    at: Instant


class EnterpriseWord(Frozen):
    """Whether the enterprise calls a problem solved, and why not."""

    satisfied: bool
    reason: Text | None = None
    at: Instant


class ProblemClosing(StrEnum):
    """How a problem was closed: only the first way is the enterprise's own word."""

    CONFIRMED = "confirmed"
    NO_WORD = "no_word"
    NO_ENTERPRISE = "no_enterprise"


class CarryCause(StrEnum):
    """Why a problem outlasts its month in the pool."""

    TIME_RUNS = "time_runs"
    HIGHER_LEVEL = "higher_level"
    MONEY = "money"
    PLANNING = "planning"
    LITIGATION = "litigation"
    OTHER = "other"


class Carry(Frozen):
    """结转. A problem is taken into the next month, with the reason."""

    month: Month
    cause: CarryCause
    reason: Text
    by: Id


class ProblemReview(Frozen):
    """复盘. What a problem teaches, and what is changed for the next time."""

    text: Text
    change: Text
    by: Id
    at: Instant


class Checked(Frozen):
    """回头看. A closed problem was looked at again: did it stay solved?"""

    month: Month
    holds: bool
    text: Text
    on: date
