"""非现场监管: a task opened, settled or dropped. A result taken over is opened and settled at once."""

from __future__ import annotations

from typing import Literal

from schemas.base import Id, Text
from schemas.events.base import EventBase
from schemas.off_site import OffSiteSettlement, OffSiteTask


class OffSiteOpened(EventBase):
    """A department checks something without coming."""

    type: Literal["cn.wurao.off_site.opened.v1"] = "cn.wurao.off_site.opened.v1"
    task: OffSiteTask
    by: Id


class OffSiteSettled(EventBase):
    """The task has its result."""

    type: Literal["cn.wurao.off_site.settled.v1"] = "cn.wurao.off_site.settled.v1"
    settlement: OffSiteSettlement
    by: Id


class OffSiteDropped(EventBase):
    """The task was dropped."""

    type: Literal["cn.wurao.off_site.dropped.v1"] = "cn.wurao.off_site.dropped.v1"
    reason: Text


OffSiteEvent = OffSiteOpened | OffSiteSettled | OffSiteDropped
