"""What is wrong with an input, said so that the sender can mend it, Chinese first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from pydantic import ValidationError

Reason = Literal[
    "too-large",
    "not-utf8",
    "byte-order-mark",
    "not-json",
    "too-deep",
    "duplicate-key",
    "bad-number",
    "bad-text",
    "sealed-outside",
    "bad-envelope",
    "unknown-type",
    "unknown-version",
    "bad-data",
]
"""Why bytes are no command. The codes are stable: programs may rely on them, texts may change."""

LONGEST_DETAIL: Final = 1800
"""A rejection is an entry of the ledger: a sender must not be able to write books into it."""

_SHOWN: Final = 10  # faults named at once; who has more has sent something else altogether

# Control characters, both surrogate halves, and the marks that reverse the reading direction: none
# of them may travel from an input into a log, a terminal or a page.
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


class BadInput(ValueError):  # noqa: N818 - it names what was sent
    """Bytes that are no valid command. ``reason`` is a stable code, the text says what to mend.

    ``detail`` is safe to store and to show whatever was sent: short, and without control characters.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason = reason
        self.detail = _shown(detail)
        super().__init__(f"{reason}: {self.detail}")


def explain(error: ValidationError) -> str:
    """Say what a validation found: where, in Chinese, in English; one fault after another."""
    lines = [f"{place(path)}: {said}" for path, said in each_fault(error)]
    if (more := error.error_count() - _SHOWN) > 0:
        lines.append(f"另有 {more} 处 / and {more} more")
    return "; ".join(lines)


def each_fault(error: ValidationError) -> list[tuple[tuple[int | str, ...], str]]:
    """Return the first faults that a validation found: the way to each, what is wrong in both languages."""
    faults = error.errors(include_url=False, include_input=False)
    return [(_fields(fault["loc"]), _text(fault)) for fault in faults[:_SHOWN]]


def place(path: tuple[int | str, ...]) -> str:
    """Name a place inside an input, such as ``request.items.0``; ``-`` is the whole of it."""
    # A key may be as long as the message; its beginning is enough to find it.
    return ".".join(str(part)[:60] for part in path) or "-"


def _fields(path: tuple[int | str, ...]) -> tuple[int | str, ...]:
    # A union adds its member's type string to the path, which no sender wrote there.
    return tuple(part for part in path if not str(part).startswith("cn.wurao."))


def _shown(text: str) -> str:
    safe = _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text[:LONGEST_DETAIL])
    return safe[:LONGEST_DETAIL].strip() or "-"


def _text(fault: Mapping[str, Any]) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    for prefix, say in _TEXTS.items():
        if kind.startswith(prefix):
            return say(context)
    return str(fault["msg"])


def _plain(zh: str, en: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda context: f"{zh.format_map(context)} / {en.format_map(context)}"


# By the beginning of pydantic's error type; the first that fits speaks. Our own validators bring
# texts in both languages, and whatever is not listed keeps pydantic's words.
_TEXTS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "missing": _plain("缺少必填项", "required field is missing"),
    "extra_forbidden": _plain("没有这一项", "there is no such field"),
    "enum": _plain("只能是 {expected}", "must be one of {expected}"),
    "literal_error": _plain("只能是 {expected}", "must be {expected}"),
    "union_tag_invalid": _plain("只能是 {expected_tags}", "must be one of {expected_tags}"),
    "union_tag_not_found": _plain("缺少 {discriminator}", "{discriminator} is missing"),
    "timezone_aware": _plain(
        "时间须带时区, 如 2026-12-25T09:00:00+08:00",
        "a time needs its offset, such as 2026-12-25T09:00:00+08:00",
    ),
    "datetime": _plain(
        "应为带时区的时间, 如 2026-12-25T09:00:00+08:00",
        "must be a time with its offset, such as 2026-12-25T09:00:00+08:00",
    ),
    "date": _plain("应为日期, 如 2026-12-25", "must be a date, such as 2026-12-25"),
    "int": _plain("应为整数, 不加引号", "must be a whole number without quotes"),
    "bool": _plain("应为 true 或 false", "must be true or false"),
    "string_too_long": _plain("最长 {max_length} 个字符", "at most {max_length} characters"),
    "string_too_short": _plain("不能为空", "must not be empty"),
    "string_pattern_mismatch": _plain("格式应为 {pattern}", "must match {pattern}"),
    "string": _plain("应为文本", "must be a text"),
    "greater_than_equal": _plain("不得小于 {ge}", "at least {ge}"),
    "less_than_equal": _plain("不得大于 {le}", "at most {le}"),
    "too_short": _plain("至少 {min_length} 项", "at least {min_length} of them"),
    "too_long": _plain("最多 {max_length} 项", "at most {max_length} of them"),
    "tuple": _plain("应为列表 [...]", "must be a list [...]"),
    "model_type": _plain("应为对象 {{...}}", "must be an object {{...}}"),
    "dict": _plain("应为对象 {{...}}", "must be an object {{...}}"),
    "value_error": lambda context: str(context.get("error", ""))[:300],
}
