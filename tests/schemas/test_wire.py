"""Whatever is sent gives a command or a stable reason, never anything else."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas.catalogue import COMMAND_TYPES, EVENT_TYPES
from schemas.commands import AdoptPolicy, CloseMonth, SubmitRequest
from schemas.events import MonthClosed, PolicyAdopted
from schemas.faults import Reason
from schemas.json_schemas import command_schema, envelope_schemas
from schemas.wire import (
    MAX_MESSAGE,
    UPCASTS,
    BadInput,
    canonical,
    command_data,
    event_data,
    read_command,
    read_entry,
    read_event,
    read_message,
)
from tests.builders import a_message, a_policy, a_policy_stack, a_request, an_entry
from tests.samples import sample

A_MESSAGE = a_message(SubmitRequest(request=a_request()))


def encoded(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()


def changed(**envelope: object) -> bytes:
    return encoded({**A_MESSAGE, **envelope})


def with_request(**fields: object) -> bytes:
    return changed(data={"request": {**A_MESSAGE["data"]["request"], **fields}})


def test_a_good_message_gives_its_command() -> None:
    message, command = read_message(encoded(A_MESSAGE))
    assert message.id == "command-1"
    assert command == SubmitRequest(request=a_request())


def test_times_are_kept_in_china_standard_time() -> None:
    message, _ = read_message(changed(time="2026-12-25T01:00:00Z"))
    assert message.time.isoformat() == "2026-12-25T09:00:00+08:00"


@pytest.mark.parametrize("rich", [False, True])
@pytest.mark.parametrize("type_", COMMAND_TYPES)
def test_every_command_is_read_as_it_was_written(type_: str, *, rich: bool) -> None:
    command = sample(COMMAND_TYPES[type_], rich=rich)
    message = a_message(command)
    if '"ct"' in json.dumps(message):  # what the shell seals is not for senders
        return
    assert read_message(encoded(message))[1] == command


@pytest.mark.parametrize("type_", COMMAND_TYPES)
def test_the_contracts_take_what_the_reader_takes(type_: str) -> None:
    message = a_message(sample(COMMAND_TYPES[type_], rich=False))
    read_message(encoded(message))
    Draft202012Validator(envelope_schemas()["command"]).validate(message)
    Draft202012Validator(command_schema(type_)).validate(message["data"])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not-json"),
        (b"\xff\xfe{}", "not-utf8"),
        ('{"id": "企业"}'.encode("gbk"), "not-utf8"),
        (b"\xef\xbb\xbf" + encoded(A_MESSAGE), "byte-order-mark"),
        (encoded(A_MESSAGE)[:-1], "not-json"),
        (encoded(A_MESSAGE) + b"x", "not-json"),
        (b"x" * 2_000_000, "too-large"),
        (b"[" * 100_000, "too-deep"),
        (b'{"a":' * 100_000, "too-deep"),
        (b"[]", "bad-envelope"),
        (b"null", "bad-envelope"),
        (b'"text"', "bad-envelope"),
        (b"{}", "bad-envelope"),
        (b'{"id": "1", "id": "2"}', "duplicate-key"),
        (changed(time="2026-12-25T09:00:00"), "bad-envelope"),
        (changed(time=1766624400), "bad-envelope"),
        (changed(time="9999-12-31T23:59:59Z"), "bad-envelope"),
        (changed(time="0001-01-01T00:00:00+23:59"), "bad-envelope"),
        (changed(id="../etc"), "bad-envelope"),
        (changed(id="x" * 97), "bad-envelope"),
        (changed(specversion="0.3"), "bad-envelope"),
        (changed(extra=1), "bad-envelope"),
        (changed(actor={"id": "a", "role": "king"}), "bad-envelope"),
        (changed(data=[]), "bad-envelope"),
        (changed(position=float("nan")), "bad-number"),
        (changed(position=1.5), "bad-number"),
        (changed(type="cn.wurao.request.sumbit.v1"), "unknown-type"),
        (changed(type=""), "unknown-type"),
        (changed(type="cn.wurao.request.accepted.v1"), "unknown-type"),
        (changed(type="cn.wurao.request.submit.v2"), "unknown-version"),
        (changed(data={}), "bad-data"),
        (changed(data={**A_MESSAGE["data"], "type": "cn.wurao.visit.leave.v1"}), "bad-data"),
        (changed(data={**A_MESSAGE["data"], "more": 1}), "bad-data"),
        (with_request(duration="1"), "bad-data"),
        (with_request(duration=True), "bad-data"),
        (with_request(duration=2**53), "bad-number"),
        (with_request(items=["item-1", "item-1"]), "bad-data"),
        (with_request(enterprise="91430482MA4L000110"), "bad-data"),
        (with_request(reason="a\x00b"), "bad-text"),
        (with_request(reason="x").replace(b'"x"', b'"\\ud800"'), "bad-text"),
        (with_request(reason={"subject": "officer/1", "ct": "AA"}), "sealed-outside"),
    ],
)
def test_bad_input_has_a_stable_reason(body: bytes, reason: str) -> None:
    with pytest.raises(BadInput) as bad:
        read_message(body)
    assert bad.value.reason == reason


def test_the_largest_message_is_still_read() -> None:
    body = encoded(A_MESSAGE)
    assert read_message(body + b" " * (MAX_MESSAGE - len(body)))
    with pytest.raises(BadInput, match="too-large"):
        read_message(body + b" " * (MAX_MESSAGE - len(body) + 1))


def test_an_unknown_version_is_told_which_are_known() -> None:
    with pytest.raises(BadInput) as bad:
        read_message(changed(type="cn.wurao.request.submit.v2"))
    assert bad.value.detail == (
        "cn.wurao.request.submit.v2: 只认得 cn.wurao.request.submit.v1 / "
        "only cn.wurao.request.submit.v1 is known here"
    )


def test_a_misspelt_type_is_told_the_nearest() -> None:
    with pytest.raises(BadInput, match=r"did you mean cn\.wurao\.request\.submit\.v1"):
        read_message(changed(type="cn.wurao.request.sumbit.v1"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
PATHS = [
    *((name,) for name in A_MESSAGE),
    *(("actor", name) for name in A_MESSAGE["actor"]),
    *(("data", "request", name) for name in A_MESSAGE["data"]["request"]),
    *(("data", "request", name) for name in ("cause", "urgency", "reason", "preferred_month")),
]


def only_bad_input(body: bytes) -> None:
    """Read a body; whatever is wrong with it must come as BadInput of a known reason."""
    bad = refusal(body)
    if bad is None:
        message, command = read_message(body)
        # What is taken has canonical bytes, so it can be hashed and stored.
        assert canonical(command_data(command))
        assert message.type == command.type
    else:
        assert bad.reason in get_args(Reason)
        assert bad.detail
        assert str(bad).encode()


def refusal(body: bytes) -> BadInput | None:
    try:
        read_message(body)
    except BadInput as bad:
        return bad
    return None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    only_bad_input(body)


@given(JSON.map(lambda value: json.dumps(value).encode()))
def test_any_json_is_read_or_refused(body: bytes) -> None:
    only_bad_input(body)


@given(st.sampled_from(PATHS), JSON)
def test_any_value_anywhere_is_read_or_refused(path: tuple[str, ...], value: object) -> None:
    message = json.loads(encoded(A_MESSAGE))
    place = message
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    only_bad_input(json.dumps(message).encode())


@given(st.data())
def test_any_slip_in_the_bytes_is_read_or_refused(data: st.DataObject) -> None:
    body = bytearray(encoded(A_MESSAGE))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    only_bad_input(bytes(body))


@given(st.sampled_from(list(COMMAND_TYPES)), st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_any_data_of_any_type_is_read_or_refused(type_: str, data: dict[str, Any]) -> None:
    only_bad_input(json.dumps(changed_dict(type_, data)).encode())


def changed_dict(type_: str, data: dict[str, Any]) -> dict[str, Any]:
    return {**A_MESSAGE, "type": type_, "data": data}


def test_a_policy_is_read_as_it_was_written() -> None:
    """Tests that the shape of a rule, always at its default, stays in the bytes."""
    command = AdoptPolicy(layers=(a_policy(), *a_policy_stack()))
    assert read_message(encoded(a_message(command)))[1] == command
    event = PolicyAdopted(layers=command.layers)
    assert read_event(event.type, event_data(event)) == event


@pytest.mark.parametrize("rich", [False, True])
@pytest.mark.parametrize("type_", EVENT_TYPES)
def test_every_event_is_read_as_it_was_written(type_: str, *, rich: bool) -> None:
    event = sample(EVENT_TYPES[type_], rich=rich)
    entry, read = read_entry(an_entry(event, "stream/1"))
    assert read == event
    assert entry.type == type_
    assert "type" not in entry.data


def test_an_old_version_is_read_as_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that upcasts follow one another until none fits."""
    first, second, now = "cn.wurao.month.shut.v1", "cn.wurao.month.shut.v2", MonthClosed().type
    monkeypatch.setitem(UPCASTS, first, lambda data: (second, {**data, "meets": data["ends"]}))
    monkeypatch.setitem(UPCASTS, second, lambda data: (now, {"meets": data["meets"]}))
    assert read_event(first, {"ends": ["deadline-1"]}) == MonthClosed(meets=("deadline-1",))


def test_upcasts_lead_from_unknown_types_to_known_ones() -> None:
    assert not UPCASTS.keys() & EVENT_TYPES.keys()


def test_read_command_refuses_a_time_beyond_the_calendar() -> None:
    """Tests the guard for fields that hold instants, whichever command has one."""
    message, _ = read_message(encoded(a_message(CloseMonth(month="2026-12"))))
    with pytest.raises(BadInput) as bad:
        read_command(message.model_copy(update={"data": {"month": "2026-13"}}))
    assert bad.value.reason == "bad-data"
