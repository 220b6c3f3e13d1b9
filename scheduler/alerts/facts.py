"""What the folds remember, as plain JSON records under keys, and what one entry changes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from schemas.base import CHINA

Record = dict[str, Any]
"""A fact as plain JSON. No record is changed once it is made; a new one takes its place."""

Place = tuple[str, int, str]
"""An entry that may be evidence: its id, its position, its stream."""


class Facts:
    """The facts as they are, with the changes of one entry laid over them."""

    def __init__(self, kept: Mapping[str, Record]) -> None:
        self._kept = kept
        self.changed: dict[str, Record] = {}

    def get(self, key: str) -> Record:
        """Return a fact; an empty record where nothing is known."""
        found = self.changed.get(key)
        return found if found is not None else self._kept.get(key, {})

    def put(self, key: str, record: Record) -> None:
        """Let a record take the place of what was known."""
        self.changed[key] = record

    def add(self, key: str, **more: object) -> None:
        """Complete or change some fields of a fact."""
        self.put(key, {**self.get(key), **more})


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
