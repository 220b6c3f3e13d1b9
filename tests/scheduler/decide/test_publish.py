"""Publication: what stands, what is left out, and every way in which a draft can be wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scheduler import keys
from scheduler.states import DeadlineState, RequestStatus
from schemas import commands as c
from schemas.lanes import Lane, Purpose
from schemas.objections import Objection
from schemas.plans import PlanBody
from schemas.policy import CapField
from schemas.visits import Role
from tests.builders import (
    a_cap,
    a_cause,
    a_department,
    a_policy,
    a_policy_stack,
    a_request,
    a_uscc,
    a_window,
    an_enterprise,
)
from tests.stories import (
    CAP,
    DRAFTED,
    PUBLISHED,
    approved,
    arranged,
    clerk,
    decision,
    emergency,
    escalated,
    held,
    published,
    statutory,
)
from tests.worlds import CLERK, LEADER, OFFICE, World, at

PUBLISH = c.PublishPlan(month="2026-12", version=1)
HEALTH = a_request(department="health", items=("item-1-health",))


def a_draft(*requests: Any) -> tuple[World, PlanBody, list[str]]:  # noqa: ANN401
    world = World.adopted().with_department(a_department(id="health", name="卫健"))
    ids = [approved(world, request) for request in requests or (a_request(),)]
    return world, world.draft("2026-12", at(DRAFTED)), ids


def against(world: World, day: date = PUBLISHED) -> list[Objection]:
    before = len(world.visits())
    decision = world.do(PUBLISH, OFFICE, at(day))
    assert decision.status == "refused"
    assert len(world.visits()) == before, "nobody publishes half a plan"
    return list(decision.objections)


def redrafted(world: World, body: PlanBody, **line: Any) -> None:  # noqa: ANN401
    """Replace the draft by one whose first line says something else."""
    changed = body.lines[0].model_copy(update=line)
    spoiled = body.model_copy(update={"lines": (changed, *body.lines[1:])})
    key = keys.draft("2026-12", 1)
    world.cells[key] = world.cells[key].model_copy(update={"body": spoiled})


def test_departments_of_one_enterprise_come_together_and_hold_a_unit_each() -> None:
    world, (visit,) = published(a_request(), HEALTH)
    assert world.visit(visit).line.departments == ("fire", "health")
    assert world.tally(CAP) == (1, 0)
    assert world.tally(keys.cap("twice-a-year", "health", a_uscc(), "2026")) == (1, 0)


def test_two_requests_of_a_department_at_an_enterprise_on_a_day_hold_one_unit() -> None:
    world, visits = published(a_request(), a_request())
    assert len(visits) == 1
    assert len(world.visit(visits[0]).line.parts[0].requests) == 2
    assert world.tally(CAP) == (1, 0)


@pytest.mark.parametrize(
    "other", [{"announced": False}, {"purpose": Purpose.SERVICE}, {"purpose": Purpose.STUDY_TOUR}]
)
def test_what_is_of_another_kind_is_never_joint(other: dict[str, Any]) -> None:
    world, visits = published(a_request(), HEALTH.model_copy(update=other))
    assert len(visits) == 2
    for visit in visits:
        assert len(world.visit(visit).line.parts) == 1


def test_silence_accepts_after_the_answers_close_and_not_before() -> None:
    world, _, _ = a_draft()
    assert [o.rule for o in against(world, date(2026, 12, 15))] == ["answers-open"]
    world.ok(PUBLISH, OFFICE, at(PUBLISHED))


def test_only_the_office_publishes_and_only_the_newest_draft() -> None:
    world, _, _ = a_draft()
    assert world.no(PUBLISH, CLERK, at(PUBLISHED)) == ["role-not-asked"]
    stale = PUBLISH.model_copy(update={"version": 2})
    assert world.no(stale, OFFICE, at(PUBLISHED)) == ["version-stale"]
    assert world.no(c.PublishPlan(month="2026-11", version=1), OFFICE) == ["version-stale"]


def test_a_request_withdrawn_since_the_draft_is_named() -> None:
    world, _, (id_,) = a_draft()
    world.ok(c.WithdrawRequest(request=id_, reason="x"), CLERK, at(DRAFTED))
    (found,) = against(world)
    assert (found.rule, found.numbers["request"]) == ("request-gone", id_)


def test_capacity_lowered_since_the_draft_is_named_with_its_numbers() -> None:
    world, body, _ = a_draft(a_request(duration=3))
    day = body.lines[0].day
    world.ok(c.SetCapacity(department="fire", day=day, units=2), CLERK, at(DRAFTED))
    (found,) = against(world)
    assert found.rule == "capacity-exceeded"
    assert (found.numbers["total"], found.numbers["limit"]) == (3, 2)


def test_a_cap_filled_since_the_draft_is_named() -> None:
    """Tests an unapproved emergency that took the last unit, as only such a visit can."""
    world, body, (id_,) = a_draft()
    arranged(world, approved(world, escalated()), _other(body, 31, 30), at(DRAFTED))
    arranged(world, world.submit(emergency(DRAFTED), at(DRAFTED)), DRAFTED, at(DRAFTED))
    (found,) = against(world)
    assert (found.rule, found.numbers["total"], found.numbers["limit"]) == ("cap-exceeded", 3, 2)
    assert world.request(id_).status is RequestStatus.ACCEPTED


def _other(body: PlanBody, *days: int) -> date:
    """Return a day of the service week that the plan does not use."""
    used = {line.day for line in body.lines}
    return next(d for d in (date(2026, 12, day) for day in days) if d not in used)


def test_what_a_leader_lets_in_above_the_limit_takes_nobodys_place() -> None:
    """Tests a lifted third visit that is asked for and arranged between acceptance and plan."""
    world = World.adopted()
    first = approved(world, a_request())
    second = approved(world, escalated())
    third = approved(world, escalated("twice-a-year"))
    arranged(world, third, date(2026, 12, 30))
    arranged(world, second, date(2026, 12, 31))
    world.publish("2026-12", at(DRAFTED), at(PUBLISHED))
    assert world.request(first).status is RequestStatus.PLACED
    assert world.tally(CAP) == (3 if len({v.line.day for v in world.visits()}) == 3 else 2, 0)
    assert world.no(
        c.SubmitRequest(request=a_request(window=a_window(date(2026, 11, 24), date(2026, 11, 30)))),
        CLERK,
        at(date(2026, 11, 2)),
    ) == ["twice-a-year"]


def test_a_lift_that_the_leader_did_not_give_admits_nothing_above_the_limit() -> None:
    world = World.adopted()
    approved(world, a_request())
    approved(world, escalated())
    id_ = world.submit(escalated("service-week", "twice-a-year"))
    world.head_approves(id_)
    world.ok(decision(id_, Role.LEADER, lifts=("service-week",)), LEADER)
    command = c.ArrangeVisit(request=id_, day=date(2026, 12, 29))
    assert world.no(command) == ["twice-a-year"]


def test_a_policy_that_allows_less_since_the_draft_is_heard() -> None:
    world, _, _ = a_draft()
    arranged(world, approved(world, escalated()), date(2026, 12, 31), at(DRAFTED))
    national, city = a_policy_stack()
    rules = [
        r.model_copy(update={"limit": 1}) if r.code == "twice-a-year" else r for r in city.rules
    ]
    stricter = city.model_copy(update={"rules": tuple(rules), "version": 2})
    world.ok(c.AdoptPolicy(layers=(national, stricter)), OFFICE, at(DRAFTED))
    body = world.cells[keys.draft("2026-12", 1)].body
    if body.lines[0].day == date(2026, 12, 31):
        redrafted(world, body, day=date(2026, 12, 30))
    assert [o.rule for o in against(world)] == ["cap-exceeded"]


def test_an_enterprise_that_blocked_the_day_since_the_draft_is_heard() -> None:
    world, body, _ = a_draft()
    blocked = an_enterprise(closed_days=(body.lines[0].day,))
    world.ok(c.RegisterEnterprise(enterprise=blocked), OFFICE, at(DRAFTED))
    assert [o.rule for o in against(world)] == ["day-open"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"day": date(2026, 12, 14)}, "outside-window"),
        ({"enterprise": a_uscc(2)}, "plan-breaches"),
        ({"purpose": Purpose.SERVICE}, "plan-breaches"),
        ({"announced": False}, "plan-breaches"),
        ({"day": date(2027, 1, 4)}, "plan-breaches"),
    ],
)
def test_a_draft_that_says_what_the_ledger_does_not_is_refused(
    line: dict[str, Any], code: str
) -> None:
    world, body, _ = a_draft()
    redrafted(world, body, **line)
    assert code in {o.rule for o in against(world)}


def test_a_request_under_a_foreign_department_is_refused() -> None:
    world, body, _ = a_draft()
    (part,) = body.lines[0].parts
    redrafted(world, body, parts=(part.model_copy(update={"department": "health"}),))
    assert [o.numbers.get("field") for o in against(world)] == ["department"]
    redrafted(world, body, parts=(part, part.model_copy(update={"requests": ("nothing",)})))
    assert {o.rule for o in against(world)} == {"plan-breaches", "request-gone"}


def test_a_day_that_is_over_is_not_published() -> None:
    world, _, _ = a_draft()
    assert "window-past" in {o.rule for o in against(world, date(2027, 1, 4))}


def test_too_many_departments_are_refused() -> None:
    world, _, _ = a_draft(a_request(), HEALTH)
    national, city = a_policy_stack()
    small = city.model_copy(update={"max_departments": 1, "version": 2})
    world.ok(c.AdoptPolicy(layers=(national, small)), OFFICE, at(DRAFTED))
    assert [o.rule for o in against(world)] == ["too-many-departments"]


def test_who_was_not_approved_is_left_out_and_the_lead_passes_on() -> None:
    world = World.adopted().with_department(a_department(id="health", name="卫健"))
    fire = world.submit(a_request(duration=3))
    approved(world, HEALTH)
    body = world.publish("2026-12", at(DRAFTED), at(PUBLISHED))
    assert body.lines[0].lead == "fire"
    (visit,) = world.visits()
    assert (visit.line.departments, visit.line.lead) == (("health",), "health")
    assert world.request(fire).status is RequestStatus.UNPLACED
    assert world.tally(CAP) == (0, 0)


def test_what_has_time_is_carried_with_its_unit_and_what_has_none_is_freed() -> None:
    world = World.adopted()
    world.ok(c.SetCapacity(department="fire", day=date(2026, 12, 31), units=0), CLERK)
    day = date(2026, 12, 31)
    carried = approved(world, a_request(window=a_window(day, date(2027, 1, 29))))
    dropped = approved(world, a_request(window=a_window(day, day)))
    world.publish("2026-12", at(DRAFTED), at(PUBLISHED))
    state = world.request(carried)
    assert (state.status, state.carried) == (RequestStatus.ACCEPTED, 1)
    assert world.request(dropped).status is RequestStatus.UNPLACED
    assert world.tally(CAP) == (1, 0)


def test_a_draft_cannot_carry_or_drop_what_the_law_decides() -> None:
    """Tests that whether a request is carried, decided or dropped follows from itself alone."""
    world, body, (id_,) = a_draft(
        statutory(
            window=a_window(date(2026, 12, 12), date(2026, 12, 13)),
            cause=a_cause(last_legal_date=date(2026, 12, 13)),
        )
    )
    (unplaced,) = body.unplaced
    for claim in ({"must": False}, {"carried": True}):
        lie = body.model_copy(update={"unplaced": (unplaced.model_copy(update=claim),)})
        key = keys.draft("2026-12", 1)
        world.cells[key] = world.cells[key].model_copy(update={"body": lie})
        trial = World()
        trial.cells.update(world.cells)
        trial.ok(PUBLISH, OFFICE, at(PUBLISHED), id_="p")
        assert trial.request(id_).status is RequestStatus.UNDECIDED
        assert [d.rule for d in trial.of_kind(DeadlineState) if d.status == "open"] == [
            "statutory-undecided"
        ]


def test_a_lawful_check_whose_date_lies_in_a_later_month_is_carried() -> None:
    world = World.adopted()
    day = date(2026, 12, 12)
    cause = a_cause(last_legal_date=date(2027, 1, 29))
    id_ = approved(world, statutory(window=a_window(day, day), cause=cause, duration=64))
    world.publish("2026-12", at(DRAFTED), at(PUBLISHED))
    assert world.request(id_).status is RequestStatus.ACCEPTED
    assert world.request(id_).carried == 1


def test_a_visit_of_routine_and_lawful_requests_counts_as_routine_with_its_routine_part() -> None:
    world, (visit,) = published(
        a_request(), HEALTH.model_copy(update={"lane": Lane.STATUTORY, "cause": a_cause()})
    )
    state = world.visit(visit)
    assert (state.lane, state.exempt) == (Lane.ROUTINE, None)
    assert [bool(part.caps) for part in state.line.parts] == [True, False]


def test_a_cap_on_entries_counts_a_joint_visit_once_and_frees_it_with_the_last_part() -> None:
    fields = (CapField.ENTERPRISE, CapField.YEAR)
    cap = a_cap(code="entries", key=fields, counts="entry", limit=1)
    national, city = a_policy_stack()
    layer = a_policy(cap, extends=(city.policy,))
    world = World.adopted().with_department(a_department(id="health", name="卫健"))
    world.ok(c.AdoptPolicy(layers=(national, city, layer)), OFFICE)
    for request in (a_request(), HEALTH):
        approved(world, request)
    world.publish("2026-12", at(DRAFTED), at(PUBLISHED))
    key = keys.entry_cap("entries", a_uscc(), "2026")
    assert world.tally(key) == (1, 0)
    (visit,) = world.visits()
    world.ok(c.CancelVisit(visit=visit.id, reason="x"), clerk(visit.line.lead))
    assert held(world) == {}
