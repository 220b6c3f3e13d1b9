"""评价, outcomes and filings: the stations after the visit."""

from __future__ import annotations

from collections.abc import Callable

from scheduler import keys
from scheduler.decide import citing, contacts, meetings, pulses, treatment
from scheduler.decide.codes import visitors_or_office
from scheduler.decide.common import (
    Matter,
    Refusal,
    World,
    accept,
    known_visit,
    met,
    open_request,
    request_matter,
    visit_matter,
    world,
    wrong_state,
)
from scheduler.decide.leads import unreviewed
from scheduler.decide.stations import closing
from scheduler.refusals import objection
from scheduler.states import DeadlineState, VisitState, VisitStatus, kind_of
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.base import Sealed
from schemas.commands import LapseDeadline, RateVisit, RecordFiling, RecordOutcome
from schemas.lanes import Purpose
from schemas.visits import Closing, Grade, Outcome, Rating
from schemas.wire import canonical

_RATED = "cn.wurao.rating.given.v1"
_LONGEST = Rating(grade=Grade.EXCELLENT, beyond_items=True, forward=True)
_FRIENDLY = frozenset({"none", "guidance"})
_FILED = "cn.wurao.filing.recorded.v1"
_RECORDED = "cn.wurao.outcome.recorded.v1"


def outcome(command: RecordOutcome, context: Context, view: View) -> Decision:
    """Put one department's result on record, for items of its own part only, once."""
    visit = known_visit(
        view, command.visit, VisitStatus.ENTERED, VisitStatus.LEFT, VisitStatus.CLOSED
    )
    stream, result = keys.visit(visit.id), command.outcome
    if context.actor.of != result.department:
        raise Refusal(stream, objection("not-your-department", department=result.department))
    part = next((p for p in visit.line.parts if p.department == result.department), None)
    if part is None or result.department in visit.absent:
        raise Refusal(stream, objection("department-not-due", department=result.department))
    if any(known.department == result.department for known in visit.outcomes):
        raise Refusal(stream, objection("already-recorded", department=result.department))
    if visit.line.purpose is not Purpose.INSPECTION and _inspects(result):
        raise Refusal(stream, objection("not-an-inspection", purpose=visit.line.purpose.value))
    beyond = [f.item for f in result.findings if f.item not in part.items]
    if beyond:
        raise Refusal(stream, objection("item-beyond-notice", item=", ".join(beyond)))
    at = world(view, stream)
    against = unreviewed(visit, result, at)
    if against:
        raise Refusal(stream, *against)
    meetings.handed_over(result.packages, stream, view)
    first_only, firm = citing.cited(result, stream, view), visit.line.enterprise
    event = e.OutcomeRecorded(
        outcome=result,
        repeated=citing.repeated(first_only, firm, view),
        tally=citing.counted(result, firm),
        meets=_last_result_meets(visit, result, at),
    )
    return accept(stream, (stream, event))


def _last_result_meets(visit: VisitState, result: Outcome, at: World) -> tuple[str, ...]:
    """Return the deadlines that a result meets: those of the visit, once all who came reported."""
    recorded = {known.department for known in visit.outcomes} | {result.department}
    if not recorded.issuperset(set(visit.line.departments).difference(visit.absent)):
        return ()
    return met(at, _RECORDED, visit_matter(visit))


def _inspects(result: Outcome) -> bool:
    """Tell whether a result is one that only an inspection may have."""
    return bool(result.findings) or result.measure not in _FRIENDLY


def rate(command: RateVisit, context: Context, view: View) -> Decision:
    """Take the enterprise's rating; its token is for this visit only and works once."""
    visit = known_visit(view, command.visit)
    stream = keys.visit(visit.id)
    if context.claims.token != visit.id:
        raise Refusal(stream, objection("token-forged"))
    if visit.rated is not None:
        lapsed = visit.rated is Closing.UNRATED
        raise Refusal(stream, objection("too-late" if lapsed else "already-rated"))
    if visit.status is not VisitStatus.LEFT:
        raise wrong_state(stream, visit.status.value, VisitStatus.LEFT)
    at = world(view, stream)
    event = e.RatingGiven(
        rating=command.rating,
        comment=command.comment if isinstance(command.comment, Sealed) else None,
        pad=padding(command.rating),
        meets=met(at, _RATED, visit_matter(visit)),
    )
    rated = visit.model_copy(update={"rating": command.rating, "rated": Closing.RATED})
    return accept(stream, (stream, event), *closing(rated))


