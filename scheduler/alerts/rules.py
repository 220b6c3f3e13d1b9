"""The folds, one per pattern. Each gets the facts, an entry and its own thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scheduler.alerts.facts import Facts, Record, days_between, moment, seconds_between
from scheduler.alerts.found import Hit
from scheduler.alerts.notes import Note, Numbers, drawn, holds, place_of
from scheduler.alerts.repeats import counting
from scheduler.alerts.spans import days_apart
from schemas.alert_rules import AlertCondition, AlertTest
from schemas.lanes import Lane, Purpose

_FRIENDLY: Final = frozenset({Purpose.SERVICE.value, Purpose.CONTACT.value})
_TOURS: Final = frozenset({Purpose.STUDY_TOUR.value, Purpose.OVERSIGHT.value})
_POOR: Final = frozenset({"poor", "very_poor"})


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
                    before=(place_of(last),),
                    enterprise=note.enterprise,
                    departments=note.came,
                    numbers={"officer": officer, "seconds": int(seconds), "minutes": limit},
                )
        seen = {"enterprise": note.enterprise, "town": town, "when": scan["at"], "at": note.here}
        note.facts.put(key, seen)


def split_visit(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """A department inspects sub-units of one group, or of one address, one after the other."""
    known = note.facts.get(f"enterprise/{note.enterprise}")
    units = [(kind, known[kind]) for kind in ("group", "site") if known.get(kind)]
    for department in note.came:
        if not counting(note, numbers, department):
            continue
        hit = None
        for kind, unit in units:
            key = f"split/{department}/{kind}/{unit}"
            last = note.facts.get(key)
            days = abs(days_between(last["day"], note.day)) if last else 0
            other = bool(last) and last["enterprise"] != note.enterprise
            if other and days <= numbers["days"] and _split(note, numbers, department, last):
                hit = hit or Hit(
                    test=AlertTest.SPLIT_VISIT,
                    key=f"{department}/{kind}/{unit}",
                    trigger=note.here,
                    before=(place_of(last),),
                    enterprise=note.enterprise,
                    departments=(department,),
                    numbers={"days": days, "other": last["enterprise"]},
                )
            seen = {"enterprise": note.enterprise, "day": note.day, "at": note.here}
            note.facts.put(key, {**seen, "window": note.asked(department)["window"]})
        if hit:
            yield hit


def _split(note: Note, numbers: Numbers, department: str, last: Record) -> bool:
    """Whether the department itself kept two visits apart, where the policy asks for that.

    A plan may put on two days what was asked for the same ones: that is nobody's trick. What is not
    known to have been asked for counts.
    """
    if not holds(numbers, AlertCondition.ASKED_APART):
        return True
    one, other = last.get("window"), note.asked(department)["window"]
    return not one or not other or one[1] < other[0] or other[1] < one[0]


def exempt_share(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """Too many of a department's entries of a year are in lanes that are counted apart.

    Told once a year: at the entry at which the share first is above its limit; or, where the policy
    says so, when the month is over in which it is (``passing.exempt_shares``).
    """
    at_once = not holds(numbers, AlertCondition.MONTH_OVER)
    for department in note.came:
        key = f"share/{department}/{note.day[:4]}"
        count = note.facts.get(key)
        exempt = _exempt(note, numbers, department)
        entries, apart = count.get("entries", 0) + 1, count.get("exempt", 0) + exempt
        told = count.get("told", False)
        new = {"entries": entries, "exempt": apart, "told": told, "at": note.here}
        note.facts.put(key, new)
        if at_once:
            yield from share_above(note.facts, department, note.day[:4], numbers)


def _exempt(note: Note, numbers: Numbers, department: str) -> bool:
    """Whether an entry counts apart: the visit, or where the policy says so all that the department asked."""
    asked = [each["lane"] for each in note.requests(department) if each["lane"]]
    own = asked if asked and holds(numbers, AlertCondition.OWN_LANE) else [note.visit["lane"]]
    return all(Lane(lane).exempt for lane in own)


def share_above(facts: Facts, department: str, year: str, numbers: Numbers) -> Iterator[Hit]:
    """Tell once that a department's share of a year is above the limit, as counted so far."""
    key = f"share/{department}/{year}"
    count = facts.get(key)
    if not count or count["told"] or "at" not in count:
        return
    entries, exempt = count["entries"], count["exempt"]
    if entries >= numbers["entries"] and exempt * 100 > numbers["per_cent"] * entries:
        facts.add(key, told=True)
        yield Hit(
            test=AlertTest.EXEMPT_SHARE,
            key=f"{department}/{year}",
            trigger=place_of(count),
            departments=(department,),
            numbers={"exempt": exempt, "entries": entries, "limit": numbers["per_cent"]},
        )


def tour_then_check(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """A department inspects an enterprise days after it came there on a study tour."""
    for department in note.came:
        key = f"tour/{department}/{note.enterprise}"
        if note.visit["purpose"] in _TOURS:
            note.facts.put(key, {"day": note.day, "at": note.here})
        elif note.visit["purpose"] == Purpose.INSPECTION and (tour := note.facts.get(key)):
            days = days_apart(note.facts, numbers, tour["day"], note.day)
            if 0 <= days <= numbers["days"]:
                yield Hit(
                    test=AlertTest.DISGUISED,
                    key=f"{department}/{note.enterprise}",
                    trigger=note.here,
                    before=(place_of(tour),),
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
            before=(place_of(note.visit),),
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
    if not label:
        return
    days = days_apart(note.facts, numbers, label["day"], note.day)
    if 0 <= days <= numbers["days"]:
        yield Hit(
            test=AlertTest.LABEL_THEN_PENALTY,
            key=f"{department}/{note.enterprise}",
            trigger=note.here,
            before=(place_of(label),),
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
            before=(place_of(note.visit),),
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
            when = note.entry["time"]
            note.facts.put(key, {"day": when[:10], "when": when, "at": note.here})


def after_bad_rating(note: Note, numbers: Numbers) -> Iterator[Hit]:
    """A department that was rated badly comes upon the books there again.

    Where the policy says so only if it asked for that afterwards, by its own choice: what it had wished
    for before, what is moved to another day, or what a lot sent it to, answers no rating.
    """
    lanes = numbers.get("lanes")
    if lanes and note.visit["lane"] not in lanes:
        return
    for department in note.visit["departments"]:
        bad = note.facts.get(f"bad/{department}/{note.enterprise}")
        if not bad or _before(note, numbers, department, bad) or drawn(note, numbers, department):
            continue
        if 0 <= (days := days_apart(note.facts, numbers, bad["day"], note.day)) <= numbers["days"]:
            yield Hit(
                test=AlertTest.AFTER_BAD_RATING,
                key=f"{department}/{note.enterprise}/{note.here[2]}",
                trigger=note.here,
                before=(place_of(bad),),
                enterprise=note.enterprise,
                departments=(department,),
                numbers={"days": days},
            )


def _before(note: Note, numbers: Numbers, department: str, bad: Record) -> bool:
    """Whether a visit is known to have been asked for before a bad rating, and that matters."""
    if not holds(numbers, AlertCondition.ASKED_AFTERWARDS):
        return False
    asked, rated = note.asked(department)["since"], bad.get("when")
    return bool(asked and rated) and moment(str(asked)) <= moment(str(rated))
