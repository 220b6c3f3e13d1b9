"""产链、项目、会议、政策包: who leads what, when they next meet, what they bring, what firms say regularly."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from schemas.base import Frozen, Id, Month, Name, Text
from schemas.draws import Hash
from schemas.uscc import Uscc
from schemas.visits import LARGEST_SCAN, Grade, ScanMedia


class Chain(Frozen):
    """产业链. One chain, one list of problems, one team; ``trades`` are GB/T 4754 prefixes."""

    id: Id
    name: Name
    trades: tuple[str, ...] = Field(min_length=1, max_length=50)
    leader: Id
    department: Id
    team: tuple[Id, ...] = ()


class Project(Frozen):
    """项目. One project, one leader who answers for it; ``done`` is the day on which it was finished."""

    id: Id
    name: Name
    enterprise: Uscc
    leader: Id
    department: Id
    stage: Name
    since: date
    chain: Id | None = None
    done: date | None = None


class MeetingKind(StrEnum):
    """What meets: the round table of city and enterprises, or a chain's task force."""

    ROUND_TABLE = "round_table"
    TASK_FORCE = "task_force"


class Meeting(Frozen):
    """会议. A day, a theme, who is invited; ``chain`` is whose task force meets."""

    id: Id
    kind: MeetingKind
    theme: Name
    on: date
    place: Name | None = None
    chain: Id | None = None
    invited: tuple[Uscc, ...] = Field(default=(), max_length=500)
    departments: tuple[Id, ...] = Field(default=(), max_length=100)
    agenda: tuple[Text, ...] = Field(default=(), max_length=50)


class PackageKind(StrEnum):
    """What a package holds: policies, or services on offer."""

    POLICY = "policy"
    SERVICE = "service"


class Package(Frozen):
    """政策包、服务包. A file by its name and hash, handed over on service visits and contacts."""

    id: Id
    name: Name
    kind: PackageKind
    sha256: Hash
    media: ScanMedia
    size: int = Field(ge=1, le=LARGEST_SCAN)


class PulseAnswer(Frozen):
    """A monitoring point's answer to the regular question: a grade and, if it likes, a line."""

    month: Month
    grade: Grade
    line: Text | None = None
    on: date
