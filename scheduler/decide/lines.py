"""The lines of a plan at its publication: what stands, what is left out, what breaks a rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scheduler import caps, keys
from scheduler.capacities import capacity_on
from scheduler.decide.common import World, case_of, opened, request_matter
from scheduler.decide.presences import Sheet
from scheduler.judge import judge
from scheduler.planning import last_month
from scheduler.refusals import objection
from scheduler.states import RequestState, RequestStatus
from scheduler.view import Context, View
from schemas import events as e
from schemas.events import Event
from schemas.objections import Objection
from schemas.plans import Unplaced, UnplacedCause
from schemas.tallies import TallyChange
from schemas.visits import Part, PlanLine

_UNDECIDED = "cn.wurao.request.undecided.v1"


class Publication:
    """What publishing has gathered so far: events, breaches, and the limits to hold to."""

    def __init__(self, context: Context, view: View, at: World, month: str) -> None:
        self.context, self.view, self.at, self.month = context, view, at, month
        self.sheet = Sheet(view)
        self.events: list[tuple[str, Event]] = []
        self.breaches: list[Objection] = []
        self.visits: set[str] = set()
        self.seen: set[str] = set()
        self.placed = self.unplaced = 0
        self._limits: dict[tuple[str, bool], caps.CapUse] = {}

    def breach(self, code: str, **numbers: int | str) -> None:
        """Note what stands against the publication."""
        self.breaches.append(objection(code, **numbers))

    def filing(self, number: int) -> str:
        """Return the number under which the plan files a visit."""
        return f"{self.month}-{number:05d}"

    def holds(self, state: RequestState) -> tuple[str, ...]:
        """Return the cap keys in which a request had its unit before this publication."""
        return state.held

    def accepted(self, id_: str) -> RequestState | None:
        """Return a request that still waits for its day, and was not met in this plan before."""
        state = self.view.find(RequestState, keys.request(id_))
        if state is None or state.status is not RequestStatus.ACCEPTED or id_ in self.seen:
            self.breach("request-gone", request=id_, number=1)
            return None
        self.seen.add(id_)
        return state

    def taken_again(self, state: RequestState) -> tuple[TallyChange, ...]:
        """Return what a request takes that must wait for its day again; one that waits has it."""
        del state
        return ()

    def limit(self, use: caps.CapUse, *, holder: bool) -> None:
        """Hold a cap to the smallest limit that anybody who takes a unit of it has.

        ``holder`` tells whether the unit was reserved at intake; then what leaders let in above the
        limit takes nothing of it.
        """
        known = self._limits.get((use.key, holder), use)
        self._limits[use.key, holder] = min(known, use, key=lambda u: u.limit)

    @property
    def entries(self) -> int:
        """The visits that stand by this publication."""
        return sum(isinstance(event, e.VisitPublished) for _, event in self.events)

    def lines(self) -> Iterable[PlanLine]:
        """Return the visits that this publication brings about."""
        return [event.line for _, event in self.events if isinstance(event, e.VisitPublished)]

    def check_size(self, visit: str, departments: int) -> None:
        """Hold a visit to the most departments that may come at once."""
        most = self.at.rules.max_departments
        if most is not None and departments > most:
            self.breach("too-many-departments", visit=visit, limit=most, number=departments)

    def check_limits(self) -> None:
        """After all moves: no cap above its limit, no department-day above its capacity."""
        for (key, holder), use in self._limits.items():
            if self.sheet.within(key, holder=holder) > use.limit:
                numbers = {"limit": use.limit, "total": self.sheet.total(key)}
                self.breach("cap-exceeded", rule=use.rule.code, key=key, **numbers)
        pairs = {(part.department, line.day) for line in self.lines() for part in line.parts}
        visiting = self.at.rules.visiting_days(self.month, self.at.calendar)
        for department, day in sorted(pairs):
            units = capacity_on(self.view, department, day, visiting)
            load = self.sheet.total(keys.department_day(department, day))
            if units is not None and load > units:
                where = {"department": department, "day": str(day)}
                self.breach("capacity-exceeded", **where, limit=units, total=load)


@dataclass(frozen=True, slots=True)
class Kept:
    """A department's part of a visit with the approved requests that it serves."""

    part: Part
    states: tuple[RequestState, ...]


