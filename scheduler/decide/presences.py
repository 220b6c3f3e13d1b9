"""The units that a visit holds: a reserved unit becomes a used one at entry, or free again.

A presence is a distinct (department, enterprise, day) with at least one counted request. Two visits
on one day may share a presence, so it has a tally of its own and the caps follow its first unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from scheduler import keys
from scheduler.states import TallyState, VisitState
from scheduler.view import View
from schemas.tallies import TallyChange
from schemas.visits import Part


class Sheet:
    """Tallies while a decision is being made: what the cells say plus the decision's own changes.

    ``take`` hands out the changes since the last call, to be written into the next event.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._taken: dict[str, tuple[int, int]] = {}
        self._pending: dict[str, tuple[int, int]] = {}

    def now(self, key: str) -> TallyState:
        """Return the tally of a key, this decision's changes included."""
        state = self._view.find(TallyState, key) or TallyState()
        reserved, used = state.reserved, state.used
        for changes in (self._taken, self._pending):
            more_reserved, more_used = changes.get(key, (0, 0))
            reserved, used = reserved + more_reserved, used + more_used
        return TallyState(reserved=reserved, used=used)

    def total(self, key: str) -> int:
        """Return the units of a key that are reserved or used."""
        now = self.now(key)
        return now.reserved + now.used

    def add(self, key: str, reserved: int = 0, used: int = 0) -> None:
        """Change a key by whole units."""
        _add(self._pending, key, reserved, used)

    def take(self) -> tuple[TallyChange, ...]:
        """Return the changes since the last call, sorted by key."""
        for key, (reserved, used) in self._pending.items():
            _add(self._taken, key, reserved, used)
        changes = tuple(
            TallyChange(key=key, reserved=reserved, used=used)
            for key, (reserved, used) in sorted(self._pending.items())
            if reserved or used
        )
        self._pending.clear()
        return changes


def _add(changes: dict[str, tuple[int, int]], key: str, reserved: int, used: int) -> None:
    old_reserved, old_used = changes.get(key, (0, 0))
    changes[key] = (old_reserved + reserved, old_used + used)


def part_keys(part: Part, enterprise: str, day: date) -> tuple[str, ...]:
    """Return the tally keys that a part of a visit touches, so that they can be loaded together."""
    return (
        keys.department_day(part.department, day),
        keys.presence(part.department, enterprise, day),
        *part.caps,
    )


def hold(sheet: Sheet, part: Part, enterprise: str, day: date) -> None:
    """Reserve a part's units: the department's day and, once per presence, its caps."""
    sheet.add(keys.department_day(part.department, day), reserved=part.units)
    if not part.caps:
        return
    presence = keys.presence(part.department, enterprise, day)
    if sheet.total(presence) == 0:
        for key in part.caps:
            sheet.add(key, reserved=1)
    sheet.add(presence, reserved=1)


def enter(view: View, visit: VisitState, parts: Iterable[Part]) -> tuple[TallyChange, ...]:
    """Return the changes by which these parts use what they held."""
    sheet, day = Sheet(view), visit.line.day
    for part in parts:
        units = part.units
        sheet.add(keys.department_day(part.department, day), reserved=-units, used=units)
        if not part.caps:
            continue
        presence = keys.presence(part.department, visit.line.enterprise, day)
        if sheet.now(presence).used == 0:
            for key in part.caps:
                sheet.add(key, reserved=-1, used=1)
        sheet.add(presence, reserved=-1, used=1)
    return sheet.take()


def release(view: View, visit: VisitState, parts: Iterable[Part]) -> tuple[TallyChange, ...]:
    """Return the changes by which these parts free what they held, officers' half-days included."""
    sheet, line = Sheet(view), visit.line
    for part in parts:
        sheet.add(keys.department_day(part.department, line.day), reserved=-part.units)
        if line.half:
            for officer in part.officers:
                sheet.add(keys.officer_half(officer, line.day, line.half), reserved=-1)
        if not part.caps:
            continue
        presence = keys.presence(part.department, line.enterprise, line.day)
        sheet.add(presence, reserved=-1)
        if sheet.total(presence) == 0:
            for key in part.caps:
                sheet.add(key, reserved=-1)
    return sheet.take()
