"""How people behave in the demo: who comes, who does not, what is found, how it is rated.

Every choice is drawn from the seed and the visit's own id, so it does not depend on the order in
which things are asked.
"""

from __future__ import annotations

from datetime import date, datetime
from random import Random

from portal.demo import desk as d
from portal.demo.clock import at
from portal.demo.county.december import Scripted
from portal.demo.desk import Asked
from scheduler.states import VisitState
from schemas import commands as c
from schemas.lanes import HalfDay, Lane, Purpose
from schemas.visits import Decision, Finding, Grade, NoEntry, Outcome, Rating
from streams.ports import Credentials

MISSES, SHORT, RECORDED, FOUND, RATED = 0.02, 0.05, 0.92, 0.18, 0.62
"""Chances: a visit does not enter, a joint one comes short, has a result, finds something, is rated."""
UNWORTHY = 0.01
"""Chance that a head finds a routine request not worth the visit."""
_GRADES = (Grade.EXCELLENT, Grade.GOOD, Grade.FAIR, Grade.POOR, Grade.VERY_POOR)
_WEIGHTS = (45, 38, 12, 4, 1)
_NO_ENTRY = {
    NoEntry.CLOSED_GATE: "企业当日停产，大门关闭",
    NoEntry.TURNED_AWAY: "企业称未接到通知",
    NoEntry.CANCELLED_ON_SITE: "到场后接到紧急任务撤回",
}


class Conduct:
    """The behaviour of a seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def _random(self, what: str, id_: str) -> Random:
        return Random(f"{self._seed}/{what}/{id_}")

    def head(self, s: Scripted) -> Decision:
        """Return what the head says to a request."""
        routine = s.name.startswith("routine-")
        unworthy = routine and self._random("head", s.name).random() < UNWORTHY
        return Decision.REFUSED if unworthy else Decision.APPROVED

    def filing(self, s: Scripted) -> tuple[int, bool]:
        """Return after how many working days a filing comes, and whether it claims an earlier day.

        One escalated visit is filed late and another one on time but dated back; the ledger's own
        date tells both.
        """
        if s.name == "escalation-2":
            return 4, False
        return (1, True) if s.name == "escalation-1" else (1, False)

    def misses(self, state: VisitState) -> bool:
        """Whether a planned visit does not enter. Those on a day of their own always do."""
        planned, alone = state.month is not None, len(state.line.parts) == 1
        return planned and alone and self._random("miss", state.id).random() < MISSES

    def missed(self, state: VisitState, day: date) -> Asked:
        """Report why it did not."""
        cause = self._random("why", state.id).choice(tuple(NoEntry))
        command = c.ReportNoEntry(visit=state.id, cause=cause, reason=_NO_ENTRY[cause])
        return Asked(f"missed-{state.id}", d.officer(state.line.lead), at(day, 10), command)

    def came(self, state: VisitState) -> tuple[str, ...]:
        """Return the departments that came; of a joint visit one may stay away."""
        due = state.line.departments
        short = len(due) > 2 and self._random("short", state.id).random() < SHORT  # noqa: PLR2004
        missing = due[-1] if due[-1] != state.line.lead else due[0]
        return tuple(x for x in due if x != missing) if short else due

    def hours(self, state: VisitState, day: date) -> tuple[datetime, datetime]:
        """Return when those who come scan in, and when they leave."""
        hour = 9 if state.line.half is HalfDay.MORNING else 14
        return at(day, hour), at(day, hour + 1, 40)

    def results(self, state: VisitState, when: datetime) -> list[Asked]:
        """Return the results that the departments of an inspection put on record."""
        if state.line.purpose is not Purpose.INSPECTION:
            return []
        asked = []
        for part in state.line.parts:
            random = self._random("result", f"{state.id}/{part.department}")
            if part.department in self.came(state) and random.random() < RECORDED:
                found = random.random() < FOUND
                outcome = Outcome(
                    department=part.department,
                    findings=tuple(
                        Finding(item=item, compliant=not (found and n == 0))
                        for n, item in enumerate(part.items)
                    ),
                    measure="guidance" if found else "none",
                )
                command = c.RecordOutcome(visit=state.id, outcome=outcome)
                id_ = f"result-{state.id}-{part.department}"
                asked.append(Asked(id_, d.officer(part.department), when, command))
        return asked

    def rating(self, state: VisitState, credentials: Credentials, when: datetime) -> Asked | None:
        """Return the enterprise's rating; not every one finds the time."""
        random = self._random("rating", state.id)
        if random.random() >= RATED and state.lane is not Lane.ON_CALL:
            return None
        grade = random.choices(_GRADES, _WEIGHTS)[0]
        return Asked(
            f"rate-{state.id}",
            d.enterprise(state.line.enterprise),
            when,
            lambda: c.RateVisit(
                visit=state.id,
                token=credentials.rating_token(state.id),
                rating=Rating(grade=grade),
            ),
        )
