"""What the folds remember, as plain JSON records under keys, and what one entry changes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from schemas.base import CHINA

Record = dict[str, Any]
"""A fact as plain JSON. No record is changed once it is made; a new one takes its place."""

TOUCHED: Final = "touched"
"""Field of every fact: the month of event time in which an entry last touched it."""

LASTING: Final = ("policy", "diary", "enterprise/", "calendar/")
"""Beginnings of the keys of facts that never grow old."""

Place = tuple[str, int, str]
"""An entry that may be evidence: its id, its position, its stream."""


class Facts:
    """The facts as they are, with the changes of one entry laid over them."""

    def __init__(self, kept: Mapping[str, Record], month: str) -> None:
        self._kept = kept
        self._month = month
        self.changed: dict[str, Record] = {}

    def get(self, key: str) -> Record:
        """Return a fact; an empty record where nothing is known."""
        found = self.changed.get(key)
        return found if found is not None else self._kept.get(key, {})

    def put(self, key: str, record: Record) -> None:
        """Let a record take the place of what was known, and note the month in which it did."""
        self.changed[key] = {**record, TOUCHED: self._month}

    def add(self, key: str, **more: object) -> None:
        """Complete or change some fields of a fact."""
        self.put(key, {**self.get(key), **more})

    def forget(self, before: str) -> None:
        """Drop what no entry touched since a month; an empty record stands for nothing known.

        A record without a month is older than this rule, and stays until an entry touches it.
        """
        for key, record in self._kept.items():
            old = record.get(TOUCHED, before) < before
            if old and key not in self.changed and not key.startswith(LASTING):
                self.changed[key] = {}


def remember(facts: dict[str, Record], changed: Mapping[str, Record]) -> None:
    """Lay changes over facts, in place; what was forgotten goes."""
    for key, record in changed.items():
        if record:
            facts[key] = record
        else:
            facts.pop(key, None)


def months_before(day: date, months: int) -> str:
    """Return the month so many months before a day's."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return f"{year:04d}-{month + 1:02d}"


def place(entry: Mapping[str, Any]) -> Place:
    """Return where an entry stands."""
    return str(entry["id"]), int(entry["position"]), str(entry["subject"])


def moment(text: str) -> datetime:
    """Return a moment of event time, in China."""
    return datetime.fromisoformat(text).astimezone(CHINA)


def day_of(entry: Mapping[str, Any]) -> date:
    """Return the day, in China, on which an entry happened."""
    return moment(entry["time"]).date()


def days_between(earlier: str, later: str) -> int:
    """Return the calendar days from one ISO date to another."""
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def seconds_between(earlier: str, later: str) -> float:
    """Return the seconds from one moment to another."""
    return (moment(later) - moment(earlier)).total_seconds()
