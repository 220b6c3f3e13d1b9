"""From policy, ledger and calendar to the planner's problem, and from its solution to a plan.

This is where rules become shapes: gates drop days before the planner sees them, caps become room
under a key. The planner and its certificate know nothing else.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scheduler import caps, keys
from scheduler.campaigns import CampaignState
from scheduler.candidates import Candidates, candidate_days
from scheduler.capacities import units_on
from scheduler.cases import Case, last_day
from scheduler.openings import open_by_calendar
from scheduler.planner.problem import Ask, Blocked, Capacity, CapRoom, Problem
from scheduler.ruleset import RuleSet
from scheduler.states import CapacityState, RequestState, TallyState
from scheduler.workdays import WorkCalendar
from schemas.lanes import Lane
from schemas.plans import Answer, AnswerKind
from schemas.policy import GateTest
from schemas.registry import Department, Enterprise, Item, RiskClass
from schemas.visits import PlanLine, Request
from schemas.wire import canonical

_WEIGHT = {RiskClass.HIGH: 3, RiskClass.MEDIUM: 2, RiskClass.LOW: 1, RiskClass.UNRATED: 1}
_NOTHING = TallyState()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """A department's no to a line of an earlier draft."""

    answer: Answer
    line: PlanLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that a month's plan depends on, as the ledger has it.

    ``requests`` are the accepted ones with a day in the month; ``tallies`` hold the caps' keys and
    the departments' days that they may touch (a missing one is empty); ``pins`` fix a request to a
    day. ``earliest`` is the first day that can still be planned. ``opened`` are days on which, for a
    what-if, visits may be as if the calendar of the rules let them.
    """

    month: str
    earliest: date
    rules: RuleSet
    calendar: WorkCalendar
    requests: tuple[RequestState, ...]
    departments: Mapping[str, Department]
    enterprises: Mapping[str, Enterprise]
    items: Mapping[str, Item]
    campaigns: Mapping[str, CampaignState] = field(default_factory=dict)
    capacities: Mapping[str, CapacityState] = field(default_factory=dict)
    tallies: Mapping[str, TallyState] = field(default_factory=dict)
    declined: tuple[Declined, ...] = ()
    pins: Mapping[str, date] = field(default_factory=dict)
    opened: frozenset[date] = frozenset()

    def visiting_days(self) -> tuple[date, ...]:
        """Return the days of the month on which routine visits may be."""
        days = self.rules.visiting_days(self.month, self.calendar)
        return tuple(sorted({*days, *self.opened})) if self.opened else days


def plannable(state: RequestState, month: str) -> bool:
    """Whether a request goes into the plan of this month.

    Routine and statutory requests do, from the month in which their window starts until they are
    placed; all others are arranged on a day of their own.
    """
    request = state.request
    waiting = state.status == "accepted" and request.lane in {Lane.ROUTINE, Lane.STATUTORY}
    return waiting and keys.month_of(request.window.first) <= month <= last_month(request)


def last_month(request: Request) -> str:
    """Return the last month whose plan may place a request; before it, the plan carries it on."""
    return keys.month_of(last_day(request))


def tally_keys(snapshot: Snapshot) -> frozenset[str]:
    """Return the keys whose tallies a snapshot needs; read them, then complete the snapshot."""
    found: set[str] = set()
    for state in snapshot.requests:
        case = _case(snapshot, state)
        for day in _offered(snapshot, case):
            found.add(keys.department_day(state.request.department, day))
            taken = [use.key for use in caps.uses(case, day, snapshot.rules)]
            found.update((*taken, *map(keys.lifted, taken)))
    return frozenset(found)


def capacity_keys(snapshot: Snapshot) -> frozenset[str]:
    """Return the keys of the stated capacities that a snapshot needs."""
    return frozenset(
        keys.capacity(state.request.department, day)
        for state in snapshot.requests
        for day in _offered(snapshot, _case(snapshot, state))
    )


def compile_problem(snapshot: Snapshot) -> Problem:
    """Return the planner's problem of a snapshot."""
    asks = tuple(_ask(snapshot, state) for state in snapshot.requests)
    return Problem(
        asks=asks,
        capacities=tuple(_capacities(snapshot, asks)),
        caps=tuple(_caps(snapshot, asks)),
        max_departments=_most_departments(snapshot),
    )


def _most_departments(snapshot: Snapshot) -> int | None:
    """Return how many departments one visit may have, so that its people may come as well.

    Each department comes with as many officers as the strictest gate of the month asks for.
    """
    rules = snapshot.rules
    if rules.max_people is None:
        return rules.max_departments
    days = rules.visiting_days(snapshot.month, snapshot.calendar)
    teams = [
        gate.numbers["officers"]
        for day in days
        for gate in rules.on(day).gates
        if gate.test is GateTest.LICENSED_OFFICERS
    ]
    most = max(1, rules.max_people // max([1, *teams]))
    return most if rules.max_departments is None else min(most, rules.max_departments)


def fingerprint(problem: Problem) -> str:
    """Return the SHA-256 of a problem, by which a published plan names what it was made from."""
    return hashlib.sha256(canonical({"problem": _plain(problem)})).hexdigest()


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (f.name for f in dataclasses.fields(value))
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, frozenset):
        return sorted([str(part) for part in pair] for pair in value)
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, date) else value


def _case(snapshot: Snapshot, state: RequestState) -> Case:
    request = state.request
    return Case(
        request=request,
        department=snapshot.departments[request.department],
        enterprise=snapshot.enterprises[request.enterprise],
        items={id_: snapshot.items[id_] for id_ in request.items},
        calendar=snapshot.calendar,
        campaign=snapshot.campaigns.get(request.campaign or ""),
    )


