"""What became of personal data: retention adopted, holds, erasures."""

from __future__ import annotations

from typing import Literal

from schemas.base import Count, Id, Text
from schemas.events.base import EventBase
from schemas.privacy import ErasureGround, Place, Retention, Shown, Subject


class RetentionAdopted(EventBase):
    """A table of retention classes is in use."""

    type: Literal["cn.wurao.retention.adopted.v1"] = "cn.wurao.retention.adopted.v1"
    retention: Retention


class SubjectHeld(EventBase):
    """A subject's data must be kept until the hold is released."""

    type: Literal["cn.wurao.privacy.held.v1"] = "cn.wurao.privacy.held.v1"
    subject: Subject
    hold: Id
    reference: Text
    reason: Text


class SubjectReleased(EventBase):
    """A hold was released."""

    type: Literal["cn.wurao.privacy.released.v1"] = "cn.wurao.privacy.released.v1"
    subject: Subject
    hold: Id
    reason: Text


class ErasureAsked(EventBase):
    """An erasure was asked for and waits for somebody in another role."""

    type: Literal["cn.wurao.privacy.asked.v1"] = "cn.wurao.privacy.asked.v1"
    subject: Subject
    ground: ErasureGround
    reason: Text


class SubjectErased(EventBase):
    """A subject's data are erased: the key under which they are sealed is destroyed.

    ``times`` counts the subject's erasures. Ledger and proofs stay as they are; what is sealed under
    keys up to this one can never be read again, also not from a backup once this was applied to it.
    """

    type: Literal["cn.wurao.privacy.erased.v1"] = "cn.wurao.privacy.erased.v1"
    subject: Subject
    ground: ErasureGround
    reason: Text
    asked_by: Id
    times: int


class PersonalRevealed(EventBase):
    """Somebody saw a personal field of an entry in clear, or that it was erased."""

    type: Literal["cn.wurao.personal.revealed.v1"] = "cn.wurao.personal.revealed.v1"
    position: Count
    field: Place
    subject: Shown
    reason: Text
    by: Id
