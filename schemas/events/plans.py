"""A month's story: requests close, drafts, answers, publication."""

from __future__ import annotations

from datetime import date
from typing import Literal

from schemas.base import Count, Id, Month
from schemas.events.base import EventBase
from schemas.plans import Answer, PlanBody, Worth


class MonthClosed(EventBase):
    """Requests for the month closed."""

    type: Literal["cn.wurao.month.closed.v1"] = "cn.wurao.month.closed.v1"


class PlanDrafted(EventBase):
    """A version of the month's plan was drafted."""

    type: Literal["cn.wurao.plan.drafted.v1"] = "cn.wurao.plan.drafted.v1"
    month: Month
    version: Count
    body: PlanBody
    answer_by: date


class PlanAnswered(EventBase):
    """A department answered the draft."""

    type: Literal["cn.wurao.plan.answered.v1"] = "cn.wurao.plan.answered.v1"
    answers: tuple[Answer, ...]


class PlanPublished(EventBase):
    """A version was published: from now on these visits stand.

    A version that revises an earlier published one names it as ``base``; ``entries``, ``placed`` and
    ``unplaced`` count all that the revision plans, changed or not.
    """

    type: Literal["cn.wurao.plan.published.v1"] = "cn.wurao.plan.published.v1"
    month: Month
    version: Count
    worth: Worth
    snapshot: Id
    entries: Count
    placed: Count
    unplaced: Count
    base: Count = 0
