"""重复检查. The same enterprise looked at again by who had no reason to: what counts, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scheduler.alerts.facts import Record, days_between
from scheduler.alerts.found import Hit
from scheduler.alerts.notes import Note, Numbers, holds, place_of
from schemas.alert_rules import AlertCondition, AlertTest
from schemas.lanes import Purpose

_EVERYBODY: Final = ""


def counting(note: Note, numbers: Numbers, department: str) -> list[Record]:
    """Return a department's requests at a visit that a pattern looks at; none where it looks elsewhere.

    By the visit's lane, and where the policy says so by that of each request: in a joint visit one
    department re-checks what another comes upon as a matter of routine. What was drawn by lot nobody chose.
    """
    if note.visit["purpose"] != Purpose.INSPECTION:
        return []
    lanes = numbers.get("lanes")
    return [
        request
        for request in note.requests(department)
        if (not lanes or _lane(note, numbers, request) in lanes)
        and not (holds(numbers, AlertCondition.CHOSEN) and request["drawn"])
    ]


def _lane(note: Note, numbers: Numbers, request: Record) -> str:
    own = request["lane"] if holds(numbers, AlertCondition.OWN_LANE) else None
    return str(own or note.visit["lane"])


def checked_twice(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """The same enterprise is inspected on two days with few days between.

    Where the policy says so: by the same department, for the same item, in some lanes only, by its own
    choice, and though the item was in order the first time.
    """
    came = {home: found for home in note.came if (found := counting(note, numbers, home))}
    if not came:
        return
    if holds(numbers, AlertCondition.SAME_DEPARTMENT):
        for department, requests in came.items():
            key = f"{department}/{note.enterprise}"
            yield from _twice(note, numbers, key, {department: requests})
    else:
        yield from _twice(note, numbers, note.enterprise, came)


def _twice(note: Note, numbers: Numbers, key: str, came: dict[str, list[Record]]) -> Iterator[Hit]:
    matters = [_EVERYBODY]
    if holds(numbers, AlertCondition.SAME_ITEM):
        matters = sorted({item for own in came.values() for each in own for item in each["items"]})
    last = None
    for matter in matters:
        fact = _fact(key, matter)
        seen = note.facts.get(fact)
        again = seen and seen["day"] != note.day and not _recheck(numbers, seen)
        if again and (not last or last["day"] < seen["day"]):
            last = seen
        if not seen or seen["day"] <= note.day:
            note.facts.put(fact, {"day": note.day, "at": note.here})
    if last and (days := abs(days_between(last["day"], note.day))) <= numbers["days"]:
        yield Hit(
            test=AlertTest.CHECKED_TWICE,
            key=key,
            trigger=note.here,
            before=(place_of(last),),
            enterprise=note.enterprise,
            departments=tuple(came),
            numbers={"days": days, "first": last["day"]},
        )


def _fact(key: str, matter: str) -> str:
    return f"check/{key}/{matter}" if matter else f"check/{key}"


def _recheck(numbers: Numbers, seen: Record) -> bool:
    """复查. Whether what was not in order is looked at again, and the policy lets that pass."""
    return holds(numbers, AlertCondition.IN_ORDER) and bool(seen.get("wanting"))


def found_wanting(note: Note) -> None:
    """Remember of each item that it was not in order, under every key that a policy may look under."""
    outcome = note.data["outcome"]
    department = outcome["department"]
    bad = [each["item"] for each in outcome.get("findings", ()) if not each["compliant"]]
    for key in (f"{department}/{note.enterprise}", note.enterprise) if bad else ():
        for matter in (_EVERYBODY, *bad):
            seen = note.facts.get(_fact(key, matter))
            if seen and seen["day"] == note.day:
                note.facts.put(_fact(key, matter), {**seen, "wanting": True})
