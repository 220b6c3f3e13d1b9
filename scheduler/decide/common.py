"""What all decisions share: the world they judge in, refusals, deadlines and case material."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler import keys
from scheduler.campaigns import CampaignState
from scheduler.cases import Case
from scheduler.identity import derived
from scheduler.memo import calendar_of, rules_of
from scheduler.refusals import objection
from scheduler.ruleset import RuleSet
from scheduler.states import CalendarsState, PolicyState, RequestState, VisitState
from scheduler.view import Context, Decision, View
from scheduler.workdays import WorkCalendar
from schemas.commands import Command
from schemas.envelope import ActorRole
from schemas.events import CommandRefused, Event
from schemas.lanes import Lane, Purpose
from schemas.objections import Objection
from schemas.registry import Department, Enterprise, Item
from schemas.tallies import Opened
from schemas.visits import Request, Role


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """Ends a decision with a refusal; ``about`` is the stream that the command was for."""

    def __init__(self, about: str, *objections: Objection) -> None:
        self.about = about
        self.objections = objections
        super().__init__(about)


class Unknown(LookupError):  # noqa: N818 - says what is the matter
    """A request names records that are in no register."""

    def __init__(self, objections: Sequence[Objection]) -> None:
        self.objections = tuple(objections)
        super().__init__(len(objections))


@dataclass(frozen=True, slots=True)
class World:
    """The rules and the calendar in use."""

    rules: RuleSet
    calendar: WorkCalendar


_NO_CALENDARS = CalendarsState()
_OFFICE = frozenset({ActorRole.SCHEDULER, ActorRole.ADMIN})


def of_office(context: Context) -> bool:
    """Tell whether the actor acts for the coordinating office (优化办), which may help everybody."""
    return context.actor.role in _OFFICE


def own_or_office(context: Context, about: str, department: str) -> None:
    """Refuse an actor who belongs neither to the department nor to the office.

    Raises:
    ------
    Refusal
        With the department whose matter it is.
    """
    if context.actor.of != department and not of_office(context):
        raise Refusal(about, objection("not-your-department", department=department))


def wrong_state(about: str, status: str, *needed: str) -> Refusal:
    """Return the refusal of what cannot be done at this stage."""
    return Refusal(about, objection("wrong-state", status=status, needed=" / ".join(needed)))


def world(view: View, about: str) -> World:
    """Return the rules and the calendar in use.

    Raises:
    ------
    Refusal
        If no policy was adopted yet.
    """
    view.need(keys.POLICY, keys.CALENDARS)
    policy = view.find(PolicyState, keys.POLICY)
    if policy is None:
        raise Refusal(about, objection("no-policy"))
    calendars = view.find(CalendarsState, keys.CALENDARS) or _NO_CALENDARS
    return World(rules_of(policy), calendar_of(calendars))


def refuse(command: Command, context: Context, refusal: Refusal) -> Decision:
    """Return the decision that refuses a command, recorded in a stream of its own."""
    stream = f"refusal/{derived(context.source, context.id, 'refusal')}"
    event = CommandRefused(command=command.type, about=refusal.about, objections=refusal.objections)
    return Decision("refused", refusal.about, ((stream, event),), refusal.objections)


def accept(about: str, *events: tuple[str, Event]) -> Decision:
    """Return the decision that brings about these events."""
    return Decision("accepted", about, events)


def open_request(view: View, id_: str) -> RequestState:
    """Return a request.

    Raises:
    ------
    Refusal
        If there is none with this id.
    """
    state = view.find(RequestState, keys.request(id_))
    if state is None:
        raise Refusal(keys.request(id_), objection("unknown-request", request=id_))
    return state


def known_visit(view: View, id_: str, *statuses: str) -> VisitState:
    """Return a visit that stands in one of these statuses.

    Raises:
    ------
    Refusal
        If there is no such visit, or it has gone on or been called off.
    """
    state = view.find(VisitState, keys.visit(id_))
    if state is None:
        raise Refusal(keys.visit(id_), objection("unknown-visit", visit=id_))
    if statuses and state.status not in statuses:
        raise wrong_state(keys.visit(id_), state.status.value, *statuses)
    return state


def case_of(view: View, request: Request, at: World) -> Case:
    """Return everything that rules may know of a request: who asks, where, for which items.

    Raises:
    ------
    Unknown
        If the department or the enterprise is in no register.
    """
    view.need(*case_keys(request))
    department = view.find(Department, keys.department(request.department))
    enterprise = view.find(Enterprise, keys.enterprise(request.enterprise))
    items = {id_: view.find(Item, keys.item(id_)) for id_ in request.items}
    unknown = [objection("unknown-item", item=id_) for id_, item in items.items() if item is None]
    if department is None:
        unknown.insert(0, objection("unknown-department", department=request.department))
    if enterprise is None:
        unknown.insert(0, objection("unknown-enterprise", enterprise=request.enterprise))
    if department is None or enterprise is None or unknown:
        raise Unknown(unknown)
    known = {id_: item for id_, item in items.items() if item is not None}
    cited = keys.campaign(request.campaign) if request.campaign else None
    return Case(
        request=request,
        department=department,
        enterprise=enterprise,
        items=known,
        calendar=at.calendar,
        campaign=view.find(CampaignState, cited) if cited else None,
    )


def case_keys(request: Request) -> tuple[str, ...]:
    """Return the keys of the register cells that a request refers to."""
    return (
        keys.department(request.department),
        keys.enterprise(request.enterprise),
        *map(keys.item, request.items),
        *map(keys.campaign, filter(None, (request.campaign,))),
    )


@dataclass(frozen=True, slots=True)
class Matter:
    """What a deadline is about: the stream, what decides which rules bind it, and whose it is."""

    stream: str
    lane: Lane
    purpose: Purpose
    departments: str
    enterprise: str = ""


def request_matter(state: RequestState) -> Matter:
    """Return the matter of a request."""
    return matter_of(keys.request(state.id), state.request)


def matter_of(stream: str, request: Request) -> Matter:
    """Return the matter of what was asked for in a stream."""
    return Matter(stream, request.lane, request.purpose, request.department, request.enterprise)


def visit_matter(visit: VisitState) -> Matter:
    """Return the matter of a visit: of the departments that come, and of the enterprise."""
    line, to = visit.line, ",".join(visit.line.departments)
    return Matter(keys.visit(visit.id), visit.lane, line.purpose, to, line.enterprise)


def opened(
    at: World, event_type: str, context: Context, matter: Matter, by: Role | None = None
) -> tuple[Opened, ...]:
    """Return the deadlines that an event opens under the rules of its day.

    ``by`` is the role whose decision the event is; some clocks start with one role's yes only.
    """
    return tuple(
        Opened(
            id=keys.deadline(rule.code, matter.stream),
            rule=rule.code,
            owner=rule.owner,
            to=matter.enterprise if rule.owner == "enterprise" else matter.departments,
            working_days=rule.working_days,
            ends=rule.ends,
        )
        for rule in at.rules.binding(context.today, matter.purpose, matter.lane).deadlines
        if rule.starts == event_type and rule.by in {None, by}
    )


def met(at: World, event_type: str, matter: Matter) -> tuple[str, ...]:
    """Return the ids of the deadlines that an event would meet, were they open."""
    return tuple(
        keys.deadline(rule.code, matter.stream)
        for rule in at.rules.every_deadline(matter.purpose, matter.lane)
        if event_type in rule.ends
    )


def ended(at: World, matter: Matter) -> tuple[str, ...]:
    """Return the ids of all deadlines about a matter that is over: nothing is waited for now."""
    return tuple(
        keys.deadline(rule.code, matter.stream)
        for rule in at.rules.every_deadline(matter.purpose, matter.lane)
    )
