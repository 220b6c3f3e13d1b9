"""What somebody does wrong in the year, and in which visits: known to the script, to no detector.

Each scheme is carried out by a department of bad habits. It becomes requests like any other and a
way to behave at the gate; whether it truly came about is found afterwards from what happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from random import Random
from typing import Final

from portal.demo.county.data import Body
from portal.demo.county.december import Days, Scripted, asking, inspectors
from portal.demo.month import request_id
from portal.demo.year.town import GROUPS, Size, sisters
from portal.demo.year.wishes import Wishes, line_of
from scheduler.workdays import WorkCalendar
from schemas.alert_rules import AlertTest
from schemas.lanes import Purpose
from schemas.registry import Standing
from schemas.visits import Window


class Kind(StrEnum):
    """What is done wrong."""

    BACK_DATING = "back_dating"
    LATE_FILING = "late_filing"
    SPLITTING = "splitting"
    SERVICE_LABEL = "service_label"
    UNSCANNED = "unscanned"
    STUDY_TOUR = "study_tour"
    TOUR_FINDINGS = "tour_findings"
    TWO_PLACES = "two_places"
    FAST_RATING = "fast_rating"
    TWICE = "twice"
    RETALIATION = "retaliation"
    FALSE_CAUSE = "false_cause"
    BUNCHING = "bunching"
    NOT_THE_DRAWN = "not_the_drawn"


RULES: Final[Mapping[Kind, str]] = {
    Kind.BACK_DATING: "filing-back-dated",
    Kind.LATE_FILING: "filing-late",
    Kind.SPLITTING: AlertTest.SPLIT_VISIT.value,
    Kind.SERVICE_LABEL: AlertTest.LABEL_THEN_PENALTY.value,
    Kind.UNSCANNED: AlertTest.NO_SCAN.value,
    Kind.STUDY_TOUR: AlertTest.DISGUISED.value,
    Kind.TOUR_FINDINGS: AlertTest.DISGUISED.value,
    Kind.TWO_PLACES: AlertTest.IMPOSSIBLE_TRAVEL.value,
    Kind.FAST_RATING: AlertTest.FAST_RATING.value,
    Kind.TWICE: AlertTest.CHECKED_TWICE.value,
    Kind.RETALIATION: AlertTest.AFTER_BAD_RATING.value,
    Kind.FALSE_CAUSE: AlertTest.EXEMPT_SHARE.value,
    Kind.BUNCHING: AlertTest.BUNCHING.value,
    Kind.NOT_THE_DRAWN: AlertTest.NOT_THE_DRAWN.value,
}
"""The pattern by which each kind ought to be found."""

_A_MONTH: Final[Mapping[Kind, float]] = {
    Kind.SPLITTING: 1,
    Kind.SERVICE_LABEL: 1,
    Kind.UNSCANNED: 3,
    Kind.STUDY_TOUR: 1,
    Kind.TOUR_FINDINGS: 1,
    Kind.TWO_PLACES: 1,
    Kind.FAST_RATING: 4,
    Kind.TWICE: 2,
    Kind.RETALIATION: 1,
    Kind.FALSE_CAUSE: 2,
}
"""How often in a month of the whole county; once a month at least in a small one."""

LATE, DATED_BACK = 0.12, 0.12
"""Chances that a filing comes late, or on time with an earlier day on it."""

_TOO_LATE: Final = 7
"""Working days after which a filing is late, whatever it is for."""

_BAD: Final = 6
_SMALLEST: Final = 10
_OF_CROWD: Final = 100
"""What the busiest department asks in a month of the whole county, about; a bunch takes ten."""

_BUNCH: Final = (5, 11)
"""Months in which a department puts all its visits on the last day, to look busy at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One thing that is to be done wrong.

    ``second`` is the request whose visit is the wrong itself, ``first`` an earlier one that makes it
    so. ``key`` is what an alert over a whole month or year is about.
    """

    kind: Kind
    department: str
    first: str = ""
    second: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One scheme of a month as it is being laid: its name, the month, who, and by what chance."""

    name: str
    month: str
    days: Days
    body: Body
    random: Random


