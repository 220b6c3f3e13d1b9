"""Rules about what did not happen: they find it when an entry of a later day shows that time passed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from scheduler.alerts.facts import Facts
from scheduler.alerts.found import Hit
from scheduler.alerts.notes import Note, Numbers, holds, place_of
from scheduler.alerts.rules import share_above
from schemas.alert_rules import AlertCondition, AlertTest

DIARY: Final = "diary"
"""Key of what is remembered of days and months as such."""


def expect(note: Note) -> None:
    """Remember that a visit is due on its day."""
    diary = note.facts.get(DIARY)
    days = dict(diary.get("days", {}))
    visit = note.here[2]
    if visit not in days.get(note.day, ()):
        days[note.day] = [*days.get(note.day, ()), visit]
        note.facts.add(DIARY, days=days)


def counted(note: Note) -> None:
    """Count an entry of each department on its day of the month."""
    month = note.day[:7]
    for department in note.came:
        key = f"month/{department}/{month}"
        days = dict(note.facts.get(key).get("days", {}))
        days[note.day] = days.get(note.day, 0) + 1
        note.facts.put(key, {"days": days, "at": note.here})
        months = {name: list(who) for name, who in note.facts.get(DIARY).get("months", {}).items()}
        if department not in months.setdefault(month, []):
            months[month].append(department)
            note.facts.add(DIARY, months=months)


def advance(facts: Facts, today: date) -> bool:
    """Let a day begin; tell whether it is one that had not begun."""
    latest = facts.get(DIARY).get("latest")
    if latest is not None and str(today) <= latest:
        return False
    facts.add(DIARY, latest=str(today))
    return True


def no_scan(facts: Facts, today: date, numbers: Numbers) -> Iterator[Hit]:
    """A visit's day has passed, days ago, and nobody scanned or said why not."""
    last = str(today - timedelta(days=numbers["days"]))
    days = facts.get(DIARY).get("days", {})
    over = sorted(day for day in days if day < last)
    if not over:
        return
    facts.add(DIARY, days={day: visits for day, visits in days.items() if day not in over})
    for stream in (stream for day in over for stream in days[day]):
        visit = facts.get(stream)
        # A visit that was moved is due on another day.
        if visit.get("status") == "due" and visit["day"] in over:
            yield Hit(
                test=AlertTest.NO_SCAN,
                key=stream,
                trigger=place_of(visit),
                enterprise=visit["enterprise"],
                departments=tuple(visit["departments"]),
                numbers={"day": visit["day"]},
            )


def months_over(facts: Facts, today: date) -> list[tuple[str, str]]:
    """Return months that are over since the last day, each with every department that came in it."""
    months = facts.get(DIARY).get("months", {})
    over = sorted(month for month in months if month < str(today)[:7])
    if over:
        left = {month: who for month, who in months.items() if month not in over}
        facts.add(DIARY, months=left)
    return [(month, who) for month in over for who in sorted(months[month])]


def exempt_shares(facts: Facts, over: Sequence[tuple[str, str]], numbers: Numbers) -> Iterator[Hit]:
    """Too many of a department's entries of the year were counted apart when a month was over."""
    if holds(numbers, AlertCondition.MONTH_OVER):
        for month, department in over:
            yield from share_above(facts, department, month[:4], numbers)


def bunching(facts: Facts, over: Sequence[tuple[str, str]], numbers: Numbers) -> Iterator[Hit]:
    """Most of a department's entries of a month came on the last day on which it came at all."""
    for month, department in over:
        count = facts.get(f"month/{department}/{month}")
        entries, last = sum(count["days"].values()), max(count["days"])
        on_last = count["days"][last]
        if entries >= numbers["entries"] and on_last * 100 >= numbers["per_cent"] * entries:
            yield Hit(
                test=AlertTest.BUNCHING,
                key=f"{department}/{month}",
                trigger=place_of(count),
                departments=(department,),
                numbers={"entries": entries, "last": on_last, "day": last},
            )
