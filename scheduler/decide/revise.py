"""Revision: a published month was planned again, and only what differs comes about.

A visit of the draft that stands on the books with the same departments and requests stays as it is,
with its team and its code, and nobody hears of it. Where others come on the same day the visit is
changed; one that no request is left to is called off; a new one is published. So a request that
moves to another day leaves one visit and joins another, and whoever must know is told by those two
events. What a published plan held is freed first and taken again under the same locks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scheduler import keys
from scheduler.decide import presences
from scheduler.decide.common import World, case_of, ended, visit_matter
from scheduler.decide.lines import Kept, Publication, approved_parts, leave_out
from scheduler.decide.plans import PLANNED
from scheduler.decide.standing import (
    approvals_of,
    lane_of,
    placed,
    publish_line,
    successor,
)
from scheduler.judge import reserved_at_intake
from scheduler.states import DraftState, RequestState, RequestStatus, VisitState, VisitStatus
from scheduler.view import Context, View
from schemas import events as e
from schemas.plans import Unplaced
from schemas.tallies import TallyChange
from schemas.visits import Part, PlanLine

REASON = "计划调整 / the plan was revised"
_TOLD = frozenset({RequestStatus.UNPLACED, RequestStatus.UNDECIDED})


class Revision(Publication):
    """A publication that starts from visits on the books."""

    def __init__(self, draft: DraftState, context: Context, view: View, at: World) -> None:
        super().__init__(context, view, at, draft.month)
        self.draft = draft
        base = view.find(DraftState, keys.draft(draft.month, draft.body.base))
        self.told = {unplaced.request for unplaced in base.body.unplaced} if base else set()
        self.asked = set(_requests(draft))
        self.unchanged = 0

    @property
    def entries(self) -> int:
        """The visits that stand by this publication, those that stay as they are among them."""
        return self.unchanged + len(list(self._made()))

    def _made(self) -> Iterator[PlanLine]:
        for _, event in self.events:
            if isinstance(event, e.VisitPublished | e.VisitChanged):
                yield event.line

    def filing(self, number: int) -> str:
        """Return the number under which this version of the plan files a visit."""
        return f"{self.month}-{self.draft.version}-{number:05d}"

    def lines(self) -> Iterable[PlanLine]:
        """Return every visit of the draft: what stays counts against the capacity as well."""
        return (*self.draft.body.lines, *self._made())

    def accepted(self, id_: str) -> RequestState | None:
        """Return a request that waits for a day, or has one at a visit that can still change."""
        state = self.view.find(RequestState, keys.request(id_))
        stands = state is not None and state.status in PLANNED and self._movable(state)
        if state is None or not stands or id_ in self.seen:
            self.breach("request-gone", request=id_, number=1)
            return None
        self.seen.add(id_)
        return state

    def _movable(self, state: RequestState) -> bool:
        if state.status is not RequestStatus.PLACED:
            return True
        visit = self.view.find(VisitState, keys.visit(state.visit or ""))
        return (
            visit is not None
            and visit.status is VisitStatus.PUBLISHED
            and visit.month == self.month
            and visit.line.day >= self.context.today
        )

    def holds(self, state: RequestState) -> tuple[str, ...]:
        """Return the cap keys in which a request had its unit: by itself, or by its visit."""
        if state.status is not RequestStatus.PLACED:
            return state.held
        visit = self.view.find(VisitState, keys.visit(state.visit or ""))
        parts = visit.line.parts if visit else ()
        return tuple(key for part in parts if state.id in part.requests for key in part.caps)

    def taken_again(self, state: RequestState) -> tuple[TallyChange, ...]:
        """Let a request that loses its day reserve what it reserved at intake."""
        if state.status is not RequestStatus.PLACED:
            return ()
        uses = reserved_at_intake(case_of(self.view, state.request, self.at), self.at.rules)
        changes = tuple(TallyChange(key=use.key, reserved=1) for use in uses)
        self.sheet.note(changes)
        return changes


def revise(draft: DraftState, context: Context, view: View, at: World) -> Publication:
    """Bring about what a draft changes of the published plan that it names as its base."""
    view.need(keys.draft(draft.month, draft.body.base))
    _load(draft, view, at)
    work = Revision(draft, context, view, at)
    lines = {line.visit: line for line in draft.body.lines}
    if len(lines) != len(draft.body.lines):
        work.breach("plan-breaches", field="visit")
    for visit in _standing(draft, view):
        _revisit(work, visit, lines.get(visit.id))
    for number, line in enumerate(draft.body.lines, start=1):
        if view.find(VisitState, keys.visit(line.visit)) is None:
            publish_line(work, line, number)
    for unplaced in draft.body.unplaced:
        _leave_out(work, unplaced)
    return work


def new_lines(draft: DraftState, view: View) -> list[PlanLine]:
    """Return the lines of a draft that are not on the books as they are."""
    view.need(*(keys.visit(line.visit) for line in draft.body.lines))
    found = ((view.find(VisitState, keys.visit(x.visit)), x) for x in draft.body.lines)
    return [line for visit, line in found if visit is None or not _same(visit, line)]


def _requests(draft: DraftState) -> list[str]:
    named = [r for line in draft.body.lines for part in line.parts for r in part.requests]
    return [*named, *(unplaced.request for unplaced in draft.body.unplaced)]


def _standing(draft: DraftState, view: View) -> list[VisitState]:
    """Return the visits on the books that a draft names, or takes requests from."""
    states = (view.find(RequestState, keys.request(id_)) for id_ in _requests(draft))
    ids = {line.visit for line in draft.body.lines}
    ids |= {s.visit for s in states if s and s.status is RequestStatus.PLACED and s.visit}
    found = (view.find(VisitState, keys.visit(id_)) for id_ in sorted(ids))
    return [visit for visit in found if visit is not None]


def _load(draft: DraftState, view: View, at: World) -> None:
    """Ask for the visits that requests leave, and for all that these hold, at once."""
    states = [view.find(RequestState, keys.request(id_)) for id_ in _requests(draft)]
    view.need(*(keys.visit(s.visit) for s in states if s is not None and s.visit))
    wanted: set[str] = set()
    for visit in _standing(draft, view):
        line = visit.line
        for part in line.parts:
            wanted.update(presences.part_keys(part, line.enterprise, line.day))
            wanted.update(map(keys.request, part.requests))
            if line.half:
                wanted.update(keys.officer_half(o, line.day, line.half) for o in part.officers)
    view.need(*wanted)
    for state in states:
        if state is not None and state.status is RequestStatus.PLACED:
            uses = reserved_at_intake(case_of(view, state.request, at), at.rules)
            wanted.update(use.key for use in uses)
    view.need(*wanted)


def _same(visit: VisitState, line: PlanLine) -> bool:
    """Tell whether a line is the visit as it stands: the same people for the same requests."""
    here = {(part.department, *sorted(part.requests)) for part in visit.line.parts}
    there = {(part.department, *sorted(part.requests)) for part in line.parts}
    return here == there and (visit.line.lead, visit.line.day) == (line.lead, line.day)


def _revisit(work: Revision, visit: VisitState, line: PlanLine | None) -> None:
    """Settle a visit on the books: it stays, others come, or it is called off."""
    if visit.status is not VisitStatus.PUBLISHED or visit.month != work.month:
        work.breach("plan-breaches", visit=visit.id, field="visit")
        return
    leaving = {r for part in visit.line.parts for r in part.requests} - _asked_by(line)
    lost = sorted(leaving - work.asked)
    if lost:
        work.breach("request-gone", request=", ".join(lost[:5]), number=len(lost))
    if line is None:
        _call_off(work, visit)
    elif _same(visit, line):
        states = [work.accepted(r) for part in line.parts for r in part.requests]
        work.placed += len(states)
        work.unchanged += 1
    elif _stays_there(visit, line):
        _change(work, visit, line)
    else:
        work.breach("plan-breaches", visit=visit.id, field="day")


def _asked_by(line: PlanLine | None) -> set[str]:
    return {r for part in line.parts for r in part.requests} if line else set()


def _stays_there(visit: VisitState, line: PlanLine) -> bool:
    old = visit.line
    return (old.enterprise, old.day, old.announced, old.purpose) == (
        line.enterprise,
        line.day,
        line.announced,
        line.purpose,
    )


def _call_off(work: Revision, visit: VisitState) -> None:
    for part in visit.line.parts:
        presences.release(work.sheet, visit.line, part)
    event = e.VisitCancelled(
        reason=REASON, tally=work.sheet.take(), meets=ended(work.at, visit_matter(visit))
    )
    work.events.append((keys.visit(visit.id), event))


def _change(work: Revision, visit: VisitState, line: PlanLine) -> None:
    """Let other departments come, or for other requests; who stays keeps team and half-day."""
    old = {part.department: part for part in visit.line.parts}
    staying = [p for p in line.parts if p.department in old and _alike(old[p.department], p)]
    others = tuple(part for part in line.parts if part not in staying)
    coming = {part.department for part in line.parts}
    left = tuple(part for name, part in old.items() if name not in coming)
    for part in (*left, *(_unmanned(old[p.department]) for p in others if p.department in old)):
        presences.release(work.sheet, visit.line, part)
    kept = [
        *(Kept(old[p.department], tuple(_states(work, p.requests))) for p in staying),
        *_renewed(work, old, line.model_copy(update={"parts": others})),
    ]
    if not kept:
        _call_off(work, visit.model_copy(update={"line": line.model_copy(update={"parts": ()})}))
        return
    _put_back(work, visit, line, kept, left)


def _alike(here: Part, there: Part) -> bool:
    return sorted(here.requests) == sorted(there.requests)


def _unmanned(part: Part) -> Part:
    """A department that comes for other requests keeps its officers' half-day."""
    return part.model_copy(update={"officers": ()})


