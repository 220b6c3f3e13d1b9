"""疑点: an alert as it is taken up, the department's word on it, and how it ends."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.base import Count, Frozen, Id, Instant, Name, Text
from schemas.draws import Hash
from schemas.uscc import Uscc


class Evidence(Frozen):
    """An entry of the ledger that shows what an alert says."""

    entry: str
    position: int = Field(ge=1)
    subject: str


class Alert(Frozen):
    """What a rule found. ``id`` is a hash of rule, key and the entry that set it off."""

    id: Id
    rule: Id
    key: str
    entry: str
    about: str
    since: Instant
    enterprise: Uscc | None = None
    departments: tuple[Id, ...] = ()
    numbers: dict[str, int | str] = Field(default_factory=dict)
    evidence: tuple[Evidence, ...] = Field(min_length=1)


class DepartmentWord(Frozen):
    """What a department says to an alert."""

    department: Id
    text: Text
    by: Id
    at: Instant


class Finding(StrEnum):
    """What a supervisor found."""

    UNFOUNDED = "unfounded"
    EXPLAINED = "explained"
    CORRECTED = "corrected"
    CONFIRMED = "confirmed"


class Handover(Frozen):
    """线索移送: to whom a dossier went, its hash, and what came back."""

    to: Name
    dossier: Hash
    entries: Count
    by: Id
    at: Instant
    receipt: Id | None = None
    outcome: Text | None = None
