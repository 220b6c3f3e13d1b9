"""A published plan is revised: only what must move moves, and everybody concerned is told."""

from __future__ import annotations

from datetime import date

from scheduler import keys
from scheduler.audit import Auditor
from scheduler.notify import notify
from scheduler.states import DraftState, RequestStatus, VisitStatus
from schemas import commands as c
from schemas import events as e
from schemas.plans import Answer, AnswerKind
from tests.builders import a_department, a_request, a_uscc, a_window, an_enterprise
from tests.revisions import MONTH, NEXT_DAY, TODAY, publish, revised
from tests.stories import CAP, DRAFTED, PUBLISHED, approved, clerk, held, published, statutory
from tests.worlds import CLERK, OFFICE, World, at

HEALTH = a_request(department="health", items=("item-1-health",))
WEEK = tuple(date(2026, 12, day) for day in (25, 28, 29, 30, 31))


def since(world: World, start: int) -> list[e.Event]:
    """The events of the world's log from a place on."""
    return [event for _, event in world.log[start:]]


def day_of(world: World) -> date:
    """The day of the one visit that stands."""
    (visit,) = [v for v in world.visits() if v.status is VisitStatus.PUBLISHED]
    return visit.line.day


def closed(world: World, day: date, units: int = 0, department: str = "fire") -> None:
    """Let a department have these units on a day: its people are ill."""
    asked = c.SetCapacity(department=department, day=day, units=units)
    world.ok(asked, clerk(department), at(TODAY))


def test_a_revision_that_changes_nothing_is_an_event_of_the_month_alone() -> None:
    world, (visit,) = published(a_request(), HEALTH)
    before, start = held(world), len(world.log)
    publish(world, revised(world))
    drafted, again = since(world, start)
    assert isinstance(drafted, e.PlanDrafted)
    assert isinstance(again, e.PlanPublished)
    assert (again.version, again.base, again.entries, again.placed) == (2, 1, 1, 2)
    assert held(world) == before
    assert world.visit(visit).line.departments == ("fire", "health")


def a_crowd() -> tuple[World, list[str]]:
    """Fire at two factories, health at the first of them: two visits, one of them joint."""
    world = World.adopted().with_department(a_department(id="health", name="卫健"))
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(2)), OFFICE)
    asked = (a_request(), a_request(enterprise=a_uscc(2)), HEALTH)
    ids = [approved(world, request) for request in asked]
    world.publish(MONTH, at(DRAFTED), at(PUBLISHED))
    return world, ids


def test_an_illness_moves_the_requests_whose_day_is_gone_and_nothing_else() -> None:
    """Tests that fire leaves its day, and that health, which would spare an entry, stays."""
    world, ids = a_crowd()
    before = [world.request(id_) for id_ in ids]
    day = before[0].day
    assert day is not None
    closed(world, day)
    publish(world, revised(world))
    for was in before:
        hit = was.request.department == "fire" and was.day == day
        assert (world.request(was.id).day != was.day) is hit
    assert world.request(ids[2]).visit == before[2].visit
    assert world.tally(keys.department_day("fire", day)) == (0, 0)


def test_with_cheaper_moves_those_who_came_together_move_together() -> None:
    """Tests that 5 points for health's move are less than 10 for an entry of its own."""
    world, ids = a_crowd()
    day = world.request(ids[0]).day
    assert day is not None
    closed(world, day)
    publish(world, revised(world, change=5))
    fire, health = world.request(ids[0]), world.request(ids[2])
    assert fire.visit == health.visit
    assert fire.day != day


def test_a_moved_visit_is_called_off_and_announced_anew_and_its_units_move_with_it() -> None:
    world, (visit,) = published(a_request())
    day, start = day_of(world), len(world.log)
    closed(world, day)
    publish(world, revised(world))
    events = since(world, start)
    (gone,) = [x for x in events if isinstance(x, e.VisitCancelled)]
    (new,) = [x for x in events if isinstance(x, e.VisitPublished)]
    assert new.line.visit != visit
    assert new.filing.number == "2026-12-2-00001"
    assert world.visit(visit).status is VisitStatus.CANCELLED
    assert world.tally(CAP) == (1, 0)
    told = {
        word.template
        for stream, event in world.log[start:]
        for word in notify(event, stream, "entry", world.cells.__getitem__)
    }
    assert {"visit-cancelled", "visit-announced", "request-placed", "draft-to-answer"} <= told
    assert gone.reason


