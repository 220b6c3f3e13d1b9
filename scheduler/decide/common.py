"""What all decisions share: the world they judge in, refusals, deadlines and case material."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scheduler import keys
from scheduler.cases import Case
from scheduler.identity import derived
from scheduler.memo import by_identity
from scheduler.refusals import objection
from scheduler.ruleset import RuleSet
from scheduler.states import CalendarsState, PolicyState, RequestState, VisitState
from scheduler.view import Context, Decision, View
from scheduler.workdays import WorkCalendar
from schemas.commands import Command
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


def _working_calendar(state: CalendarsState) -> WorkCalendar:
    return WorkCalendar(state.calendars)


_rules = by_identity(RuleSet.of)
_calendar = by_identity(_working_calendar)


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
    return World(_rules(policy), _calendar(calendars))


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
        raise Refusal(
            keys.visit(id_),
            objection("wrong-state", status=state.status.value, needed=" / ".join(statuses)),
        )
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
    return Case(
        request=request,
        department=department,
        enterprise=enterprise,
        items=known,
        calendar=at.calendar,
    )


def case_keys(request: Request) -> tuple[str, ...]:
    """Return the keys of the register cells that a request refers to."""
    return (
        keys.department(request.department),
        keys.enterprise(request.enterprise),
        *map(keys.item, request.items),
    )


def opened(
    at: World,
    event_type: str,
    context: Context,
    stream: str,
    *,
    lane: Lane,
    purpose: Purpose,
    departments: Sequence[str],
    by: Role | None = None,
) -> tuple[Opened, ...]:
    """Return the deadlines that an event opens under the rules of its day.

    ``by`` is the role whose decision the event is; some clocks start with one role's yes only.
    """
    return tuple(
        Opened(
            id=keys.deadline(rule.code, stream),
            rule=rule.code,
            owner=rule.owner,
            to=",".join(departments),
            working_days=rule.working_days,
        )
        for rule in at.rules.binding(context.today, purpose, lane).deadlines
        if rule.starts == event_type and rule.by in {None, by}
    )


def met(
    at: World,
    event_type: str,
    context: Context,
    streams: Iterable[str],
    *,
    lane: Lane,
    purpose: Purpose,
) -> tuple[str, ...]:
    """Return the ids of deadlines that an event would meet, were they open."""
    about = tuple(streams)
    return tuple(
        keys.deadline(rule.code, stream)
        for rule in at.rules.binding(context.today, purpose, lane).deadlines
        if event_type in rule.ends
        for stream in about
    )
