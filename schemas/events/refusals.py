"""What did not come about: lapsed deadlines, refused commands, rejected bytes."""

from __future__ import annotations

from typing import Literal

from schemas.base import Count, Id, Text
from schemas.events.base import EventBase
from schemas.objections import Objection


class DeadlineLapsed(EventBase):
    """A deadline passed without what it waited for."""

    type: Literal["cn.wurao.deadline.lapsed.v1"] = "cn.wurao.deadline.lapsed.v1"
    rule: Id
    about: str


class CommandRefused(EventBase):
    """A command other than a request was refused, and why."""

    type: Literal["cn.wurao.command.refused.v1"] = "cn.wurao.command.refused.v1"
    command: str
    about: str
    objections: tuple[Objection, ...]


class InputRejected(EventBase):
    """Bytes that are no command: kept apart for a person to inspect, mend and send again."""

    type: Literal["cn.wurao.input.rejected.v1"] = "cn.wurao.input.rejected.v1"
    reason: str
    detail: Text
    digest: str
    size: Count
