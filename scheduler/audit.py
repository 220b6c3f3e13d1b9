"""The auditor: judges every visit of a ledger by the rules of its day.

It reads entries from the first to the last and keeps nothing but their fold, so it knows registers,
policy and calendar as they were when each visit was decided. Gates are judged when a visit comes
upon the books, the team when its code is issued, stations when it closes, and caps at the end,
because a cap counts what truly came about. An approval that lifts a rule by name, given by somebody
who may lift it, excuses exactly that rule for that request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from scheduler import keys
from scheduler.audit_events import READS
from scheduler.cases import Case
from scheduler.decide.stations import missing
from scheduler.decide.teams import drawn_team
from scheduler.evolve import evolve
from scheduler.holdings import LIFTED, NOT_BOUND, REPORTED, Holdings
from scheduler.judge import Verdict, judge, judge_request
from scheduler.memo import calendar_of, rules_of
from scheduler.ruleset import RuleSet
from scheduler.states import RequestState, VisitState, VisitStatus
from schemas import events as e
from schemas.base import CHINA
from schemas.envelope import Actor, ActorRole
from schemas.events import Event
from schemas.policy import Gate
from schemas.registry import Officer
from schemas.visits import Approval, Decision, NoEntry, Part, Scan

_NOBODY = Actor(id="audit", role=ActorRole.ADMIN)
_SOME_TIME = datetime(2000, 1, 1, tzinfo=CHINA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A visit on the books that breaks a rule of its day, and no approval says it may."""

    rule: str
    visit: str
    day: date
    request: str = ""
    key: str = ""
    limit: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a rule of its day speaks against, and yet stands; ``why`` says on what ground.

    ``why`` is one of ``scheduler.holdings``' LIFTED, NOT_BOUND and REPORTED; for the first,
    ``approval`` is the one in the ledger that lifts the rule by name.
    """

    rule: str
    visit: str
    day: date
    request: str
    why: str
    approval: Approval | None = None
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A request whose answer at intake is not what the rules of that moment say.

    ``accepted`` against a rule, or refused by a rule that says nothing against it.
    """

    request: str
    rule: str
    accepted: bool


_Slot = tuple[str, date, str]
"""An officer's half-day."""


