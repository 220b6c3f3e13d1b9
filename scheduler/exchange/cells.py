"""Cells of the tables: each distinct text is parsed once, and is a number from then on."""

import difflib
import re
from array import array
from collections.abc import Callable, Collection, Mapping
from itertools import pairwise
from typing import Final

import numpy as np

from scheduler.exchange.faults import cell_fault, shown
from scheduler.exchange.statement import Ints, Points

BAD: Final = int(np.iinfo(np.int64).min)
"""The number of a cell that cannot be read."""

LONGEST_NAME: Final = 200
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_PART: Final = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?(?::([0-9]{1,9})(?::([0-9]{1,9}))?)?")
_DAYS: Final = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")

Parse = Callable[[str], int]
"""Turns the text of a cell into a number; raises CellFault where it cannot be read."""


class Cells(dict[str, int]):
    """The texts of a column and their numbers; a text that cannot be read is `BAD`."""

    def __init__(self, parse: Parse) -> None:
        super().__init__()
        self.parse = parse

    def __missing__(self, text: str) -> int:
        try:
            number = self.parse(text)
        except ValueError:
            return BAD
        self[text] = number
        return number


def whole(low: int, high: int, default: int | None = None) -> Parse:
    """Read whole numbers between two bounds; an empty cell has the default, if there is one."""

    def parse(text: str) -> int:
        if not text and default is not None:
            return default
        if not _NUMBER.fullmatch(text):
            raise cell_fault(
                "不是整数", "not a whole number", "只写数字", "write digits only, such as 3"
            )
        if not low <= (number := int(text)) <= high:
            raise cell_fault(
                "超出范围",
                "out of range",
                f"写 {low} 到 {high} 的数",
                f"write a number from {low} to {high}",
            )
        return number

    return parse


def word(words: tuple[str, ...]) -> Parse:
    """Read one of a few words, as its place among them."""

    def parse(text: str) -> int:
        if text not in words:
            listed = " / ".join(words)
            raise cell_fault(
                "不认得的词", "not one of the words", f"写 {listed}", f"write {listed}"
            )
        return words.index(text)

    return parse


def names(*, may_be_empty: bool = False) -> Cells:
    """Number names in the order in which they come."""

    def parse(text: str) -> int:
        if not text and not may_be_empty:
            raise cell_fault("没有填", "empty", "填上名称", "write a name")
        if len(text) > LONGEST_NAME or "\n" in text or "\r" in text:
            raise cell_fault(
                "名称过长或含换行",
                "a name that is too long or holds a line break",
                f"写一行, 至多 {LONGEST_NAME} 字",
                f"write one line of at most {LONGEST_NAME} characters",
            )
        return len(cells)

    cells = Cells(parse)
    return cells


def known(listed: Mapping[str, int], where: str) -> Parse:
    """Read a name that another table must hold."""

    def parse(text: str) -> int:
        if (number := listed.get(text)) is not None:
            return number
        raise cell_fault(
            f"{where} 里没有",
            f"not in {where}",
            f"写进 {where}, 或删去本行",
            f"add it to {where} or remove this line",
        )

    return parse


def closest(text: str, among: Collection[str]) -> str:
    """Return the name that a misspelt one probably means, or nothing."""
    return next(iter(difflib.get_close_matches(text, list(among), 1)), "")


class Choices:
    """Sets of choices: the distinct contents of the column, side by side in flat arrays.

    A set's units are -1 on days where the request takes its own duration.
    """

    def __init__(self, days: int, most_points: int, most_units: int) -> None:
        self._days, self._most_points, self._most_units = days, most_points, most_units
        self._first = array("q", [0])
        self._flat = (array("i"), array("i"), array("i"))
        self.cells = Cells(self._parse)

    def arrays(self) -> tuple[Points, Ints, Ints, Ints]:
        """Return first, days, points and units of all sets."""
        day, points, units = (np.array(flat, np.int32) for flat in self._flat)
        return np.array(self._first, np.int64), day, points, units

    def _parse(self, text: str) -> int:
        rows: list[tuple[int, int, int]] = []
        for part in text.split():
            rows += self._part(part)
        rows.sort()
        for before, after in pairwise(rows):
            if before[0] == after[0]:
                raise _twice(before[0])
        for flat, column in zip(self._flat, zip(*rows, strict=True), strict=False):
            flat.extend(column)
        self._first.append(len(self._flat[0]))
        return len(self._first) - 2

    def _part(self, part: str) -> list[tuple[int, int, int]]:
        found = _PART.fullmatch(part)
        if found is None:
            raise cell_fault(
                f"看不懂“{shown(part)}”",
                f"cannot read {shown(part)!r}",
                "写 日 或 首日-末日, 可接 :分 和 :量, 如 0-4:1",
                "write DAY or FIRST-LAST, then :POINTS and :UNITS if need be, such as 0-4:1",
            )
        first, last = _span(found, self._days)
        points, units = int(found[3] or 0), int(found[4]) if found[4] else -1
        if points > self._most_points or units > self._most_units:
            raise cell_fault(
                f"“{part}”的数过大",
                f"too great a number in {part!r}",
                f"至多 {self._most_points} 分, {self._most_units} 量",
                f"at most {self._most_points} points and {self._most_units} units",
            )
        return [(day, points, units) for day in range(first, last + 1)]


class DaySets:
    """Sets of days without points, as the members of a cap write them; set 0 is empty."""

    def __init__(self, days: int) -> None:
        self._days = days
        self._first, self._flat = array("q", [0]), array("i")
        self.cells = Cells(self._parse)
        self._parse("")

    def arrays(self) -> tuple[Points, Ints]:
        """Return first and days of all sets."""
        return np.array(self._first, np.int64), np.array(self._flat, np.int32)

    def _parse(self, text: str) -> int:
        if not text.strip() and len(self._first) > 1:
            return 0
        days: list[int] = []
        for part in text.split():
            found = _DAYS.fullmatch(part)
            if found is None:
                raise cell_fault(
                    f"看不懂“{shown(part)}”",
                    f"cannot read {shown(part)!r}",
                    "写 日 或 首日-末日, 如 0-4",
                    "write DAY or FIRST-LAST, such as 0-4",
                )
            first, last = _span(found, self._days)
            days += range(first, last + 1)
        self._flat.extend(sorted(set(days)))
        self._first.append(len(self._flat))
        return len(self._first) - 2


def _span(found: re.Match[str], days: int) -> tuple[int, int]:
    first, last = int(found[1]), int(found[2] or found[1])
    if not first <= last < days:
        raise cell_fault(
            f"“{found[0]}”不在日程内或首末颠倒",
            f"{found[0]!r} is backwards or outside the horizon",
            f"日号为 0 到 {days - 1}",
            f"day numbers are 0 to {days - 1}",
        )
    return first, last


def _twice(day: int) -> ValueError:
    return cell_fault(
        f"第 {day} 日写了两次",
        f"day {day} is listed twice",
        "每日只写一次",
        "list each day once",
    )
