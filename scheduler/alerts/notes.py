"""What a rule looks at: an entry about a visit, with what is known of the visit and of those who asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.alerts.facts import Facts, Place, Record, place
from schemas.alert_rules import AlertCondition

Numbers = Mapping[str, Any]
"""A pattern's terms: its thresholds by name, and where a policy states them ``lanes`` and ``only``."""


@dataclass(frozen=True, slots=True)
class Note:
    """An entry about a visit, with what is known of the visit."""

    facts: Facts
    entry: Mapping[str, Any]
    visit: Record

    @property
    def data(self) -> Mapping[str, Any]:
        """The event's data."""
        data: Mapping[str, Any] = self.entry["data"]
        return data

    @property
    def here(self) -> Place:
        """Where the entry stands."""
        return place(self.entry)

    @property
    def day(self) -> str:
        """The visit's day."""
        return str(self.visit["day"])

    @property
    def enterprise(self) -> str:
        """The enterprise of the visit."""
        return str(self.visit["enterprise"])

    @property
    def came(self) -> tuple[str, ...]:
        """The departments that came."""
        return tuple(self.visit["came"])

    def asked(self, department: str) -> Record:
        """What a department wants there: ``items``, and where known ``window`` and ``since``."""
        known = self.visit.get("asked", {}).get(department, {})
        return {"items": (), "window": None, "since": None, **known}

    def requests(self, department: str) -> list[Record]:
        """The department's requests behind the visit: ``lane``, ``items``, whether ``drawn``.

        One of unknown lane with all its items where nothing was remembered of them.
        """
        known = self.asked(department)
        found: list[Record] = known.get("requests") or [
            {"lane": None, "items": known["items"], "drawn": False}
        ]
        return found


def holds(numbers: Numbers, condition: AlertCondition) -> bool:
    """Whether a policy asks for a condition besides a pattern's thresholds."""
    return condition in numbers.get("only", ())


def place_of(fact: Record) -> Place:
    """Return the entry that a fact rests on; records come back from JSON with lists."""
    id_, position, subject = fact["at"]
    return id_, position, subject


def drawn(note: Note, numbers: Numbers, department: str) -> bool:
    """Whether a lot sent a department there, and the policy does not hold that against it."""
    asked = note.requests(department)
    return holds(numbers, AlertCondition.CHOSEN) and all(each["drawn"] for each in asked)
