"""The script of one month of a county: from the first request to the last visit of the service days.

The day is the unit, and what is asked follows from the county, the published plan and the answers to
earlier commands. An interrupted run asks the same again. A month knows neither timers nor registers:
whoever plays it has set the county up, and hands it one day after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.demo import desk as d
from portal.demo.clock import at, spread
from portal.demo.conduct import Conduct
from portal.demo.county.december import Scripted
from portal.demo.county.people import County
from portal.demo.desk import Asked, Desk
from portal.demo.rounds import Rota, coding, entering, leaving, staffing
from portal.plans.planner import Wanted
from scheduler import keys
from scheduler.planner.limits import Limits
from scheduler.ruleset import RuleSet
from scheduler.states import DraftState, VisitState
from scheduler.timetable import of_month
from scheduler.workdays import WorkCalendar
from schemas import commands as c
from schemas.lanes import HalfDay, Lane, Purpose
from schemas.plans import Answer, AnswerKind, PlanBody
from schemas.visits import Decision as Verdict
from schemas.visits import Filing, PlanLine, Role
from streams.ports import CommandKey

SUBMITTING_DAYS = 7
"""Working days over which departments submit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a month is played with.

    ``begins`` is the day before the first on which anybody submits. ``suffix`` tells the commands of
    this month from those of others. ``limits`` bound the planner's search.
    """

    desk: Desk
    county: County
    requests: Sequence[Scripted]
    month: str
    begins: date
    conduct: Conduct
    rota: Rota
    seed: int = 0
    limits: Limits | None = None
    suffix: str = ""
    waiting: dict[date, list[Asked]] = field(default_factory=lambda: defaultdict(list))
    """What is to be asked on later days; months that run side by side share it."""


class MonthPlay:
    """Plays a month through the real program."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._desk = part.desk
        self._county = part.county
        self._requests = part.requests
        self._conduct = part.conduct
        self._rota = part.rota
        self._later = part.waiting
        self._accepted: dict[str, Scripted] = {}
        self._visits: dict[date, list[PlanLine]] = defaultdict(list)

    def under(self, rules: RuleSet, calendar: WorkCalendar) -> None:
        """Take the month's dates from the rules and the calendar in use."""
        self._calendar = calendar
        self._dates = of_month(self._part.month, rules, calendar)

    async def steps(self, day: date) -> None:
        """Play one working day of the month."""
        dates = self._dates
        if self._part.begins < day <= dates.requests_close:
            await self._submit(day)
        if day == dates.requests_close:
            close = c.CloseMonth(month=self._part.month)
            await self._desk.must(Asked(self._named("close"), d.OFFICE, at(day, 18), close))
        if day == dates.draft:
            await self._draft(1, at(day, 10))
            await self._approve(day)
        if day == dates.answers_close:
            await self._answer(day)
        if day == dates.publish:
            await self._publish(day)
        if day == dates.officers_named:
            await self._name_officers(day)
        await self._own_days(day)
        await self._enter(day, self._visits.pop(day, []))
        await self._desk.ask(self._later.pop(day, []))

    def _named(self, command: str) -> str:
        return command + self._part.suffix

    # ------------------------------------------------------------ requests

    async def _submit(self, day: date) -> None:
        """Submit this day's part of the requests that wait for the plan."""
        self._desk.phase = "requests"
        planned = [s for s in self._requests if s.day is None]
        number = self._calendar.working_days_between(self._part.begins, day) - 1
        last = day == self._dates.requests_close
        mine = [
            s
            for n, s in enumerate(planned)
            if n % SUBMITTING_DAYS == number or (last and n % SUBMITTING_DAYS > number)
        ]
        await self._submitted(mine, day, 9)

    async def _submitted(self, some: Sequence[Scripted], day: date, hour: int) -> list[Scripted]:
        asked = [submitting(s, spread(day, hour, n)) for n, s in enumerate(some)]
        effects = await self._desk.ask(asked)
        accepted = [s for s, e in zip(some, effects, strict=True) if e.status == "accepted"]
        self._accepted.update({s.name: s for s in accepted})
        return accepted

    async def _approve(self, day: date) -> None:
        """Let every head decide; one in a hundred routine requests is not worth the visit."""
        self._desk.phase = "approvals"
        waiting = [s for s in self._accepted.values() if s.day is None]
        await self._desk.ask(
            [
                deciding(s, self._conduct.head(s), spread(day, 14, n, 3))
                for n, s in enumerate(waiting)
            ]
        )

    # ------------------------------------------------------------ the plan

    async def _draft(self, version: int, when: datetime) -> None:
        self._desk.phase = "plan"
        queries, month = self._desk.service.queries, self._part.month
        known = await queries.get(DraftState, keys.draft(month, version))
        id_ = self._named(f"draft-{version}")
        body = known.body if known else await self._solved(id_, version, when)
        command = c.DraftPlan(month=month, version=version, body=body)
        await self._desk.must(Asked(id_, d.PLANNER, when, command))

    async def _solved(self, id_: str, version: int, when: datetime) -> PlanBody:
        return await self._desk.solved(
            Wanted(
                key=CommandKey(d.SOURCE, id_),
                at=when,
                month=self._part.month,
                version=version,
                earliest=self._dates.visiting_days[0],
                seed=self._part.seed,
                limits=self._part.limits,
            )
        )

    async def _answer(self, day: date) -> None:
        """Three departments decline a day, a merge and a lead; the planner drafts again."""
        self._desk.phase = "answers"
        month = self._part.month
        draft = await self._desk.service.queries.get(DraftState, keys.draft(month, 1))
        if draft is None:
            msg = "there is no draft to answer"
            raise LookupError(msg)
        declined = _declining(draft.body.lines, self._morning)
        asked = [
            Asked(
                self._named(f"answer-{n}"),
                d.clerk(answer.department),
                spread(day, 9, n),
                c.AnswerPlan(month=month, version=1, answers=(answer,)),
            )
            for n, answer in enumerate(declined, start=1)
        ]
        await self._desk.ask(asked)
        if declined:
            await self._draft(2, at(day, 16))

    async def _publish(self, day: date) -> None:
        self._desk.phase = "publication"
        queries, month = self._desk.service.queries, self._part.month
        version = 2 if await queries.get(DraftState, keys.draft(month, 2)) else 1
        command = c.PublishPlan(month=month, version=version)
        await self._desk.must(Asked(self._named("publish"), d.OFFICE, at(day, 10), command))
        await self._note_visits()

    async def _note_visits(self) -> None:
        """Note the visits that the published plan has put upon the books, by their days."""
        for _, state in await self._desk.service.queries.find("visit", month=self._part.month):
            self._visits[state.line.day].append(state.line)

    async def _name_officers(self, day: date) -> None:
        self._desk.phase = "officers"
        lines = [line for day_ in sorted(self._visits) for line in self._visits[day_]]
        lines = [line for line in lines if line.day >= self._dates.visiting_days[0]]
        lines.sort(key=lambda line: (line.day, -len(line.parts), line.visit))
        teams = [
            asked
            for n, line in enumerate(lines)
            for asked in self._staffed(line, spread(day, 9, n, 5))
        ]
        await self._desk.ask(teams)
        await self._desk.ask([coding(line.visit, line.lead, at(day, 17)) for line in lines])

    def _staffed(self, line: PlanLine, when: datetime) -> list[Asked]:
        """Let the departments of a visit name who comes."""
        return staffing(line, self._rota, when, self._half(line))

    @property
    def _morning(self) -> date:
        """The morning on which four departments come together: that of the first day."""
        return self._dates.visiting_days[0]

    def _half(self, line: PlanLine) -> HalfDay | None:
        star = line.enterprise == self._county.enterprises[0].id and line.day == self._morning
        return HalfDay.MORNING if star else None

    # ------------------------------------------------------------ visits on a day of their own

    async def _own_days(self, day: date) -> None:
        mine = [s for s in self._requests if s.day == day]
        if not mine:
            return
        self._desk.phase = "visits on their own day"
        await self._at_once(await self._submitted(mine, day, 8), day)

    async def _at_once(self, accepted: Sequence[Scripted], day: date) -> None:
        """Approve, arrange and enter accepted requests on one day."""
        steps = [asked for s in accepted for asked in self._before(s, day)]
        await self._desk.ask(steps)
        going = [s for s in accepted if s.request.lane is not Lane.ESCALATED or s.leader]
        lines = [_own_line(s, day) for s in going]
        arranged = []
        for s, line in zip(going, lines, strict=True):
            arranged += self._arranging(s, line, day)
        await self._desk.ask(arranged)
        await self._enter(day, lines)
        for s in going:
            self._afterwards(s, day)

    def _before(self, s: Scripted, day: date) -> list[Asked]:
        """What must be said before such a visit: an emergency acts first."""
        lane = s.request.lane
        if lane is Lane.EMERGENCY:
            return []
        if lane is Lane.ESCALATED and not s.leader:
            return [deciding(s, Verdict.REFUSED, at(day, 9), Role.LEADER, "可等到服务周")]
        asked = [deciding(s, Verdict.APPROVED, at(day, 9))]
        if lane is Lane.ESCALATED:
            asked.append(deciding(s, Verdict.APPROVED, at(day, 9), Role.LEADER))
        if lane is Lane.ON_CALL:
            confirm = c.ConfirmOnCall(request=request_id(s))
            who = d.enterprise(s.request.enterprise)
            asked.append(Asked(f"confirm-{s.name}", who, at(day, 9), confirm))
        return asked

    def _arranging(self, s: Scripted, line: PlanLine, day: date) -> list[Asked]:
        arrange = c.ArrangeVisit(request=request_id(s), day=day)
        clerk = d.clerk(s.request.department)
        asked = [Asked(f"arrange-{s.name}", clerk, at(day, 11), arrange)]
        asked += staffing(line, self._rota, at(day, 11), HalfDay.AFTERNOON)
        if s.request.lane is not Lane.EMERGENCY:  # its code is issued at once
            asked.append(coding(line.visit, line.lead, at(day, 11)))
        return asked

    def _afterwards(self, s: Scripted, day: date) -> None:
        """Note what follows: a filing for escalated and emergency visits, the head's late yes."""
        if s.request.lane not in {Lane.ESCALATED, Lane.EMERGENCY}:
            return
        working_days, claimed = self._conduct.filing(s)
        on = self._calendar.nth_working_day_after(day, working_days)
        filing = Filing(
            number=f"BA-{s.name}",
            at=at(day if claimed else on, 16),
            by=f"clerk.{s.request.department}",
        )
        command = c.RecordFiling(visit=d.visit_id(f"arrange-{s.name}"), filing=filing)
        clerk = d.clerk(s.request.department)
        self._later[on].append(Asked(f"file-{s.name}", clerk, at(on, 17), command))
        if s.request.lane is Lane.EMERGENCY:
            self._later[day].append(deciding(s, Verdict.APPROVED, at(day, 19)))

    # ------------------------------------------------------------ at the gate

    async def _enter(self, day: date, lines: Sequence[PlanLine]) -> None:
        """Play the visits of a day: entries, no-entries, results, ratings."""
        if not lines:
            return
        self._desk.phase = "visits"
        found = await self._desk.service.queries.get_many([keys.visit(x.visit) for x in lines])
        states: list[VisitState] = [found[keys.visit(x.visit)] for x in lines]
        states = await self._due(day, states)
        await self._desk.ask(
            [self._conduct.missed(s, day) for s in states if self._conduct.misses(s)]
        )
        entered = [s for s in states if not self._conduct.misses(s)]
        credentials = self._desk.service.credentials
        ins, outs = [], []
        for state in entered:
            comes, goes = self._conduct.hours(state, day)
            ins.append(entering(state, credentials, comes, self._conduct.came(state)))
            outs.append(leaving(state.id, state.line.lead, goes))
        await self._desk.ask(ins)
        await self._desk.ask(outs)
        results = [asked for s in entered for asked in self._conduct.results(s, at(day, 17))]
        await self._desk.ask(results)
        await self._rate(day, entered)

    async def _due(self, day: date, states: list[VisitState]) -> list[VisitState]:
        """Return the visits that come to the gate on a day."""
        return states

    async def _rate(self, day: date, entered: Sequence[VisitState]) -> None:
        credentials = self._desk.service.credentials
        ratings = [self._conduct.rating(s, credentials, at(day, 20)) for s in entered]
        await self._desk.ask([asked for asked in ratings if asked is not None])