class Auditor:
    """Takes a ledger's entries in order and names the breaches."""

    def __init__(self) -> None:
        self._cells: dict[str, Any] = {}
        self._found: dict[Breach, None] = {}
        self._holdings = Holdings()
        self._halves: dict[_Slot, str] = {}
        self._slots: dict[str, set[_Slot]] = {}
        self._over: set[str] = set()
        self._asked: dict[str, int] = {}
        self._standing: dict[Standing, None] = {}
        self._lifts: dict[tuple[str, str], Approval] = {}
        self._intake: list[Intake] = []
        self.visits = 0
        self.requests = 0
        self._steps: dict[type, Callable[[VisitState], None]] = {
            e.VisitPublished: self._on_the_books,
            e.VisitArranged: self._on_the_books,
            e.VisitStaffed: self._staffed,
            e.VisitChanged: self._changed,
            e.CodeIssued: self._coded,
            e.VisitEntered: self._entered,
            e.VisitCancelled: self._cancelled,
            e.VisitNotEntered: self._not_entered,
            e.VisitClosed: self._closed,
        }

    def observe(self, stream: str, event: Event) -> None:
        """Take the next entry."""
        if event.type not in READS or stream in self._over:
            return
        # Tallies and deadlines are what the auditor must not believe: it counts for itself.
        own = event.model_copy(update={"tally": (), "opens": (), "meets": ()})
        self._cells.update(evolve(self._cells.get, stream, own, _SOME_TIME, _SOME_TIME, _NOBODY))
        if isinstance(event, e.RequestAccepted):
            self._asked[stream] = len(self._asked)
        if isinstance(event, e.RequestAccepted | e.RequestRefused):
            self._answered(stream, event)
        step = self._steps.get(type(event))
        if step is not None:
            step(self._cells[stream])

    def breaches(self) -> tuple[Breach, ...]:
        """Return all breaches so far, in order of days."""
        over = [
            Breach(rule=o.rule, visit=o.visit, day=o.day, key=o.key, limit=o.limit, total=o.total)
            for o in self._holdings.over()
        ]
        found = [*self._found, *over]
        return tuple(sorted(found, key=lambda b: (b.day, b.visit, b.rule, b.request, b.key)))

    def standing(self) -> tuple[Standing, ...]:
        """Return all that stands against a rule of its day, and why, in order of days."""
        above = [
            self._why(o.rule, o.visit, o.day, request, why, o.key)
            for o in self._holdings.excused()
            for request, why in o.requests
        ]
        found = dict.fromkeys([*self._standing, *above])
        return tuple(sorted(found, key=lambda s: (s.day, s.visit, s.rule, s.request, s.key)))

    def intake(self) -> tuple[Intake, ...]:
        """Return the requests that were answered at intake otherwise than the rules say."""
        return tuple(self._intake)

    def rules_in_force(self, day: date) -> int:
        """Return how many rules are in force on a day under the policy in use."""
        policy = self._cells.get(keys.POLICY)
        return 0 if policy is None else len(rules_of(policy).in_force(day))

    @property
    def counts(self) -> Counter[str]:
        """The units counted under each cap key so far."""
        return self._holdings.totals()

    # ------------------------------------------------------------ one step for each event

    def _on_the_books(self, visit: VisitState) -> None:
        self.visits += 1
        self._judge(visit)

    def _changed(self, visit: VisitState) -> None:
        self._holdings.keep(visit.id, ())
        self._judge(visit)
        self._staffed(visit)

    def _judge(self, visit: VisitState) -> None:
        rules, day = self._rules(), visit.line.day
        for _, state in self._parts(visit):
            case, lifts = self._case(state), _lifts(state, day, rules)
            lifted = frozenset(lifts)
            self._lifts |= {(state.id, code): approval for code, approval in lifts.items()}
            self._take(judge(case, day, rules, lifted=lifted), case, visit, state.id)
            if not state.approved and not visit.approval_to_follow:
                self._breach("not-approved", visit, state.id)
            asked = self._asked[keys.request(state.id)]
            self._holdings.take(visit.line, case, lifted, rules, asked=asked, request=state.id)

    def _staffed(self, visit: VisitState) -> None:
        self._free(visit)
        if visit.code is not None:
            self._teams(visit)

    def _coded(self, visit: VisitState) -> None:
        # An emergency's code is issued at once, before anybody could name a team.
        if not visit.approval_to_follow:
            self._teams(visit)

    def _teams(self, visit: VisitState) -> None:
        for part, state in self._parts(visit):
            team = self._team(part)
            self._book(visit, team)
            self._judge_team(visit, state, team)

    def _judge_team(self, visit: VisitState, state: RequestState, team: list[Officer]) -> None:
        rules, day = self._rules(), visit.line.day
        case, lifted = self._case(state), frozenset(_lifts(state, day, rules))
        if state.request.draw is not None:
            draw = self._cells.get(keys.draw(state.request.draw))
            case = replace(case, drawn=drawn_team(state.request, draw))
        verdict = judge(case, day, rules, lifted=lifted, officers=team)
        self._take(verdict, case, visit, state.id)

    def _book(self, visit: VisitState, team: list[Officer]) -> None:
        line = visit.line
        for officer in team:
            if line.enterprise in officer.recused_from:
                self._breach("officer-recused", visit, officer.id)
            if line.half is None:
                continue
            slot = (officer.id, line.day, line.half.value)
            if self._halves.setdefault(slot, visit.id) != visit.id:
                self._breach("officer-busy", visit, officer.id)
            self._slots.setdefault(visit.id, set()).add(slot)

    def _free(self, visit: VisitState, *, but: Collection[str] = ()) -> None:
        """Let a visit's officers be elsewhere, but those named."""
        slots = self._slots.pop(visit.id, set())
        kept = {slot for slot in slots if slot[0] in but}
        for slot in slots - kept:
            if self._halves.get(slot) == visit.id:
                del self._halves[slot]
        if kept:
            self._slots[visit.id] = kept

    def _entered(self, visit: VisitState) -> None:
        if visit.approval_to_follow:
            self._teams(visit)
        code, scan = visit.code, visit.scan
        if code is None or visit.code_revoked:
            self._breach("no-code", visit)
        elif scan is not None and not code.valid_from <= scan.at <= code.valid_until:
            self._breach("code-not-now", visit)
        if scan is not None:
            self._present(visit, scan)
        self._holdings.keep(visit.id, scan.departments if scan is not None else ())
        self._free(visit, but=scan.officers if scan is not None else ())

    def _present(self, visit: VisitState, scan: Scan) -> None:
        """Judge who truly came, where that is not the team that was named and judged before."""
        named = {officer for part in visit.line.parts for officer in part.officers}
        for stranger in sorted(set(scan.officers) - named):
            self._breach("officer-not-named", visit, stranger)
        for part, state in self._parts(visit):
            came = part.model_copy(
                update={"officers": tuple(o for o in part.officers if o in scan.officers)}
            )
            if part.department in scan.departments and came != part:
                self._judge_team(visit, state, self._team(came))

    def _cancelled(self, visit: VisitState) -> None:
        self._holdings.keep(visit.id, ())
        self._free(visit)

    def _not_entered(self, visit: VisitState) -> None:
        # Called off on the spot has disturbed the enterprise: it keeps its units.
        if visit.no_entry is not NoEntry.CANCELLED_ON_SITE:
            self._holdings.keep(visit.id, ())
            self._free(visit)

    def _closed(self, visit: VisitState) -> None:
        # Closing is the last fact of a visit; before it the visit stood at LEFT.
        before = visit.model_copy(update={"status": VisitStatus.LEFT})
        for station in missing(before):
            self._breach(f"closed-without-{station}", visit)
        # Nothing more is asked of it, and a year has many: let the fold stay small.
        for _, state in self._parts(visit):
            self._forget(keys.request(state.id))
        self._forget(keys.visit(visit.id))

    def _forget(self, stream: str) -> None:
        del self._cells[stream]
        self._over.add(stream)

    # ------------------------------------------------------------ what was known by then

    def _breach(self, rule: str, visit: VisitState, request: str = "") -> None:
        found = Breach(rule=rule, visit=visit.id, day=visit.line.day, request=request)
        self._found[found] = None

    def _take(self, verdict: Verdict, case: Case, visit: VisitState, request: str) -> None:
        for against in verdict.binding:
            self._breach(against.rule, visit, request)
        advised = REPORTED if case.bound else NOT_BOUND
        day = visit.line.day
        for against, why in [
            *((each, LIFTED) for each in verdict.lifted),
            *((each, advised) for each in verdict.advice),
        ]:
            self._standing[self._why(against.rule, visit.id, day, request, why)] = None

    def _why(  # noqa: PLR0917 - the parts of a standing, in its own order
        self, rule: str, visit: str, day: date, request: str, why: str, key: str = ""
    ) -> Standing:
        approval = self._lifts.get((request, rule)) if why == LIFTED else None
        return Standing(
            rule=rule, visit=visit, day=day, request=request, why=why, approval=approval, key=key
        )

    def _answered(self, stream: str, event: e.RequestAccepted | e.RequestRefused) -> None:
        """Judge a request as it came in. Caps are not: what intake reserves is counted at the end."""
        self.requests += 1
        state: RequestState = self._cells[stream]
        known = {
            keys.department(state.request.department),
            keys.enterprise(state.request.enterprise),
        }
        if keys.POLICY not in self._cells or not known <= self._cells.keys():
            return  # refused for that, by no rule of policy
        rules = self._rules()
        against = {o.rule for o in judge_request(self._case(state), rules).binding}
        accepted = isinstance(event, e.RequestAccepted)
        if not isinstance(event, e.RequestAccepted):
            first = state.request.window.first
            told = {o.rule for o in event.objections if isinstance(rules.rule(o.rule, first), Gate)}
            against = told - against
        self._intake += [
            Intake(request=state.id, rule=rule, accepted=accepted) for rule in sorted(against)
        ]

    def _rules(self) -> RuleSet:
        return rules_of(self._cells[keys.POLICY])

    def _parts(self, visit: VisitState) -> list[tuple[Part, RequestState]]:
        return [
            (part, self._cells[keys.request(id_)])
            for part in visit.line.parts
            for id_ in part.requests
        ]

    def _team(self, part: Part) -> list[Officer]:
        return [self._cells[keys.officer(id_)] for id_ in part.officers]

    def _case(self, state: RequestState) -> Case:
        request = state.request
        return Case(
            request=request,
            department=self._cells[keys.department(request.department)],
            enterprise=self._cells[keys.enterprise(request.enterprise)],
            items={id_: self._cells.get(keys.item(id_)) for id_ in request.items},
            calendar=calendar_of(self._cells[keys.CALENDARS]),
            campaign=self._cells.get(keys.campaign(request.campaign or "")),
        )


def _lifts(state: RequestState, day: date, rules: RuleSet) -> dict[str, Approval]:
    """Return the rules that approvals lift for a request, by name and by a role that may."""
    return {
        code: approval
        for approval in state.approvals
        if approval.decision is Decision.APPROVED
        for code in approval.lifts
        if rules.may_lift(code, approval.role, day)
    }
