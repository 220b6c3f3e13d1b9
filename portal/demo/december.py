"""The script of the county's December: from the first request to the last visit of the week.

As with a past year, the day is the unit, and what is asked follows from the county, the published
plan and the answers to earlier commands. An interrupted run asks the same again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from portal import planning
from portal.demo import desk as d
from portal.demo.clock import at, spread
from portal.demo.conduct import Conduct
from portal.demo.county.december import MONTH, Scripted
from portal.demo.county.people import County
from portal.demo.desk import Asked, Desk
from portal.demo.reference import STACK, adopting, registering
from portal.demo.rounds import Rota, coding, entering, leaving, staffing
from portal.planner import Wanted
from scheduler import keys
from scheduler.planner.limits import Limits
from scheduler.states import DraftState, VisitState
from scheduler.timetable import of_month
from schemas import commands as c
from schemas.lanes import HalfDay, Lane, Purpose
from schemas.plans import Answer, AnswerKind, PlanBody
from schemas.visits import Decision as Verdict
from schemas.visits import Filing, PlanLine, Role
from streams.delivery import FileChannel, deliver
from streams.ports import CommandKey
from streams.timers import Timer

BEGINS, ENDS = date(2026, 11, 30), date(2026, 12, 31)
_SUBMITTING_DAYS = 7


class December:
    """Plays the county's December through the real program."""

    def __init__(
        self,
        desk: Desk,
        found: County,
        requests: Sequence[Scripted],
        *,
        seed: int = 0,
        limits: Limits | None = None,
        outbox: Path | None = None,
        policies: Sequence[str] = STACK,
    ) -> None:
        self._desk = desk
        self._county = found
        self._requests = requests
        self._seed = seed
        self._limits = limits
        self._outbox = outbox
        self._policies = policies
        self._conduct = Conduct(seed)
        self._rota = Rota({x.id: found.team_of(x.id) for x in found.departments})
        self._accepted: dict[str, Scripted] = {}
        self._visits: dict[date, list[PlanLine]] = defaultdict(list)
        self._later: dict[date, list[Asked]] = defaultdict(list)

    async def play(self) -> None:
        """Play the month, and hand its notifications to the file channel."""
        await self._set_up()
        for n in range((ENDS - BEGINS).days + 1):
            await self._day(BEGINS + timedelta(days=n))

    async def _set_up(self) -> None:
        self._desk.phase = "registers"
        start = at(BEGINS, 0)
        await self._desk.ask(adopting((2025, 2026), start, names=self._policies))
        queries = self._desk.service.queries
        rules, self._calendar = await planning.rules_and_calendar(queries)
        self._dates = of_month(MONTH, rules, self._calendar)
        self._timer = Timer(queries, self._desk.service.submit, self._desk.clock)
        county = self._county
        await self._desk.ask([*registering(county, start), *_baselines(county, start)])

    async def _day(self, day: date) -> None:
        if not self._calendar.is_working_day(day):
            return
        self._desk.clock.set(max(self._desk.clock.now(), at(day, 7)))
        await self._timer.step()
        dates = self._dates
        if BEGINS < day <= dates.requests_close:
            await self._submit(day)
        if day == dates.requests_close:
            close = c.CloseMonth(month=MONTH)
            await self._desk.must(Asked("close", d.OFFICE, at(day, 18), close))
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
        await self._tell()

    # ------------------------------------------------------------ requests

    async def _submit(self, day: date) -> None:
        """Submit this day's part of the requests that wait for the plan."""
        self._desk.phase = "requests"
        planned = [s for s in self._requests if s.day is None]
        number = self._calendar.working_days_between(BEGINS, day) - 1
        last = day == self._dates.requests_close
        mine = [
            s
            for n, s in enumerate(planned)
            if n % _SUBMITTING_DAYS == number or (last and n % _SUBMITTING_DAYS > number)
        ]
        await self._submitted(mine, day, 9)

    async def _submitted(self, some: Sequence[Scripted], day: date, hour: int) -> list[Scripted]:
        asked = [_submitting(s, spread(day, hour, n)) for n, s in enumerate(some)]
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
                _deciding(s, self._conduct.head(s), spread(day, 14, n, 3))
                for n, s in enumerate(waiting)
            ]
        )

    # ------------------------------------------------------------ the plan

    async def _draft(self, version: int, when: datetime) -> None:
        self._desk.phase = "plan"
        queries = self._desk.service.queries
        known = await queries.get(DraftState, keys.draft(MONTH, version))
        id_ = f"draft-{version}"
        body = known.body if known else await self._solved(id_, version, when)
        command = c.DraftPlan(month=MONTH, version=version, body=body)
        await self._desk.must(Asked(id_, d.PLANNER, when, command))

    async def _solved(self, id_: str, version: int, when: datetime) -> PlanBody:
        return await self._desk.solved(
            Wanted(
                key=CommandKey(d.SOURCE, id_),
                at=when,
                month=MONTH,
                version=version,
                earliest=self._dates.visiting_days[0],
                seed=self._seed,
                limits=self._limits,
            )
        )

    async def _answer(self, day: date) -> None:
        """Three departments decline a day, a merge and a lead; the planner drafts again."""
        self._desk.phase = "answers"
        draft = await self._desk.service.queries.get(DraftState, keys.draft(MONTH, 1))
        if draft is None:
            msg = "there is no draft to answer"
            raise LookupError(msg)
        declined = _declining(draft.body.lines, self._morning)
        asked = [
            Asked(
                f"answer-{n}",
                d.clerk(answer.department),
                spread(day, 9, n),
                c.AnswerPlan(month=MONTH, version=1, answers=(answer,)),
            )
            for n, answer in enumerate(declined, start=1)
        ]
        await self._desk.ask(asked)
        if declined:
            await self._draft(2, at(day, 16))

    async def _publish(self, day: date) -> None:
        self._desk.phase = "publication"
        queries = self._desk.service.queries
        version = 2 if await queries.get(DraftState, keys.draft(MONTH, 2)) else 1
        command = c.PublishPlan(month=MONTH, version=version)
        await self._desk.must(Asked("publish", d.OFFICE, at(day, 10), command))
        for _, state in await queries.find("visit", month=MONTH):
            self._visits[state.line.day].append(state.line)

    async def _name_officers(self, day: date) -> None:
        self._desk.phase = "officers"
        lines = [line for day_ in sorted(self._visits) for line in self._visits[day_]]
        lines = [line for line in lines if line.day >= self._dates.visiting_days[0]]
        lines.sort(key=lambda line: (line.day, -len(line.parts), line.visit))
        teams = [
            asked
            for n, line in enumerate(lines)
            for asked in staffing(line, self._rota, spread(day, 9, n, 5), self._half(line))
        ]
        await self._desk.ask(teams)
        await self._desk.ask([coding(line.visit, line.lead, at(day, 17)) for line in lines])

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
        accepted = await self._submitted(mine, day, 8)
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
            return [_deciding(s, Verdict.REFUSED, at(day, 9), Role.LEADER, "可等到服务周")]
        asked = [_deciding(s, Verdict.APPROVED, at(day, 9))]
        if lane is Lane.ESCALATED:
            asked.append(_deciding(s, Verdict.APPROVED, at(day, 9), Role.LEADER))
        if lane is Lane.ON_CALL:
            confirm = c.ConfirmOnCall(request=_request_id(s))
            who = d.enterprise(s.request.enterprise)
            asked.append(Asked(f"confirm-{s.name}", who, at(day, 9), confirm))
        return asked

    def _arranging(self, s: Scripted, line: PlanLine, day: date) -> list[Asked]:
        arrange = c.ArrangeVisit(request=_request_id(s), day=day)
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
            self._later[day].append(_deciding(s, Verdict.APPROVED, at(day, 19)))

    # ------------------------------------------------------------ at the gate

    async def _enter(self, day: date, lines: Sequence[PlanLine]) -> None:
        """Play the visits of a day: entries, no-entries, results, ratings."""
        if not lines:
            return
        self._desk.phase = "visits"
        found = await self._desk.service.queries.get_many([keys.visit(x.visit) for x in lines])
        states: list[VisitState] = [found[keys.visit(x.visit)] for x in lines]
        await self._desk.ask(
            [self._conduct.missed(s, day) for s in states if self._conduct.misses(s)]
        )
        entered = [s for s in states if not self._conduct.misses(s)]
        credentials = self._desk.service.credentials
        ins, outs = [], []
        for state in entered:
            hour = 9 if state.line.half is HalfDay.MORNING else 14
            ins.append(entering(state, credentials, at(day, hour), self._conduct.came(state)))
            outs.append(leaving(state.id, state.line.lead, at(day, hour + 1, 40)))
        await self._desk.ask(ins)
        await self._desk.ask(outs)
        results = [asked for s in entered for asked in self._conduct.results(s, at(day, 17))]
        await self._desk.ask(results)
        ratings = [self._conduct.rating(s, credentials, at(day, 20)) for s in entered]
        await self._desk.ask([asked for asked in ratings if asked is not None])

    async def _tell(self) -> None:
        if self._outbox is None:
            return
        service, channel = self._desk.service, FileChannel(self._outbox)
        while await deliver(service.outbox, channel, service.credentials):
            pass


def _baselines(found: County, start: datetime) -> list[Asked]:
    return [
        Asked(
            f"baseline-{id_}",
            d.ADMIN,
            start,
            c.RecordBaseline(department=id_, year=2025, by_month=by_month, evidence="generated"),
        )
        for id_, by_month in found.baseline.items()
    ]


def _request_id(s: Scripted) -> str:
    return d.request_id(f"request-{s.name}")


def _submitting(s: Scripted, when: datetime) -> Asked:
    command = c.SubmitRequest(request=s.request)
    return Asked(f"request-{s.name}", d.clerk(s.request.department), when, command)


def _deciding(
    s: Scripted,
    verdict: Verdict,
    when: datetime,
    role: Role = Role.HEAD,
    reason: str | None = None,
) -> Asked:
    who = d.LEADER if role is Role.LEADER else d.head(s.request.department)
    command = c.DecideRequest(request=_request_id(s), role=role, decision=verdict, reason=reason)
    return Asked(f"{role.value}-{s.name}", who, when, command)


def _own_line(s: Scripted, day: date) -> PlanLine:
    """Return the line of the visit that arranging this request brings about."""
    part = {"department": s.request.department, "requests": [_request_id(s)]}
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
