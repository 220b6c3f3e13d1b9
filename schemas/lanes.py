"""Purposes, lanes and grounds: why an official comes, and by which way a visit is admitted."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """目的. What the visit is for; gates bind by purpose."""

    INSPECTION = "inspection"
    SERVICE = "service"
    STUDY_TOUR = "study_tour"
    OVERSIGHT = "oversight"
    CONTACT = "contact"


class Lane(StrEnum):
    """通道. The way by which a visit is admitted; counters are kept per lane."""

    ROUTINE = "routine"
    STATUTORY = "statutory"
    ESCALATED = "escalated"
    EMERGENCY = "emergency"
    ON_CALL = "on_call"

    @property
    def exempt(self) -> bool:
        """Whether visits of this lane are counted apart, outside the cap of visits.

        Exempt never means uncounted: every lane has its own counter and is always reported.
        """
        return self not in {Lane.ROUTINE, Lane.ESCALATED}


class Ground(StrEnum):
    """What makes a check statutory or for cause (有因法定), or an emergency."""

    COMPLAINT = "complaint"
    TRANSFER = "transfer"
    CASE = "case"
    RECTIFICATION = "rectification"
    LEGAL_DUE_DATE = "legal_due_date"
    IMMINENT_DANGER = "imminent_danger"
    LOSS_OF_EVIDENCE = "loss_of_evidence"


STATUTORY_GROUNDS = frozenset(
    {
        Ground.COMPLAINT,
        Ground.TRANSFER,
        Ground.CASE,
        Ground.RECTIFICATION,
        Ground.LEGAL_DUE_DATE,
    }
)
EMERGENCY_GROUNDS = frozenset({Ground.IMMINENT_DANGER, Ground.LOSS_OF_EVIDENCE})


class OnSiteGround(StrEnum):
    """必须到现场的理由. Why a matter cannot be settled off-site."""

    PHYSICAL = "physical"
    SAMPLING = "sampling"
    ORIGINALS = "originals"
    INCONCLUSIVE = "inconclusive"
    LAW = "law"


class Remedy(StrEnum):
    """A way out of a refusal, offered before escalation, which is the last one."""

    OFF_SITE = "off_site"
    JOIN_VISIT = "join_visit"
    NEXT_WEEK = "next_week"
    DROP = "drop"
    OTHER_ITEM = "other_item"
    STATE_GROUND = "state_ground"
    REGISTER = "register"
    NAME_OFFICERS = "name_officers"
    DRAW_ANOTHER = "draw_another"
    ESCALATE = "escalate"
    IMPORT_CALENDAR = "import_calendar"
    APPROVE = "approve"
    CORRECT_INPUT = "correct_input"


class HalfDay(StrEnum):
    """The meeting time of a visit, by half-day."""

    MORNING = "am"
    AFTERNOON = "pm"