def _offered(snapshot: Snapshot, case: Case) -> tuple[date, ...]:
    """Return the days of the month that a case may be offered.

    A check of an exempt lane may take any working day up to its last legal date, so that it is not
    lost when the service days are full; that it prefers a service day is for ``_off`` to say.
    """
    days = snapshot.visiting_days()
    if case.request.lane.exempt:
        year, number = map(int, snapshot.month.split("-"))
        days = snapshot.calendar.working_days_of_month(year, number)
    return tuple(day for day in days if _in_reach(snapshot, case, day))


def _in_reach(snapshot: Snapshot, case: Case, day: date) -> bool:
    return snapshot.earliest <= day and case.first_day <= day <= case.last_day


def _ask(snapshot: Snapshot, state: RequestState) -> Ask:
    request, case = state.request, _case(snapshot, state)
    days = _candidates(snapshot, case, state.lifted)
    refused = _declined_days(snapshot, state)
    open_days = tuple(day for day in days.open if day not in refused)
    visiting = snapshot.visiting_days()
    blocked = [Blocked(day=day, rule=against.rule) for day, against in days.closed]
    blocked += [Blocked(day=day, rule="declined") for day in sorted(refused & set(days.open))]
    return Ask(
        id=state.id,
        enterprise=request.enterprise,
        department=request.department,
        duration=request.duration,
        days=open_days,
        months_off=tuple(_off(request, day, visiting) for day in open_days),
        must=request.lane.exempt,
        weight=_WEIGHT[case.enterprise.grading(case.first_day).risk],
        party=_party(snapshot, state),
        items=request.items,
        pinned=snapshot.pins.get(state.id),
        place=case.enterprise.township or "",
        blocked=tuple(blocked),
    )


def _candidates(snapshot: Snapshot, case: Case, lifted: frozenset[str]) -> Candidates:
    """Return the open and the closed days; on an opened one no gate closes it by the calendar."""
    offered, rules, at = _offered(snapshot, case), snapshot.rules, snapshot.calendar
    found = candidate_days(
        case, rules, (d for d in offered if d not in snapshot.opened), lifted=lifted
    )
    for day in (d for d in offered if d in snapshot.opened):
        gates = {g.code for g in rules.on(day).gates if not open_by_calendar(g, day, at)}
        more = candidate_days(case, rules, [day], lifted=lifted | gates)
        found = Candidates((*found.open, *more.open), (*found.closed, *more.closed))
    return Candidates(tuple(sorted(found.open)), found.closed)


def _off(request: Request, day: date, visiting: tuple[date, ...]) -> int:
    """Return the months between a day and the preferred month; an ordinary day is as one more."""
    preferred = request.preferred_month or keys.month_of(request.window.first)
    year, month = map(int, preferred.split("-"))
    return abs((day.year - year) * 12 + day.month - month) + (day not in visiting)


def _party(snapshot: Snapshot, state: RequestState) -> str:
    """Return the class within which visits may be joint.

    Announced never joins unannounced, and an inspection never a service visit, a study tour or a
    contact. A department that declined to join goes alone.
    """
    request = state.request
    party = f"{request.purpose.value}/{'announced' if request.announced else 'unannounced'}"
    alone = any(
        no.answer.kind is AnswerKind.DECLINE_MERGE and _concerns(no, state)
        for no in snapshot.declined
    )
    return f"{party}/{request.department}" if alone else party


def _concerns(no: Declined, state: RequestState) -> bool:
    return any(
        part.department == no.answer.department and state.id in part.requests
        for part in no.line.parts
    )


def _declined_days(snapshot: Snapshot, state: RequestState) -> set[date]:
    return {
        no.line.day
        for no in snapshot.declined
        if no.answer.kind is AnswerKind.DECLINE_DAY and _concerns(no, state)
    }


def _capacities(snapshot: Snapshot, asks: Iterable[Ask]) -> Iterable[Capacity]:
    visiting = snapshot.visiting_days()
    pairs = sorted({(ask.department, day) for ask in asks for day in ask.days})
    for department, day in pairs:
        stated = snapshot.capacities.get(keys.capacity(department, day))
        units = units_on(snapshot.departments[department], stated, day, visiting)
        if day in visiting:
            units -= units * snapshot.rules.reserve // 100
        taken = snapshot.tallies.get(keys.department_day(department, day), _NOTHING)
        yield Capacity(
            department=department, day=day, units=max(0, units - taken.reserved - taken.used)
        )


def _caps(snapshot: Snapshot, asks: Sequence[Ask]) -> Iterable[CapRoom]:
    """Return the room under each binding cap; what these very requests reserved is theirs again.

    Where requests of one key have different limits, the smallest holds, as it does at publication.
    """
    members: dict[str, set[tuple[str, date]]] = defaultdict(set)
    own: dict[str, int] = defaultdict(int)
    tightest: dict[str, caps.CapUse] = {}
    for state, ask in zip(snapshot.requests, asks, strict=True):
        for key in state.held:
            own[key] += 1
        case = _case(snapshot, state)
        for day in ask.days if case.bound else ():
            for use in caps.uses(case, day, snapshot.rules):
                if use.rule.binding and use.rule.code not in state.lifted:
                    known = tightest.setdefault(use.key, use)
                    tightest[use.key] = min(known, use, key=lambda u: u.limit)
                    members[use.key].add((ask.id, day))
    for use in tightest.values():
        tally = snapshot.tallies.get(use.key, _NOTHING)
        if own[use.key]:
            above = snapshot.tallies.get(keys.lifted(use.key), _NOTHING)
            tally = caps.below_limit(tally, above)
        yield CapRoom(
            code=use.rule.code,
            key=use.key,
            room=caps.room(use, tally, own=own[use.key]),
            counts=use.rule.counts,
            members=frozenset(members[use.key]),
        )