def test_a_department_leaves_a_joint_visit_and_the_others_keep_theirs() -> None:
    """Tests that health's team and the visit stay when fire alone must go to another day."""
    world, _ = published(a_request(), HEALTH)
    (joint,) = world.visits()
    world.staff(joint.id, at(TODAY))
    fire_id = next(p.requests[0] for p in joint.line.parts if p.department == "fire")
    publish(world, revised(world, pins={fire_id: _another(joint.line.day)}))
    stays = world.visit(joint.id)
    assert stays.line.departments == ("health",)
    assert stays.line.lead == "health"
    assert stays.line.parts[0].officers == ("officer-1-health", "officer-2-health")
    assert world.request(fire_id).day == _another(joint.line.day)
    half = joint.line.half or "am"
    assert world.tally(keys.officer_half("officer-1", joint.line.day, half)) == (0, 0)
    (changed,) = [x for x in since(world, 0) if isinstance(x, e.VisitChanged)]
    assert [part.department for part in changed.left] == ["fire"]


def _another(day: date) -> date:
    return next(d for d in WEEK if d != day)


def test_a_cancelled_visit_makes_room_for_one_that_found_none() -> None:
    """Tests that with one unit on one day the second waits, and comes in when the first goes."""
    world = World.adopted()
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(2)), OFFICE)
    for day in WEEK:
        world.ok(c.SetCapacity(department="fire", day=day, units=day == WEEK[0]), CLERK)
    ids = [approved(world, a_request()), approved(world, a_request(enterprise=a_uscc(2)))]
    world.publish(MONTH, at(DRAFTED), at(PUBLISHED))
    first, second = sorted(map(world.request, ids), key=lambda r: r.status)
    assert (first.status, second.status) == (RequestStatus.PLACED, RequestStatus.UNPLACED)
    world.ok(c.CancelVisit(visit=first.visit or "", reason="停产"), OFFICE, at(TODAY))
    publish(world, revised(world))
    now = world.request(second.id)
    assert (now.status, now.day, now.unplaced) == (RequestStatus.PLACED, WEEK[0], None)
    assert world.request(first.id).visit == first.visit, "what was called off stays so"


def test_who_loses_the_day_is_told_and_holds_nothing_more() -> None:
    """Tests that no capacity is left at all: the request is unplaced, its cap unit free."""
    world, (visit,) = published(a_request())
    request = world.visit(visit).line.parts[0].requests[0]
    for day in WEEK:
        closed(world, day)
    publish(world, revised(world))
    state = world.request(request)
    assert (state.status, state.visit, state.day) == (RequestStatus.UNPLACED, None, None)
    assert world.visit(visit).status is VisitStatus.CANCELLED
    assert held(world) == {}


def test_who_can_wait_for_the_next_month_waits_and_holds_its_unit_again() -> None:
    window = a_window(date(2026, 12, 25), date(2027, 1, 29))
    world = World.adopted(years=(2025, 2026))
    request = approved(world, a_request(window=window))
    world.publish(MONTH, at(DRAFTED), at(PUBLISHED))
    before = held(world)
    for day in WEEK:
        closed(world, day)
    publish(world, revised(world))
    state = world.request(request)
    assert (state.status, state.carried, state.held) == (RequestStatus.ACCEPTED, 1, (CAP,))
    assert held(world).keys() == {CAP} < before.keys()
    # Told once: a second revision without a day for it says nothing again.
    again = revised(world)
    making = again.making.model_copy(update={"base": 2}) if again.making else None
    start = len(world.log)
    publish(world, again.model_copy(update={"making": making}), version=3)
    assert not [x for x in since(world, start) if isinstance(x, e.RequestCarried)]


def test_a_statutory_check_that_loses_its_day_is_for_a_person() -> None:
    world, (visit,) = published(statutory(window=a_window(date(2026, 12, 25), date(2026, 12, 30))))
    request = world.visit(visit).line.parts[0].requests[0]
    for day in (*WEEK, *(date(2026, 12, n) for n in range(17, 25))):
        closed(world, day)
    publish(world, revised(world))
    assert world.request(request).status is RequestStatus.UNDECIDED


def test_who_is_let_in_by_nobody_new_stays_out_of_the_next_days() -> None:
    """Tests that a visit may stay on a near day, but none is moved there."""
    world, _ = published(a_request())
    day = day_of(world)
    notice = date(2026, 12, 30)
    assert day < notice
    stays = revised(world, notice=notice)
    assert stays.lines[0].day == day
    closed(world, day)
    assert revised(world, notice=notice).lines[0].day >= notice


