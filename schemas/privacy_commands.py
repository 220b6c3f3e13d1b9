"""Commands about personal data: retention, holds, and erasure in two steps by two roles."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Count, Id, Text
from schemas.command_base import CommandBase
from schemas.privacy import ErasureGround, Place, Retention, Shown, Subject


class AdoptRetention(CommandBase):
    """Adopt a table of retention classes; without one nothing is erased."""

    type: Literal["cn.wurao.retention.adopt.v1"] = "cn.wurao.retention.adopt.v1"
    retention: Retention


class HoldSubject(CommandBase):
    """Hold a subject's data: a case, an audit or a court needs them."""

    type: Literal["cn.wurao.privacy.hold.v1"] = "cn.wurao.privacy.hold.v1"
    subject: Subject
    hold: Id
    reference: Text
    reason: Text


class ReleaseSubject(CommandBase):
    """Release a hold."""

    type: Literal["cn.wurao.privacy.release.v1"] = "cn.wurao.privacy.release.v1"
    subject: Subject
    hold: Id
    reason: Text


class AskErasure(CommandBase):
    """Ask for the erasure of a subject's data; somebody in another role carries it out."""

    type: Literal["cn.wurao.privacy.ask.v1"] = "cn.wurao.privacy.ask.v1"
    subject: Subject
    ground: ErasureGround
    reason: Text


class EraseSubject(CommandBase):
    """Carry out the erasure that was asked for. The subject's key is destroyed once this stands.

    ``visits`` and ``requests`` are the cases that concern the subject; the program looks them up and
    each is judged under lock. The topic that carries this command is the program's own, so that
    nobody outside can leave a case out.
    """

    type: Literal["cn.wurao.privacy.erase.v1"] = "cn.wurao.privacy.erase.v1"
    subject: Subject
    visits: tuple[Id, ...] = Field(default=(), max_length=10_000)
    requests: tuple[Id, ...] = Field(default=(), max_length=10_000)


class RevealPersonal(CommandBase):
    """An auditor wants to see a personal field of an entry, and says why. That is on record first.

    ``position`` is the entry's, ``subject`` whose field it is; the program looks it up. Like an
    erasure this comes from the program alone.
    """

    type: Literal["cn.wurao.personal.reveal.v1"] = "cn.wurao.personal.reveal.v1"
    position: Count
    field: Place
    subject: Shown
    reason: Text
