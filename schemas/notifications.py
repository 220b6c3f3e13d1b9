"""通知. What people must be told; the outbox delivers it through adapters."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.base import Count, Frozen, Id


class Recipient(StrEnum):
    """The kind of recipient; ``to`` on the notification names which one."""

    DEPARTMENT = "department"
    HEAD = "head"
    LEADER = "leader"
    COORDINATOR = "coordinator"
    ENTERPRISE = "enterprise"
    OFFICER = "officer"


class Notification(Frozen):
    """One message to one recipient: a template and its parameters, never free text.

    ``id`` derives from the event's id and an ordinal, so a replay finds the same notifications.
    """

    id: Id
    recipient: Recipient
    to: str
    template: Id
    params: dict[str, str | int] = Field(default_factory=dict)
    about: str
    ordinal: Count = 0
