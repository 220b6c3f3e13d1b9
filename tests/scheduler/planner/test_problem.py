"""What a problem may not say."""

from datetime import UTC, datetime

import pytest

from scheduler.planner.problem import (
    LONGEST_DELAY,
    Blocked,
    Capacity,
    CapRoom,
    Problem,
    ProblemError,
)
from tests.scheduler.planner.worlds import FRIDAY, MONDAY, TUESDAY, an_ask


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"duration": -1}, "duration -1 is negative"),
        ({"weight": -2}, "weight -2 is outside 0 to 100"),
        ({"weight": 101}, "weight 101 is outside 0 to 100"),
        ({"days": (FRIDAY, FRIDAY)}, "a day is listed twice"),
        ({"days": (datetime(2026, 12, 25, tzinfo=UTC),)}, "an instant, not a date"),
        ({"months_off": (1,)}, "1 delays for 3 days"),
        ({"months_off": (0, 0, LONGEST_DELAY + 1)}, "outside 0 to 89"),
        ({"days": (MONDAY,), "pinned": FRIDAY}, "pinned to 2026-12-25, which is none"),
        ({"blocked": (Blocked(day=FRIDAY, rule="closed"),)}, "both a candidate day and closed"),
    ],
)
def test_an_ask_that_contradicts_itself_is_refused(facts: dict[str, object], fault: str) -> None:
    with pytest.raises(ProblemError, match=fault):
        an_ask("a", **facts)


def test_all_faults_of_an_ask_are_told_at_once() -> None:
    with pytest.raises(ProblemError) as caught:
        an_ask("a", duration=-1, weight=-1)
    assert caught.value.faults == (
        "ask 'a': duration -1 is negative",
        "ask 'a': weight -1 is outside 0 to 100",
    )


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"asks": (an_ask("a"), an_ask("a"))}, "ask 'a' is given twice"),
        ({"max_departments": 0}, "at most 0 departments"),
        (
            {"capacities": (Capacity(department="fire", day=FRIDAY, units=-1),)},
            "'fire' on 2026-12-25 is negative",
        ),
        (
            {"capacities": (Capacity(department="fire", day=FRIDAY, units=1),) * 2},
            "capacity of .* is given twice",
        ),
        (
            {
                "caps": (
                    CapRoom(
                        code="twice",
                        key="mill",
                        room=1,
                        counts="entry",
                        members=frozenset({("ghost", FRIDAY)}),
                    ),
                )
            },
            "counts 'ghost' on 2026-12-25, which no ask offers",
        ),
    ],
)
def test_parts_that_contradict_one_another_are_refused(
    facts: dict[str, object], fault: str
) -> None:
    with pytest.raises(ProblemError, match=fault):
        Problem(**{"asks": (), **facts})  # type: ignore[arg-type]  # a test's own keywords


def test_an_ask_without_days_is_legal() -> None:
    assert an_ask("a", days=()).open_days() == ()


def test_a_delay_is_looked_up_by_day_and_is_none_by_default() -> None:
    ask = an_ask("a", months_off=(0, 1, 2))
    assert [ask.delay(day) for day in (FRIDAY, MONDAY, TUESDAY)] == [0, 1, 2]
    assert an_ask("b").delay(TUESDAY) == 0
