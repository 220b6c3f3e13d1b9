"""Commands about alerts 疑点: take up, answer, close, hand over, record what came back."""

from __future__ import annotations

from typing import Literal

from schemas.alerts import Alert, Finding
from schemas.base import Count, Id, Name, Text
from schemas.command_base import CommandBase
from schemas.draws import Hash


class TakeUpAlert(CommandBase):
    """A supervisor takes an alert up; the departments that it is about are asked for their word."""

    type: Literal["cn.wurao.alert.take_up.v1"] = "cn.wurao.alert.take_up.v1"
    alert: Alert


class AnswerAlert(CommandBase):
    """A department explains itself."""

    type: Literal["cn.wurao.alert.answer.v1"] = "cn.wurao.alert.answer.v1"
    alert: Id
    text: Text


class CloseAlert(CommandBase):
    """A supervisor closes an alert, after the department's word or the time for it, with a reason."""

    type: Literal["cn.wurao.alert.close.v1"] = "cn.wurao.alert.close.v1"
    alert: Id
    finding: Finding
    reason: Text
    code: Id | None = None


class HandOverAlert(CommandBase):
    """线索移送. A supervisor hands a sealed dossier over; ``dossier`` is the SHA-256 of the file."""

    type: Literal["cn.wurao.alert.hand_over.v1"] = "cn.wurao.alert.hand_over.v1"
    alert: Id
    to: Name
    dossier: Hash
    entries: Count


class RecordHandover(CommandBase):
    """Record the receiver's receipt, and later what came of it."""

    type: Literal["cn.wurao.alert.record_handover.v1"] = "cn.wurao.alert.record_handover.v1"
    alert: Id
    receipt: Id
    outcome: Text | None = None
