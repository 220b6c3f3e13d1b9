"""A plan's visits, put on the books one by one: who comes, who leads, what they hold."""

from __future__ import annotations

from scheduler import keys
from scheduler.decide import presences
from scheduler.decide.common import met, request_matter
from scheduler.decide.lines import Kept, Publication, approved_parts
from scheduler.states import RequestState, RequestStatus, VisitState
from schemas import events as e
from schemas.lanes import Lane
from schemas.visits import Approval, Filing, PlanLine

_PLACED = "cn.wurao.request.placed.v1"


def publish_line(work: Publication, line: PlanLine, number: int) -> None:
    """Publish a visit that was not on the books, as far as its requests stand."""
    if work.view.find(VisitState, keys.visit(line.visit)) is not None or line.visit in work.visits:
        work.breach("plan-breaches", visit=line.visit, field="visit")
    if keys.month_of(line.day) != work.month:
        work.breach("plan-breaches", visit=line.visit, field="day")
    if line.day < work.context.today:
        work.breach("window-past", visit=line.visit, day=str(line.day))
    work.visits.add(line.visit)
    kept = approved_parts(work, line)
    work.check_size(line.visit, len(kept))
    if kept:
        stand(work, line, number, kept)


def stand(work: Publication, line: PlanLine, number: int, kept: list[Kept]) -> None:
    """Put a visit on the books: what is left of its line, and where its requests now stand."""
    parts = tuple(k.part for k in kept)
    states = [state for k in kept for state in k.states]
    for part in parts:
        presences.hold(work.sheet, line, part)
    lead = line.lead if line.lead in {p.department for p in parts} else successor(kept)
    lane, exempt = lane_of(states)
    published = e.VisitPublished(
        line=line.model_copy(update={"parts": parts, "lead": lead}),
        lane=lane,
        exempt=exempt,
        month=work.month,
        filing=Filing(
            number=work.filing(number), at=work.context.occurred, by=work.context.actor.id
        ),
        approvals=approvals_of(states),
        tally=work.sheet.take(),
    )
    work.events.append((keys.visit(line.visit), published))
    for state in states:
        work.events.append((keys.request(state.id), placed(work, state, line)))
    work.placed += len(states)


def placed(work: Publication, state: RequestState, line: PlanLine) -> e.RequestPlaced:
    """Return the event by which a request has its day; a check that waited is decided by it."""
    undecided = state.status is RequestStatus.UNDECIDED
    meets = met(work.at, _PLACED, request_matter(state)) if undecided else ()
    return e.RequestPlaced(visit=line.visit, day=line.day, meets=meets)


def successor(kept: list[Kept]) -> str:
    """Return who leads when the lead falls out: who must come, then who has most to do."""

    def rank(of: Kept) -> tuple[bool, int, str]:
        must = any(state.request.lane.exempt for state in of.states)
        return (not must, -of.part.units, of.part.department)

    return min(kept, key=rank).part.department


def lane_of(states: list[RequestState]) -> tuple[Lane, str | None]:
    """Return the lane of a visit, and why it is counted apart, if all of it is."""
    counted = [state.request.lane for state in states if not state.request.lane.exempt]
    if counted:
        return counted[0], None
    grounds = [s.request.cause.ground.value for s in states if s.request.cause is not None]
    lane = states[0].request.lane
    return lane, grounds[0] if grounds else lane.value


def approvals_of(states: list[RequestState]) -> tuple[Approval, ...]:
    """Return the approvals that a visit rests on, each once."""
    given = (approval for state in states for approval in state.approvals)
    return tuple({approval.model_dump_json(): approval for approval in given}.values())
