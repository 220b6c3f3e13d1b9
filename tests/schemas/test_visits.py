"""What a request, a visit and a plan may not say."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.plans import Unplaced
from schemas.policy import CapField, InForce, Timetable
from schemas.visits import Urgency, Window
from tests.builders import A_DAY, a_cap, a_plan_line, a_policy, a_request, a_window

LATER = date(2026, 12, 31)


def test_a_window_has_both_its_ends() -> None:
    window = a_window()
    assert A_DAY in window
    assert LATER in window
    assert date(2026, 12, 24) not in window
    assert date(2027, 1, 1) not in window
    assert "2026-12-25" not in window
    assert A_DAY in Window(first=A_DAY, last=A_DAY)


def test_a_window_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValidationError, match=r"窗口结束早于开始 .* 2026-12-31\.\.2026-12-25"):
        Window(first=LATER, last=A_DAY)


def test_an_item_stands_in_a_request_once() -> None:
    assert a_request(items=("a", "b")).items == ("a", "b")
    with pytest.raises(ValidationError, match="事项重复"):
        a_request(items=("a", "b", "a"))


@pytest.mark.parametrize(
    "change",
    [
        {"items": ("a/b",)},
        {"department": ""},
        {"enterprise": "91430482MA4L000110"},
        {"purpose": "holiday"},
        {"lane": "fast"},
        {"preferred_month": "2026-13"},
        {"reason": ""},
        {"window": None},
    ],
)
def test_a_request_with_a_slip_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_request(**change)


def test_an_enterprise_code_is_kept_as_printed() -> None:
    code = a_request().enterprise
    assert a_request(enterprise=f" {code[:8].lower()} {code[8:].lower()}").enterprise == code


def test_an_escalation_names_what_was_tried_and_what_to_lift() -> None:
    with pytest.raises(ValidationError) as error:
        Urgency(why_cannot_wait="压力容器到期", tried=(), lift=())
    assert {fault["loc"] for fault in error.value.errors()} == {("tried",), ("lift",)}


def test_a_visit_has_its_departments_in_order() -> None:
    line = a_plan_line()
    second = line.parts[0].model_copy(update={"department": "ecology"})
    both = line.model_copy(update={"parts": (*line.parts, second)})
    assert both.departments == ("fire", "ecology")
    with pytest.raises(ValidationError):
        a_plan_line(parts=())


def test_an_unplaced_request_says_why() -> None:
    with pytest.raises(ValidationError):
        Unplaced.model_validate({"request": "request-1", "department": "fire"})


def test_a_rule_is_in_force_on_its_days() -> None:
    in_force = InForce(since=A_DAY, until=LATER)
    assert in_force.covers(A_DAY)
    assert in_force.covers(LATER)
    assert not in_force.covers(date(2026, 12, 24))
    assert InForce(since=A_DAY).covers(date(2999, 1, 1))


def test_a_policy_states_a_rule_once() -> None:
    with pytest.raises(ValidationError, match="规则代码重复"):
        a_policy(a_cap(), a_cap())
    assert len(a_policy(a_cap(), a_cap(code="other")).rules) == 2


def test_a_cap_has_a_key() -> None:
    with pytest.raises(ValidationError):
        a_cap(key=())
    assert a_cap(key=(CapField.CITY,)).limit == 2


def test_a_timetable_goes_forward() -> None:
    days = {"requests_close": 12, "draft": 10, "answers_close": 7, "publish": 5}
    assert Timetable.model_validate({**days, "officers_named": 2}).publish == 5
    with pytest.raises(ValidationError, match="次序颠倒"):
        Timetable.model_validate({**days, "officers_named": 6})


@pytest.mark.parametrize("change", [{"duration": 0}, {"duration": 65}, {"people": 0}])
def test_a_requests_numbers_keep_within_their_bounds(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_request(**change)
