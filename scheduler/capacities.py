"""A department's capacity on a day: what was stated for the day, else its ordinary one."""

from __future__ import annotations

from datetime import date

from scheduler import keys
from scheduler.states import CapacityState
from scheduler.view import View
from schemas.registry import Department


def units_on(
    department: Department, stated: CapacityState | None, day: date, visiting: tuple[date, ...]
) -> int:
    """Return the units that a department has on a day of the month with these visiting days."""
    if stated is not None:
        return stated.units
    return department.daily_units if day in visiting else department.ordinary_units


def capacity_on(view: View, department: str, day: date, visiting: tuple[date, ...]) -> int | None:
    """Return a department's units on a day; ``None`` for an unknown department."""
    record = view.find(Department, keys.department(department))
    stated = view.find(CapacityState, keys.capacity(department, day))
    if record is None:
        return None
    return units_on(record, stated, day, visiting)
