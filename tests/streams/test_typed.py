"""The quick reading of entries says what the careful one says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas import wire
from schemas.wire import canonical, read_entry
from streams.typed import NotCanonicalError, is_canonical, read_canonical, read_typed
from tests.golden_events import FOLDER

FILES = sorted(FOLDER.glob("*.json"))

_NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1)
_VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | st.text(st.characters(codec="utf-8"), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcXYZ_09", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_entry_reads_the_same_either_way(path: Path) -> None:
    body = path.read_bytes().removesuffix(b"\n")
    entry, event = read_entry(body)
    found = read_typed(body)
    assert is_canonical(body)
    assert read_canonical(body) == found
    assert found.data == event
    assert type(found.data) is type(event)
    assert (found.occurred, found.recorded) == (entry.time, entry.recordedtime)
    same = ("id", "source", "type", "subject", "position", "sequence", "causationid", "actor")
    assert all(getattr(found, name) == getattr(entry, name) for name in same)


def test_an_old_version_comes_upcast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that entries of a version that is no longer written are folded as the newer one."""
    body = (FOLDER / "cn.wurao.capacity.stated.v1.json").read_bytes().removesuffix(b"\n")
    old = json.loads(body)
    old["type"] = "cn.wurao.capacity.stated.v0"
    old["data"]["places"] = old["data"].pop("units")

    def newer(data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        kept = {name: value for name, value in data.items() if name != "places"}
        return "cn.wurao.capacity.stated.v1", {**kept, "units": data["places"]}

    monkeypatch.setitem(wire.UPCASTS, "cn.wurao.capacity.stated.v0", newer)
    found = read_typed(canonical(old))
    assert found.type == "cn.wurao.capacity.stated.v0"
    assert found.data == read_entry(body)[1]


ENVELOPES = [
    {"subject": 'capacity/a "quoted" name'},
    {"subject": "capacity/\\back"},
    {"subject": "capacity/消防 一"},
    {"causationid": "a b#c"},
    {"time": "2026-12-01T01:00:00Z"},
    {"time": "2026-12-01T09:00:00.5+08:00"},
    {"recordedtime": "2026-12-01T09:00:00.000001+08:00"},
    {"position": 2**53 - 1},
    {"actor": {"id": "a", "of": None, "role": "clerk"}},
    {"actor": {"id": "a", "of": "消防", "role": "clerk"}},
    {"actor": {"id": "a", "of": 'D",1', "role": "clerk"}},
]


@pytest.mark.parametrize("changes", ENVELOPES, ids=str)
def test_an_unusual_envelope_reads_the_same_either_way(changes: dict[str, Any]) -> None:
    body = canonical({**golden(), **changes})
    entry, event = read_entry(body)
    found = read_canonical(body)
    assert found == read_typed(body)
    assert found.data == event
    assert (found.occurred, found.recorded) == (entry.time, entry.recordedtime)
    names = ("id", "source", "type", "subject", "position", "sequence", "causationid", "actor")
    assert all(getattr(found, name) == getattr(entry, name) for name in names)


@pytest.mark.parametrize(
    "changes",
    [
        {"time": "2026-13-01T09:00:00+08:00"},
        {"time": "20261201T090000+08:00"},
        {"recordedtime": "2026-12-01"},
        {"position": 0},
        {"sequence": -1},
        {"specversion": "1.1"},
        {"actor": {"id": "", "role": "clerk"}},
        {"actor": {"id": "a", "role": "nobody"}},
        {"more": 1},
        {"data": {"units": "many"}},
        {"type": "cn.wurao.no.such.v1"},
    ],
    ids=str,
)
def test_a_wrong_envelope_or_event_is_refused(changes: dict[str, Any]) -> None:
    body = canonical({**golden(), **changes})
    for read in (read_typed, read_canonical, read_entry):
        with pytest.raises(ValueError):  # noqa: PT011 - pydantic's own texts
            read(body)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"data":{', b'"data": {'),
        (b'"specversion":"1.0"', b'"specversion":"1\\u002e0"'),
        (b'{"actor"', b' {"actor"'),
        (b'"units":3', b'"units":3,"units":3'),
        (
            b'"day":"2026-12-25","department":"department-1"',
            b'"department":"department-1","day":"2026-12-25"',
        ),
    ],
)
def test_an_entry_written_in_another_way_is_not_canonical(old: bytes, new: bytes) -> None:
    body = canonical(golden())
    assert body.count(old) == 1
    other = body.replace(old, new)
    assert read_typed(other) == read_typed(body)
    with pytest.raises(NotCanonicalError):
        read_canonical(other)


@pytest.mark.parametrize("number", ["3.0", "3e0", "-0", "03", "NaN"])
def test_an_event_with_another_writing_of_a_number_is_refused(number: str) -> None:
    body = canonical(golden()).replace(b'"units":3', b'"units":' + number.encode())
    with pytest.raises(ValueError):  # noqa: PT011 - of several kinds
        read_canonical(body)


_WILD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**54), 2**54)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text('\ue000（消a"\\,:1\n\x7f', max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text('\ue000\uffff消a"\\,:1', max_size=3), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text('\ue000消ab"', max_size=3), _WILD, max_size=3), st.booleans())
def test_it_is_what_canonical_writes_or_it_is_not(value: dict[str, Any], escaped: bool) -> None:
    body = json.dumps(value, separators=(",", ":"), ensure_ascii=escaped).encode()
    assert holds(is_canonical, body) == holds(lambda b: canonical(json.loads(b)) == b, body)


