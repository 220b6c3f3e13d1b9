"""违法线索: what one department or county hands over to another, with evidence, receipt and reply."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Frozen, Id, Name, Text
from schemas.enterprise_problems import Proof
from schemas.uscc import Uscc

County = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{5}$")]
"""A county by its code in GB/T 2260."""


class LeadOutcome(StrEnum):
    """办理结果. What came of a lead; one that is not theirs goes back."""

    CASE_FILED = "case_filed"
    RECTIFIED = "rectified"
    UNFOUNDED = "unfounded"
    NOT_OURS = "not_ours"


class Lead(Frozen):
    """A lead, to a department here, or to a body of another ``county``.

    Of the evidence the ledger holds name and SHA-256; the files go by the departments' own way.
    """

    sender: Id
    to: Id
    county: County | None = None
    title: Name
    text: Text
    enterprise: Uscc | None = None
    visit: Id | None = None
    evidence: tuple[Proof, ...] = Field(min_length=1, max_length=20)


class LeadReply(Frozen):
    """答复. What came of it, said by those who got it."""

    outcome: LeadOutcome
    text: Text
    case: Id | None = None
