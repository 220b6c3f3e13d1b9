"""A callback's story 差评回访: called, passed on with consent, answered, closed."""

from __future__ import annotations

from typing import Literal

from schemas.alerts import Finding
from schemas.base import Id, Sealed, Text
from schemas.events.base import EventBase


class CallbackRecorded(EventBase):
    """Somebody called who rated badly; ``consent`` is whether it may be passed on."""

    type: Literal["cn.wurao.callback.recorded.v1"] = "cn.wurao.callback.recorded.v1"
    visit: Id
    reached: bool
    consent: bool = False
    note: Sealed | None = None


class CallbackForwarded(EventBase):
    """What was said went, with consent, to a second person of the department."""

    type: Literal["cn.wurao.callback.forwarded.v1"] = "cn.wurao.callback.forwarded.v1"
    department: Id
    to: Id
    passed_on: Text


class CallbackAnswered(EventBase):
    """The department said what was done."""

    type: Literal["cn.wurao.callback.answered.v1"] = "cn.wurao.callback.answered.v1"
    text: Text


class CallbackClosed(EventBase):
    """The callback was closed."""

    type: Literal["cn.wurao.callback.closed.v1"] = "cn.wurao.callback.closed.v1"
    finding: Finding
    reason: Text


CallbackEvent = CallbackRecorded | CallbackForwarded | CallbackAnswered | CallbackClosed
