"""The rules in force, day by day, out of a stack of policy layers.

A ``RuleSet`` is built once for a policy and asked hundreds of thousands of times. Days are cut into
spans in which nothing changes, and the rules of a span are sorted by shape, purpose and lane when
first asked for, so that a question is one bisection and one look into a dictionary.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from scheduler.budget_moves import deltas
from scheduler.openings import by_calendar, open_by_calendar
from scheduler.stacking import Conflict, faults, spans
from scheduler.states import PolicyState
from scheduler.workdays import WorkCalendar
from schemas.alert_rules import AlertRule, AlertTest
from schemas.booking import BookingRules
from schemas.budgets import BudgetMove
from schemas.lanes import Lane, Purpose
from schemas.policy import (
    AnnualRules,
    Cap,
    Deadline,
    DrawRules,
    Floor,
    Gate,
    MatrixRow,
    Policy,
    Rule,
    Share,
    Timetable,
    VisitHours,
)
from schemas.rhythms import ActTable, Rhythms
from schemas.scorecards import ScoreRules
from schemas.sharing_rules import PublicationRules
from schemas.visits import Role


class BadStack(ValueError):  # noqa: N818 - reads as the fact it states
    """Layers that are no stack; ``faults`` lists everything found wrong, for people."""

    def __init__(self, found: Iterable[str]) -> None:
        self.faults = tuple(found)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Rules of one day, by shape, each in order of codes."""

    gates: tuple[Gate, ...] = ()
    caps: tuple[Cap, ...] = ()
    floors: tuple[Floor, ...] = ()
    shares: tuple[Share, ...] = ()
    deadlines: tuple[Deadline, ...] = ()

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Rules:
        """Sort rules by their shape."""
        gates: list[Gate] = []
        caps: list[Cap] = []
        floors: list[Floor] = []
        shares: list[Share] = []
        deadlines: list[Deadline] = []
        for rule in rules:
            match rule:
                case Gate():
                    gates.append(rule)
                case Cap():
                    caps.append(rule)
                case Floor():
                    floors.append(rule)
                case Share():
                    shares.append(rule)
                case Deadline():
                    deadlines.append(rule)
                case _:
                    assert_never(rule)
        return cls(
            gates=tuple(gates),
            caps=tuple(caps),
            floors=tuple(floors),
            shares=tuple(shares),
            deadlines=tuple(deadlines),
        )


_NO_RULES = Rules()
_Unopened = dict[tuple[date, Purpose, Lane], tuple[Gate, ...]]