def holds(test: Callable[[bytes], bool], body: bytes) -> bool:
    try:
        return test(body)
    except ValueError:
        return False


@given(st.integers(2**53, 10**25), st.sampled_from(["", "-"]))
def test_a_long_number_is_refused_wherever_it_stands(number: int, sign: str) -> None:
    for text in ('{"a":%s}', '{"a":[%s]}', '{"a":[1,%s]}'):
        with pytest.raises(ValueError, match="no value for the ledger"):
            is_canonical((text % f"{sign}{number}").encode())


@pytest.mark.parametrize("key", ["\ue000", "\U0001f600", "a\uffff", '\ue000"b', "（\\"])
def test_a_key_that_readers_sort_elsewhere_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="no key for the ledger"):
        is_canonical(json.dumps({key: 1}, ensure_ascii=False, separators=(",", ":")).encode())


def golden() -> dict[str, Any]:
    body = (FOLDER / "cn.wurao.capacity.stated.v1.json").read_bytes()
    found: dict[str, Any] = json.loads(body)
    return found


@given(st.dictionaries(st.text("abcXYZ_09", min_size=1, max_size=4), _VALUES, max_size=5))
@example({"a": [16, 1], "b": "x,1.5"})
@example({"a": "0123456789abcdef 0123456789012345", "b": "，（", "c": "（\\"})
@example({"91430482000000000011": ["12345678901234567", ",-12345678901234567"]})
@example({"消": 1, "a": {"防": "\x7f\u2028"}})
def test_what_canonical_writes_is_canonical(value: dict[str, Any]) -> None:
    assert is_canonical(canonical(value))


@pytest.mark.parametrize(
    "text",
    [
        '{"b":1,"a":2}',
        '{"a": 1}',
        '{"a":{"c":1,"b":2}}',
        '{"a":[{"c":1,"b":2}]}',
        '{"a":1,"a":1}',
        '{"a":"\\u0041"}',
        '{"a":"\\/"}',
        '{"a":1}\n',
    ],
)
def test_any_other_writing_of_it_is_not(text: str) -> None:
    assert not is_canonical(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1.0}',
        '{"a":[1.5]}',
        '{"a":[0,1e3]}',
        '{"a":9007199254740992}',
        '{"a":[-9999999999999999]}',
    ],
)
def test_a_number_that_readers_disagree_on_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no value for the ledger"):
        is_canonical(text.encode())


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"type":"cn.wurao.no.such.v1"}', b"\xff"])
def test_what_is_no_entry_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - pydantic's and json's own texts
        read_typed(body)


def test_an_instant_without_an_offset_is_refused() -> None:
    body = (FOLDER / "cn.wurao.capacity.stated.v1.json").read_bytes().removesuffix(b"\n")
    entry = json.loads(body)
    entry["time"] = entry["time"][:19]
    with pytest.raises(ValueError, match="time"):
        read_typed(canonical(entry))
