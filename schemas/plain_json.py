"""JSON as the ledger knows it: whole numbers, honest text, no key twice, no great depth.

Inside of these limits msgspec's encoder writes what RFC 8785 asks for when it sorts keys, every reader of
JSON understands the same thing, and a database takes every text. Outside of them an input is refused
before a model sees it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

import msgspec

from schemas.faults import BadInput, place

LARGEST: Final = 2**53 - 1
"""Largest whole number that every reader of JSON holds exactly, either sign."""

DEEPEST: Final = 32
"""Levels of nesting; the deepest document of the vocabulary, an adopted policy, has about ten."""

_DIGITS: Final = len(str(-LARGEST))
# Text that no database or page takes: control characters other than tab and line feed, and halves
# of a surrogate pair, which are no characters at all.
_BAD_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SEALED: Final = {"subject", "ct"}
_FIRST_SURROGATE: Final = "\ud800"


def parse(text: str) -> Any:  # noqa: ANN401 - JSON may be anything
    """Return the values of a JSON text that came from outside.

    Raises:
        BadInput: If it is no JSON, or more than the ledger's JSON.
    """
    try:
        value = _decoded(text)
        if not _surely_plain(text):
            _check(value, ())
    except BadInput:
        raise
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise BadInput("not-json", f"不是完整的 JSON / no complete JSON: {error}") from error
    return value


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON bytes (RFC 8785) of integers, strings, booleans, lists and objects.

    Raises:
        ValueError: If the value holds a float, a number or key that readers disagree on, or half a character.
    """
    _refuse_inexact(value)
    return _encoded(value)


_encoded: Final = msgspec.json.Encoder(order="deterministic").encode


def _whole(digits: str) -> int:
    # The length first: Python refuses to read very long numbers, other readers take years.
    if len(digits) > _DIGITS or abs(number := int(digits)) > LARGEST:
        _refuse_number(digits)
    return number


def _refuse_number(digits: str) -> NoReturn:
    limit = "±(2^53-1)"
    raise BadInput(
        "bad-number",
        f"{digits[:40]}: 只能用 {limit} 以内的整数 / whole numbers within {limit} only",
    )


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            # Readers disagree on which of the two counts.
            raise BadInput("duplicate-key", f"{key[:60]}: 重复出现 / stands there twice")
        result[key] = value
    return result


_decoded: Final = json.JSONDecoder(
    parse_int=_whole,
    parse_float=_refuse_number,
    parse_constant=_refuse_number,
    object_pairs_hook=_once,
).decode


def _too_deep() -> BadInput:
    return BadInput("too-deep", f"嵌套超过 {DEEPEST} 层 / nested deeper than {DEEPEST} levels")


def _surely_plain(text: str) -> bool:
    """Tell whether the text alone shows that ``_check`` will find nothing; most texts do.

    Without a backslash every string stands in the text as it is, so one search covers them all; and a
    text nests no deeper than it has brackets.
    """
    return (
        "\\" not in text
        and '"ct"' not in text
        and text.count("{") + text.count("[") <= DEEPEST
        and _BAD_TEXT.search(text) is None
    )


def _check(value: object, path: tuple[int | str, ...]) -> None:
    if len(path) > DEEPEST:
        raise _too_deep()
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check(item, (*path, index))
    elif isinstance(value, dict):
        _check_object(value, path)


def _check_object(value: dict[str, Any], path: tuple[int | str, ...]) -> None:
    if value.keys() == _SEALED:
        # Only the shell seals, under the subject that it knows; a sender who could bring sealed
        # bytes could hang them on another person's key.
        texts = "个人信息须以明文提交 / send personal fields as plain text"
        raise BadInput("sealed-outside", f"{place(path)}: {texts}")
    for key, item in value.items():
        _check_text(key, path)
        _check(item, (*path, key))


def _check_text(text: str, path: tuple[int | str, ...]) -> None:
    if found := _BAD_TEXT.search(text):
        # The text itself is not repeated: it may be personal.
        character = f"U+{ord(found[0]):04X}"
        raise BadInput(
            "bad-text",
            f"{place(path)}: 含有不允许的字符 {character} / holds the character {character}, "
            "which is not allowed",
        )


def _refuse_inexact(value: object) -> None:
    # The types themselves first: to ask an abstract class costs more, and every append passes here.
    if type(value) is dict or isinstance(value, Mapping):
        for key, item in value.items():
            _refuse_key(key)
            if type(item) is not str:
                _refuse_inexact(item)
    elif type(value) is list or isinstance(value, list | tuple):
        for item in value:
            _refuse_inexact(item)
    else:
        _refuse_scalar(value)


def _refuse_scalar(value: object) -> None:
    if value is None or isinstance(value, str):
        return
    if not isinstance(value, int) or not -LARGEST <= value <= LARGEST:
        msg = f"no value for the ledger: {value!r} ({type(value).__name__})"
        raise ValueError(msg)


def _refuse_key(key: object) -> None:
    # Python sorts keys by code point, RFC 8785 by UTF-16 unit: the same order below the surrogates.
    if not isinstance(key, str) or (not key.isascii() and max(key) >= _FIRST_SURROGATE):
        msg = f"no key for the ledger: {key!r}"
        raise ValueError(msg)