def test_only_the_newest_published_version_is_revised() -> None:
    world, _ = published(a_request())
    first = revised(world)
    draft = c.DraftPlan(month=MONTH, version=2, body=first)
    plain = first.model_copy(update={"making": None})
    assert world.no(draft.model_copy(update={"body": plain}), OFFICE, at(TODAY)) == [
        "already-published"
    ]
    publish(world, first)
    stale = draft.model_copy(update={"version": 3})
    assert world.no(stale, OFFICE, at(TODAY)) == ["version-stale"]
    assert world.no(c.PublishPlan(month=MONTH, version=2), OFFICE, at(NEXT_DAY)) == [
        "already-published"
    ]


def test_departments_answer_what_is_new_to_them_and_silence_waits_a_day() -> None:
    world, _ = published(a_request())
    closed(world, day_of(world))
    body = revised(world)
    world.ok(c.DraftPlan(month=MONTH, version=2, body=body), OFFICE, at(TODAY))
    publish_now = c.PublishPlan(month=MONTH, version=2)
    assert world.no(publish_now, OFFICE, at(TODAY)) == ["answers-open"]
    yes = Answer(department="fire", visit=body.lines[0].visit, kind=AnswerKind.ACCEPT)
    world.ok(c.AnswerPlan(month=MONTH, version=2, answers=(yes,)), CLERK, at(TODAY))
    world.ok(publish_now, OFFICE, at(TODAY))
    state = world.cells[keys.draft(MONTH, 2)]
    assert isinstance(state, DraftState)


def test_a_revision_of_what_has_changed_since_is_refused_whole() -> None:
    world, (visit,) = published(a_request())
    closed(world, day_of(world))
    body = revised(world)
    world.ok(c.DraftPlan(month=MONTH, version=2, body=body), OFFICE, at(TODAY))
    world.ok(c.CancelVisit(visit=visit, reason="停产"), OFFICE, at(TODAY))
    refused = world.no(c.PublishPlan(month=MONTH, version=2), OFFICE, at(NEXT_DAY))
    assert "request-gone" in refused
    assert world.visit(visit).status is VisitStatus.CANCELLED


def test_a_revision_says_what_becomes_of_every_request_of_a_visit_that_it_takes_apart() -> None:
    world, (visit,) = published(a_request(), HEALTH)
    closed(world, day_of(world))
    body = revised(world, change=5)
    (line,) = body.lines
    half = line.model_copy(update={"parts": line.parts[:1], "lead": line.parts[0].department})
    torn = body.model_copy(update={"lines": (half,)})
    world.ok(c.DraftPlan(month=MONTH, version=2, body=torn), OFFICE, at(TODAY))
    assert world.no(c.PublishPlan(month=MONTH, version=2), OFFICE, at(NEXT_DAY)) == ["request-gone"]
    assert world.visit(visit).status is VisitStatus.PUBLISHED


def test_the_auditor_finds_nothing_against_a_revised_plan() -> None:
    """Tests a joint visit taken apart: every unit is counted once, every officer free or booked."""
    world, _ = published(a_request(), HEALTH)
    (joint,) = world.visits()
    world.staff(joint.id, at(TODAY))
    fire = next(p.requests[0] for p in joint.line.parts if p.department == "fire")
    publish(world, revised(world, pins={fire: _another(joint.line.day)}))
    auditor = Auditor()
    for stream, event in world.log:
        auditor.observe(stream, event)
    assert auditor.breaches() == ()
    assert auditor.counts[CAP] == 1
    moved = world.request(fire).visit or ""
    world.staff(moved, at(NEXT_DAY))
    assert world.visit(moved).line.parts[0].officers


def test_who_stays_and_who_leaves_a_changed_visit_are_told() -> None:
    world, _ = published(a_request(), HEALTH)
    (joint,) = world.visits()
    world.staff(joint.id, at(TODAY))
    fire = next(p.requests[0] for p in joint.line.parts if p.department == "fire")
    publish(world, revised(world, pins={fire: _another(joint.line.day)}))
    ((stream, changed),) = [x for x in world.log if isinstance(x[1], e.VisitChanged)]
    told = {(n.to, n.template) for n in notify(changed, stream, "1", world.cells.__getitem__)}
    assert told == {
        ("health", "visit-changed"),
        ("officer-1", "visit-cancelled"),
        ("officer-2", "visit-cancelled"),
        ("officer-1-health", "visit-changed"),
        ("officer-2-health", "visit-changed"),
        (a_uscc(), "visit-changed"),
    }
