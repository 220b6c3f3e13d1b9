"""What each kind of event moves, on worlds small enough to be told by hand."""

from dataclasses import replace

import numpy as np
import pytest

from scheduler.exchange.generate import make
from scheduler.exchange.plan import no_certificate
from scheduler.exchange.statement import Statement
from scheduler.exchange.verify import verify
from scheduler.planner.replan.events import (
    Cancelled,
    CapacityChanged,
    CapChanged,
    Choice,
    DayClosed,
    Event,
    Late,
    Limits,
)
from scheduler.planner.replan.warm import Answer, Move, Warm
from tests.scheduler.exchange.worlds import plan_of


def world(days: list[int], units: list[int], enterprises: list[int] | None = None) -> Warm:
    """Requests r0, r1 .. of one department on these days; each may have any day."""
    number = len(days)
    made = make(number, 1, len(units), seed=1)
    placed = enterprises or list(range(number))
    count = max(placed) + 1
    statement = replace(
        made,
        ids=tuple(f"r{k}" for k in range(number)),
        enterprises=tuple(f"e{k}" for k in range(count)),
        enterprise=np.array(placed, np.int32),
        departments=("fire",),
        capacity=np.array([units], np.int64),
    )
    return taken_in(statement, days)


def taken_in(statement: Statement, days: list[int], limits: Limits | None = None) -> Warm:
    plan = plan_of(statement, np.array(days, np.int32), no_certificate(statement))
    return Warm(statement, plan, limits)


def judged(warm: Warm, event: Event) -> Answer:
    """The answer to an event, once the checker has accepted the plan."""
    answer = warm.answer(event)
    assert verify(warm.statement, warm.plan("", {})).ok
    return answer


def test_a_cancellation_moves_nobody() -> None:
    answer = judged(world([0, 0, 1], [2, 1]), Cancelled(request="r0"))
    assert (answer.hit, answer.moved, answer.unplaced) == (("r0",), (), ())
    assert answer.before.objective - answer.after.objective == 10


def test_a_cancellation_lets_in_who_had_no_day() -> None:
    answer = judged(world([0, -1], [1, 0]), Cancelled(request="r0"))
    assert answer.placed == (("r1", 0),)


def test_a_late_request_takes_a_day_with_room() -> None:
    late = Late(request="late", enterprise="e0", department="fire", choices=every(2))
    answer = judged(world([0, 1], [1, 2]), late)
    assert answer.placed == (("late", 1),)
    assert answer.moved == ()


def test_a_late_request_with_one_day_moves_one_that_can_move() -> None:
    late = Late(request="late", enterprise="new", department="fire", choices=(Choice(0, 0, 1),))
    answer = judged(world([0, 1], [1, 2]), late)
    assert answer.placed == (("late", 0),)
    assert answer.moved == (Move(request="r0", before=0, after=1),)
    assert answer.beyond == 1


def test_nobody_moves_where_none_may() -> None:
    late = Late(request="late", enterprise="new", department="fire", choices=(Choice(0, 0, 1),))
    warm = world([0, 1], [1, 2])
    still = taken_in(warm.statement, [0, 1], Limits(moved=0))
    answer = judged(still, late)
    assert answer.unplaced == ("late",)
    assert answer.moved == ()


def test_a_statutory_late_request_goes_before_a_promise() -> None:
    late = Late(
        request="late", enterprise="new", department="fire", choices=(Choice(0, 0, 1),), must=True
    )
    answer = judged(world([0], [1]), late)
    assert answer.placed == (("late", 0),)
    assert answer.unplaced == ("r0",)
    assert answer.beyond == 1


def test_a_routine_late_request_does_not_take_a_promised_day() -> None:
    late = Late(
        request="late",
        enterprise="new",
        department="fire",
        choices=(Choice(0, 0, 1),),
        unplaced=110,
    )
    assert judged(world([0], [1]), late).unplaced == ("late",)


def test_an_illness_moves_as_many_as_it_must() -> None:
    warm = world([0, 0, 0, 1], [3, 4])
    answer = judged(warm, CapacityChanged(department="fire", day=0, units=1))
    assert len(answer.hit) == len(answer.moved) == 2
    assert answer.beyond == 0


