"""Stacking: which layer's rule stands, day by day, and where two layers contradict each other.

Layers come lowest precedence first. On the same code the later layer's rule stands, unless it would
weaken a duty of a lower one: then the duty stands and the contradiction is listed for a person.
"Weaker" is judged conservatively: what cannot be compared counts as weaker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise, product

from schemas.lanes import Purpose
from schemas.policy import (
    GATE_NUMBERS,
    Cap,
    Deadline,
    Floor,
    Gate,
    InForce,
    Policy,
    Rule,
    Share,
)
from schemas.registry import CreditTier, Level, RiskClass

_DAY = timedelta(days=1)
_SCOPES = ("national", "province", "city")

FEWER_IS_STRICTER = frozenset({"days", "first"})
"""Gate numbers of which a smaller one is stricter: the days of the service week, and the day of the
month on which quiet days begin. Of all others a larger one is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A layer that would weaken a lower layer's duty. ``stands`` names the layer that prevails.

    ``weaker`` names the fields in which the upper rule asks for less; a person settles it.
    """

    code: str
    stands: str
    overruled: str
    since: date
    weaker: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """A rule of a layer with the days on which it is in force here (as if, where so adopted)."""

    layer: str
    rule: Rule
    days: InForce


@dataclass(frozen=True, slots=True)
class Span:
    """The rules that stand from ``since`` until the next span begins, in order of their codes."""

    since: date
    rules: tuple[Rule, ...]
    as_if: bool


def faults(layers: Sequence[Policy]) -> tuple[str, ...]:
    """List what makes these layers no stack: a layer twice, a base missing, an order reversed."""
    return (*_misplaced(layers), *_unstated(layers))


def _misplaced(layers: Sequence[Policy]) -> Iterator[str]:
    below: list[str] = []
    for layer in layers:
        if layer.policy in below:
            yield f"{layer.policy}: 出现两次 / stands twice in the stack"
        missing = [base for base in layer.extends if base not in below]
        yield from (f"{layer.policy}: 其下缺少 {base} / needs {base} below it" for base in missing)
        below.append(layer.policy)
    for lower, upper in pairwise(layers):
        if _SCOPES.index(upper.scope) < _SCOPES.index(lower.scope):
            yield f"{upper.policy}: {upper.scope} 不能在 {lower.scope} 之上 / cannot lie above it"


def _unstated(layers: Sequence[Policy]) -> Iterator[str]:
    if all(layer.timetable is None for layer in layers):
        yield "没有一层写明月度时间表 / no layer states a timetable"
    if all(layer.hours is None for layer in layers):
        yield "没有一层写明入企时段 / no layer states the hours of visits"


def spans(
    layers: Sequence[Policy], as_if_from: date | None
) -> tuple[tuple[Span, ...], tuple[Conflict, ...]]:
    """Resolve the stack for every day.

    Returns the spans in order of time, the first from the first day on which any rule is in force,
    and every conflict once, with the first day of it.
    """
    dated = [entry for layer in layers for entry in _dated(layer, as_if_from)]
    found: list[Span] = []
    conflicts: dict[tuple[str, str, str], Conflict] = {}
    for since in _turning_days(dated):
        rules, contradictions = _standing(dated, since)
        as_if = any(not entry.rule.in_force.covers(since) for entry in rules)
        found.append(Span(since, tuple(entry.rule for entry in rules), as_if))
        for conflict in contradictions:
            key = (conflict.code, conflict.stands, conflict.overruled)
            conflicts.setdefault(key, conflict)
    return tuple(found), tuple(conflicts.values())


def _dated(layer: Policy, as_if_from: date | None) -> Iterator[Dated]:
    """Date a layer's rules; as-if moves back the earliest rule of each code, never a later one."""
    seen: set[str] = set()
    for rule in sorted(layer.rules, key=lambda rule: rule.in_force.since):
        days = rule.in_force
        if rule.code not in seen and as_if_from is not None and as_if_from < days.since:
            days = InForce(since=as_if_from, until=days.until)
        seen.add(rule.code)
        yield Dated(layer.policy, rule, days)


def _turning_days(dated: Iterable[Dated]) -> list[date]:
    """List the days on which some rule comes into force, ceases to be "as if", or has ceased."""
    days = {day for entry in dated for day in (entry.days.since, entry.rule.in_force.since)}
    days |= {entry.days.until + _DAY for entry in dated if entry.days.until is not None}
    return sorted(days)


def _standing(dated: Iterable[Dated], day: date) -> tuple[list[Dated], list[Conflict]]:
    """Choose each code's rule for a day, in order of the codes."""
    standing: dict[str, Dated] = {}
    duties: dict[str, list[Dated]] = {}
    conflicts: list[Conflict] = []
    for entry in dated:
        if not entry.days.covers(day):
            continue
        code = entry.rule.code
        against = _first_conflict(entry, duties.get(code, ()), day)
        if against is None:
            standing[code] = entry
        else:
            conflicts.append(against)
        if entry.rule.duty:
            duties.setdefault(code, []).append(entry)
    return [standing[code] for code in sorted(standing)], conflicts


