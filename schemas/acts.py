"""七二一. Acts of departments towards enterprises that are no visit, and what each kind of act counts as."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from schemas.base import Frozen, Id, Text
from schemas.uscc import Uscc


class ActShare(StrEnum):
    """Of which of the three shares an act is."""

    SERVICE = "service"
    OVERSIGHT = "oversight"
    ENFORCEMENT = "enforcement"


class ActKind(StrEnum):
    """Every kind of act that the ledger knows; the policy's table says of which share each is.

    ``entry_*`` is a visit by what it was for, ``outcome_*`` a result by its measure, ``contact`` a call
    to a paired enterprise, the others are recorded as acts of their own.
    """

    ENTRY_INSPECTION = "entry_inspection"
    ENTRY_SERVICE = "entry_service"
    ENTRY_STUDY_TOUR = "entry_study_tour"
    ENTRY_OVERSIGHT = "entry_oversight"
    ENTRY_CONTACT = "entry_contact"
    OUTCOME_GUIDANCE = "outcome_guidance"
    OUTCOME_RECTIFICATION = "outcome_rectification"
    OUTCOME_PENALTY_CASE = "outcome_penalty_case"
    CONTACT = "contact"
    GUIDANCE = "guidance"
    TRAINING = "training"
    REMINDER = "reminder"
    URGING = "urging"


RECORDED = frozenset({ActKind.GUIDANCE, ActKind.TRAINING, ActKind.REMINDER, ActKind.URGING})
"""The kinds that somebody records; the others follow from what stands in the ledger anyway."""


class Act(Frozen):
    """What a department did for or asked of an enterprise without coming, in one line."""

    department: Id
    enterprise: Uscc
    kind: ActKind
    line: Text
    on: date
    by: Id
