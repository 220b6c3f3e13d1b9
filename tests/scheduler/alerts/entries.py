"""A log in a few words: entries as plain JSON, and the alerts that they set off."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from portal.importing.documents import read_whole
from portal.resources import deploy_dir
from scheduler.alerts.facts import Record
from scheduler.watching import COUNTERS, fold
from tests.builders import a_uscc


@cache
def _shipped() -> list[dict[str, Any]]:
    whole = read_whole(deploy_dir("policies") / "changning-2024.yaml")
    found: list[dict[str, Any]] = whole["alerts"]
    return found


def thresholds() -> list[dict[str, Any]]:
    """Return the patterns that the shipped policy watches for, to be changed as a test likes."""
    return deepcopy(_shipped())


def evidence(alert: dict[str, object]) -> list[str]:
    """Return the ids of the entries that an alert rests on."""
    found = alert["evidence"]
    assert isinstance(found, list)
    return [each["entry"] for each in found]


class Log:
    """Entries in order, from the adoption of the shipped policy on."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.add(
            "policy/current",
            "policy.adopted",
            "2026-01-01T09:00",
            layers=[{"alerts": thresholds()}],
        )

    def add(self, subject: str, type_: str, when: str, **data: Any) -> str:  # noqa: ANN401 - event data
        """Add an entry; return its id."""
        number = len(self.entries) + 1
        self.entries.append(
            {
                "position": number,
                "id": f"e{number}",
                "type": f"cn.wurao.{type_}.v1",
                "subject": subject,
                "time": f"{when}:00+08:00" if len(when) == 16 else f"{when}+08:00",
                "data": data,
            }
        )
        return f"e{number}"

    def enterprise(self, number: int, township: str = "东镇", **more: str) -> None:
        """Register an enterprise."""
        record = {"id": a_uscc(number), "township": township, "site": f"工业大道{number}号", **more}
        self.add(
            f"enterprise/{a_uscc(number)}",
            "enterprise.registered",
            "2026-01-02T09:00",
            enterprise=record,
        )

    def publish(self, visit: str, day: str, at: str = "2026-01-03T09:00", **more: Any) -> str:  # noqa: ANN401
        """Publish a visit; ``more`` changes its number of enterprise, departments, purpose or lane."""
        line = {
            "enterprise": a_uscc(more.get("enterprise", 1)),
            "day": day,
            "purpose": more.get("purpose", "inspection"),
            "parts": [
                {
                    "department": home,
                    "items": more.get("items", (f"{home}.01",)),
                    "requests": more.get("requests", ()),
                }
                for home in more.get("departments", ("fire",))
            ],
        }
        lane = more.get("lane", "routine")
        return self.add(f"visit/{visit}", "visit.published", at, line=line, lane=lane)

    def ask(self, request: str, at: str, first: str, last: str, **more: Any) -> str:  # noqa: ANN401
        """Let a department ask for a visit on one of some days; routine unless ``more`` says so."""
        who = {"department": "fire", "enterprise": a_uscc(1)}
        asked = {**who, "window": {"first": first, "last": last}, "lane": "routine", **more}
        return self.add(f"request/{request}", "request.accepted", at, request=asked)

    def enter(
        self, visit: str, at: str, departments: tuple[str, ...] = ("fire",), *officers: str
    ) -> str:
        """Let officers scan in."""
        scan = {
            "at": f"{at}:00+08:00",
            "departments": departments,
            "officers": officers or (f"{visit}-o",),
        }
        return self.add(f"visit/{visit}", "visit.entered", at, scan=scan)

    def leave(self, visit: str, at: str) -> str:
        """Let officers scan out."""
        return self.add(f"visit/{visit}", "visit.left", at, at=f"{at}:00+08:00")

    def visited(self, visit: str, at: str, **more: Any) -> str:  # noqa: ANN401 - as for ``publish``
        """Publish a visit and let everybody enter."""
        self.publish(visit, at[:10], **more)
        return self.enter(visit, at, tuple(more.get("departments", ("fire",))))

    def rate(self, visit: str, at: str, grade: str = "good") -> str:
        """Let the enterprise rate."""
        return self.add(f"visit/{visit}", "rating.given", at, rating={"grade": grade})

    def outcome(
        self, visit: str, at: str, measure: str = "none", department: str = "fire", *bad: str
    ) -> str:
        """Put a result on record; ``bad`` are the items that were not in order."""
        findings = [{"item": item, "compliant": False} for item in bad]
        outcome = {"department": department, "measure": measure, "findings": findings}
        return self.add(f"visit/{visit}", "outcome.recorded", at, outcome=outcome)

    def pass_to(self, when: str) -> str:
        """Let something unrelated happen later, so that time passes."""
        return self.add("capacity/x/2026-01-01", "capacity.stated", when)

    def alerts(self, rule: str | None = None) -> list[Record]:
        """Return the alerts of the whole log, of one rule or of all."""
        found = fold(self.entries)
        return [
            record
            for key, record in found.items()
            if key != COUNTERS and rule in {None, record["rule"]}
        ]


def terms(log: Log, test: str, **changes: object) -> None:
    """Change the terms of one pattern in the policy of a log."""
    (rule,) = [r for r in log.entries[0]["data"]["layers"][0]["alerts"] if r["test"] == test]
    rule.update(changes)
