"""A fault says where, what and how to mend it, Chinese first."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from schemas.commands import SubmitRequest
from schemas.events import InputRejected
from schemas.faults import LONGEST_DETAIL, BadInput, explain, place
from schemas.wire import command_data, read_message
from tests.builders import a_message, a_request


def fault_of(request: dict[str, Any] | None = None, **envelope: object) -> str:
    """Return what a sender is told of a request with these fields changed; None leaves one out."""
    command = SubmitRequest(request=a_request())
    fields = {**command_data(command)["request"], **(request or {})}
    data = {"request": {name: value for name, value in fields.items() if value is not None}}
    message = a_message(command, data=data, **envelope)
    with pytest.raises(BadInput) as bad:
        read_message(json.dumps(message).encode())
    return bad.value.detail


def test_a_missing_field_is_named() -> None:
    assert fault_of({"enterprise": None}) == (
        "request.enterprise: 缺少必填项 / required field is missing"
    )


def test_a_wrong_code_says_which_character_to_check() -> None:
    # The last character of the valid code 91430482MA4L00011U.
    fault = fault_of({"enterprise": "91430482MA4L000110"})
    assert fault.startswith("request.enterprise: 校验不通过: 第 18 位是“0”, 由前 17 位算得“U”")
    assert "/ check failed: position 18 is 0 but the 17 before it give U" in fault


def test_a_naive_time_is_told_to_bring_its_offset() -> None:
    assert fault_of(time="2026-12-25T09:00:00") == (
        "time: 时间须带时区, 如 2026-12-25T09:00:00+08:00 / "
        "a time needs its offset, such as 2026-12-25T09:00:00+08:00"
    )


def test_an_unknown_value_is_shown_the_allowed_ones() -> None:
    fault = fault_of({"lane": "fast"})
    assert fault.startswith("request.lane: 只能是 'routine', 'statutory', ")
    assert fault.endswith(
        "must be one of 'routine', 'statutory', 'escalated', 'emergency' or 'on_call'"
    )


def test_a_window_that_ends_first_is_shown_with_its_days() -> None:
    fault = fault_of({"window": {"first": "2026-12-31", "last": "2026-12-25"}})
    assert "窗口结束早于开始 / the window ends before it starts: 2026-12-31..2026-12-25" in fault


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        ({"duration": "3"}, "应为整数", "must be a whole number"),
        ({"duration": -1}, "不得小于", "at least"),
        ({"announced": "yes"}, "应为 true 或 false", "must be true or false"),
        ({"items": "item-1"}, "应为列表", "must be a list"),
        ({"items": [1]}, "应为文本", "must be a text"),
        ({"department": "a/b"}, "格式应为", "must match"),
        ({"department": ["fire"]}, "应为文本", "must be a text"),
        ({"window": {"first": 20261225, "last": "2026-12-31"}}, "应为日期", "must be a date"),
        ({"window": {"first": "25.12.2026", "last": "2026-12-31"}}, "应为日期", "must be a date"),
        ({"window": []}, "应为对象 {...}", "must be an object {...}"),
        ({"reason": ""}, "不能为空", "must not be empty"),
        ({"reason": "x" * 2001}, "最长 2000 个字符", "at most 2000 characters"),
        ({"colour": "red"}, "没有这一项", "there is no such field"),
        (
            {"urgency": {"why_cannot_wait": "x", "tried": [], "lift": ["a"]}},
            "至少 1 项",
            "at least 1",
        ),
    ],
)
def test_a_slip_is_told_in_both_languages(change: dict[str, Any], zh: str, en: str) -> None:
    fault = fault_of(change)
    assert fault.startswith(f"request.{next(iter(change))}")
    assert zh in fault
    assert en in fault


def test_more_than_ten_faults_are_counted() -> None:
    fault = fault_of({"items": [1] * 13})
    assert fault.count("应为文本") == 10
    assert fault.endswith("另有 3 处 / and 3 more")


def test_words_that_we_have_not_translated_are_kept() -> None:
    class Odd(BaseModel):
        pattern: bytes

    with pytest.raises(ValidationError) as error:
        Odd.model_validate({"pattern": 1})
    assert explain(error.value) == "pattern: Input should be a valid bytes"


def test_a_long_key_does_not_fill_the_place() -> None:
    assert place(("data", "x" * 1000)) == "data." + "x" * 60
    assert place(()) == "-"


@given(
    st.text(max_size=50) | st.text("\x00\ud800\u202ea", min_size=1).map(lambda text: text * 2000)
)
def test_any_detail_fits_a_rejection_in_the_ledger(text: str) -> None:
    bad = BadInput("bad-data", text)
    assert len(bad.detail) <= LONGEST_DETAIL
    event = InputRejected(reason=bad.reason, detail=bad.detail, digest="0", size=1)
    assert event.detail.encode()
    assert "\u202e" not in event.detail
