"""Caps: at most so many presences, or entries, share a key.

Intake asks whether the ledger plus one still fits, the planner how much room is left, the auditor
whether more was taken than allowed. All three start from the same uses of a case on a day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import assert_never

from scheduler import keys
from scheduler.cases import Case
from scheduler.refusals import by_rule
from scheduler.ruleset import RuleSet
from scheduler.stacking import limit_of, narrowed
from scheduler.states import TallyState
from schemas.lanes import Lane
from schemas.objections import Objection
from schemas.policy import Cap, CapField
from schemas.registry import Grading

_PERIODS_OF_A_DAY = frozenset({CapField.MONTH, CapField.WEEK})
NO_UNITS = TallyState()


@dataclass(frozen=True, slots=True)
class CapUse:
    """One unit that a visit takes under a cap: the rule, the tally's key, the limit there."""

    rule: Cap
    key: str
    limit: int

    @property
    def at_intake(self) -> bool:
        """Whether an accepted request reserves the unit before it has a day."""
        return known_at_intake(self.rule)


def known_at_intake(cap: Cap) -> bool:
    """Tell whether an accepted request reserves a unit under a cap before it has a day.

    A cap on one enterprise's presences does, in the year in which the window starts. Entries,
    months and weeks are known only with the day; budgets over many enterprises are taken when a
    visit is approved or published, else whoever asks first would empty them. A campaign's number is
    reserved at once: that is what its plan promised.
    """
    if CapField.CAMPAIGN in cap.key:
        return True
    known = _PERIODS_OF_A_DAY.isdisjoint(cap.key) and CapField.ENTERPRISE in cap.key
    return known and cap.counts == "presence"


def uses(
    case: Case, day: date, rules: RuleSet, under: Callable[[Cap], bool] = lambda _: True
) -> tuple[CapUse, ...]:
    """Return the units that a visit of this case on this day takes, by the rules of that day.

    ``under`` says of a cap whether its units are wanted.
    """
    request = case.request
    caps = rules.binding(day, request.purpose, request.lane).caps
    tier = case.enterprise.grading(day)
    found = (use for cap in caps if under(cap) for use in _uses_of(cap, case, day, tier))
    moved = rules.moved
    return tuple(
        replace(use, limit=use.limit + moved[use.key]) if use.key in moved else use for use in found
    )


def uses_unconfirmed(case: Case, day: date, rules: RuleSet) -> tuple[CapUse, ...]:
    """Return the units that an emergency takes for as long as nobody has approved it.

    Whatever exempts an emergency rests on its approval; without one it counts like a routine visit.
    """
    routine = case.request.model_copy(update={"lane": Lane.ROUTINE})
    as_routine = uses(replace(case, request=routine), day, rules)
    own = uses(case, day, rules)
    known = {use.key for use in own}
    return (*own, *(use for use in as_routine if use.key not in known))


def _uses_of(cap: Cap, case: Case, day: date, tier: Grading) -> Iterator[CapUse]:
    """One use a key; a cap by item has a key for each item, and none without items.

    Where the table lists all that it binds, what is not listed takes nothing.
    """
    parts = [_parts(field, case, day) for field in cap.key]
    own = narrowed(cap, case.department.id, day.month)
    by_item = CapField.ITEM in cap.key
    for combined in product(*parts):
        items = (combined[cap.key.index(CapField.ITEM)],) if by_item else case.request.items
        limit = limit_of(
            own, case.department.level, tier.risk, tier.credit, case.request.purpose, items
        )
        if limit is None:
            continue
        if CapField.CAMPAIGN in cap.key and case.campaign and case.campaign.stands:
            limit = min(limit, case.campaign.stands.number)
        key = keys.entry_cap if cap.counts == "entry" else keys.cap
        yield CapUse(cap, key(cap.code, *combined), limit)


def _parts(field: CapField, case: Case, day: date) -> tuple[str, ...]:  # noqa: C901, PLR0911 - one line a field
    """Return what stands for a field in the key."""
    match field:
        case CapField.DEPARTMENT:
            return (case.department.id,)
        case CapField.LEVEL:
            return (case.department.level.value,)
        case CapField.ENTERPRISE:
            return (case.enterprise.id,)
        case CapField.ITEM:
            return case.request.items
        case CapField.YEAR:
            return (f"{day.year:04d}",)
        case CapField.MONTH:
            return (keys.month_of(day),)
        case CapField.WEEK:
            week = day.isocalendar()
            return (f"{week.year:04d}-W{week.week:02d}",)
        case CapField.CITY:
            return ("city",)
        case CapField.CAMPAIGN:
            return (case.campaign.id,) if case.campaign else ()
        case _:
            assert_never(field)


def room(use: CapUse, tally: TallyState, own: int = 0) -> int:
    """Return the units left under a use's key: limit minus used and reserved, ``own`` given back.

    ``own`` are reserved units of the very requests that are being planned. Negative where more was
    taken than the limit allows.
    """
    return use.limit - tally.used - tally.reserved + own


def below_limit(tally: TallyState, lifted: TallyState) -> TallyState:
    """Return a tally without the units that an approval admits above the limit.

    They count against whoever asks anew, and never against who holds a unit within the limit: a
    leader's yes admits one visit more, it takes nobody's place.
    """
    return TallyState(reserved=tally.reserved - lifted.reserved, used=tally.used - lifted.used)


def objections(
    taken: Iterable[CapUse],
    tallies: Mapping[str, TallyState],
    held: Collection[str] = (),
) -> tuple[Objection, ...]:
    """Object to every use whose key has no room for one more unit.

    ``held`` are the keys in which the case already holds its unit, so that its own reservation does
    not stand against it. Caps that do not bind object as well; the judge makes advice of it.
    """
    return tuple(
        _objection(use, tallies.get(use.key, NO_UNITS))
        for use in taken
        if room(use, tallies.get(use.key, NO_UNITS), own=int(use.key in held)) < 1
    )


def _objection(use: CapUse, tally: TallyState) -> Objection:
    return by_rule(use.rule, use.key, limit=use.limit, used=tally.used, reserved=tally.reserved)
