"""The units that a visit holds: a reserved unit becomes a used one at entry, or free again.

Under a cap a unit is a presence, a distinct (department, enterprise, day), or an entry, a distinct
(enterprise, day). Several visits of a day may share it. So each unit has a tally of its own that
counts the visits behind it, and the cap follows: used when one of them entered, else reserved when
one is to come, else free.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from scheduler import keys
from scheduler.states import TallyState, VisitState
from scheduler.view import View
from schemas.tallies import TallyChange
from schemas.visits import Part, PlanLine


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

    def within(self, cap: str, *, holder: bool) -> int:
        """Return the units that count against a cap's limit for whoever has a unit, or has none."""
        return self.total(cap) - (self.total(keys.lifted(cap)) if holder else 0)

    def add(self, key: str, reserved: int = 0, used: int = 0) -> None:
        """Change a key by whole units."""
        _add(self._pending, key, reserved, used)

    def note(self, changes: Iterable[TallyChange]) -> None:
        """Count changes that are written into an event already."""
        for change in changes:
            _add(self._taken, change.key, change.reserved, change.used)

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


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one unit: the changes of its reserved and of its used count."""

    reserved: int = 0
    used: int = 0


HOLD = Step(reserved=1)
ENTER = Step(reserved=-1, used=1)
RELEASE = Step(reserved=-1)
FORGET = Step(used=-1)
"""A used unit counts no more: what made it count turned out otherwise."""


def part_keys(part: Part, enterprise: str, day: date) -> tuple[str, ...]:
    """Return the tally keys that a part of a visit touches, so that they can be loaded together."""
    caps = [key for cap in part.caps for key in (cap, keys.lifted(cap))]
    units = (keys.unit(cap, part.department, enterprise, day) for cap in caps)
    return (keys.department_day(part.department, day), *caps, *units)


def hold(sheet: Sheet, line: PlanLine, part: Part) -> None:
    """Reserve what a part takes: its department's day, and its units of caps."""
    _day(sheet, line, part, HOLD)
    count(sheet, line, part, part.caps, HOLD)


def enter(sheet: Sheet, line: PlanLine, part: Part, came: Collection[str]) -> None:
    """Use what a part held; officers who were named and did not come are free again."""
    _day(sheet, line, part, ENTER)
    count(sheet, line, part, part.caps, ENTER)
    for officer in part.officers:
        _half(sheet, line, officer, ENTER if officer in came else RELEASE)


def release(sheet: Sheet, line: PlanLine, part: Part) -> None:
    """Free what a part held, its officers' half-days included."""
    _day(sheet, line, part, RELEASE)
    count(sheet, line, part, part.caps, RELEASE)
    for officer in part.officers:
        _half(sheet, line, officer, RELEASE)


def released(view: View, visit: VisitState) -> tuple[TallyChange, ...]:
    """Return the changes by which a whole visit frees what it held."""
    sheet = Sheet(view)
    load(view, visit.line, visit.line.parts)
    for part in visit.line.parts:
        release(sheet, visit.line, part)
    return sheet.take()


def load(view: View, line: PlanLine, parts: Iterable[Part]) -> None:
    """Ask for all tallies of these parts at once."""
    found = [key for part in parts for key in part_keys(part, line.enterprise, line.day)]
    if line.half:
        officers = (officer for part in parts for officer in part.officers)
        found += [keys.officer_half(officer, line.day, line.half) for officer in officers]
    view.need(*found)


def count(sheet: Sheet, line: PlanLine, part: Part, caps: Iterable[str], step: Step) -> None:
    """Let a part's units of these caps take a step, and each cap follow its unit."""
    for cap in caps:
        unit = keys.unit(cap, part.department, line.enterprise, line.day)
        before = _standing(sheet.now(unit))
        sheet.add(unit, step.reserved, step.used)
        after = _standing(sheet.now(unit))
        sheet.add(cap, after.reserved - before.reserved, after.used - before.used)


def _standing(unit: TallyState) -> Step:
    """Return what a unit is worth under its cap, however many visits share it."""
    if unit.used:
        return Step(used=1)
    return Step(reserved=1) if unit.reserved else Step()


def _day(sheet: Sheet, line: PlanLine, part: Part, step: Step) -> None:
    key = keys.department_day(part.department, line.day)
    sheet.add(key, step.reserved * part.units, step.used * part.units)


def _half(sheet: Sheet, line: PlanLine, officer: str, step: Step) -> None:
    if line.half:
        sheet.add(keys.officer_half(officer, line.day, line.half), step.reserved, step.used)
