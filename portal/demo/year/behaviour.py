"""How people act in the year: as in December, and where a scheme says so, wrongly.

Every choice is drawn from the seed and the visit's own id, as in ``portal.demo.conduct``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at
from portal.demo.conduct import Conduct
from portal.demo.county.december import Scripted
from portal.demo.desk import Asked
from portal.demo.year.major import weighed
from portal.demo.year.packages import on_visit
from portal.demo.year.schemes import Kind, Schemes
from scheduler.states import VisitState, VisitStatus
from schemas import commands as c
from schemas.lanes import HalfDay, Lane, Purpose
from schemas.visits import Finding, Grade, Outcome, Rating
from streams.ports import Credentials

RATED: Final = 0.66
"""Chance that an enterprise finds the time to rate."""

_GRADES: Final = (Grade.EXCELLENT, Grade.GOOD, Grade.FAIR, Grade.POOR, Grade.VERY_POOR)
_WEIGHTS: Final = (46, 37, 12, 4, 1)
_WITHDRAWN, _CONSENT = 0.01, 0.35
_POOR: Final = frozenset({Grade.POOR, Grade.VERY_POOR})
_LOOKS_LIKE: Final = timedelta(seconds=5)
"""After leaving, an officer rates on the enterprise's behalf within this time."""


