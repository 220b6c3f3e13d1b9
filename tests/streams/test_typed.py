"""The quick reading of entries says what the careful one says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas import wire
from schemas.wire import canonical, read_entry
from streams.typed import is_canonical, read_typed
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


@given(st.dictionaries(st.text("abcXYZ_09", min_size=1, max_size=4), _VALUES, max_size=5))
@example({"a": [16, 1], "b": "x,1.5"})
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
