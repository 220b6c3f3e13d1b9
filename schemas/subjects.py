"""Which kind of stream an event belongs to: the part of ``subject`` before the slash."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "department": ("department.registered",),
    "officer": ("officer.registered",),
    "enterprise": ("enterprise.registered",),
    "item": ("item.published",),
    "policy": ("policy.adopted",),
    "calendar": ("calendar.adopted",),
    "capacity": ("capacity.stated",),
    "baseline": ("baseline.recorded",),
    "annual": ("annual.filed", "annual.decided", "annual.published"),
    "request": (
        "request.accepted",
        "request.refused",
        "request.withdrawn",
        "request.confirmed",
        "request.decided",
        "request.placed",
        "request.unplaced",
        "request.carried",
        "request.undecided",
    ),
    "month": ("month.closed", "plan.drafted", "plan.published"),
    "draft": ("plan.answered",),
    "visit": (
        "visit.published",
        "visit.arranged",
        "visit.approved",
        "visit.staffed",
        "visit.changed",
        "visit.cancelled",
        "code.issued",
        "code.revoked",
        "code.bound",
        "visit.entered",
        "visit.left",
        "visit.not_entered",
        "outcome.recorded",
        "rating.given",
        "rating.lapsed",
        "filing.recorded",
        "visit.closed",
    ),
    "deadline": ("deadline.lapsed",),
    "retention": ("retention.adopted",),
    "privacy": (
        "privacy.held",
        "privacy.released",
        "privacy.asked",
        "privacy.erased",
    ),
    "reveal": ("personal.revealed",),
    "refusal": ("command.refused",),
    "rejection": ("input.rejected",),
    "draw": (
        "draw.opened",
        "draw.committed",
        "draw.public_set",
        "draw.revealed",
        "draw.substituted",
        "draw.withdrawn",
    ),
    "alert": (
        "alert.taken_up",
        "alert.answered",
        "alert.closed",
        "alert.handed_over",
        "alert.handover_recorded",
    ),
    "sealed": ("sealed.planned", "sealed.looked", "sealed.opened", "sealed.cancelled"),
    "identity": ("identity.asked", "identity.granted", "identity.seen"),
    "problem": (
        "problem.reported",
        "problem.accepted",
        "problem.declined",
        "problem.merged",
        "problem.joined",
        "problem.reassigned",
        "problem.answered",
        "problem.word_given",
        "problem.closed",
        "problem.carried",
        "problem.reopened",
        "problem.reviewed",
        "problem.checked",
    ),
    "pool": ("pool.opened", "pool.cleared"),
    "look_back": ("look_back.drawn",),
    "territory": ("territory.stated",),
    "pairing": (
        "pairing.made",
        "pairing.handed_over",
        "pairing.ended",
        "contact.recorded",
        "contact.waived",
        "contact.missed",
    ),
    "presence": ("presence.granted", "presence.revoked"),
    "callback": (
        "callback.recorded",
        "callback.forwarded",
        "callback.answered",
        "callback.closed",
    ),
}

STREAMS: Final[Mapping[str, str]] = MappingProxyType(
    {f"cn.wurao.{name}.v1": kind for kind, names in _KINDS.items() for name in names}
)
"""Event type -> kind of its stream."""
