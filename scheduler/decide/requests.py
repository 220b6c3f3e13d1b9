"""入企报批. A request is judged by every rule at once, and a refusal names each with its way out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scheduler import caps, keys
from scheduler.candidates import open_days
from scheduler.cases import Case
from scheduler.decide import teams
from scheduler.decide.annual import against_plan
from scheduler.decide.common import Unknown, World, case_of, matter_of, of_office, opened, world
from scheduler.identity import derived
from scheduler.judge import judge_request, reserved_at_intake
from scheduler.refusals import objection
from scheduler.states import MonthState, TallyState
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.commands import SubmitRequest
from schemas.envelope import ActorRole
from schemas.events import Event
from schemas.lanes import Lane
from schemas.objections import Objection
from schemas.tallies import TallyChange
from schemas.visits import Request

LONGEST_WINDOW = timedelta(days=370)
"""A window spans a year and a few days at most; a longer one is a slip of the pen."""
_ACCEPTED = "cn.wurao.request.accepted.v1"


def submit(command: SubmitRequest, context: Context, view: View) -> Decision:
    """Accept a request, reserving its units, or refuse it with all objections."""
    request, id_ = command.request, derived(context.source, context.id, "request")
    stream = keys.request(id_)
    at = world(view, stream)
    faults = _faults(request, context)
    if faults:
        return _refused(stream, request, context, faults)
    if not teams.drew(request, view):
        return _refused(stream, request, context, (objection("not-drawn"),))
    view.need(stream, *_months(request))
    try:
        case = case_of(view, request, at)
    except Unknown as unknown:
        return _refused(stream, request, context, unknown.objections)
    return _judged(stream, case, context, view, at)


def _months(request: Request) -> tuple[str, ...]:
    """Return the keys of the months that a window touches."""
    first, last = request.window.first, request.window.last
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    months = (divmod(first.year * 12 + first.month - 1 + n, 12) for n in range(count))
    return tuple(keys.month(f"{year:04d}-{month + 1:02d}") for year, month in months)


def _faults(request: Request, context: Context) -> tuple[Objection, ...]:
    """Return what is wrong with a request before any rule is asked."""
    found = []
    if (
        context.actor.of != request.department
        and not of_office(context)
        and not _calls(request, context)
    ):
        found.append(objection("not-your-department", department=request.department))
    if request.window.last - request.window.first > LONGEST_WINDOW:
        found.append(objection("window-too-long", days=LONGEST_WINDOW.days))
    if request.lane is not Lane.EMERGENCY and request.window.last < context.today:
        found.append(objection("window-past", day=str(request.window.last)))
    return tuple(found)


def _calls(request: Request, context: Context) -> bool:
    """Tell whether the enterprise itself asks for the visit, on its own channel."""
    own = context.actor.role is ActorRole.ENTERPRISE and context.actor.of == request.enterprise
    return own and request.lane is Lane.ON_CALL


def _judged(stream: str, case: Case, context: Context, view: View, at: World) -> Decision:
    uses = reserved_at_intake(case, at.rules)
    view.need(*(use.key for use in uses))
    tallies = {use.key: view.find(TallyState, use.key) or caps.NO_UNITS for use in uses}
    verdict = judge_request(case, at.rules, tallies, uses)
    binding = (
        *verdict.binding,
        *_months_closed(case, view, at),
        *against_plan(case, view, at),
    )
    if binding:
        return _refused(stream, case.request, context, binding)
    accepted = _accepted(case, context, at, stream, uses, verdict.advice)
    events: list[tuple[str, Event]] = [(stream, accepted)]
    if _calls(case.request, context):
        # Whoever called on his own channel has confirmed that he called.
        events.append((stream, e.OnCallConfirmed(by=context.actor.id)))
    return Decision("accepted", stream, tuple(events))


def _months_closed(case: Case, view: View, at: World) -> tuple[Objection, ...]:
    """Routine requests wait for the month's plan, so they come before its requests close."""
    request = case.request
    if request.lane is not Lane.ROUTINE or not case.bound:
        return ()
    closed: dict[str, None] = {}
    for month in (keys.month_of(day) for day in open_days(case, at.rules)):
        if month in closed:
            continue
        state = view.find(MonthState, keys.month(month))
        if state is None or not state.closed:
            return ()
        closed[month] = None
    return (objection("month-closed", month=", ".join(closed)),) if closed else ()


def _refused(
    stream: str, request: Request, context: Context, against: tuple[Objection, ...]
) -> Decision:
    event = e.RequestRefused(request=request, objections=against, by=context.actor.id)
    return Decision("refused", stream, ((stream, event),), against)


def _accepted(  # noqa: PLR0917 - one call, every argument named by its type
    case: Case,
    context: Context,
    at: World,
    stream: str,
    uses: tuple[caps.CapUse, ...],
    advice: tuple[Objection, ...],
) -> e.RequestAccepted:
    request = case.request
    asked = at.rules.approvers(request.purpose, request.lane)
    return e.RequestAccepted(
        request=request,
        approvals_needed=tuple(role.value for role in asked),
        advice=advice,
        lift_asked=tuple(sorted(case.asked)),
        by=context.actor.id,
        tally=tuple(TallyChange(key=key, reserved=1) for key in _reserved(case, uses)),
        opens=opened(at, _ACCEPTED, context, matter_of(stream, request)),
    )


def _reserved(case: Case, uses: tuple[caps.CapUse, ...]) -> Iterator[str]:
    """Yield the keys in which an accepted request holds a unit; what it asks to lift stands apart."""
    for use in uses:
        yield use.key
        if use.rule.code in case.asked:
            yield keys.lifted(use.key)
