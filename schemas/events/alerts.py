"""An alert's story from a supervisor's hand on: taken up, answered, closed, handed over."""

from __future__ import annotations

from typing import Literal

from schemas.alerts import Alert, DepartmentWord, Finding, Handover
from schemas.base import Id, Text
from schemas.events.base import EventBase


class AlertTakenUp(EventBase):
    """A supervisor took an alert up. ``asked`` departments are to explain themselves.

    Nobody is asked where the alert itself would tell who rated, or when.
    """

    type: Literal["cn.wurao.alert.taken_up.v1"] = "cn.wurao.alert.taken_up.v1"
    alert: Alert
    asked: tuple[Id, ...] = ()


class AlertAnswered(EventBase):
    """A department gave its word."""

    type: Literal["cn.wurao.alert.answered.v1"] = "cn.wurao.alert.answered.v1"
    word: DepartmentWord


class AlertClosed(EventBase):
    """A supervisor closed the alert; ``code`` is the line of the 负面清单 that was broken."""

    type: Literal["cn.wurao.alert.closed.v1"] = "cn.wurao.alert.closed.v1"
    finding: Finding
    reason: Text
    code: Id | None = None


class AlertHandedOver(EventBase):
    """The dossier was handed over."""

    type: Literal["cn.wurao.alert.handed_over.v1"] = "cn.wurao.alert.handed_over.v1"
    handover: Handover


class HandoverRecorded(EventBase):
    """The receiver's receipt, or the outcome, is on record."""

    type: Literal["cn.wurao.alert.handover_recorded.v1"] = "cn.wurao.alert.handover_recorded.v1"
    receipt: Id
    outcome: Text | None = None
