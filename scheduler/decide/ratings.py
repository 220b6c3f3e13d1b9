"""评价, outcomes and filings: the stations after the visit."""

from __future__ import annotations

from scheduler import keys
from scheduler.decide.codes import own_or_office
from scheduler.decide.common import Refusal, World, accept, known_visit, met, world
from scheduler.decide.stations import closing
from scheduler.refusals import objection
from scheduler.states import DeadlineState, VisitState, VisitStatus
from scheduler.view import Context, Decision, View
from schemas import events as e
from schemas.base import Sealed
from schemas.commands import LapseDeadline, RateVisit, RecordFiling, RecordOutcome
from schemas.policy import Deadline
from schemas.visits import Closing

_RATED = "cn.wurao.rating.given.v1"
_FILED = "cn.wurao.filing.recorded.v1"


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
    beyond = [f.item for f in result.findings if f.item not in part.items]
    if beyond:
        raise Refusal(stream, objection("item-beyond-notice", item=", ".join(beyond)))
    return accept(stream, (stream, e.OutcomeRecorded(outcome=result)))


def rate(command: RateVisit, context: Context, view: View) -> Decision:
    """Take the enterprise's rating; its token is for this visit only and works once."""
    visit = known_visit(view, command.visit)
    stream = keys.visit(visit.id)
    if context.claims.token != visit.id:
        raise Refusal(stream, objection("token-forged"))
    if visit.status is not VisitStatus.LEFT:
        raise Refusal(stream, objection("wrong-state", status=visit.status.value, needed="left"))
    if visit.rated is not None:
        raise Refusal(stream, objection("already-rated"))
    at = world(view, stream)
    event = e.RatingGiven(
        rating=command.rating,
        comment=command.comment if isinstance(command.comment, Sealed) else None,
        meets=met(at, _RATED, context, [stream], lane=visit.lane, purpose=visit.line.purpose),
    )
    rated = visit.model_copy(update={"rating": command.rating, "rated": Closing.RATED})
    return accept(stream, (stream, event), *closing(rated))


def file(command: RecordFiling, context: Context, view: View) -> Decision:
    """备案. Take the filing of an escalated or emergency visit.

    Late and back-dated are judged by the day on which the ledger recorded it: a filing that says
    it was made earlier than it came is found, whatever date stands on the paper.
    """
    visit = known_visit(view, command.visit)
    stream = keys.visit(visit.id)
    own_or_office(visit, context)
    if visit.filing is not None:
        raise Refusal(stream, objection("already-filed", number=visit.filing.number))
    at = world(view, stream)
    about = [stream, *(keys.request(r) for part in visit.line.parts for r in part.requests)]
    meets = met(at, _FILED, context, about, lane=visit.lane, purpose=visit.line.purpose)
    event = e.FilingRecorded(
        filing=command.filing,
        recorded_on=context.recorded_on,
        late=_late(meets, context, view, at),
        back_dated=command.filing.at.date() < context.recorded_on,
        meets=meets,
    )
    filed = visit.model_copy(update={"filing": command.filing})
    return accept(stream, (stream, event), *closing(filed))


def _late(meets: tuple[str, ...], context: Context, view: View, at: World) -> bool:
    view.need(*meets)
    open_ = [d for id_ in meets if (d := view.find(DeadlineState, id_)) is not None]
    return any(
        d.status == "lapsed" or context.recorded_on > at.calendar.due(d.since, d.working_days).day
        for d in open_
    )


def lapse(command: LapseDeadline, context: Context, view: View) -> Decision:
    """A deadline passed. Fires once, and never while its year has no official calendar."""
    stream = command.deadline
    deadline = view.find(DeadlineState, stream) if stream.startswith("deadline/") else None
    if deadline is None:
        raise Refusal(stream, objection("unknown-deadline", deadline=stream))
    if deadline.status != "open":
        raise Refusal(stream, objection("wrong-state", status=deadline.status, needed="open"))
    at = world(view, stream)
    due = at.calendar.due(deadline.since, deadline.working_days)
    if due.provisional:
        raise Refusal(stream, objection("calendar-missing", year=due.awaits or due.day.year))
    if context.recorded_on <= due.day:
        raise Refusal(stream, objection("too-early", day=str(due.day)))
    event = e.DeadlineLapsed(rule=deadline.rule, about=deadline.about)
    return accept(stream, (stream, event), *_consequences(deadline, view, at))


def _consequences(
    deadline: DeadlineState, view: View, at: World
) -> tuple[tuple[str, e.Event], ...]:
    """Return what follows from silence: a visit that nobody rated in time is 未评, and closes."""
    rule = at.rules.rule(deadline.rule, deadline.since)
    rating = isinstance(rule, Deadline) and _RATED in rule.ends
    visit = view.find(VisitState, deadline.about) if rating else None
    if visit is None or visit.rated is not None:
        return ()
    lapsed = visit.model_copy(update={"rated": Closing.UNRATED})
    return ((deadline.about, e.RatingLapsed()), *closing(lapsed))
