"""Charts as the server draws them: bars beside one another, in whole units of a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 220
_FOOT: Final = 28
_HEAD: Final = 18
_ROW: Final = 44
_NAME: Final = 150
_ROOM: Final = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its place and size, its value, and which of the two series it is of."""

    x: int
    y: int
    width: int
    height: int
    value: int
    series: int


@dataclass(frozen=True, slots=True)
class Group:
    """Bars that belong together, and the name below or beside them."""

    name: str
    x: int
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of groups of bars."""

    width: int
    height: int
    groups: tuple[Group, ...]


def columns(rows: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """Draw columns, a group for each row, left to right."""
    top = max((value for _, values in rows for value in values), default=0) or 1
    room, floor = WIDTH // max(1, len(rows)), HEIGHT - _FOOT
    groups = []
    for n, (name, values) in enumerate(rows):
        wide = (room - 8) // max(1, len(values))
        bars = []
        for series, value in enumerate(values):
            high = (floor - _HEAD) * value // top
            bars.append(
                Bar(n * room + 4 + series * wide, floor - high, wide - 2, high, value, series)
            )
        groups.append(Group(name, n * room + room // 2, HEIGHT - 8, tuple(bars)))
    return Chart(WIDTH, HEIGHT, tuple(groups))


def rows(found: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """Draw bars from left to right, a group for each row, from top to bottom."""
    top = max((value for _, values in found for value in values), default=0) or 1
    groups = []
    for n, (name, values) in enumerate(found):
        high = (_ROW - 10) // max(1, len(values))
        bars = tuple(
            Bar(
                _NAME,
                n * _ROW + 4 + series * high,
                (WIDTH - _NAME - _ROOM) * value // top,
                high - 2,
                value,
                series,
            )
            for series, value in enumerate(values)
        )
        groups.append(Group(name, _NAME - 8, n * _ROW + _ROW // 2 + 3, bars))
    return Chart(WIDTH, max(1, len(found)) * _ROW, tuple(groups))
