"""Events that do not fit the problem as it is are refused, and nothing has happened then."""

from dataclasses import replace

import numpy as np
import pytest

from scheduler.exchange.generate import Extras, make
from scheduler.planner.replan.events import (
    Cancelled,
    CapacityChanged,
    CapChanged,
    Choice,
    DayClosed,
    Event,
    Late,
    Unfit,
)
from tests.scheduler.planner.replan.worlds import warmed

WEEK = make(6, 2, 5, seed=1, extras=Extras(budget=100))
LATE = Late(
    request="N1", enterprise="new", department="D1", choices=(Choice(0, 0, 1), Choice(2, 0, 1))
)


@pytest.mark.parametrize(
    ("event", "column"),
    [
        (Cancelled(request="nobody"), "request"),
        (CapChanged(cap="nothing", room=1), "cap"),
        (DayClosed(enterprise="nowhere", day=0), "enterprise"),
        (DayClosed(enterprise=WEEK.enterprises[0], day=5), "day"),
        (CapacityChanged(department="D9", day=0, units=1), "department"),
        (CapacityChanged(department="D1", day=-1, units=1), "day"),
        (CapacityChanged(department="D1", day=0, units=-1), "units"),
        (replace(LATE, request="R1"), "request"),
        (replace(LATE, department="D9"), "department"),
        (replace(LATE, caps=("nothing",)), "caps"),
        (replace(LATE, caps=("city-entries", "city-entries")), "caps"),
        (replace(LATE, choices=(Choice(5, 0, 1),)), "choices"),
        (replace(LATE, choices=(Choice(1, 0, 1), Choice(0, 0, 1))), "choices"),
        (replace(LATE, choices=(Choice(1, -1, 1),)), "choices"),
        (replace(LATE, pinned=1), "pinned"),
        (replace(LATE, duration=-1), "duration"),
        (replace(LATE, weight=-1), "weight"),
        (replace(LATE, unplaced=-1), "unplaced"),
    ],
)
def test_what_does_not_fit_is_refused(event: Event, column: str) -> None:
    warm = warmed(WEEK, steps=5)
    before = warm.figures
    with pytest.raises(Unfit) as told:
        warm.answer(event)
    assert told.value.column == column
    assert warm.figures == before
    assert np.array_equal(warm.statement.capacity, WEEK.capacity)


def test_an_id_can_be_used_again_when_its_request_was_cancelled() -> None:
    warm = warmed(WEEK, steps=5)
    warm.answer(Cancelled(request="R1"))
    answer = warm.answer(replace(LATE, request="R1"))
    assert [request for request, _ in answer.placed] == ["R1"]
    with pytest.raises(Unfit):
        warm.answer(replace(LATE, request="R1"))
