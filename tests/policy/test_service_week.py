"""Rule service-week: officials come in the last five working days of the month."""

from datetime import date

from schemas.lanes import Ground, Lane, Remedy
from schemas.visits import Urgency
from tests.builders import a_cause, a_window
from tests.policy.world import CALENDAR, RULES, a_case, at_intake, codes, on_day

THE_24TH = date(2026, 12, 24)
URGENCY = Urgency(why_cannot_wait="设备即将拆除", tried=(Remedy.OFF_SITE,), lift=("service-week",))


def test_admits_the_five_days_of_december() -> None:
    """Tests that the week is 25, 28, 29, 30 and 31."""
    days = RULES.visiting_days("2026-12", CALENDAR)
    assert [day.day for day in days] == [25, 28, 29, 30, 31]
    assert all(on_day(a_case(), day).stands for day in days)


def test_refuses_the_day_before() -> None:
    """Tests that a routine visit on the 24th is refused with its ways out."""
    case = a_case(window=a_window(THE_24TH, THE_24TH))
    (objection,) = at_intake(case).binding
    assert objection.rule == "service-week"
    assert objection.numbers == {"day": "2026-12-24", "days": 5}
    assert objection.remedies[-1] == "escalate"


def test_is_lifted_by_name_only() -> None:
    """Tests that an escalated request stands once the leader lifted this very rule."""
    case = a_case(lane=Lane.ESCALATED, urgency=URGENCY, window=a_window(THE_24TH, THE_24TH))
    assert at_intake(case).stands
    assert codes(on_day(case, THE_24TH).binding) == {"service-week"}
    assert codes(on_day(case, THE_24TH, lifted={"twice-a-year"}).binding) == {"service-week"}
    verdict = on_day(case, THE_24TH, lifted={"service-week"})
    assert verdict.stands
    assert codes(verdict.lifted) == {"service-week"}


def test_does_not_bind_a_check_for_cause() -> None:
    """Tests that a complaint is followed up on any working day."""
    case = a_case(lane=Lane.STATUTORY, cause=a_cause(Ground.COMPLAINT))
    assert on_day(case, THE_24TH).stands
