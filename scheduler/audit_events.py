"""The events that the auditor reads: whatever a rule may look at, and what happens to visits."""

from __future__ import annotations

from typing import Final

from schemas import events as e
from schemas.events import booking as b
from schemas.events import budgets as m
from schemas.events import campaigns as c
from schemas.events import treatment as t

_REGISTERS = (
    e.DepartmentRegistered,
    e.OfficerRegistered,
    e.EnterpriseRegistered,
    e.ItemPublished,
    e.PolicyAdopted,
    m.PolicyUnitsMoved,
    e.CalendarAdopted,
)
_TREATED = (
    t.EnterpriseGraded,
    t.EnterpriseMarked,
    t.EnterpriseUnmarked,
    b.EnterpriseDaysClosed,
    b.EnterpriseDaysOpened,
)
_CAMPAIGNS = (c.CampaignProposed, c.CampaignDecided, c.CampaignPublished, c.CampaignEnded)
_DRAWS = (
    e.DrawOpened,
    e.DrawCommitted,
    e.DrawPublicSet,
    e.DrawRevealed,
    e.DrawSubstituted,
    e.DrawWithdrawn,
)
_REQUESTS = (e.RequestAccepted, e.RequestRefused, e.RequestDecided, e.OnCallConfirmed)
_VISITS = (
    e.VisitPublished,
    e.VisitArranged,
    e.ApprovalFollowed,
    e.VisitStaffed,
    e.VisitChanged,
    e.VisitCancelled,
    e.CodeIssued,
    e.CodeRevoked,
    e.VisitEntered,
    e.VisitLeft,
    e.VisitNotEntered,
    e.RatingGiven,
    e.RatingLapsed,
    e.FilingRecorded,
    e.VisitClosed,
)
READS: Final = frozenset(
    event.model_fields["type"].default
    for event in (*_REGISTERS, *_TREATED, *_CAMPAIGNS, *_DRAWS, *_REQUESTS, *_VISITS)
)
"""The types of the entries that the auditor reads; a shell may leave out all others."""
