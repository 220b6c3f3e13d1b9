"""What is watched while entries flow: counters by month, and alerts that somebody must look at.

Both are a pure fold over entries in order, by the time at which things happened and never by a clock,
so a replay comes to the same. All counters are one record together with the last position that they
count, so the two cannot disagree; an entry is taken only directly after that position. An alert is a
record of its own whose id and content derive from its entry alone: writing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from scheduler.identity import derived

Record = dict[str, Any]
"""Counters or an alert, as plain JSON, with ``position``. No record is changed once it is made."""

COUNTERS: Final = "counters"
"""Key of the record that holds all counters; ``alerts`` in it is how many alerts there are."""

NONE: Final[Mapping[str, Any]] = {"position": 0, "alerts": 0, "counts": {}}

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


class OutOfOrderError(ValueError):
    """An entry does not follow the last one that was counted."""


def step(record: Mapping[str, Any], entry: Mapping[str, Any]) -> tuple[Record, dict[str, Record]]:
    """Return the counters after the next entry, and the alerts that it sets off.

    Raises:
        OutOfOrderError: If the entry is not the next one.
    """
    position = int(entry["position"])
    if position != record["position"] + 1:
        msg = f"entry {position} after {record['position']}"
        raise OutOfOrderError(msg)
    alerts = _alerts(entry)
    month, type_ = str(entry["time"])[:7], str(entry["type"])
    counts = record["counts"]
    of_month = counts.get(month, {})
    new = {
        "position": position,
        "alerts": record["alerts"] + len(alerts),
        "counts": {**counts, month: {**of_month, type_: of_month.get(type_, 0) + 1}},
    }
    return new, alerts


def _alerts(entry: Mapping[str, Any]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for rule, (type_, applies) in RULES.items():
        if entry["type"] == type_ and applies(entry["data"]):
            id_ = derived(rule, str(entry["subject"]), str(entry["id"]))
            found[f"alert/{id_}"] = {
                "rule": rule,
                "about": entry["subject"],
                "entry": entry["id"],
                "since": entry["time"],
                "position": entry["position"],
            }
    return found


def settled(records: Mapping[str, Record]) -> dict[str, Record]:
    """Return what of a table can be relied on, whatever was lost of its last writes.

    Alerts are written before the counters that count them. So those above the counters' position are
    left out: their entries come again. Where one below it is missing nothing is kept: all come again.
    """
    counters = records.get(COUNTERS, dict(NONE))
    kept = {
        key: record
        for key, record in records.items()
        if key != COUNTERS and record["position"] <= counters["position"]
    }
    if counters["alerts"] != len(kept):
        return {COUNTERS: dict(NONE)}
    return {COUNTERS: counters, **kept}


def fold(entries: Iterable[Mapping[str, Any]]) -> dict[str, Record]:
    """Return all records of a ledger: what a replay rebuilds."""
    counters, alerts = dict(NONE), dict[str, Record]()
    for entry in entries:
        counters, found = step(counters, entry)
        alerts |= found
    return {COUNTERS: counters, **alerts}