def approved_parts(work: Publication, line: PlanLine) -> list[Kept]:
    """Return the parts of a line that stand, each with the caps it will hold, judged on its day."""
    departments = [part.department for part in line.parts]
    if len(set(departments)) != len(departments):
        work.breach("plan-breaches", visit=line.visit, field="department")
    approved = [(part, _approved(work, part, line)) for part in line.parts]
    return [Kept(_part(work, part, states, line), states) for part, states in approved if states]


def _approved(work: Publication, part: Part, line: PlanLine) -> tuple[RequestState, ...]:
    """Return a part's requests that every role approved; leave the others out."""
    states = [s for id_ in part.requests if (s := work.accepted(id_)) is not None]
    for state in states:
        _belongs(work, state, part, line)
        if not state.approved:
            leave_out(work, _not_approved(state), known=state)
    return tuple(state for state in states if state.approved)


def _belongs(work: Publication, state: RequestState, part: Part, line: PlanLine) -> None:
    """A request stands under its own department, at its own enterprise, with its own kind only."""
    request = state.request
    claims = {
        "department": (request.department, part.department),
        "enterprise": (request.enterprise, line.enterprise),
        "purpose": (request.purpose, line.purpose),
        "announced": (request.announced, line.announced),
    }
    for name, (true, claimed) in claims.items():
        if true != claimed:
            work.breach("plan-breaches", request=state.id, visit=line.visit, field=name)


def _part(work: Publication, part: Part, states: tuple[RequestState, ...], line: PlanLine) -> Part:
    held = dict.fromkeys(key for state in states for key in _judged(work, state, line))
    return part.model_copy(
        update={
            "requests": tuple(state.id for state in states),
            "items": tuple(sorted({item for state in states for item in state.request.items})),
            "units": sum(state.request.duration for state in states),
            "caps": tuple(held),
            "officers": (),
        }
    )


def _judged(work: Publication, state: RequestState, line: PlanLine) -> list[str]:
    """Judge a request on its planned day; return the cap keys in which it counts there."""
    case, rules = case_of(work.view, state.request, work.at), work.at.rules
    if not case.first_day <= line.day <= case.last_day:
        work.breach("outside-window", request=state.id, day=str(line.day))
    work.breaches += judge(case, line.day, rules, lifted=state.lifted).binding
    uses = caps.uses(case, line.day, rules)
    for use in uses:
        if case.bound and use.rule.binding and use.rule.code not in state.lifted:
            work.limit(use, holder=use.key in work.holds(state))
    for key in state.held:
        work.sheet.add(key, reserved=-1)
    return [use.key for use in uses]


def _not_approved(state: RequestState) -> Unplaced:
    department, cause = state.request.department, UnplacedCause.NOT_APPROVED
    return Unplaced(request=state.id, department=department, cause=cause)


def leave_out(work: Publication, unplaced: Unplaced, known: RequestState | None = None) -> None:
    """Record a request without a day: carried on, to be decided by a person, or unplaced.

    Which of the three follows from the request, whatever the draft says: a lawful duty is never
    dropped by a plan, and nothing is carried into a month that it cannot have.
    """
    state = known or work.accepted(unplaced.request)
    if state is None:
        return
    carried = last_month(state.request) > work.month
    update = {"carried": carried, "must": state.request.lane.exempt}
    stream, stated = keys.request(state.id), unplaced.model_copy(update=update)
    event: Event
    if carried:
        event = e.RequestCarried(month=work.month, unplaced=stated, tally=work.taken_again(state))
    elif stated.must:
        event = _undecided(work, state, stated)
    else:
        for key in state.held:
            work.sheet.add(key, reserved=-1)
        event = e.RequestUnplaced(month=work.month, unplaced=stated, tally=work.sheet.take())
    work.unplaced += not carried
    work.events.append((stream, event))


def _undecided(work: Publication, state: RequestState, unplaced: Unplaced) -> Event:
    return e.StatutoryUndecided(
        month=work.month,
        unplaced=unplaced,
        decider=f"head/{state.request.department}",
        opens=opened(work.at, _UNDECIDED, work.context, request_matter(state)),
    )
