"""What the office puts on record: registers, policy, calendar, capacity, baseline."""

from __future__ import annotations

from datetime import date
from typing import Literal

from schemas.base import Count, Id
from schemas.calendars import Calendar
from schemas.events.base import EventBase
from schemas.policy import Policy
from schemas.registry import Department, Enterprise, Item, Officer


class DepartmentRegistered(EventBase):
    """A department was registered or its record changed."""

    type: Literal["cn.wurao.department.registered.v1"] = "cn.wurao.department.registered.v1"
    department: Department


class OfficerRegistered(EventBase):
    """An officer was registered or the record changed."""

    type: Literal["cn.wurao.officer.registered.v1"] = "cn.wurao.officer.registered.v1"
    officer: Officer


class EnterpriseRegistered(EventBase):
    """An enterprise was registered or its record changed."""

    type: Literal["cn.wurao.enterprise.registered.v1"] = "cn.wurao.enterprise.registered.v1"
    enterprise: Enterprise


class ItemPublished(EventBase):
    """An inspection item was published or withdrawn."""

    type: Literal["cn.wurao.item.published.v1"] = "cn.wurao.item.published.v1"
    item: Item


class PolicyAdopted(EventBase):
    """A stack of policy layers came into use."""

    type: Literal["cn.wurao.policy.adopted.v1"] = "cn.wurao.policy.adopted.v1"
    layers: tuple[Policy, ...]
    as_if_from: date | None = None


class CalendarAdopted(EventBase):
    """A year's working calendar came into use."""

    type: Literal["cn.wurao.calendar.adopted.v1"] = "cn.wurao.calendar.adopted.v1"
    calendar: Calendar


class CapacitySet(EventBase):
    """A department's capacity on one day was set."""

    type: Literal["cn.wurao.capacity.stated.v1"] = "cn.wurao.capacity.stated.v1"
    department: Id
    day: date
    units: Count


class BaselineRecorded(EventBase):
    """A department's entries in the baseline year were recorded."""

    type: Literal["cn.wurao.baseline.recorded.v1"] = "cn.wurao.baseline.recorded.v1"
    department: Id
    year: Count
    by_month: tuple[Count, ...]
    evidence: str
