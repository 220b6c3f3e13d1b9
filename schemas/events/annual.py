"""年初备案: filed, decided on, published."""

from __future__ import annotations

from typing import Literal

from schemas.annual import AnnualLine
from schemas.base import Count, Id, Text
from schemas.events.base import EventBase
from schemas.visits import Decision


class AnnualFiled(EventBase):
    """A department filed a version of its plan. ``late``: the first one came after its due day."""

    type: Literal["cn.wurao.annual.filed.v1"] = "cn.wurao.annual.filed.v1"
    department: Id
    year: Count
    version: Count
    lines: tuple[AnnualLine, ...]
    by: Id
    reason: Text | None = None
    late: bool = False


class AnnualDecided(EventBase):
    """A version was approved, and stands from now on, or was sent back."""

    type: Literal["cn.wurao.annual.decided.v1"] = "cn.wurao.annual.decided.v1"
    version: Count
    decision: Decision
    by: Id
    reason: Text | None = None


class AnnualPublished(EventBase):
    """The approved version can be read by everybody."""

    type: Literal["cn.wurao.annual.published.v1"] = "cn.wurao.annual.published.v1"
    version: Count
    by: Id | None = None


AnnualEvent = AnnualFiled | AnnualDecided | AnnualPublished