def _states(work: Revision, requests: Iterable[str]) -> Iterator[RequestState]:
    return (state for id_ in requests if (state := work.accepted(id_)) is not None)


def _renewed(work: Revision, old: dict[str, Part], line: PlanLine) -> Iterator[Kept]:
    """Judge the parts that are new or changed, and let each take what it takes."""
    for kept in approved_parts(work, line):
        before = old.get(kept.part.department)
        officers = before.officers if before else ()
        part = kept.part.model_copy(update={"officers": officers})
        presences.hold(work.sheet, line, part)
        yield Kept(part, kept.states)


def _put_back(
    work: Revision, visit: VisitState, line: PlanLine, kept: list[Kept], left: tuple[Part, ...]
) -> None:
    work.check_size(visit.id, len(kept))
    order = [part.department for part in line.parts]
    parts = tuple(sorted((k.part for k in kept), key=lambda part: order.index(part.department)))
    lead = line.lead if line.lead in {p.department for p in parts} else successor(kept)
    states = [state for k in kept for state in k.states]
    lane, exempt = lane_of(states)
    stands = visit.line.model_copy(update={"parts": parts, "lead": lead})
    changed = e.VisitChanged(
        line=stands,
        lane=lane,
        exempt=exempt,
        approvals=approvals_of(states),
        left=left,
        tally=work.sheet.take(),
    )
    work.events.append((keys.visit(visit.id), changed))
    for state in states:
        if state.visit != visit.id:
            work.events.append((keys.request(state.id), placed(work, state, stands)))
    work.placed += len(states)


def _leave_out(work: Revision, unplaced: Unplaced) -> None:
    """Record who has no day now; who had none before was told then."""
    state = work.accepted(unplaced.request)
    if state is None:
        return
    waits = state.status is RequestStatus.ACCEPTED and state.id in work.told
    if waits or state.status in _TOLD:
        work.unplaced += state.status in _TOLD
        return
    leave_out(work, unplaced, known=state)