def padding(rating: Rating) -> str:
    """Return what makes the entry of a rating as long as that of any other, at least a character."""
    return "0" * (_size(_LONGEST) + 1 - _size(rating))


def _size(rating: Rating) -> int:
    return len(canonical(rating.model_dump(mode="json", exclude_defaults=True)))


def file(command: RecordFiling, context: Context, view: View) -> Decision:
    """备案. Take the filing of an escalated or emergency visit.

    Late and back-dated are judged by the day on which the ledger recorded it: a filing that says
    it was made earlier than it came is found, whatever date stands on the paper.
    """
    visit = known_visit(view, command.visit)
    stream = keys.visit(visit.id)
    visitors_or_office(visit, context)
    if visit.filing is not None:
        raise Refusal(stream, objection("already-filed", number=visit.filing.number))
    if command.filing.at.date() > context.recorded_on:
        raise Refusal(stream, objection("too-early", day=str(command.filing.at.date())))
    at = world(view, stream)
    meets = tuple(id_ for matter in _filed_for(visit, view) for id_ in met(at, _FILED, matter))
    event = e.FilingRecorded(
        filing=command.filing,
        recorded_on=context.recorded_on,
        late=_late(meets, context, view, at),
        back_dated=command.filing.at.date() < context.recorded_on,
        meets=meets,
    )
    filed = visit.model_copy(update={"filing": command.filing})
    return accept(stream, (stream, event), *closing(filed))


def _filed_for(visit: VisitState, view: View) -> list[Matter]:
    """Return what a filing is about: the visit, and the requests whose approval started a clock."""
    ids = [id_ for part in visit.line.parts for id_ in part.requests]
    view.need(*map(keys.request, ids))
    return [visit_matter(visit), *(request_matter(open_request(view, id_)) for id_ in ids)]


def _late(meets: tuple[str, ...], context: Context, view: View, at: World) -> bool:
    view.need(*meets)
    clocks = [d for id_ in meets if (d := view.find(DeadlineState, id_)) is not None]
    return any(d.status == "lapsed" or _is_over(d, context, at) for d in clocks)


def _is_over(deadline: DeadlineState, context: Context, at: World) -> bool:
    """Tell whether a deadline's day is certain and was over when the command was recorded."""
    due = at.calendar.due(deadline.since, deadline.working_days)
    return not due.provisional and context.recorded_on > due.day


def lapse(command: LapseDeadline, context: Context, view: View) -> Decision:
    """A deadline passed. Fires once, and never while its year has no official calendar."""
    stream = command.deadline
    deadline = view.find(DeadlineState, stream) if stream.startswith("deadline/") else None
    if deadline is None:
        raise Refusal(stream, objection("unknown-deadline", deadline=stream))
    if deadline.status != "open":
        raise wrong_state(stream, deadline.status, "open")
    at = world(view, stream)
    due = at.calendar.due(deadline.since, deadline.working_days)
    if due.provisional:
        raise Refusal(stream, objection("calendar-missing", year=due.awaits or due.day.year))
    if not _is_over(deadline, context, at):
        raise Refusal(stream, objection("too-early", day=str(due.day)))
    event = e.DeadlineLapsed(rule=deadline.rule, about=deadline.about)
    goes_on = _GOES_ON.get(kind_of(deadline.about))
    more = goes_on(deadline, context, view) if goes_on else ()
    return accept(stream, (stream, event), *_consequences(deadline, view), *more)


_GOES_ON: dict[str, Callable[[DeadlineState, Context, View], tuple[tuple[str, e.Event], ...]]] = {
    "pairing": contacts.missed,
    "enterprise": treatment.expired,
    "pulse": pulses.missed,
}
"""What follows for a matter that is no visit when a deadline of its own ran out, by its kind."""


def _consequences(deadline: DeadlineState, view: View) -> tuple[tuple[str, e.Event], ...]:
    """Return what follows from silence: a visit that nobody rated in time is 未评, and closes."""
    visit = view.find(VisitState, deadline.about) if _RATED in deadline.ends else None
    if visit is None or visit.rated is not None:
        return ()
    lapsed = visit.model_copy(update={"rated": Closing.UNRATED})
    return ((deadline.about, e.RatingLapsed()), *closing(lapsed))
