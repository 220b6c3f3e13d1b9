"""Events: what happened. They alone make up the ledger; every state is a fold over them.

An event changes the state of its own stream, plus the tallies and deadlines that it names, so that
a fold needs neither policy nor calendar.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from schemas.events.alerts import (
    AlertAnswered,
    AlertClosed,
    AlertHandedOver,
    AlertTakenUp,
    HandoverRecorded,
)
from schemas.events.annual import AnnualEvent
from schemas.events.base import EventBase
from schemas.events.booking import BookingEvent
from schemas.events.budgets import BudgetEvent
from schemas.events.callbacks import CallbackEvent
from schemas.events.contacts import ContactEvent
from schemas.events.coordination import CoordinationEvent
from schemas.events.draws import (
    DrawCommitted,
    DrawOpened,
    DrawPublicSet,
    DrawRevealed,
    DrawSubstituted,
    DrawWithdrawn,
)
from schemas.events.keyrings import KeyEvent
from schemas.events.meetings import MeetingEvent
from schemas.events.plans import MonthClosed, PlanAnswered, PlanDrafted, PlanPublished
from schemas.events.privacy import (
    ErasureAsked,
    PersonalRevealed,
    RetentionAdopted,
    SubjectErased,
    SubjectHeld,
    SubjectReleased,
)
from schemas.events.problems import ProblemEvent
from schemas.events.refusals import CommandRefused, DeadlineLapsed, InputRejected
from schemas.events.registers import (
    BaselineRecorded,
    CalendarAdopted,
    CapacitySet,
    DepartmentRegistered,
    EnterpriseRegistered,
    ItemPublished,
    OfficerRegistered,
    PolicyAdopted,
)
from schemas.events.requests import (
    OnCallConfirmed,
    RequestAccepted,
    RequestCarried,
    RequestDecided,
    RequestPlaced,
    RequestRefused,
    RequestUnplaced,
    RequestWithdrawn,
    StatutoryUndecided,
)
from schemas.events.scorecards import ScoreEvent
from schemas.events.sealed import (
    IdentityAsked,
    IdentityGranted,
    IdentitySeen,
    SealedCancelled,
    SealedLooked,
    SealedOpened,
    SealedPlanned,
)
from schemas.events.treatment import TreatmentEvent
from schemas.events.visits import (
    ApprovalFollowed,
    CodeBound,
    CodeIssued,
    CodeRevoked,
    FilingRecorded,
    OutcomeRecorded,
    RatingGiven,
    RatingLapsed,
    VisitArranged,
    VisitCancelled,
    VisitChanged,
    VisitClosed,
    VisitEntered,
    VisitLeft,
    VisitNotEntered,
    VisitPublished,
    VisitStaffed,
)

__all__ = [
    "EVENTS",
    "AlertAnswered",
    "AlertClosed",
    "AlertHandedOver",
    "AlertTakenUp",
    "ApprovalFollowed",
    "BaselineRecorded",
    "CalendarAdopted",
    "CapacitySet",
    "CodeBound",
    "CodeIssued",
    "CodeRevoked",
    "CommandRefused",
    "DeadlineLapsed",
    "DepartmentRegistered",
    "DrawCommitted",
    "DrawOpened",
    "DrawPublicSet",
    "DrawRevealed",
    "DrawSubstituted",
    "DrawWithdrawn",
    "EnterpriseRegistered",
    "ErasureAsked",
    "Event",
    "EventBase",
    "FilingRecorded",
    "HandoverRecorded",
    "IdentityAsked",
    "IdentityGranted",
    "IdentitySeen",
    "InputRejected",
    "ItemPublished",
    "MonthClosed",
    "OfficerRegistered",
    "OnCallConfirmed",
    "OutcomeRecorded",
    "PersonalRevealed",
    "PlanAnswered",
    "PlanDrafted",
    "PlanPublished",
    "PolicyAdopted",
    "RatingGiven",
    "RatingLapsed",
    "RequestAccepted",
    "RequestCarried",
    "RequestDecided",
    "RequestPlaced",
    "RequestRefused",
    "RequestUnplaced",
    "RequestWithdrawn",
    "RetentionAdopted",
    "SealedCancelled",
    "SealedLooked",
    "SealedOpened",
    "SealedPlanned",
    "StatutoryUndecided",
    "SubjectErased",
    "SubjectHeld",
    "SubjectReleased",
    "VisitArranged",
    "VisitCancelled",
    "VisitChanged",
    "VisitClosed",
    "VisitEntered",
    "VisitLeft",
    "VisitNotEntered",
    "VisitPublished",
    "VisitStaffed",
]

Event = Annotated[
    DepartmentRegistered
    | OfficerRegistered
    | EnterpriseRegistered
    | ItemPublished
    | PolicyAdopted
    | CalendarAdopted
    | CapacitySet
    | BaselineRecorded
    | AnnualEvent
    | ScoreEvent
    | RequestAccepted
    | RequestRefused
    | RequestWithdrawn
    | OnCallConfirmed
    | RequestDecided
    | RequestPlaced
    | RequestUnplaced
    | RequestCarried
    | StatutoryUndecided
    | MonthClosed
    | PlanDrafted
    | PlanAnswered
    | PlanPublished
    | VisitPublished
    | VisitArranged
    | ApprovalFollowed
    | VisitStaffed
    | VisitChanged
    | VisitCancelled
    | CodeIssued
    | CodeRevoked
    | CodeBound
    | VisitEntered
    | VisitLeft
    | VisitNotEntered
    | OutcomeRecorded
    | RatingGiven
    | RatingLapsed
    | FilingRecorded
    | DeadlineLapsed
    | VisitClosed
    | RetentionAdopted
    | SubjectHeld
    | SubjectReleased
    | ErasureAsked
    | SubjectErased
    | PersonalRevealed
    | CommandRefused
    | InputRejected
    | DrawOpened
    | DrawCommitted
    | DrawPublicSet
    | DrawRevealed
    | DrawSubstituted
    | DrawWithdrawn
    | AlertTakenUp
    | AlertAnswered
    | AlertClosed
    | AlertHandedOver
    | HandoverRecorded
    | SealedPlanned
    | SealedLooked
    | SealedOpened
    | SealedCancelled
    | IdentityAsked
    | IdentityGranted
    | IdentitySeen
    | ProblemEvent
    | CallbackEvent
    | ContactEvent
    | TreatmentEvent
    | BookingEvent
    | BudgetEvent
    | KeyEvent
    | MeetingEvent
    | CoordinationEvent,
    Field(discriminator="type"),
]
EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
"""Validates any event by its type string."""
