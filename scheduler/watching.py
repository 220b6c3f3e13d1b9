"""What is watched while entries flow: counters by month, and alerts that somebody must look at.

Both are a pure fold over entries in order, by the time at which things happened and never by a clock,
so a replay comes to the same. All counters are one record together with the last position that they
count, so the two cannot disagree; an entry is taken only directly after that position. An alert is a
record of its own whose id and content derive from its entry alone: writing it again changes nothing.
What the rules over many entries remember (``scheduler.alerts``) is kept as changes, one record for
each batch, each naming the one before it: a chain that is whole or is not trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from scheduler.alerts.facts import remember
from scheduler.alerts.observe import observe
from scheduler.identity import derived

Record = dict[str, Any]
"""Counters or an alert, as plain JSON, with ``position``. No record is changed once it is made."""

COUNTERS: Final = "counters"
"""Key of the record that holds all counters; ``alerts`` in it is how many alerts there are."""

NONE: Final[Mapping[str, Any]] = {"position": 0, "alerts": 0, "counts": {}}

NO_FACTS: Final[Mapping[str, Record]] = MappingProxyType({})
"""What the rules over many entries remember before the first one."""

_ALERT: Final = "alert/"
_FACTS: Final = "facts/"

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


def step(
    record: Mapping[str, Any], entry: Mapping[str, Any], facts: Mapping[str, Record] = NO_FACTS
) -> tuple[Record, dict[str, Record], dict[str, Record]]:
    """Return the counters after the next entry, the alerts that it sets off, and facts it changes.

    Raises:
        OutOfOrderError: If the entry is not the next one.
    """
    position = int(entry["position"])
    if position != record["position"] + 1:
        msg = f"entry {position} after {record['position']}"
        raise OutOfOrderError(msg)
    over_many, changed = observe(facts, entry)
    alerts = {**_alerts(entry), **over_many}
    month, type_ = str(entry["time"])[:7], str(entry["type"])
    counts = record["counts"]
    of_month = counts.get(month, {})
    new = {
        "position": position,
        "alerts": record["alerts"] + len(alerts),
        "counts": {**counts, month: {**of_month, type_: of_month.get(type_, 0) + 1}},
    }
    return new, alerts, changed


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


def written(
    before: int, counters: Record, alerts: Mapping[str, Record], changed: Mapping[str, Record]
) -> Iterator[tuple[str, Record]]:
    """Yield the records of a batch in the order in which they must be written.

    Args:
        before: The position of the counters that were written last; 0 makes a link that is whole.
        counters: The counters after the batch.
        alerts: What the batch set off.
        changed: The facts that the batch changed, as they are after it; all of them in a whole link.
    """
    yield from alerts.items()
    position = counters["position"]
    yield f"{_FACTS}{position}", {"position": position, "before": before, "facts": dict(changed)}
    yield COUNTERS, counters


def outdated(records: Iterable[str], position: int) -> list[str]:
    """Return the keys of the links below a position: a whole link at it makes them useless."""
    return [
        key
        for key in records
        if key.startswith(_FACTS) and int(key.removeprefix(_FACTS)) < position
    ]


def settled(records: Mapping[str, Record]) -> dict[str, Record]:
    """Return what of a table can be relied on, whatever was lost of its last writes.

    Alerts and facts are written before the counters that count them. So those above the counters'
    position are left out: their entries come again. Where one below it is missing nothing is kept:
    all come again.
    """
    counters = records.get(COUNTERS, dict(NONE))
    kept = {
        key: record
        for key, record in records.items()
        if key.startswith(_ALERT) and record["position"] <= counters["position"]
    }
    if counters["alerts"] != len(kept) or _chain(records, counters) is None:
        return {COUNTERS: dict(NONE)}
    return {COUNTERS: counters, **kept}


def facts_of(records: Mapping[str, Record]) -> dict[str, Record]:
    """Return what the rules remembered at the position of the counters that can be relied on."""
    chain = _chain(records, settled(records)[COUNTERS]) or []
    facts: dict[str, Record] = {}
    for link in reversed(chain):
        remember(facts, link["facts"])
    return facts


def _chain(records: Mapping[str, Record], counters: Record) -> list[Record] | None:
    """Return the batches of facts up to the counters, the last first; ``None`` where one is missing."""
    chain, position = list[Record](), counters["position"]
    while position:
        link = records.get(f"{_FACTS}{position}")
        if link is None:
            return None
        chain.append(link)
        position = link["before"]
    return chain


def fold(entries: Iterable[Mapping[str, Any]]) -> dict[str, Record]:
    """Return the counters and all alerts of a ledger: what a replay rebuilds."""
    counters, alerts, facts = dict(NONE), dict[str, Record](), dict[str, Record]()
    for entry in entries:
        counters, found, changed = step(counters, entry, facts)
        alerts |= found
        remember(facts, changed)
    return {COUNTERS: counters, **alerts}