class RuleSet:
    """What a stack of policy layers says, for any day."""

    __slots__ = (
        "_all",
        "_clocks",
        "_codes",
        "_conflicts",
        "_matrix",
        "_months",
        "_scoped",
        "_spans",
        "_starts",
        "_unopened",
        "layers",
        "moved",
    )

    layers: tuple[Policy, ...]
    """The layers, lowest precedence first."""
    moved: Mapping[str, int]
    """By how many units moves change the limit under a key."""

    def __init__(
        self,
        layers: Iterable[Policy],
        as_if_from: date | None = None,
        moves: Iterable[BudgetMove] = (),
    ) -> None:
        """Stack the layers, lowest precedence first.

        Raises:
            BadStack: if they are none: a layer twice, a base missing, a city below its province.
        """
        self.layers = tuple(layers)
        found = faults(self.layers)
        if found:
            raise BadStack(found)
        self._spans, self._conflicts = spans(self.layers, as_if_from)
        self._starts = [span.since for span in self._spans]
        self._codes = [{rule.code: rule for rule in span.rules} for span in self._spans]
        self._all = [Rules.of(span.rules) for span in self._spans]
        self._scoped: dict[tuple[int, Purpose, Lane], Rules] = {}
        self._clocks: dict[tuple[Purpose, Lane], tuple[Deadline, ...]] = {}
        self._matrix: dict[tuple[Purpose, Lane], tuple[Role, ...]] = {}
        self._months: dict[str, tuple[WorkCalendar, tuple[date, ...]]] = {}
        self._unopened: tuple[WorkCalendar | None, _Unopened] = (None, {})
        self.moved = deltas(moves, self.rule)

    @classmethod
    def of(cls, state: PolicyState) -> RuleSet:
        """Build the rule set of an adopted policy; keep it for as long as the policy is in use.

        Raises:
            BadStack: if the layers are no stack.
        """
        return cls(state.layers, state.as_if_from, state.moves)

    def in_force(self, day: date) -> tuple[Rule, ...]:
        """Return every rule in force on a day, in order of codes."""
        span = self._span(day)
        return self._spans[span].rules if span >= 0 else ()

    def as_if(self, day: date) -> bool:
        """Tell whether some rule holds on this day only because the policy was adopted "as if"."""
        span = self._span(day)
        return span >= 0 and self._spans[span].as_if

    def rule(self, code: str, day: date | None = None) -> Rule | None:
        """Return the rule of this code that is in force on a day; without a day, the last one."""
        if day is None:
            return next((c[code] for c in reversed(self._codes) if code in c), None)
        span = self._span(day)
        return self._codes[span].get(code) if span >= 0 else None

    def on(self, day: date) -> Rules:
        """Return the day's rules by shape, whatever they bind."""
        span = self._span(day)
        return self._all[span] if span >= 0 else _NO_RULES

    def binding(self, day: date, purpose: Purpose, lane: Lane) -> Rules:
        """Return the day's rules by shape, those that bind visits of this purpose and lane."""
        span = self._span(day)
        if span < 0:
            return _NO_RULES
        key = (span, purpose, lane)
        found = self._scoped.get(key)
        if found is None:
            rules = self._spans[span].rules
            found = Rules.of(r for r in rules if purpose in r.purposes and lane in r.lanes)
            self._scoped[key] = found
        return found

    def unopened(
        self, day: date, purpose: Purpose, lane: Lane, calendar: WorkCalendar
    ) -> tuple[Gate, ...]:
        """Return the day's binding gates without those that the calendar alone opens on it.

        Nothing is remembered of a year without an official calendar: windows may reach centuries ahead,
        and a gate that asks for that year's working days has to say that there is none.
        """
        if not calendar.official(day.year):
            return self.binding(day, purpose, lane).gates
        of, known = self._unopened
        if of is not calendar:
            of, known = self._unopened = (calendar, {})
        key = (day, purpose, lane)
        found = known.get(key)
        if found is None:
            gates = self.binding(day, purpose, lane).gates
            found = tuple(gate for gate in gates if by_calendar(gate, day, calendar) is not True)
            known[key] = found
        return found

    def deadlines(self, day: date) -> tuple[Deadline, ...]:
        """Return the deadlines in force on a day, whatever they bind."""
        return self.on(day).deadlines

    def every_deadline(self, purpose: Purpose, lane: Lane) -> tuple[Deadline, ...]:
        """Return the deadlines of any day that bind visits of this purpose and lane.

        A clock that started under a rule goes on when the rule has ended, so whoever asks what an
        event ends must not look at the rules of its day alone.
        """
        key = (purpose, lane)
        found = self._clocks.get(key)
        if found is None:
            every = {rule.code: rule for span in self._all for rule in span.deadlines}
            found = tuple(r for r in every.values() if purpose in r.purposes and lane in r.lanes)
            self._clocks[key] = found
        return found

    def matters(self) -> tuple[Deadline, ...]:
        """Return the deadlines of any day about matters that are no visit."""
        every = {rule.code: rule for span in self._all for rule in span.deadlines}
        return tuple(rule for rule in every.values() if not rule.purposes)

    def may_lift(self, code: str, role: Role, day: date | None = None) -> bool:
        """Tell whether this role's approval may lift a rule for one visit; an unknown rule never."""
        rule = self.rule(code, day)
        return rule is not None and role in rule.liftable_by

    def approvers(self, purpose: Purpose, lane: Lane) -> tuple[Role, ...]:
        """Return the roles whose yes is needed, in the order in which they are asked.

        Every layer's matrix counts and rows add up, so no layer replaces what a lower one asks for.
        """
        key = (purpose, lane)
        found = self._matrix.get(key)
        if found is None:
            asked = {role for row in self._rows(purpose, lane) for role in row.approvers}
            found = tuple(role for role in Role if role in asked)
            self._matrix[key] = found
        return found

    @property
    def timetable(self) -> Timetable:
        """The month's timetable: the highest layer's that states one."""
        return next(p.timetable for p in reversed(self.layers) if p.timetable is not None)

    @property
    def hours(self) -> VisitHours:
        """The hours within which codes are valid: the highest layer's that states them."""
        return next(p.hours for p in reversed(self.layers) if p.hours is not None)

    @property
    def max_departments(self) -> int | None:
        """The most departments in one visit: the smallest that any layer states, None for no limit."""
        stated = [p.max_departments for p in self.layers if p.max_departments is not None]
        return min(stated, default=None)

    @property
    def max_people(self) -> int | None:
        """The most officials in one visit: the smallest that any layer states, None for no limit."""
        stated = [p.max_people for p in self.layers if p.max_people is not None]
        return min(stated, default=None)

    @property
    def reserve(self) -> int:
        """The per cent of a service day's units kept for triggered visits: the highest layer's."""
        stated = [p.reserve for p in self.layers if p.reserve is not None]
        return stated[-1] if stated else 0

    @property
    def annual(self) -> AnnualRules | None:
        """What holds for annual plans: the highest layer's that says so, None where none does."""
        return next((p.annual for p in reversed(self.layers) if p.annual is not None), None)

    @property
    def rhythms(self) -> Rhythms | None:
        """How often round tables and monitoring points come round: the highest layer's, else None."""
        return next((p.rhythms for p in reversed(self.layers) if p.rhythms is not None), None)

    @property
    def acts(self) -> ActTable | None:
        """Which acts count towards which share of 七二一: the highest layer's, else None."""
        return next((p.acts for p in reversed(self.layers) if p.acts is not None), None)

    @property
    def results(self) -> int | None:
        """For how many months another's result stands: the highest layer's, None where none says."""
        stated = [p.results.months for p in self.layers if p.results is not None]
        return stated[-1] if stated else None

    @property
    def publication(self) -> PublicationRules | None:
        """When results are public: the highest layer's that says so, None where they are not."""
        found = (p.publication for p in reversed(self.layers) if p.publication is not None)
        return next(found, None)

    @property
    def booking(self) -> BookingRules | None:
        """How many days an enterprise may close: the highest layer's that says so, else None."""
        return next((p.booking for p in reversed(self.layers) if p.booking is not None), None)

    @property
    def scorecard(self) -> ScoreRules | None:
        """How departments are scored: the highest layer's that says so, None where none does."""
        stated = (p.scorecard for p in reversed(self.layers) if p.scorecard is not None)
        return next(stated, None)

    @property
    def draws(self) -> DrawRules | None:
        """How draws are made: the highest layer's that says so, None where none does."""
        return next((p.draws for p in reversed(self.layers) if p.draws is not None), None)

    @property
    def look_back(self) -> int:
        """The per cent of closed problems looked at again: the highest layer's, else none."""
        stated = [p.look_back.per_cent for p in self.layers if p.look_back is not None]
        return stated[-1] if stated else 0

    @property
    def alerts(self) -> dict[AlertTest, AlertRule]:
        """The patterns watched for, each as the highest layer that names it states it."""
        return {rule.test: rule for layer in self.layers for rule in layer.alerts}

    @property
    def word_days(self) -> int:
        """Working days that a department has to explain itself; the highest layer's, else none."""
        stated = [p.word_days for p in self.layers if p.word_days is not None]
        return stated[-1] if stated else 0

    def visiting_days(self, month: str, calendar: WorkCalendar) -> tuple[date, ...]:
        """List the working days of a month, such as ``2026-12``, on which routine visits may be.

        A gate counts that binds routine visits of every purpose, and knows days by the calendar
        alone (service week, quiet days).

        Raises:
            CalendarMissing: if the month's year has no official calendar.
        """
        known = self._months.get(month)
        if known is not None and known[0] is calendar:
            return known[1]
        working = calendar.working_days_of_month(*map(int, month.split("-")))
        days = tuple(day for day in working if self._visiting(day, calendar))
        self._months[month] = (calendar, days)
        return days

    def _visiting(self, day: date, calendar: WorkCalendar) -> bool:
        return all(
            open_by_calendar(gate, day, calendar)
            for gate in self.on(day).gates
            if Lane.ROUTINE in gate.lanes and set(gate.purposes) >= set(Purpose)
        )

    def conflicts(self) -> tuple[Conflict, ...]:
        """List where a layer would weaken a lower layer's duty, for a person to settle."""
        return self._conflicts

    def _rows(self, purpose: Purpose, lane: Lane) -> Iterable[MatrixRow]:
        rows = (row for layer in self.layers for row in layer.matrix)
        return (row for row in rows if purpose in row.purposes and lane in row.lanes)

    def _span(self, day: date) -> int:
        """Return the index of the span that holds a day, -1 before the first."""
        return bisect_right(self._starts, day) - 1
