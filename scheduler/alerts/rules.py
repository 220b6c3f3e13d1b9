"""The folds, one per pattern. Each gets the facts, an entry and its own thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scheduler.alerts.facts import Facts, Place, Record, days_between, place, seconds_between
from scheduler.alerts.found import Hit
from schemas.lanes import Lane, Purpose
from schemas.policy import AlertTest

Numbers = Mapping[str, int]

_FRIENDLY: Final = frozenset({Purpose.SERVICE.value, Purpose.CONTACT.value})
_TOURS: Final = frozenset({Purpose.STUDY_TOUR.value, Purpose.OVERSIGHT.value})
_POOR: Final = frozenset({"poor", "very_poor"})


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


def checked_twice(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """The same enterprise is inspected on two days with few days between."""
    if note.visit["purpose"] != Purpose.INSPECTION:
        return
    key = f"check/{note.enterprise}"
    last = note.facts.get(key)
    if last and last["day"] != note.day:
        days = abs(days_between(last["day"], note.day))
        if days <= numbers["days"]:
            yield Hit(
                test=AlertTest.CHECKED_TWICE,
                key=note.enterprise,
                trigger=note.here,
                before=(_place(last),),
                enterprise=note.enterprise,
                departments=note.came,
                numbers={"days": days, "first": last["day"]},
            )
    if not last or last["day"] <= note.day:
        note.facts.put(key, {"day": note.day, "at": note.here})


def impossible_travel(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """An officer scans at two enterprises sooner than anybody gets from one to the other."""
    scan = note.data["scan"]
    town = note.facts.get(f"enterprise/{note.enterprise}").get("township")
    for officer in scan["officers"]:
        key = f"officer/{officer}"
        last = note.facts.get(key)
        if last and last["enterprise"] != note.enterprise:
            apart = town is None or last["town"] is None or last["town"] != town
            limit = numbers["minutes" if apart else "near_minutes"]
            seconds = abs(seconds_between(last["when"], scan["at"]))
            if seconds < 60 * limit:
                yield Hit(
                    test=AlertTest.IMPOSSIBLE_TRAVEL,
                    key=officer,
                    trigger=note.here,
                    before=(_place(last),),
                    enterprise=note.enterprise,
                    departments=note.came,
                    numbers={"officer": officer, "seconds": int(seconds), "minutes": limit},
                )
        seen = {"enterprise": note.enterprise, "town": town, "when": scan["at"], "at": note.here}
        note.facts.put(key, seen)


def split_visit(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """A department inspects sub-units of one group, or of one address, one after the other."""
    if note.visit["purpose"] != Purpose.INSPECTION:
        return
    known = note.facts.get(f"enterprise/{note.enterprise}")
    units = [(kind, known[kind]) for kind in ("group", "site") if known.get(kind)]
    for department in note.came:
        hit = None
        for kind, unit in units:
            key = f"split/{department}/{kind}/{unit}"
            last = note.facts.get(key)
            days = abs(days_between(last["day"], note.day)) if last else 0
            if last and last["enterprise"] != note.enterprise and days <= numbers["days"]:
                hit = hit or Hit(
                    test=AlertTest.SPLIT_VISIT,
                    key=f"{department}/{kind}/{unit}",
                    trigger=note.here,
                    before=(_place(last),),
                    enterprise=note.enterprise,
                    departments=(department,),
                    numbers={"days": days, "other": last["enterprise"]},
                )
            seen = {"enterprise": note.enterprise, "day": note.day, "at": note.here}
            note.facts.put(key, seen)
        if hit:
            yield hit


def exempt_share(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """Too many of a department's entries of a year are in lanes that are counted apart.

    Told once a year: at the entry at which the share first is above its limit.
    """
    exempt = Lane(note.visit["lane"]).exempt
    for department in note.came:
        key = f"share/{department}/{note.day[:4]}"
        count = note.facts.get(key)
        entries, apart = count.get("entries", 0) + 1, count.get("exempt", 0) + exempt
        above = entries >= numbers["entries"] and apart * 100 > numbers["per_cent"] * entries
        told = count.get("told", False)
        note.facts.put(key, {"entries": entries, "exempt": apart, "told": told or above})
        if above and not told:
            yield Hit(
                test=AlertTest.EXEMPT_SHARE,
                key=f"{department}/{note.day[:4]}",
                trigger=note.here,
                departments=(department,),
                numbers={"exempt": apart, "entries": entries, "limit": numbers["per_cent"]},
            )


def tour_then_check(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """A department inspects an enterprise days after it came there on a study tour."""
    for department in note.came:
        key = f"tour/{department}/{note.enterprise}"
        if note.visit["purpose"] in _TOURS:
            note.facts.put(key, {"day": note.day, "at": note.here})
        elif note.visit["purpose"] == Purpose.INSPECTION and (tour := note.facts.get(key)):
            days = days_between(tour["day"], note.day)
            if 0 <= days <= numbers["days"]:
                yield Hit(
                    test=AlertTest.DISGUISED,
                    key=f"{department}/{note.enterprise}",
                    trigger=note.here,
                    before=(_place(tour),),
                    enterprise=note.enterprise,
                    departments=(department,),
                    numbers={"days": days},
                )


def findings_on_tour(note: Note, _: Numbers) -> Iterator[Hit]:
    """Somebody tried to record findings or a measure of a visit that is no inspection."""
    against = {each["rule"] for each in note.data["objections"]}
    if "not-an-inspection" in against:
        yield Hit(
            test=AlertTest.DISGUISED,
            key=str(note.data["about"]),
            trigger=note.here,
            before=(_place(note.visit),),
            enterprise=note.enterprise,
            departments=tuple(note.visit["departments"]),
            numbers={"purpose": note.visit["purpose"]},
        )


def labelled(note: Note) -> None:
    """Remember that a department came as a service, or because it was called."""
    if note.visit["purpose"] in _FRIENDLY or note.visit["lane"] == Lane.ON_CALL:
        for department in note.came:
            key = f"label/{department}/{note.enterprise}"
            note.facts.put(key, {"day": note.day, "at": note.here})


def label_then_penalty(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """A penalty case follows a visit that was called a service, or was on call."""
    outcome = note.data["outcome"]
    if outcome.get("measure") != "penalty_case":
        return
    department = outcome["department"]
    label = note.facts.get(f"label/{department}/{note.enterprise}")
    if label and 0 <= (days := days_between(label["day"], note.day)) <= numbers["days"]:
        yield Hit(
            test=AlertTest.LABEL_THEN_PENALTY,
            key=f"{department}/{note.enterprise}",
            trigger=note.here,
            before=(_place(label),),
            enterprise=note.enterprise,
            departments=(department,),
            numbers={"days": days},
        )


def fast_rating(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """A rating comes so soon after the scan that hardly the enterprise itself gave it."""
    gave = note.entry["time"]
    pairs = (("entered", "after_entry"), ("left", "after_leaving"))
    for station, name in pairs:
        when = note.visit.get(f"{station}_when")
        if when is None:
            continue
        seconds = seconds_between(when, gave)
        if 0 <= seconds <= numbers[name]:
            yield Hit(
                test=AlertTest.FAST_RATING,
                key=note.here[2],
                trigger=note.here,
                before=(tuple(note.visit[f"{station}_at"]),),
                enterprise=note.enterprise,
                departments=note.came,
                numbers={"seconds": int(seconds), "station": station},
            )
            return


def late_filing(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """A filing comes after its time, or says an earlier day than it came; or its time passed without one.

    Told once for a visit, and for departments whose year has so many of them.
    """
    lapsed = str(note.data.get("rule", "")).startswith("filing-")
    if not (lapsed or note.data.get("late") or note.data.get("back_dated")):
        return
    visit = str(note.data.get("about", note.entry["subject"]))
    if note.facts.get(f"late/{visit}"):
        return
    note.facts.put(f"late/{visit}", {"at": note.here})
    often = []
    for department in note.visit["departments"]:
        key = f"late/{department}/{note.day[:4]}"
        count = note.facts.get(key).get("filings", 0) + 1
        note.facts.put(key, {"filings": count})
        often += [department] if count >= numbers["filings"] else []
    if often:
        yield Hit(
            test=AlertTest.LATE_FILING,
            key=visit,
            trigger=note.here,
            before=(_place(note.visit),),
            enterprise=note.enterprise,
            departments=tuple(often),
            numbers={
                "said": "lapsed" if lapsed else "late" if note.data.get("late") else "back_dated"
            },
        )


def badly_rated(note: Note) -> None:
    """Remember who was rated badly, where and when."""
    if note.data["rating"]["grade"] in _POOR:
        for department in note.came:
            key = f"bad/{department}/{note.enterprise}"
            note.facts.put(key, {"day": note.entry["time"][:10], "at": note.here})


def after_bad_rating(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """A department that was rated badly comes upon the books there again."""
    for department in note.visit["departments"]:
        bad = note.facts.get(f"bad/{department}/{note.enterprise}")
        if bad and 0 <= (days := days_between(bad["day"], note.day)) <= numbers["days"]:
            yield Hit(
                test=AlertTest.AFTER_BAD_RATING,
                key=f"{department}/{note.enterprise}/{note.here[2]}",
                trigger=note.here,
                before=(_place(bad),),
                enterprise=note.enterprise,
                departments=(department,),
                numbers={"days": days},
            )


def _place(fact: Record) -> Place:
    """Return the entry that a fact rests on; records come back from JSON with lists."""
    id_, position, subject = fact["at"]
    return id_, position, subject
