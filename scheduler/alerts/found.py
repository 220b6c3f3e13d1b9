"""What a rule found, and the alert that becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.alerts.facts import Place, Record
from scheduler.identity import derived
from schemas.alert_rules import AlertTest

_PRIVATE = frozenset({AlertTest.FAST_RATING, AlertTest.AFTER_BAD_RATING})


def private(rule: str) -> bool:
    """Whether an alert of this rule tells who rated, or when: no department may learn of it."""
    return rule in _PRIVATE


def alert_id(rule: str, key: str, entry: str) -> str:
    """Return an alert's id: a hash of the rule, the key and the entry that set it off."""
    return derived(rule, key, entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that a rule found.

    ``trigger`` is the entry that set it off; ``before`` are earlier entries that show it too.
    """

    test: AlertTest
    key: str
    trigger: Place
    before: tuple[Place, ...] = ()
    enterprise: str | None = None
    departments: tuple[str, ...] = ()
    numbers: Mapping[str, int | str] = field(default_factory=dict)

    def record(self, entry: Mapping[str, Any]) -> tuple[str, Record]:
        """Return the alert's key and record; ``entry`` is the one at which it was found."""
        id_ = alert_id(self.test.value, self.key, self.trigger[0])
        evidence = dict.fromkeys((*self.before, self.trigger))
        return f"alert/{id_}", {
            "rule": self.test.value,
            "key": self.key,
            "about": self.trigger[2],
            "entry": self.trigger[0],
            "since": entry["time"],
            "position": entry["position"],
            "enterprise": self.enterprise,
            "departments": list(self.departments),
            "numbers": dict(self.numbers),
            "evidence": [{"entry": e, "position": p, "subject": s} for e, p, s in evidence],
        }
