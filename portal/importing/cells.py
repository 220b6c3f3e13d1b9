"""Cells: from what people write to values. Each reader says what it wants when it cannot read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from portal.importing.faults import CellFault, cell_fault
from portal.wording.words import choices, read_word
from schemas import uscc as codes

E = TypeVar("E", bound=StrEnum)

_YES: Final = frozenset({"是", "有", "y", "yes", "true", "1", "√", "✓"})
_NO: Final = frozenset({"否", "无", "没有", "n", "no", "false", "0", "×", "x"})
_DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_SEPARATORS: Final = re.compile(r"[;；、,，|\n]+")
_GUARDED: Final = re.compile(r"'(?=[=+\-@\t\r])")
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,95}")


def clean(text: str) -> str:
    """Return a cell as it was meant: without the guard that keeps formulas asleep, and trimmed.

    Invisible characters that come along from web pages and phones are dropped.
    """
    visible = text
    if not text.isprintable():  # nothing that can be printed is of that kind
        visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return _GUARDED.sub("", visible.strip(), count=1).strip()


def text(value: str) -> str:
    """Return a text."""
    return value


def identifier(value: str) -> str:
    """Return an identifier: letters, digits and ``. _ : @ -`` only."""
    plain = unicodedata.normalize("NFKC", value)
    if _ID.fullmatch(plain):
        return plain
    raise cell_fault(
        "编号只能用字母、数字和 . _ : @ -, 最长 96 位",
        "an id has letters, digits and . _ : @ - only, 96 at most",
        "请改用这样的编号",
        "use such an id",
    )


def whole(value: str) -> int:
    """Return a whole number; ``2.0`` is what spreadsheets make of 2."""
    plain = unicodedata.normalize("NFKC", value).removesuffix(".0")
    if plain.isdecimal() and len(plain) <= 9:  # noqa: PLR2004 - longer is no count of anything here
        return int(plain)
    raise cell_fault("应为整数", "must be a whole number", "例如 2", "for example 2")


def yes_no(value: str) -> bool:
    """Return a yes or a no."""
    plain = unicodedata.normalize("NFKC", value).casefold()
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise cell_fault("应为“是”或“否”", "must be yes or no", "请填“是”或“否”", "write yes or no")


def day(value: str) -> date:
    """Return a day: 2026-12-25, 2026/12/25, 2026年12月25日 or 20261225."""
    plain = unicodedata.normalize("NFKC", value)
    match = _DATE.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if match is None:
        raise cell_fault(
            "看不出是哪一天", "no date can be read", "请写成 2026-12-25", "write it as 2026-12-25"
        )
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        raise cell_fault(
            "没有这一天", "there is no such day", "请核对年月日", "check year, month and day"
        ) from None


def month(value: str) -> str:
    """Return a month such as ``2026-12``."""
    plain = unicodedata.normalize("NFKC", value)
    # 2026-12 typed into a spreadsheet becomes its first day.
    match = _MONTH.fullmatch(plain) or _DATE.fullmatch(plain)
    if match is None or not 1 <= int(match[2]) <= 12:  # noqa: PLR2004 - months of a year
        raise cell_fault(
            "看不出是哪个月", "no month can be read", "请写成 2026-12", "write 2026-12"
        )
    return f"{int(match[1]):04d}-{int(match[2]):02d}"


def credit_code(value: str) -> str:
    """Return a 统一社会信用代码 as it is printed."""
    found = codes.faults(value)
    if found:
        zh, en = "; ".join(f.zh for f in found[:3]), "; ".join(f.en for f in found[:3])
        raise cell_fault(zh, en, "请与营业执照核对", "compare it with the licence")
    return codes.normalise(value)


def industry(value: str) -> str:
    """Return an industry code of GB/T 4754: a letter, digits, or both."""
    plain = unicodedata.normalize("NFKC", value).upper()
    if re.fullmatch(r"[A-T]?\d{0,4}", plain):
        return plain
    raise cell_fault(
        "不是国民经济行业代码", "no code of GB/T 4754", "例如 C3360", "for example C3360"
    )


def word(kind: type[E]) -> Callable[[str], E]:
    """Return the reader of one of a kind's words, in Chinese or English."""

    def read(value: str) -> E:
        found = read_word(kind, unicodedata.normalize("NFKC", value))
        if found is None:
            allowed = " | ".join(member.value for member in kind)
            raise cell_fault(
                "不是可选的值", "none of the choices", f"可填: {choices(kind)}", f"one of {allowed}"
            )
        return found

    return read


def several(read: Callable[[str], E | str | date]) -> Callable[[str], tuple[object, ...]]:
    """Return the reader of a list: parts between ``;``, ``、`` or a comma."""

    def read_all(value: str) -> tuple[object, ...]:
        return tuple(read(part.strip()) for part in _SEPARATORS.split(value) if part.strip())

    return read_all


def listed(value: str) -> tuple[str, ...]:
    """Return the texts of a list."""
    return tuple(part.strip() for part in _SEPARATORS.split(value) if part.strip())


__all__ = [
    "CellFault",
    "clean",
    "credit_code",
    "day",
    "identifier",
    "industry",
    "listed",
    "month",
    "several",
    "text",
    "whole",
    "word",
    "yes_no",
]