def test_an_illness_leaves_out_who_finds_no_other_day() -> None:
    answer = judged(world([0, 1], [1, 1]), CapacityChanged(department="fire", day=0, units=0))
    assert answer.unplaced == ("r0",)
    assert answer.after.objective == answer.before.objective + 90


def test_more_units_let_in_who_had_no_day() -> None:
    answer = judged(world([0, -1], [1, 0]), CapacityChanged(department="fire", day=1, units=1))
    assert answer.placed == (("r1", 1),)


def test_a_closed_day_moves_the_enterprises_requests_together() -> None:
    warm = world([0, 0, 1], [2, 3, 3], [0, 0, 1])
    answer = judged(warm, DayClosed(enterprise="e0", day=0))
    assert answer.hit == ("r0", "r1")
    assert len({move.after for move in answer.moved}) == 1
    assert answer.after.objective == answer.before.objective


def test_a_closed_day_takes_the_pin_with_it() -> None:
    statement = world([0], [1, 1]).statement
    pinned = replace(statement, pinned=np.array([0], np.int32))
    answer = judged(taken_in(pinned, [0]), DayClosed(enterprise="e0", day=0))
    assert answer.moved == (Move(request="r0", before=0, after=1),)


def test_nobody_is_given_a_day_that_is_too_soon() -> None:
    statement = world([1, -1], [1, 2, 0]).statement
    warm = taken_in(statement, [1, -1], Limits(first_day=2))
    answer = judged(warm, CapacityChanged(department="fire", day=1, units=0))
    assert answer.unplaced == ("r0",)
    assert answer.placed == ()


def under_a_cap(enterprises: list[int], room: int) -> Warm:
    """Three requests on three days, each on its own, under a cap of so many entries."""
    statement = world([0, 1, 2], [3, 3, 3], enterprises).statement
    caps = replace(
        statement.caps,
        names=("entries",),
        room=np.array([room], np.int64),
        counts_entries=np.array([True]),
        member_cap=np.zeros(9, np.int32),
        member_choice=np.arange(9, dtype=np.int32),
    )
    return taken_in(replace(statement, caps=caps), [0, 1, 2])


@pytest.fixture
def capped() -> Warm:
    """Three requests of one enterprise."""
    return under_a_cap([0, 0, 0], 3)


def test_a_smaller_cap_drops_a_visit_whose_request_can_join_another() -> None:
    answer = judged(under_a_cap([1, 0, 0], 3), CapChanged(cap="entries", room=2))
    assert answer.unplaced == ()
    assert [move.request for move in answer.moved] == list(answer.hit)
    assert answer.hit in {("r1",), ("r2",)}


def test_a_cancellation_lets_in_who_a_full_cap_kept_out() -> None:
    warm = under_a_cap([0, 1, 2], 3)
    statement = warm.statement
    caps = replace(statement.caps, room=np.array([2], np.int64))
    full = taken_in(replace(statement, caps=caps), [0, 1, -1])
    answer = judged(full, Cancelled(request="r0"))
    assert [request for request, _ in answer.placed] == ["r2"]


def test_a_smaller_cap_lets_requests_share_a_visit(capped: Warm) -> None:
    answer = judged(capped, CapChanged(cap="entries", room=1))
    assert len(answer.hit) == len(answer.moved) == 2
    assert answer.after.objective == 10
    assert judged(capped, CapChanged(cap="entries", room=0)).after.objective == 300
    assert len(judged(capped, CapChanged(cap="entries", room=1)).placed) == 3


def test_a_late_request_counts_under_its_caps(capped: Warm) -> None:
    capped.answer(CapChanged(cap="entries", room=1))
    day = int(capped.plan("", {}).day[0])
    others = tuple(choice for choice in every(3) if choice.day != day)
    late = Late(
        request="late", enterprise="e0", department="fire", choices=others, caps=("entries",)
    )
    assert judged(capped, late).unplaced == ("late",)
    free = replace(late, request="free", caps=())
    assert [request for request, _ in judged(capped, free).placed] == ["free"]


def every(days: int) -> tuple[Choice, ...]:
    """Any of so many days, at no points."""
    return tuple(Choice(day, 0, 1) for day in range(days))
