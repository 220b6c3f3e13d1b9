"""A preview: a past year's visits judged under a policy, before anybody has to live with it.

Each past visit is asked for again: a routine one for the visiting days of its own month, any other on
its own day. Nothing is planned, so what merging could save stands between two numbers: every accepted
visit by itself, and every accepted routine visit of a month to one enterprise in one entry. What the
past did not record (items, licences, grounds) is taken as in order, so only rules of frequency, time
and lane can object.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from portal.importing.history import PastVisit
from scheduler.cases import Case
from scheduler.judge import judge_request, reserved_at_intake
from scheduler.ruleset import RuleSet
from scheduler.states import TallyState
from scheduler.workdays import WorkCalendar
from schemas import uscc
from schemas.lanes import EMERGENCY_GROUNDS, Ground, Lane, OnSiteGround, Purpose, Remedy
from schemas.objections import Objection
from schemas.registry import Department, Enterprise, Item
from schemas.visits import Cause, Request, Role, Urgency, Window

_ITEM: Final = "preview-item"
_GROUND: Final = {
    Lane.STATUTORY: Ground.LEGAL_DUE_DATE,
    Lane.EMERGENCY: min(EMERGENCY_GROUNDS),
}


@dataclass(slots=True)
class Preview:
    """What a year would have come to."""

    visits: int = 0
    accepted: int = 0
    refused: int = 0
    by_rule: Counter[str] = field(default_factory=Counter)
    by_department: Counter[str] = field(default_factory=Counter)
    lanes: Counter[Lane] = field(default_factory=Counter)
    exempt_touched: Counter[str] = field(default_factory=Counter)
    """Objections to visits of exempt lanes, by rule: there must be none that binds."""
    for_leader: int = 0
    """Refused visits that a leader could let pass: his decisions, were they all escalated."""
    working_days: int = 0
    _before: set[tuple[str, date]] = field(default_factory=set)
    _apart: set[tuple[str, str, date]] = field(default_factory=set)
    _merged: set[tuple[str, str]] = field(default_factory=set)

    @property
    def entries_before(self) -> int:
        """Entries that the year had."""
        return len(self._before)

    @property
    def entries_most(self) -> int:
        """Entries, if no two departments ever came together."""
        return len(self._apart)

    @property
    def entries_least(self) -> int:
        """Entries, if a month's routine visits to an enterprise always came together."""
        return len(self._merged)

    @property
    def leader_per_day(self) -> float:
        """The leader's decisions per working day, were everything escalated that can be."""
        return round(self.for_leader / self.working_days, 2) if self.working_days else 0.0

    def add(self, visit: PastVisit, objections: Iterable[Objection]) -> None:
        """Count a visit and what stood in its way."""
        against = tuple(objections)
        self.visits += 1
        self.lanes[visit.lane] += 1
        self._before.add((visit.enterprise, visit.day))
        if not against:
            self.accepted += 1
            self._apart.add((visit.department, visit.enterprise, visit.day))
            when = f"{visit.day:%Y-%m}" if visit.lane is Lane.ROUTINE else str(visit.day)
            self._merged.add((visit.enterprise, when))
            return
        self.refused += 1
        self.by_department[visit.department] += 1
        self.by_rule.update({objection.rule for objection in against})
        if visit.lane.exempt:
            self.exempt_touched.update({objection.rule for objection in against})
        self.for_leader += all(Role.LEADER in objection.liftable_by for objection in against)


class Rehearsal:
    """Judges past visits one after the other, as intake would have."""

    def __init__(
        self,
        rules: RuleSet,
        calendar: WorkCalendar,
        departments: Iterable[Department] = (),
        enterprises: Iterable[Enterprise] = (),
    ) -> None:
        self._rules = rules
        self._calendar = calendar
        self._departments = {record.id: record for record in departments}
        self._enterprises = {record.id: record for record in enterprises}
        self._codes: dict[str, str] = {}
        self._tallies: dict[str, TallyState] = defaultdict(TallyState)
        self._windows: dict[str, Window | None] = {}

    def judge(self, visit: PastVisit) -> tuple[Objection, ...]:
        """Return what would have stood in the way of a visit; an accepted one takes its unit."""
        case = self._case(visit)
        uses = reserved_at_intake(case, self._rules)
        tallies = {use.key: self._tallies[use.key] for use in uses}
        binding = judge_request(case, self._rules, tallies).binding
        if not binding:
            for use in uses:
                taken = self._tallies[use.key].reserved + 1
                self._tallies[use.key] = TallyState(reserved=taken)
        return binding

    def _case(self, visit: PastVisit) -> Case:
        department = self._departments.setdefault(
            visit.department, Department(id=visit.department, name=visit.department)
        )
        item = Item(id=_ITEM, department=department.id, name="-", basis="-")
        request = Request(
            department=department.id,
            enterprise=self._enterprise(visit.enterprise).id,
            purpose=Purpose.INSPECTION,
            on_site=OnSiteGround.PHYSICAL,
            why_on_site="-",
            lane=visit.lane,
            items=(_ITEM,),
            window=self._window(visit),
            cause=self._cause(visit),
            urgency=self._urgency(visit),
        )
        return Case(
            request=request,
            department=department,
            enterprise=self._enterprise(visit.enterprise),
            items={_ITEM: item},
            calendar=self._calendar,
        )

    def _enterprise(self, name: str) -> Enterprise:
        if name not in self._codes:
            number = len(self._codes)
            lawful = not uscc.faults(name)
            code = (
                uscc.normalise(name) if lawful else uscc.make("9", "1", "999999", f"{number:08d}")
            )
            self._codes[name] = code
        code = self._codes[name]
        return self._enterprises.setdefault(code, Enterprise(id=code, name=name[:120], site="-"))

    def _window(self, visit: PastVisit) -> Window:
        own = Window(first=visit.day, last=visit.day)
        if visit.lane is not Lane.ROUTINE:
            return own
        month = f"{visit.day:%Y-%m}"
        if month not in self._windows:
            days = self._rules.visiting_days(month, self._calendar)
            self._windows[month] = Window(first=days[0], last=days[-1]) if days else None
        return self._windows[month] or own

    @staticmethod
    def _cause(visit: PastVisit) -> Cause | None:
        ground = _GROUND.get(visit.lane)
        if ground is None:
            return None
        return Cause(ground=ground, reference="preview", last_legal_date=visit.day)

    def _urgency(self, visit: PastVisit) -> Urgency | None:
        if visit.lane is not Lane.ESCALATED:
            return None
        lift = tuple(
            rule.code for rule in self._rules.in_force(visit.day) if Role.LEADER in rule.liftable_by
        )
        if not lift:
            return None
        return Urgency(why_cannot_wait="-", tried=(Remedy.NEXT_WEEK,), lift=lift)


def preview(
    visits: Iterable[PastVisit],
    rehearsal: Rehearsal,
    working_days: int,
    progress: Callable[[int], None] = lambda _: None,
) -> Preview:
    """Judge a year's visits in order of their days; return what it would have come to."""
    found = Preview(working_days=working_days)
    for visit in sorted(visits, key=lambda v: (v.day, v.department, v.enterprise)):
        found.add(visit, rehearsal.judge(visit))
        progress(1)
    return found
