"""双随机: whether those came who were drawn, and how often a department had somebody replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scheduler.alerts.facts import Facts, place
from scheduler.alerts.found import Hit
from scheduler.alerts.notes import Note, Numbers
from schemas.alert_rules import AlertTest


def revealed(facts: Facts, entry: Mapping[str, Any]) -> None:
    """Remember who was drawn for each enterprise."""
    draw = entry["subject"].partition("/")[2]
    for target in entry["data"]["result"]["targets"]:
        for pair in target["pairs"]:
            key = _pair(draw, pair["department"], target["enterprise"])
            facts.put(key, {"officers": pair["officers"], "replaced": 0, "at": place(entry)})


def asked(facts: Facts, entry: Mapping[str, Any]) -> None:
    """Remember the request of a draw until its visit comes upon the books."""
    request = entry["data"]["request"]
    if request.get("draw") is not None:
        key = _pair(request["draw"], request["department"], request["enterprise"])
        facts.put(f"asked/{entry['subject'].partition('/')[2]}", {"pair": key})


def substituted(facts: Facts, entry: Mapping[str, Any]) -> None:
    """Let a substitute take his place."""
    new = entry["data"]["substitute"]
    key = _pair(entry["subject"].partition("/")[2], new["department"], new["enterprise"])
    pair = facts.get(key)
    if pair:
        officers = [new["officer"] if id_ == new["out"] else id_ for id_ in pair["officers"]]
        facts.add(key, officers=officers, replaced=pair["replaced"] + 1)


def often_replaced(facts: Facts, entry: Mapping[str, Any], numbers: Numbers) -> Iterator[Hit]:
    """A department had more of a pair replaced than is usual, until those went whom it wanted."""
    new = entry["data"]["substitute"]
    key = _pair(entry["subject"].partition("/")[2], new["department"], new["enterprise"])
    pair = facts.get(key)
    if pair and pair["replaced"] == numbers["substitutes"] + 1:
        yield Hit(
            test=AlertTest.NOT_THE_DRAWN,
            key=key,
            trigger=place(entry),
            enterprise=new["enterprise"],
            departments=(new["department"],),
            numbers={"substitutes": pair["replaced"]},
        )


def expected(facts: Facts, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a visit's record holds of draws: the pair of each department that was drawn for it."""
    pairs = {
        part["department"]: fact["pair"]
        for part in parts
        for request in part.get("requests", ())
        if (fact := facts.get(f"asked/{request}"))
    }
    if not pairs:
        return {}
    named = {part["department"]: part.get("officers", []) for part in parts}
    return {"drawn": pairs, "named": named}


def others_came(note: Note, _: Numbers) -> Iterator[Hit]:
    """Somebody scanned in at a drawn enterprise who was not drawn, or somebody drawn did not."""
    came = note.data["scan"]["officers"]
    for department, key in sorted(note.visit.get("drawn", {}).items()):
        pair = note.facts.get(key)
        if not pair or department not in note.came:
            continue
        named = note.visit["named"].get(department, ())
        others = [id_ for id_ in named if id_ in came and id_ not in pair["officers"]]
        missing = [id_ for id_ in pair["officers"] if id_ not in came]
        if others or missing:
            id_, position, subject = pair["at"]
            yield Hit(
                test=AlertTest.NOT_THE_DRAWN,
                key=f"{note.here[2]}/{department}",
                trigger=note.here,
                before=((id_, position, subject),),
                enterprise=note.enterprise,
                departments=(department,),
                numbers={"others": ", ".join(others) or "-", "missing": ", ".join(missing) or "-"},
            )


def _pair(draw: str, department: str, enterprise: str) -> str:
    return f"drawn/{draw}/{department}/{enterprise}"