def request_id(s: Scripted) -> str:
    """Return the id of the request that a scripted one brings about."""
    return d.request_id(f"request-{s.name}")


def submitting(s: Scripted, when: datetime) -> Asked:
    """Ask for a visit."""
    command = c.SubmitRequest(request=s.request)
    return Asked(f"request-{s.name}", d.clerk(s.request.department), when, command)


def deciding(
    s: Scripted,
    verdict: Verdict,
    when: datetime,
    role: Role = Role.HEAD,
    reason: str | None = None,
) -> Asked:
    """Let the head, or the leader, decide."""
    who = d.LEADER if role is Role.LEADER else d.head(s.request.department)
    command = c.DecideRequest(request=request_id(s), role=role, decision=verdict, reason=reason)
    return Asked(f"{role.value}-{s.name}", who, when, command)


def _own_line(s: Scripted, day: date) -> PlanLine:
    """Return the line of the visit that arranging this request brings about."""
    part = {"department": s.request.department, "requests": [request_id(s)]}
    return PlanLine.model_validate(
        {
            "visit": d.visit_id(f"arrange-{s.name}"),
            "enterprise": s.request.enterprise,
            "day": day,
            "lead": s.request.department,
            "parts": [part],
        }
    )


def _declining(lines: Iterable[PlanLine], morning: date) -> list[Answer]:
    """Return one no of each kind, each from another department, to visits of inspection."""
    found: dict[AnswerKind, Answer] = {}
    used: set[str] = set()
    for line in lines:
        if line.purpose is not Purpose.INSPECTION or line.day == morning:
            continue
        for kind, department, reason in _wishes(line):
            if kind not in found and department not in used:
                found[kind] = Answer(
                    department=department, visit=line.visit, kind=kind, reason=reason
                )
                used.add(department)
                break
    return list(found.values())


def _wishes(line: PlanLine) -> list[tuple[AnswerKind, str, str]]:
    others = [x for x in line.departments if x != line.lead]
    if not others:
        return [(AnswerKind.DECLINE_DAY, line.lead, "当日队伍另有任务")]
    return [
        (AnswerKind.DECLINE_MERGE, others[0], "检查须待设备单独停机"),
        (AnswerKind.DECLINE_LEAD, line.lead, "主要事项属其他部门"),
    ]