def _first_conflict(entry: Dated, duties: Iterable[Dated], day: date) -> Conflict | None:
    for duty in duties:
        weaker = weaker_in(duty.rule, entry.rule)
        if weaker:
            return Conflict(
                code=entry.rule.code,
                stands=duty.layer,
                overruled=entry.layer,
                since=day,
                weaker=weaker,
            )
    return None


def weaker_in(lower: Rule, upper: Rule) -> tuple[str, ...]:
    """Name the fields in which ``upper`` asks for less than ``lower``; empty when in none."""
    return tuple(dict.fromkeys((*_weaker_scope(lower, upper), *_weaker_shape(lower, upper))))


def _weaker_scope(lower: Rule, upper: Rule) -> Iterator[str]:
    if not set(upper.purposes) >= set(lower.purposes):
        yield "purposes"
    if not set(upper.lanes) >= set(lower.lanes):
        yield "lanes"
    if not set(upper.liftable_by) <= set(lower.liftable_by):
        yield "liftable_by"


def _weaker_shape(lower: Rule, upper: Rule) -> Iterator[str]:
    match lower, upper:
        case Gate(), Gate():
            yield from _weaker_gate(lower, upper)
        case Cap(), Cap():
            yield from _weaker_cap(lower, upper)
        case Floor(), Floor():
            yield from _unless("measure", lower.measure == upper.measure)
            yield from _unless("at_least", upper.at_least >= lower.at_least)
        case Share(), Share():
            yield from _weaker_share(lower, upper)
        case Deadline(), Deadline():
            yield from _weaker_deadline(lower, upper)
        case _:
            yield "shape"


def _unless(field: str, holds: bool) -> Iterator[str]:
    if not holds:
        yield field


def _weaker_gate(lower: Gate, upper: Gate) -> Iterator[str]:
    if lower.test is not upper.test:
        yield "test"
        return
    spared = set(lower.except_categories) <= set(upper.except_categories)
    yield from _unless("except_categories", spared)
    for name in sorted(GATE_NUMBERS.get(lower.test, ())):
        less, more = sorted((lower.numbers[name], upper.numbers[name]))
        stricter = less if name in FEWER_IS_STRICTER else more
        yield from _unless("numbers", upper.numbers[name] == stricter)


def _weaker_cap(lower: Cap, upper: Cap) -> Iterator[str]:
    yield from _unless("key", upper.key == lower.key)
    yield from _unless("counts", upper.counts == lower.counts)
    yield from _unless("binding", upper.binding or not lower.binding)
    yield from _unless("transfers", lower.transfers.lets(upper.transfers))
    items = sorted({item for cap in (lower, upper) for row in cap.table for item in row.items})
    groups: list[tuple[str, ...]] = [(), *((item,) for item in items)]
    rows = (*lower.table, *upper.table)
    departments = sorted({"", *(id_ for row in rows for id_ in row.departments)})
    months = sorted({0, *(month for row in rows for month in row.months)})
    for where in product(departments, months):
        own, above = narrowed(lower, *where), narrowed(upper, *where)
        for case in product(Level, RiskClass, CreditTier, Purpose, groups):
            asked, given = limit_of(own, *case), limit_of(above, *case)
            if asked is not None and (given is None or given > asked):
                yield "limit"
                return


def narrowed(cap: Cap, department: str, month: int) -> Cap:
    """Return a cap with those rows of its table that are for a department in a month (1 to 12)."""
    if not any(row.departments or row.months for row in cap.table):
        return cap
    rows = tuple(
        row
        for row in cap.table
        if (not row.departments or department in row.departments)
        and (not row.months or month in row.months)
    )
    return cap.model_copy(update={"table": rows})


def limit_of(  # noqa: PLR0917 - what a row of a table looks at, in its order
    cap: Cap,
    level: Level,
    risk: RiskClass,
    credit: CreditTier,
    purpose: Purpose,
    items: Sequence[str],
) -> int | None:
    """Return a cap's limit: that of the first row of its table that fits, else its own.

    ``None`` where the cap binds only what its table lists, and this is not listed.
    """
    for row in cap.table:
        fits = level in row.levels and risk in row.risks and purpose in row.purposes
        fits = fits and credit in row.credits
        if fits and (not row.items or not set(row.items).isdisjoint(items)):
            return row.limit
    return None if cap.listed_only else cap.limit


def _weaker_share(lower: Share, upper: Share) -> Iterator[str]:
    yield from _unless("measure", lower.measure == upper.measure)
    less, more = sorted((lower.target, upper.target))
    yield from _unless("target", upper.target == (less if lower.at_most else more))


def _weaker_deadline(lower: Deadline, upper: Deadline) -> Iterator[str]:
    yield from _unless("starts", (upper.starts, upper.by) == (lower.starts, lower.by))
    yield from _unless("ends", set(upper.ends) <= set(lower.ends))
    yield from _unless("working_days", upper.working_days <= lower.working_days)