@dataclass
class Schemes:
    """A year's schemes; the requests that they need come with the month's others."""

    wishes: Wishes
    size: Size
    seed: int
    calendar: WorkCalendar
    made: list[Scheme] = field(default_factory=list)
    flagged: dict[str, set[Kind]] = field(default_factory=lambda: defaultdict(set))
    """What is to be done wrong at the visit of a request, by the request's id."""
    _own: dict[str, list[Scripted]] = field(default_factory=lambda: defaultdict(list))
    """Requests of later months."""
    _habits: list[tuple[Turn, Scripted]] = field(default_factory=list)
    """Visits of the month before to which somebody returns."""

    def __post_init__(self) -> None:
        """Choose who behaves badly."""
        found = inspectors(self.wishes.county)
        self.bad: list[Body] = Random(f"{self.seed}/bad").sample(found[:12], min(_BAD, len(found)))
        self.liar = min(found, key=lambda body: (body.share, body.id))
        crowd = max(found, key=lambda body: (body.share, body.id))
        units = {d.id: d.daily_units for d in self.wishes.county.departments}
        for number in _BUNCH:
            month = f"{self.size.year}-{number:02d}"
            if month in self.size.names and self.size.of(_OF_CROWD) >= _SMALLEST:
                self.wishes.bunched[crowd.id, month] = units[crowd.id] - 3
                key = f"{crowd.id}/{month}"
                self.made.append(Scheme(kind=Kind.BUNCHING, department=crowd.id, key=key))
        key = f"{self.liar.id}/{self.size.year}"
        self.made.append(Scheme(kind=Kind.FALSE_CAUSE, department=self.liar.id, key=key))

    def filing(self, s: Scripted) -> tuple[int, bool] | None:
        """Return how a filing is dealt with wrongly; ``None`` where it is in order."""
        chance = Random(f"{self.seed}/filing/{s.name}").random()
        if chance < LATE:
            return (_TOO_LATE, False) if self._within(s) else None
        return (2, True) if chance < LATE + DATED_BACK else None

    def _within(self, s: Scripted) -> bool:
        """Whether a late filing would still come within the year."""
        day = s.day or s.request.window.last
        year_end = date(day.year, 12, 31)
        return self.calendar.working_days_between(day, year_end) >= _TOO_LATE

    def of(self, month: str, days: Days) -> tuple[Scripted, ...]:
        """Return the requests that the schemes of a month add to its others."""
        random = Random(f"{self.seed}/schemes/{month}")
        found = [*self._own.pop(month, ()), *self._returns(month, days)]
        for kind, often in _A_MONTH.items():
            count = max(1, round(often * self.size.scale))
            for n in range(count):
                name = f"{kind.value.replace('_', '')}-{n}"
                found += self._one(kind, Turn(name, month, days, random.choice(self.bad), random))
        return tuple(found)

    def mark(self, month: Iterable[Scripted]) -> None:
        """Note what may go wrong with filings among a month's requests."""
        for s in month:
            if not s.name.startswith(("escalation-", "emergency-")):
                continue
            filed = self.filing(s)
            if filed is not None:
                kind = Kind.BACK_DATING if filed[1] else Kind.LATE_FILING
                self._note(kind, s)

    def _one(self, kind: Kind, turn: Turn) -> Iterator[Scripted]:
        name, month, days = turn.name, turn.month, turn.days
        match kind:
            case Kind.SPLITTING:
                yield from self._split(turn)
            case Kind.SERVICE_LABEL:
                place = self._place(turn.body, turn.random)
                called = self.wishes.call(f"{name}a-{month}", turn.body, place, days.early[-1])
                check = self._routine(turn, "b", place, days.window)
                yield called
                yield check
                self._note(kind, check, called)
            case Kind.UNSCANNED | Kind.FAST_RATING:
                place = self._place(turn.body, turn.random)
                check = self._routine(turn, "", place, days.window)
                yield check
                # In December nobody is left to miss a scan.
                if kind is Kind.FAST_RATING or month != self.size.names[-1]:
                    self._note(kind, check)
            case Kind.STUDY_TOUR | Kind.TOUR_FINDINGS:
                yield from self._tour(kind, turn)
            case Kind.TWICE | Kind.RETALIATION:
                yield from self._again(kind, turn)
            case Kind.FALSE_CAUSE:
                place = self._place(self.liar, turn.random)
                day = turn.random.choice(days.early)
                yield self.wishes.complaint(f"{name}-{month}", self.liar, place, day)
            case _:
                return

    def _note(self, kind: Kind, second: Scripted, first: Scripted | None = None) -> None:
        self.made.append(
            Scheme(
                kind=kind,
                department=second.request.department,
                first=request_id(first) if first else "",
                second=request_id(second),
            )
        )
        self.flagged[request_id(second)].add(kind)
        if first is not None:
            self.flagged[request_id(first)].add(kind)

    def _place(self, body: Body, random: Random) -> int:
        """Choose an enterprise that the department may still enter twice this year."""
        enterprises = self.wishes.county.enterprises
        free = [
            n
            for n, e in enumerate(enterprises)
            if e.standing is Standing.ACTIVE
            and e.group is None
            and not e.closed_days
            and not self.wishes.asked[body.id, n]
        ]
        place = random.choice(free or range(len(enterprises)))
        self.wishes.asked[body.id, place] += 2
        return place

    def _routine(self, turn: Turn, letter: str, place: int, window: Window) -> Scripted:
        """Return a routine check of a scheme, its papers in order."""
        line = line_of(turn.body.id, self.size.year)
        cited = {} if turn.month.endswith("-01") else {"line": line}
        request = asking(self.wishes.county, turn.body, place, window=window, **cited)
        return Scripted(f"{turn.name}{letter}-{turn.month}", request)

    def _split(self, turn: Turn) -> Iterator[Scripted]:
        """Two visits to sister firms instead of one: first on an early day, then on a late one."""
        county, body, days = self.wishes.county, turn.body, turn.days
        able = [
            pair
            for pair in sisters(len(county.enterprises), self.size.of(GROUPS, 2))
            if all(
                county.enterprises[n].standing is Standing.ACTIVE
                and not county.enterprises[n].closed_days
                and not self.wishes.asked[body.id, n]
                for n in pair
            )
        ]
        if not able:
            return
        windows = (
            Window(first=days.visiting[0], last=days.visiting[1]),
            Window(first=days.visiting[-2], last=days.visiting[-1]),
        )
        made = []
        for letter, place, window in zip("ab", turn.random.choice(able), windows, strict=True):
            self.wishes.asked[body.id, place] += 1
            made.append(self._routine(turn, letter, place, window))
            yield made[-1]
        self._note(Kind.SPLITTING, made[1], made[0])

    def _tour(self, kind: Kind, turn: Turn) -> Iterator[Scripted]:
        """A study tour that is none: findings are written down, or the inspection follows at once."""
        place, days = self._place(turn.body, turn.random), turn.days
        tour = Scripted(
            f"{turn.name}a-{turn.month}",
            asking(
                self.wishes.county,
                turn.body,
                place,
                purpose=Purpose.STUDY_TOUR,
                items=(),
                window=Window(first=days.visiting[0], last=days.visiting[1]),
                reason="走访调研",
            ),
        )
        yield tour
        if kind is Kind.TOUR_FINDINGS:
            self._note(kind, tour)
        else:
            self._follow(kind, turn, place, tour, 2)

    def _again(self, kind: Kind, turn: Turn) -> Iterator[Scripted]:
        """A department comes back soon: as a habit, or under a pretext because it was rated badly."""
        place = self._place(turn.body, turn.random)
        first = self._routine(turn, "a", place, turn.days.window)
        yield first
        if kind is Kind.TWICE:
            self._habits.append((turn, first))
        else:
            self._follow(kind, turn, place, first, 3 + turn.random.randrange(3))

    def _returns(self, month: str, days: Days) -> Iterator[Scripted]:
        """Departments come back for what they saw a month ago, as a habit: within their two visits."""
        habits, self._habits = self._habits, []
        enterprises = [e.id for e in self.wishes.county.enterprises]
        for turn, first in habits:
            place = enterprises.index(first.request.enterprise)
            second = self._routine(replace(turn, month=month), "b", place, days.window)
            yield second
            self._note(Kind.TWICE, second, first)

    def _follow(
        self, kind: Kind, turn: Turn, place: int, first: Scripted, working_days: int
    ) -> None:
        """Let a check under a pretext follow, so many working days after the service week."""
        day = self.calendar_day(turn.days.visiting[-1], working_days)
        if day is not None:
            later = self.wishes.complaint(f"{turn.name}b-{turn.month}", turn.body, place, day)
            self._own[f"{day:%Y-%m}"].append(later)
            self._note(kind, later, first)

    def calendar_day(self, day: date, working_days: int) -> date | None:
        """Return a working day after another, where the months played reach it."""
        if f"{day:%Y-%m}" == self.size.names[-1]:
            return None
        return self.calendar.nth_working_day_after(day, working_days)
