"""What a new edition of a calendar or of a stack of policies changes against the one in use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from scheduler.ruleset import RuleSet
from scheduler.workdays import CalendarMissing, WorkCalendar
from schemas.base import Bilingual
from schemas.calendars import Calendar
from schemas.policy import Policy

_MONTHS: Final = tuple(range(1, 13))
_OWN: Final = frozenset({"code", "shape"})


@dataclass(frozen=True, slots=True)
class Week:
    """A month whose visiting days move; no days where a year has no official calendar."""

    month: str
    before: tuple[date, ...]
    after: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """What an edition of a year's calendar changes. The days ascend."""

    before: Calendar | None
    after: Calendar
    newly_off: tuple[date, ...]
    no_longer_off: tuple[date, ...]
    newly_worked: tuple[date, ...]
    no_longer_worked: tuple[date, ...]
    weeks: tuple[Week, ...]

    @property
    def same(self) -> bool:
        """Whether the very same edition is in use already."""
        return self.before == self.after


def calendar_change(
    calendars: Iterable[Calendar], after: Calendar, rules: RuleSet | None
) -> CalendarChange:
    """Compare a calendar with the edition of its year in use, and the months' visiting days."""
    known = tuple(calendars)
    in_use = [each for each in known if each.year == after.year]
    before = max(in_use, key=lambda each: (each.official, each.version), default=None)
    off = before.days_off if before else frozenset()
    worked = frozenset(before.makeup) if before else frozenset()
    old, new = WorkCalendar(known), WorkCalendar((*known, after))
    weeks = []
    for number in _MONTHS if rules is not None else ():
        month = f"{after.year:04d}-{number:02d}"
        one, other = _visiting(rules, month, old), _visiting(rules, month, new)
        if one != other:
            weeks.append(Week(month, one, other))
    return CalendarChange(
        before,
        after,
        tuple(sorted(after.days_off - off)),
        tuple(sorted(off - after.days_off)),
        tuple(sorted(frozenset(after.makeup) - worked)),
        tuple(sorted(worked - frozenset(after.makeup))),
        tuple(weeks),
    )


def _visiting(rules: RuleSet | None, month: str, calendar: WorkCalendar) -> tuple[date, ...]:
    try:
        return rules.visiting_days(month, calendar) if rules else ()
    except (CalendarMissing, LookupError):
        return ()


@dataclass(frozen=True, slots=True)
class Field:
    """A number, a date or a list that changes, as JSON has it; ``None`` where there is none."""

    name: str
    before: Any
    after: Any

    @property
    def was(self) -> str:
        """What it said, as a text."""
        return _text(self.before)

    @property
    def will(self) -> str:
        """What it will say, as a text."""
        return _text(self.after)


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    if value is None:
        return "—"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that comes, goes, or says something else."""

    kind: str
    """``added``, ``removed`` or ``changed``."""
    policy: str
    code: str
    title: Bilingual
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """What a stack of policies changes: layers by name, rules one by one, and the rest of a layer."""

    layers: tuple[Field, ...]
    rules: tuple[RuleChange, ...]
    rest: tuple[Field, ...]

    @property
    def same(self) -> bool:
        """Whether nothing changes."""
        return not (self.layers or self.rules or self.rest)


def policy_change(before: Iterable[Policy], after: Iterable[Policy]) -> PolicyChange:
    """Compare two stacks of policies, rule by rule; a rule is known by layer, code and first day."""
    one, other = tuple(before), tuple(after)
    old, new = _layers(one), _layers(other)
    rules = sorted(_rules(one, other), key=lambda each: (each.policy, each.code, each.kind))
    rest = []
    for name in old.keys() & new.keys():
        left, right = _rest(old[name]), _rest(new[name])
        rest += [
            Field(f"{name}.{key}", left.get(key), right.get(key))
            for key in sorted(left.keys() | right.keys())
            if left.get(key) != right.get(key)
        ]
    versions = [
        Field(name, _version(old.get(name)), _version(new.get(name)))
        for name in sorted(old.keys() | new.keys())
        if _version(old.get(name)) != _version(new.get(name))
    ]
    return PolicyChange(tuple(versions), tuple(rules), tuple(rest))


def _layers(stack: Iterable[Policy]) -> dict[str, Policy]:
    return {layer.policy: layer for layer in stack}


def _version(layer: Policy | None) -> int | None:
    return layer.version if layer else None


def _rest(layer: Policy) -> Mapping[str, Any]:
    plain = layer.model_dump(mode="json", exclude={"rules", "policy", "version"})
    return {key: value for key, value in plain.items() if value not in (None, [])}


def _rules(before: tuple[Policy, ...], after: tuple[Policy, ...]) -> Iterable[RuleChange]:
    def by_name(stack: tuple[Policy, ...]) -> dict[tuple[str, str, date], Any]:
        return {
            (layer.policy, rule.code, rule.in_force.since): rule
            for layer in stack
            for rule in layer.rules
        }

    old, new = by_name(before), by_name(after)
    for key in old.keys() | new.keys():
        policy, code, _ = key
        if key not in new:
            yield RuleChange("removed", policy, code, old[key].title)
        elif key not in old:
            yield RuleChange("added", policy, code, new[key].title)
        elif old[key] != new[key]:
            left, right = old[key].model_dump(mode="json"), new[key].model_dump(mode="json")
            fields = tuple(
                Field(name, left.get(name), right.get(name))
                for name in sorted(left.keys() | right.keys() - _OWN)
                if left.get(name) != right.get(name)
            )
            yield RuleChange("changed", policy, code, new[key].title, fields)
