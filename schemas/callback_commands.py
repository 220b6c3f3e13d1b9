"""Commands of a callback after a bad rating 差评回访. The department hears of it with consent alone."""

from __future__ import annotations

from typing import Literal

from schemas.alerts import Finding
from schemas.base import Id, Personal, Text
from schemas.command_base import CommandBase


class RecordCallback(CommandBase):
    """回访. The office, or 12345 for it, called who rated badly.

    ``callback`` names the callback where somebody tried before. With consent ``passed_on`` goes to
    ``to``, an officer of the department who did not take part in the visit. ``note`` stays above.
    """

    type: Literal["cn.wurao.callback.record.v1"] = "cn.wurao.callback.record.v1"
    visit: Id
    callback: Id | None = None
    reached: bool
    consent: bool = False
    to: Id | None = None
    passed_on: Text | None = None
    note: Personal | None = None

    def personal(self) -> dict[str, str]:
        """Return what was said as personal to the rater of this visit."""
        return {"note": f"rater/{self.visit}"}


class AnswerCallback(CommandBase):
    """The second person of the department says what was done."""

    type: Literal["cn.wurao.callback.answer.v1"] = "cn.wurao.callback.answer.v1"
    callback: Id
    text: Text


class CloseCallback(CommandBase):
    """The office or a leader closes a callback, with a finding and a reason."""

    type: Literal["cn.wurao.callback.close.v1"] = "cn.wurao.callback.close.v1"
    callback: Id
    finding: Finding
    reason: Text


CallbackCommand = RecordCallback | AnswerCallback | CloseCallback
