"""Rule day-open: an enterprise may block a few days."""

from scheduler.candidates import candidate_days
from schemas.lanes import Lane
from tests.builders import A_DAY, a_cause, an_enterprise
from tests.policy.world import RULES, a_case, codes, on_day

BUSY = an_enterprise(closed_days=(A_DAY,))


def test_admits_the_next_day() -> None:
    """Tests that the other four days of the week stay open."""
    days = candidate_days(a_case(enterprise=BUSY), RULES)
    assert [day.day for day in days.open] == [28, 29, 30, 31]


def test_refuses_the_blocked_day() -> None:
    """Tests that stocktaking on the 25th is left in peace."""
    assert codes(on_day(a_case(enterprise=BUSY)).binding) == {"day-open"}


def test_does_not_bind_a_check_for_cause() -> None:
    """Tests that a blocked day shields nobody from a lawful duty."""
    case = a_case(enterprise=BUSY, lane=Lane.STATUTORY, cause=a_cause())
    assert on_day(case).stands
