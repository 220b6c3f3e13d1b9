"""入企报批: what is accepted, what is refused and why, and which units are taken at once."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler import keys
from scheduler.states import RequestStatus
from schemas import commands as c
from schemas.envelope import Actor, ActorRole
from schemas.lanes import Lane, Purpose, Remedy
from schemas.registry import Jurisdiction, Standing
from tests.builders import a_cause, a_department, a_request, a_uscc, a_window, an_enterprise
from tests.stories import CAP, clerk, emergency, escalated, gate, statutory
from tests.worlds import CLERK, OFFICE, World, at

YEAR_2027 = a_window(date(2027, 1, 4), date(2027, 1, 29))


def refused(world: World, actor: Actor = CLERK, **changes: object) -> list[str]:
    return world.no(c.SubmitRequest(request=a_request(**changes)), actor)


def test_what_no_register_knows_is_named() -> None:
    world = World.adopted()
    codes = refused(world, enterprise=a_uscc(9), items=("item-1", "item-9"))
    assert codes == ["unknown-enterprise", "unknown-item"]
    assert refused(world, OFFICE, department="nobody", items=()) == ["unknown-department"]


def test_nothing_is_decided_before_a_policy_is_adopted() -> None:
    assert World().no(c.SubmitRequest(request=a_request())) == ["no-policy"]


def test_a_clerk_asks_for_his_own_department_and_the_office_for_any() -> None:
    world = World.adopted()
    assert refused(world, clerk("health")) == ["not-your-department"]
    world.ok(c.SubmitRequest(request=a_request()), OFFICE)


def test_a_window_that_is_over_or_far_too_long_is_refused() -> None:
    world = World.adopted()
    assert refused(world, window=a_window(date(2026, 11, 23), date(2026, 11, 30))) == [
        "window-past"
    ]
    assert refused(world, window=a_window(date(2026, 12, 1), date(2028, 1, 1))) == [
        "window-too-long"
    ]


@pytest.mark.parametrize("day", [date.max, date(9999, 1, 1)])
def test_the_end_of_time_is_refused_and_crashes_nothing(day: date) -> None:
    assert refused(World.adopted(), window=a_window(day, day)) == ["calendar-missing"]


def test_a_year_without_calendar_is_named() -> None:
    world = World.adopted()
    decision = world.do(c.SubmitRequest(request=a_request(window=YEAR_2027)))
    (against,) = decision.objections
    assert (against.rule, against.numbers["year"]) == ("calendar-missing", 2027)


def test_a_window_across_new_year_needs_one_open_day_and_takes_the_year_in_which_it_starts() -> (
    None
):
    world = World.adopted()
    world.submit(a_request(window=a_window(date(2026, 12, 28), date(2027, 1, 29))))
    assert world.tally(CAP) == (1, 0)
    assert world.tally(keys.cap("twice-a-year", "fire", a_uscc(), "2027")) == (0, 0)


def test_a_routine_request_comes_before_its_month_closes() -> None:
    world = World.adopted()
    world.ok(c.CloseMonth(month="2026-12"), OFFICE, at(date(2026, 12, 10)))
    assert refused(world) == ["month-closed"]
    world.submit(escalated())
    world.submit(statutory())


def test_a_window_that_reaches_an_open_month_is_not_closed() -> None:
    world = World.adopted()
    closed = a_window(date(2026, 11, 24), date(2026, 12, 31))
    world.ok(c.CloseMonth(month="2026-11"), OFFICE, at(date(2026, 11, 9)))
    world.submit(a_request(window=closed), at(date(2026, 11, 16)))


def test_every_rule_in_the_way_is_named_at_once() -> None:
    world = World.adopted()
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(standing=Standing.DORMANT)), OFFICE)
    window = a_window(date(2026, 12, 7), date(2026, 12, 8))
    assert refused(world, items=(), window=window) == [
        "enterprise-active",
        "item-published",
        "service-week",
    ]


def test_a_refusal_says_the_numbers_the_origin_and_the_ways_out_with_escalation_last() -> None:
    world = World.adopted()
    world.submit(a_request())
    world.submit(a_request())
    (against,) = world.do(c.SubmitRequest(request=a_request())).objections
    assert against.numbers == {"limit": 2, "used": 0, "reserved": 2}
    assert against.origin is not None
    assert against.remedies[-1] is Remedy.ESCALATE
    assert against.remedies[0] is Remedy.OFF_SITE


def test_a_refused_request_stays_on_record_and_takes_nothing() -> None:
    world = World.adopted()
    decision = world.do(c.SubmitRequest(request=a_request(items=())))
    state = world.request(decision.about.partition("/")[2])
    assert state.status is RequestStatus.REFUSED
    assert world.tally(CAP) == (0, 0)


def test_an_escalated_request_asks_for_what_may_be_lifted_only() -> None:
    world = World.adopted()
    codes = world.no(c.SubmitRequest(request=escalated("item-published", "no-such-rule")))
    assert codes == ["not-liftable", "not-liftable"]


def test_a_lawful_duty_passes_a_full_cap_and_blocked_days() -> None:
    world = World.adopted()
    world.submit(a_request())
    world.submit(a_request())
    blocked = tuple(date(2026, 12, day) for day in range(1, 32))
    closed = an_enterprise(standing=Standing.WHITELISTED, closed_days=blocked)
    world.ok(c.RegisterEnterprise(enterprise=closed), OFFICE)
    world.submit(statutory(window=a_window(date(2026, 12, 2), date(2026, 12, 3))))
    world.submit(emergency(date(2026, 12, 5)))


def test_a_complaint_is_for_cause_and_no_emergency() -> None:
    world = World.adopted()
    asked = a_request(lane=Lane.EMERGENCY, cause=a_cause())
    assert world.no(c.SubmitRequest(request=asked)) == ["danger-stated"]


def test_a_service_visit_has_no_statutory_lane() -> None:
    world = World.adopted()
    asked = statutory(purpose=Purpose.SERVICE, items=())
    assert world.no(c.SubmitRequest(request=asked)) == ["lane-for-inspections"]


@pytest.mark.parametrize(
    "jurisdiction", [Jurisdiction.VERTICAL, Jurisdiction.SUPERIOR, Jurisdiction.JUDICIAL]
)
def test_a_body_beyond_the_city_is_never_refused(jurisdiction: Jurisdiction) -> None:
    world = World.adopted().with_department(
        a_department(id="tax", jurisdiction=jurisdiction, enforcement_subject=False)
    )
    world.ok(c.CloseMonth(month="2026-12"), OFFICE, at(date(2026, 12, 10)))
    asked = a_request(department="tax", items=("item-1-tax",))
    ids = [world.submit(asked, at(date(2026, 12, 14))) for _ in range(3)]
    assert [o.rule for o in world.request(ids[-1]).objections] == [
        "subject-registered",
        "twice-a-year",
    ]
    elsewhere = asked.model_copy(update={"window": YEAR_2027})
    world.submit(elsewhere)


def test_an_enterprise_calls_for_a_visit_to_itself_only_and_has_confirmed_by_calling() -> None:
    world = World.adopted()
    call = a_request(lane=Lane.ON_CALL)
    id_ = world.ok(c.SubmitRequest(request=call), gate()).about.partition("/")[2]
    assert world.request(id_).confirmed
    assert world.no(c.SubmitRequest(request=call), gate(2)) == ["not-your-department"]
    assert world.no(c.SubmitRequest(request=a_request()), gate()) == ["not-your-department"]


def test_somebody_who_belongs_to_nobody_asks_for_nothing() -> None:
    stranger = Actor(id="stranger", role=ActorRole.OFFICER)
    assert refused(World.adopted(), stranger) == ["not-your-department"]
