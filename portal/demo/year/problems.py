"""企业问题 in the year: reported, graded, answered, closed by the enterprise's word, looked at again."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Final

from portal.demo import desk as d
from portal.demo.clock import at, spread
from portal.demo.county.people import County
from portal.demo.desk import Asked, Desk
from portal.demo.year.agenda import Agenda
from portal.demo.year.behaviour import chance
from portal.messages import Sender
from scheduler import keys
from scheduler.identity import derived
from scheduler.problem_states import LookBackState
from scheduler.workdays import CalendarMissing, WorkCalendar
from schemas import problem_commands as c
from schemas.enterprise_problems import (
    CarryCause,
    ProblemGrade,
    ProblemReport,
    ProblemSource,
    ProblemTopic,
    Proof,
)
from schemas.registry import Jurisdiction
from streams.ports import Effect

A_YEAR: Final = 2_000
"""Problems of the whole county in a year."""

LATE, DECLINED, MERGED, SIMPLE = 0.06, 0.03, 0.03, 0.7
SATISFIED, DISSATISFIED = 0.84, 0.08
"""The rest of the enterprises says nothing."""

HOLDS, REVIEWED = 0.93, 0.04
NAMELESS, UNNAMED = 0.3, 0.1
"""Chances that others tell of no enterprise, and that one asks not to be named."""

_ROUND_TABLE: Final = 0.15
_SOURCES: Final = tuple(ProblemSource)
_BY_OTHERS: Final = frozenset({ProblemSource.HOTLINE, ProblemSource.OBSERVER})
_TOPICS: Final = tuple(ProblemTopic)
_LEADERS: Final = 5
_LIMIT: Final = {ProblemGrade.SIMPLE: 3, ProblemGrade.COMPLEX: 5}


@dataclass(slots=True)
class Problem:
    """A problem as the script knows it."""

    name: str
    enterprise: str | None
    grade: ProblemGrade
    rounds: int = 0

    @property
    def id(self) -> str:
        """Its id in the ledger."""
        return derived(d.SOURCE, f"problem-{self.name}", "problem")


class Problems:
    """Lets problems come in, and settles them."""

    def __init__(  # noqa: PLR0917 - the parts of a year
        self,
        desk: Desk,
        agenda: Agenda,
        county: County,
        calendar: WorkCalendar,
        seed: int,
        a_year: int,
    ) -> None:
        self._desk = desk
        self._agenda = agenda
        self._county = county
        self._calendar = calendar
        self._seed = seed
        self._a_month = a_year / 12
        self._homes = [x.id for x in county.departments if x.jurisdiction is Jurisdiction.LOCAL]
        self._open: dict[str, Problem] = {}
        self._closed: dict[str, dict[str, Problem]] = defaultdict(dict)

    # ------------------------------------------------------------ coming in

    def month(self, month: str, days: tuple[date, ...]) -> None:
        """Put a month's reports on the agenda; every other month a round table brings several at once."""
        random = Random(f"{self._seed}/problems/{month}")
        number, rest = divmod(self._a_month, 1)
        count = int(number) + (random.random() < rest)
        table = days[len(days) // 2] if int(month[5:]) % 2 == 0 else None
        for n in range(1, count + 1):
            if table is not None and n <= count * _ROUND_TABLE:
                self._report(f"{month}-{n:03d}", table, ProblemSource.ROUND_TABLE)
            else:
                self._report(f"{month}-{n:03d}", random.choice(days[:-1]), None)

    def _report(self, name: str, day: date, source: ProblemSource | None) -> None:
        random = chance(self._seed, "problem", name)
        source = source or random.choice(_SOURCES)
        nameless = source in _BY_OTHERS and random.random() < NAMELESS
        enterprise = None if nameless else random.choice(self._county.enterprises).id
        problem = Problem(
            name,
            enterprise,
            ProblemGrade.SIMPLE if random.random() < SIMPLE else ProblemGrade.COMPLEX,
        )
        report = ProblemReport(
            title=f"企业诉求 {name}",
            text="反映事项待核实办理",
            source=source,
            topic=random.choice(_TOPICS),
            enterprise=enterprise,
            unnamed=random.random() < UNNAMED,
            generated=True,
        )
        own = source is ProblemSource.ENTERPRISE and enterprise is not None
        who = d.enterprise(enterprise) if own and enterprise else d.OFFICE
        when = at(day, 9 + random.randrange(7), random.randrange(60))
        command = c.ReportProblem(problem=report)
        self._put(f"problem-{name}", who, when, command, lambda day: self._come_in(problem, day))

    def _put(
        self,
        id_: str,
        who: Sender,
        when: datetime,
        command: c.ProblemCommand,
        then: Callable[[date], None] | None = None,
    ) -> None:
        def follow(effect: Effect) -> None:
            if effect.status == "accepted" and then is not None:
                then(when.date())

        self._agenda.put(Asked(id_, who, when, command), follow)

    def _after(self, day: date, working_days: int) -> date | None:
        try:
            return self._calendar.nth_working_day_after(day, working_days)
        except CalendarMissing:  # the year is over
            return None

    # ------------------------------------------------------------ settling

    def _come_in(self, problem: Problem, day: date) -> None:
        self._open[problem.id] = problem
        random = chance(self._seed, "accept", problem.name)
        on = self._after(day, 3 if random.random() < LATE else 1)
        if on is None:
            return
        what, when = random.random(), at(on, 10)
        others = [p for p in self._open.values() if p is not problem and p.rounds]
        if what < DECLINED:
            command: c.ProblemCommand = c.DeclineProblem(problem=problem.id, reason="不属本级职权")
            then = self._gone
        elif what < DECLINED + MERGED and others:
            into = others[-1].id
            command = c.MergeProblem(problem=problem.id, into=into, reason="与已受理问题相同")
            then = self._gone
        else:
            command = c.AcceptProblem(
                problem=problem.id,
                grade=problem.grade,
                leader=f"leader-{1 + random.randrange(_LEADERS)}",
                department=random.choice(self._homes),
            )
            then = self._accepted
        self._put(f"take-{problem.name}", d.OFFICE, when, command, lambda day: then(problem, day))

    def _gone(self, problem: Problem, day: date) -> None:
        del day
        self._open.pop(problem.id, None)

    def _accepted(self, problem: Problem, day: date) -> None:
        """Let the department answer, mostly within its days."""
        problem.rounds += 1
        random = chance(self._seed, f"answer-{problem.rounds}", problem.name)
        limit = _LIMIT[problem.grade]
        days = limit + 3 if random.random() < LATE else random.randint(1, limit)
        on = self._after(day, days)
        if on is None:
            return
        proof = Proof(name="办结材料.pdf", digest=hashlib.sha256(problem.name.encode()).hexdigest())
        command = c.AnswerProblem(problem=problem.id, text="已协调解决", proofs=(proof,))
        id_ = f"answer-{problem.name}-{problem.rounds}"
        self._put(id_, d.OFFICE, at(on, 15), command, lambda day: self._answered(problem, day))

    def _answered(self, problem: Problem, day: date) -> None:
        random = chance(self._seed, f"word-{problem.rounds}", problem.name)
        what = random.random()
        if problem.enterprise is None:
            self._close(problem, self._after(day, 1))
        elif what >= SATISFIED + DISSATISFIED:
            self._close(problem, self._after(day, 7))
        else:
            on = self._after(day, random.randint(1, 4))
            if on is None:
                return
            satisfied = what < SATISFIED
            reason = None if satisfied else "问题仍未解决"
            command = c.GiveWord(problem=problem.id, satisfied=satisfied, reason=reason)
            then = self._done if satisfied else self._accepted
            id_ = f"word-{problem.name}-{problem.rounds}"
            who = d.enterprise(problem.enterprise)
            self._put(id_, who, at(on, 11), command, lambda day: then(problem, day))

    def _close(self, problem: Problem, day: date | None) -> None:
        if day is None:
            return
        command = c.CloseProblem(problem=problem.id, reason="期满未收到企业意见，按规定销号")
        id_ = f"close-{problem.name}-{problem.rounds}"
        self._put(id_, d.OFFICE, at(day, 14), command, lambda day: self._done(problem, day))

    def _done(self, problem: Problem, day: date) -> None:
        self._open.pop(problem.id, None)
        self._closed[f"{day:%Y-%m}"][problem.id] = problem
        random = chance(self._seed, "review", problem.name)
        on = self._after(day, 1)
        if random.random() < REVIEWED and on is not None:
            command = c.ReviewProblem(problem=problem.id, text="成因已查明", change="纳入办事指南")
            self._put(f"review-{problem.name}-{problem.rounds}", d.OFFICE, at(on, 16), command)

    # ------------------------------------------------------------ the month's end

    async def clear(self, month: str, day: date) -> None:
        """月月清零. Carry over what is open, each with its reason, and clear the month."""
        if not self._open and not self._closed[month]:
            return
        self._desk.phase = "problem pool"
        carried = [
            Asked(
                f"carry-{problem.name}-{month}",
                d.OFFICE,
                spread(day, 17, n, 3),
                c.CarryProblem(
                    problem=problem.id, month=month, cause=CarryCause.TIME_RUNS, reason="期限未到"
                ),
            )
            for n, problem in enumerate(self._open.values())
        ]
        await self._desk.ask(carried)
        command = c.ClearPool(month=month, open=tuple(sorted(self._open)))
        await self._desk.one(Asked(f"clear-{month}", d.OFFICE, at(day, 19), command))

    async def look_back(self, month: str, day: date) -> None:
        """回头看. Draw a sample of what was closed in a month, and look at each again."""
        closed = self._closed[month]
        if not closed:
            return
        self._desk.phase = "look back"
        seed = hashlib.sha256(f"{self._seed}/{month}".encode()).hexdigest()
        command = c.LookBack(month=month, closed=tuple(sorted(closed)), seed=seed)
        asked = Asked(f"lookback-{month}", d.OFFICE, at(day, 9), command)
        if (await self._desk.one(asked)).status != "accepted":
            return
        drawn = await self._desk.service.queries.get(LookBackState, keys.look_back(month))
        for n, id_ in enumerate(drawn.sample if drawn else ()):
            problem = closed[id_]
            holds = chance(self._seed, f"check-{month}", problem.name).random() < HOLDS
            check = c.CheckProblem(
                month=month, problem=id_, holds=holds, text="已核实" if holds else "问题反弹"
            )
            when = spread(self._after(day, 2) or day, 9, n)
            then = None if holds else self._again(month, problem)
            self._put(f"check-{problem.name}-{month}", d.OFFICE, when, check, then)

    def _again(self, month: str, problem: Problem) -> Callable[[date], None]:
        def reopened(day: date) -> None:
            self._closed[month].pop(problem.id, None)
            self._open[problem.id] = problem
            self._accepted(problem, day)

        return reopened
