"""Runs every rule on the next entry: what is known of visits first, then what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scheduler.alerts import drawn, passing, repeats, rules, spans
from scheduler.alerts.facts import Facts, Record, day_of, moment, months_before, place
from scheduler.alerts.found import Hit
from scheduler.alerts.notes import Note, Numbers
from schemas.alert_rules import AlertCondition
from schemas.alert_rules import AlertTest as T

_POLICY: Final = "policy"
_ABOUT: Final = frozenset({"command.refused", "deadline.lapsed"})
"""Entries of other streams that are about a visit."""
_OF_REQUESTS: Final = (
    AlertCondition.ASKED_APART,
    AlertCondition.ASKED_AFTERWARDS,
    AlertCondition.OWN_LANE,
    AlertCondition.CHOSEN,
)
"""Conditions that look at what was asked for, how and when."""
_ON_THE_BOOKS: Final = frozenset({"visit.published", "visit.arranged", "visit.changed"})


def observe(
    kept: Mapping[str, Record], entry: Mapping[str, Any]
) -> tuple[dict[str, Record], dict[str, Record]]:
    """Return the alerts that an entry sets off, and the facts that it changes.

    Args:
        kept: All facts before the entry.
        entry: The entry as plain JSON.
    """
    # What is told late belongs to the month in which it is told.
    latest = kept.get(passing.DIARY, {}).get("latest", "")[:7]
    facts = Facts(kept, max(str(day_of(entry))[:7], latest))
    type_ = entry["type"].removeprefix("cn.wurao.").removesuffix(".v1")
    if type_ == "policy.adopted":
        facts.put(_POLICY, _thresholds(entry["data"]))
    elif type_ == "calendar.adopted":
        spans.adopted(facts, entry["data"])
    elif type_ == "enterprise.registered":
        _enterprise(facts, entry["data"]["enterprise"])
    hits = [
        *_time_passes(facts, entry),
        *_of_draw(facts, type_, entry),
        *_of_visit(facts, type_, entry),
    ]
    return dict(hit.record(entry) for hit in hits), facts.changed


def _thresholds(data: Mapping[str, Any]) -> Record:
    """Return the terms of each pattern; the highest layer that states one wins."""
    stated = [rule for layer in data["layers"] for rule in layer.get("alerts", ())]
    return {
        rule["test"]: {
            **rule["numbers"],
            **{name: rule[name] for name in ("lanes", "only") if rule.get(name)},
        }
        for rule in stated
    }


def _enterprise(facts: Facts, record: Mapping[str, Any]) -> None:
    known = {name: record.get(name) for name in ("township", "group", "site")}
    facts.put(f"enterprise/{record['id']}", known)


def _time_passes(facts: Facts, entry: Mapping[str, Any]) -> Iterator[Hit]:
    today, month = day_of(entry), facts.get(passing.DIARY).get("latest", "")[:7]
    if not passing.advance(facts, today):
        return
    policy = facts.get(_POLICY)
    if T.NO_SCAN in policy:
        yield from passing.no_scan(facts, today, policy[T.NO_SCAN])
    over = passing.months_over(facts, today)
    if T.BUNCHING in policy:
        yield from passing.bunching(facts, over, policy[T.BUNCHING])
    if T.EXEMPT_SHARE in policy:
        yield from passing.exempt_shares(facts, over, policy[T.EXEMPT_SHARE])
    if month != str(today)[:7]:
        facts.forget(months_before(today, _horizon(policy)))


def _horizon(policy: Mapping[str, Numbers]) -> int:
    """Return the whole months for which a fact matters: a year and one, or what a pattern looks back."""
    longest = max(
        (rule.get("days", 0) for rule in policy.values() if isinstance(rule, dict)), default=0
    )
    return max(13, longest // 28 + 2)


def _of_draw(facts: Facts, type_: str, entry: Mapping[str, Any]) -> Iterator[Hit]:
    if type_ == "draw.revealed":
        drawn.revealed(facts, entry)
    elif type_ == "request.accepted":
        drawn.asked(facts, entry)
    elif type_ == "draw.substituted":
        drawn.substituted(facts, entry)
        policy = facts.get(_POLICY)
        if T.NOT_THE_DRAWN in policy:
            yield from drawn.often_replaced(facts, entry, policy[T.NOT_THE_DRAWN])


def _of_visit(facts: Facts, type_: str, entry: Mapping[str, Any]) -> Iterator[Hit]:
    if type_ == "request.accepted":
        _asked(facts, entry)
    stream = entry["data"].get("about") if type_ in _ABOUT else entry["subject"]
    if not isinstance(stream, str) or not stream.startswith("visit/"):
        return
    if type_ in _ON_THE_BOOKS:
        _books(facts, stream, entry)
    known = facts.get(stream)
    if not known:
        return
    visit = _stations(type_, known, entry)
    if visit is not known:
        facts.put(stream, visit)
    yield from _judged(type_, Note(facts, entry, visit), facts.get(_POLICY))


def _asked(facts: Facts, entry: Mapping[str, Any]) -> None:
    """Remember when a request came in and for which days, where some pattern asks for it."""
    terms = [rule for rule in facts.get(_POLICY).values() if isinstance(rule, dict)]
    if any(condition in rule.get("only", ()) for rule in terms for condition in _OF_REQUESTS):
        request = entry["data"]["request"]
        window = request["window"]
        wish = {
            "window": [window["first"], window["last"]],
            "since": entry["time"],
            "lane": request.get("lane"),
            "items": list(request.get("items", ())),
            "drawn": request.get("draw") is not None,
        }
        facts.put(f"wish/{entry['subject'].partition('/')[2]}", wish)


def _wanted(facts: Facts, part: Mapping[str, Any]) -> Record:
    """Return what a department wants at a visit, its requests taken together."""
    asked = [fact for id_ in part.get("requests", ()) if (fact := facts.get(f"wish/{id_}"))]
    found: Record = {"items": list(part.get("items", ()))}
    if asked:
        found["window"] = [
            min(fact["window"][0] for fact in asked),
            max(fact["window"][1] for fact in asked),
        ]
        found["since"] = max((fact["since"] for fact in asked), key=moment)
        # What was remembered before a policy asked for it says nothing of its lane.
        if len(asked) == len(part["requests"]) and all("lane" in fact for fact in asked):
            names = ("lane", "items", "drawn")
            found["requests"] = [{name: fact[name] for name in names} for fact in asked]
    return found


def _books(facts: Facts, stream: str, entry: Mapping[str, Any]) -> None:
    line = entry["data"]["line"]
    departments = [part["department"] for part in line["parts"]]
    facts.add(
        stream,
        enterprise=line["enterprise"],
        day=line["day"],
        purpose=line.get("purpose", "inspection"),
        lane=entry["data"]["lane"],
        departments=departments,
        came=facts.get(stream).get("came", []),
        asked={part["department"]: _wanted(facts, part) for part in line["parts"]},
        status="due",
        at=place(entry),
        **drawn.expected(facts, line["parts"]),
    )


def _stations(type_: str, visit: Record, entry: Mapping[str, Any]) -> Record:
    """Return a visit after an entry, as far as the rules look at it."""
    match type_:
        case "visit.entered":
            scan = entry["data"]["scan"]
            return {
                **visit,
                "status": "entered",
                "came": scan["departments"],
                "entered_when": scan["at"],
                "entered_at": place(entry),
            }
        case "visit.staffed" if visit.get("drawn"):
            data = entry["data"]
            return {**visit, "named": {**visit["named"], data["department"]: data["officers"]}}
        case "visit.left":
            return {**visit, "left_when": entry["data"]["at"], "left_at": place(entry)}
        case "visit.not_entered" | "visit.cancelled":
            return {**visit, "status": "off"}
        case _:
            return visit


def _judged(type_: str, note: Note, policy: Mapping[str, Numbers]) -> Iterator[Hit]:
    for test, rule in _RULES.get(type_, ()):
        if test in policy:
            yield from rule(note, policy[test])
    for remember in _AFTER.get(type_, ()):
        remember(note)


_BOOKS: Final = ((T.AFTER_BAD_RATING, rules.after_bad_rating),)
_RULES: Final = {
    "visit.published": _BOOKS,
    "visit.arranged": _BOOKS,
    "visit.changed": _BOOKS,
    "visit.entered": (
        (T.CHECKED_TWICE, repeats.checked_twice),
        (T.IMPOSSIBLE_TRAVEL, rules.impossible_travel),
        (T.SPLIT_VISIT, rules.split_visit),
        (T.EXEMPT_SHARE, rules.exempt_share),
        (T.DISGUISED, rules.tour_then_check),
        (T.NOT_THE_DRAWN, drawn.others_came),
    ),
    "outcome.recorded": ((T.LABEL_THEN_PENALTY, rules.label_then_penalty),),
    "rating.given": ((T.FAST_RATING, rules.fast_rating),),
    "command.refused": ((T.DISGUISED, rules.findings_on_tour),),
    "filing.recorded": ((T.LATE_FILING, rules.late_filing),),
    "deadline.lapsed": ((T.LATE_FILING, rules.late_filing),),
}
"""To each type of entry the rules that it may set off."""

_AFTER: Final = {
    "visit.published": (passing.expect,),
    "visit.arranged": (passing.expect,),
    "visit.changed": (passing.expect,),
    "visit.entered": (rules.labelled, passing.counted),
    "outcome.recorded": (repeats.found_wanting,),
    "rating.given": (rules.badly_rated,),
}
"""To each type of entry what is remembered of it for later ones."""
