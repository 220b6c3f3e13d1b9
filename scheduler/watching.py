"""What is watched while entries flow: counters by month, and alerts that somebody must look at.

Both are a pure fold over entries in order, by the time at which things happened and never by a clock,
so a replay comes to the same. Each record keeps the last position that changed it: an entry that comes
twice changes nothing, whichever of the records it had reached before a crash.

An alert's id derives from its rule, what it is about and the entry that set it off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from scheduler.identity import derived

Record = dict[str, Any]
"""A counter or an alert, as plain JSON, with ``position``."""

_LAPSED: Final = "cn.wurao.deadline.lapsed.v1"
_UNDECIDED: Final = "cn.wurao.request.undecided.v1"
_FILED: Final = "cn.wurao.filing.recorded.v1"
_NOT_ENTERED: Final = "cn.wurao.visit.not_entered.v1"
_REJECTED: Final = "cn.wurao.input.rejected.v1"

RULES: Final[Mapping[str, tuple[str, Callable[[Mapping[str, Any]], bool]]]] = {
    "deadline-lapsed": (_LAPSED, lambda _: True),
    "duty-undecided": (_UNDECIDED, lambda _: True),
    "filing-late": (_FILED, lambda data: bool(data.get("late"))),
    "filing-back-dated": (_FILED, lambda data: bool(data.get("back_dated"))),
    "turned-away": (_NOT_ENTERED, lambda data: data.get("cause") == "turned_away"),
    "program-failed": (_REJECTED, lambda data: data.get("reason") == "internal-fault"),
}
"""Alert rules: a code, the type of event, and when it sets the alert off."""


def changes(entry: Mapping[str, Any]) -> Iterator[tuple[str, Callable[[Record | None], Record]]]:
    """Yield the records that an entry changes, each with how."""
    month = str(entry["time"])[:7]
    yield f"count/{month}/{entry['type']}", lambda record: _counted(record, entry)
    for rule, (type_, applies) in RULES.items():
        if entry["type"] == type_ and applies(entry["data"]):
            id_ = derived(rule, str(entry["subject"]), str(entry["id"]))
            yield f"alert/{id_}", lambda _, rule=rule: _alert(rule, entry)  # type: ignore[misc]  # bound per rule


def watched(
    record: Record | None, change: Callable[[Record | None], Record], position: int
) -> Record | None:
    """Return a record after an entry; ``None`` when it had reached this record before."""
    if record is not None and record["position"] >= position:
        return None
    return {**change(record), "position": position}


def _counted(record: Record | None, entry: Mapping[str, Any]) -> Record:
    return {"type": entry["type"], "count": (record or {"count": 0})["count"] + 1}


def _alert(rule: str, entry: Mapping[str, Any]) -> Record:
    return {"rule": rule, "about": entry["subject"], "entry": entry["id"], "since": entry["time"]}


def fold(entries: Iterator[Mapping[str, Any]]) -> dict[str, Record]:
    """Return all records of a ledger: what a replay rebuilds."""
    records: dict[str, Record] = {}
    for entry in entries:
        for key, change in changes(entry):
            new = watched(records.get(key), change, entry["position"])
            if new is not None:
                records[key] = new
    return records