class Behaviour(Conduct):
    """The behaviour of a seed, with the schemes of its year."""

    def __init__(self, seed: int, schemes: Schemes, townships: Mapping[str, str]) -> None:
        super().__init__(seed)
        self._schemes = schemes
        self._townships = townships
        self._moved: dict[str, tuple[datetime, datetime]] = {}
        self.rushed: list[tuple[str, str, str]] = []
        """Pairs of visits between which somebody was at two places at once: department, both ids."""

    def wrongs(self, state: VisitState) -> set[Kind]:
        """Return what is to be done wrong at a visit."""
        flagged = self._schemes.flagged
        found: set[Kind] = set()
        for part in state.line.parts:
            for id_ in part.requests:
                found |= flagged.get(id_, set())
        return found

    # ------------------------------------------------------------ before the visit

    def withdraws(self, s: Scripted) -> bool:
        """Whether a department drops a request of its own before the plan is drafted."""
        routine = s.name.startswith("routine-")
        return routine and self._random("withdraw", s.name).random() < _WITHDRAWN

    def filing(self, s: Scripted) -> tuple[int, bool]:
        """Return after how many working days a filing comes, and whether it claims an earlier day."""
        return self._schemes.filing(s) or (1, False)

    # ------------------------------------------------------------ at the gate

    def unscanned(self, state: VisitState) -> bool:
        """Whether officials come without showing a code, and nobody says so."""
        return Kind.UNSCANNED in self.wrongs(state) and len(state.line.parts) == 1

    def misses(self, state: VisitState) -> bool:
        """Whether a visit does not enter; what somebody is set upon always does."""
        return not self.wrongs(state) and super().misses(state)

    def came(self, state: VisitState) -> tuple[str, ...]:
        """Return the departments that came."""
        return state.line.departments if self.wrongs(state) else super().came(state)

    def rush(self, month: str, states: Sequence[VisitState]) -> None:
        """Let somebody of bad habits be at two places within minutes, once in a month."""
        if any(key.endswith(f"/{month}") for key, _, _ in self.rushed):
            return
        for body in self._schemes.bad:
            pair = self._pair(body.id, states)
            if pair is not None:
                one, other = pair
                noon = at(one.line.day, 11, 50)
                self._moved[one.id] = (noon, noon + timedelta(minutes=4))
                later = noon + timedelta(minutes=11)
                self._moved[other.id] = (later, later + timedelta(minutes=30))
                self.rushed.append((f"{body.id}/{month}", one.id, other.id))
                return

    def _pair(
        self, department: str, states: Iterable[VisitState]
    ) -> tuple[VisitState, VisitState] | None:
        """Find a morning and an afternoon of the same officers in two townships."""
        mine = [s for s in states if s.line.departments == (department,) and not self.wrongs(s)]
        mornings = [s for s in mine if s.line.half is HalfDay.MORNING]
        afternoons = [s for s in mine if s.line.half is HalfDay.AFTERNOON]
        for one in mornings:
            for other in afternoons:
                same = set(one.line.parts[0].officers) & set(other.line.parts[0].officers)
                towns = {self._townships[s.line.enterprise] for s in (one, other)}
                stays = not self.misses(one) and not self.misses(other)
                if same and len(towns) > 1 and stays:
                    return one, other
        return None

    def hours(self, state: VisitState, day: date) -> tuple[datetime, datetime]:
        """Return when those who come scan in, and when they leave."""
        if state.id in self._moved:
            return self._moved[state.id]
        random = self._random("hours", state.id)
        hour = 8 if state.line.half is HalfDay.MORNING else 14
        comes = at(day, hour, 30) + timedelta(minutes=random.randrange(90))
        return comes, comes + timedelta(minutes=35 + random.randrange(60))

    def results(self, state: VisitState, when: datetime) -> list[Asked]:
        """Return the results that the departments put on record."""
        wrongs = self.wrongs(state)
        if Kind.TOUR_FINDINGS in wrongs and state.line.purpose is Purpose.STUDY_TOUR:
            return [self._of_tour(state, when)]
        if Kind.SERVICE_LABEL in wrongs and state.line.purpose is Purpose.INSPECTION:
            return [
                self._penalty(state, part.department, part.items, when) for part in state.line.parts
            ]
        if state.line.purpose is Purpose.SERVICE:
            return self._handed_over(state, when)
        return weighed(self._random("major", state.id), state, super().results(state, when))

    def _handed_over(self, state: VisitState, when: datetime) -> list[Asked]:
        """政策包、服务包. Those who come as a service say what they left there, if anything."""
        packages = on_visit(self._random("packages", state.id), when.date())
        came = self.came(state) if packages else ()
        return [
            self._recorded(state, Outcome(department=home, findings=(), packages=packages), when)
            for home in came
        ]

    def _of_tour(self, state: VisitState, when: datetime) -> Asked:
        department = state.line.departments[0]
        items = self._schemes.wishes.county.items_of(department)
        finding = Finding(item=items[0] if items else f"{department}.01", compliant=False)
        outcome = Outcome(department=department, findings=(finding,), measure="rectification")
        return self._recorded(state, outcome, when)

    def _penalty(
        self, state: VisitState, department: str, items: Sequence[str], when: datetime
    ) -> Asked:
        findings = tuple(Finding(item=item, compliant=n > 0) for n, item in enumerate(items))
        measure = "penalty_case" if findings else "none"
        return self._recorded(
            state, Outcome(department=department, findings=findings, measure=measure), when
        )

    @staticmethod
    def _recorded(state: VisitState, outcome: Outcome, when: datetime) -> Asked:
        command = c.RecordOutcome(visit=state.id, outcome=outcome)
        id_ = f"result-{state.id}-{outcome.department}"
        return Asked(id_, d.officer(outcome.department), when, command)

    # ------------------------------------------------------------ afterwards

    def grade(self, state: VisitState) -> Grade | None:
        """Return how the enterprise rates a visit; ``None`` where it does not."""
        wrongs = self.wrongs(state)
        if Kind.FAST_RATING in wrongs:
            return Grade.EXCELLENT
        if Kind.RETALIATION in wrongs and state.lane is not Lane.STATUTORY:
            return Grade.VERY_POOR
        random = self._random("rating", state.id)
        if random.random() >= RATED:
            return None
        return random.choices(_GRADES, _WEIGHTS)[0]

    def poor(self, state: VisitState) -> bool:
        """Whether a visit is rated so badly that somebody calls."""
        return self.grade(state) in _POOR

    def rating(self, state: VisitState, credentials: Credentials, when: datetime) -> Asked | None:
        """Return the rating, given in the evening; or at the gate, by those who came."""
        grade = self.grade(state)
        if grade is None:
            return None
        if Kind.FAST_RATING in self.wrongs(state):
            _, left = self.hours(state, when.date())
            when = left + _LOOKS_LIKE
        forward = grade in _POOR and self._random("forward", state.id).random() < _CONSENT
        return Asked(
            f"rate-{state.id}",
            d.enterprise(state.line.enterprise),
            when,
            lambda: c.RateVisit(
                visit=state.id,
                token=credentials.rating_token(state.id),
                rating=Rating(grade=grade, forward=forward),
            ),
        )


def standing(states: Iterable[VisitState]) -> list[VisitState]:
    """Return the visits that were not called off."""
    return [s for s in states if s.status is not VisitStatus.CANCELLED]


def chance(seed: int, what: str, id_: str) -> Random:
    """Return the random numbers of one thing in a seed's year."""
    return Random(f"{seed}/{what}/{id_}")
