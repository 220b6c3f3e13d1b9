"""Canonical bytes are those of RFC 8785, and what cannot have such bytes is refused."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from schemas.faults import BadInput
from schemas.plain_json import DEEPEST, LARGEST, canonical, parse

ASCII_KEYS = st.text(st.characters(max_codepoint=0x7F), max_size=8)
# Every character but surrogates, with the awkward ones likelier: controls, astral, line separators.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from('\x00\x1f\x7f"\\/\b\f\n\r\t\u2028\ue000\uffff\U0001f600\U0010ffff'),
    max_size=20,
)
SCALARS = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(ASCII_KEYS, inner, max_size=4)
    ),
    max_leaves=20,
)
OBJECTS = st.dictionaries(ASCII_KEYS, VALUES, max_size=6)


@given(OBJECTS)
def test_canonical_bytes_are_the_reference_librarys(value: dict[str, Any]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(st.dictionaries(st.text("企业入abZ\u00e9\ud7ff", max_size=4), SCALARS, max_size=6))
def test_chinese_keys_sort_as_in_the_reference_library(value: dict[str, Any]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(OBJECTS)
def test_canonical_bytes_read_back_are_the_same_bytes(value: dict[str, Any]) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1.0},
        {"a": [1, {"b": float("nan")}]},
        {"a": (float("inf"),)},
        {"a": LARGEST + 1},
        {"a": -LARGEST - 1},
        {"a": b"bytes"},
        {"a": {1, 2}},
        {1: "a"},
        {None: "a"},
        {"\U0001f600": 1},  # sorts apart from U+E000 and above in UTF-16
        {"a": "\ud800"},
        {"\ud800": 1},
    ],
)
def test_what_readers_may_disagree_on_has_no_canonical_bytes(value: dict[Any, Any]) -> None:
    with pytest.raises(ValueError, match=r"ledger|surrogates"):
        canonical(value)


# Neither control characters nor the two keys that only sealed fields have.
SENT = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text('企 \n\t"\\a', max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner),
    max_leaves=20,
)


@given(SENT)
def test_parse_returns_the_value_of_any_plain_json(value: object) -> None:
    assert parse(json.dumps(value)) == value
    assert parse(json.dumps(value, ensure_ascii=False, indent=1)) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not-json"),
        ('{"a": 1', "not-json"),
        ('{"a": 1} {', "not-json"),
        ('{"a": "\n"}', "not-json"),
        ("{'a': 1}", "not-json"),
        ('{"a": 1.0}', "bad-number"),
        ('{"a": 1e3}', "bad-number"),
        ('{"a": NaN}', "bad-number"),
        ('{"a": -Infinity}', "bad-number"),
        ('{"a": 9007199254740992}', "bad-number"),
        ('{"a": -9007199254740992}', "bad-number"),
        ('{"a": %s}' % ("9" * 5000), "bad-number"),
        ('{"a": {"b": 1, "b": 2}}', "duplicate-key"),
        ('{"a": ["\\u0000"]}', "bad-text"),
        ('{"a": "\\ud800"}', "bad-text"),
        ('{"\\udfff": 1}', "bad-text"),
        ('{"a": "x\x7f"}', "bad-text"),
        ('{"a": {"subject": "officer/1", "ct": "AA"}}', "sealed-outside"),
        ("[" * 100_000, "too-deep"),
        ('{"a":' * 100_000, "too-deep"),
        ("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "too-deep"),
    ],
)
def test_parse_gives_a_stable_reason(text: str, reason: str) -> None:
    with pytest.raises(BadInput) as bad:
        parse(text)
    assert bad.value.reason == reason


def test_the_largest_whole_numbers_pass() -> None:
    assert parse(f"[{LARGEST}, {-LARGEST}, 0, -0]") == [LARGEST, -LARGEST, 0, 0]


def test_a_pair_of_surrogate_escapes_is_one_character() -> None:
    assert parse('["\\ud83d\\ude00"]') == ["\U0001f600"]


def test_bad_text_is_placed_and_not_repeated() -> None:
    """Tests that a phone number with a slip in it does not end in a rejection for ever."""
    with pytest.raises(BadInput) as bad:
        parse('{"data": {"phones": ["13900000000\\u0000"]}}')
    assert "data.phones.0" in bad.value.detail
    assert "U+0000" in bad.value.detail
    assert "139" not in bad.value.detail


ODD = st.recursive(
    st.integers(0, 9) | st.text("企a \n\t\r\x00\x7f\ud800", max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "ct", "subject", "\x7f"]), inner, max_size=3)
    ),
    max_leaves=60,
)


def refused(text: str) -> str | None:
    """Return why a text is refused, None where it is not."""
    try:
        parse(text)
    except BadInput as bad:
        return bad.reason
    return None


@given(ODD)
def test_a_text_is_refused_alike_however_it_is_spelled(value: object) -> None:
    """Tests the quick look at a text against the walk through its values, to which an escape leads."""
    plain = json.dumps([value, "a"], ensure_ascii=False)
    assert refused(plain) == refused(plain.replace('"a"]', '"\\u0061"]'))


@pytest.mark.parametrize("depth", [DEEPEST - 1, DEEPEST, DEEPEST + 1, DEEPEST + 2])
def test_depth_is_counted_alike_however_a_text_is_spelled(depth: int) -> None:
    """Tests the border, where counting brackets and counting levels must not disagree."""
    plain = "[" * depth + '"a"' + "]" * depth
    assert refused(plain) == refused(plain.replace('"a"', '"\\u0061"'))
