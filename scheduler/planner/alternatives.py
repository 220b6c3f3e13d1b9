"""The other days that an ask could have: what each would cost, and what it would break.

Only this one ask moves; everything else stays. So each change of the objective is exact, and a
person can try any of them and find what is said here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.planner.explain import obstacles_on
from scheduler.planner.plan import Certificate
from scheduler.planner.problem import ENTRY_COST, UNPLACED_COST, Ask, CapRoom
from scheduler.planner.reasons import DayClosed, Obstacle, PinnedElsewhere
from scheduler.planner.tally import Tally

Tolls = Mapping[tuple[str, date], int]
"""Millionths of a point for one unit of a department-day; one that is not named costs nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A day for an ask, or none.

    Parameters
    ----------
    day
        None stands for having no day.
    change
        Points that the objective grows by if this ask alone moves there; None for a day that a
        rule closed before planning, of which no months from preference are known.
    breaks
        What would not hold then; an alternative with nothing in it can be had at once.
    with_others
        The departments that come to the enterprise that day anyway, and are joined.
    toll
        Millionths: the price of the units that the ask would take there, by the certificate.
    """

    day: date | None
    change: int | None
    breaks: tuple[Obstacle, ...] = ()
    with_others: tuple[str, ...] = ()
    toll: int = 0


def tolls_of(certificate: Certificate) -> Tolls:
    """Return a certificate's tolls by department and day."""
    return {(toll.department, toll.day): toll.micro for toll in certificate.tolls}


def alternatives(
    tally: Tally, ask: Ask, caps: Iterable[CapRoom], tolls: Tolls
) -> tuple[Alternative, ...]:
    """Rank the days that an ask does not have: first what can be had, the cheapest first.

    ``caps`` are those that count the ask. What breaks something follows by its change and the price
    of the units it would need; days that a rule closed stand at the end, by day.
    """
    here, elsewhere = tally.days.get(ask.id), tally.without(ask.id)
    known = tuple(caps)
    before = cost_of(elsewhere, ask, here)
    found = [
        Alternative(
            day=day,
            change=cost_of(elsewhere, ask, day) - before,
            breaks=tuple(_breaks(elsewhere, ask, day, known)),
            with_others=elsewhere.departments(ask, day),
            toll=ask.duration * tolls.get((ask.department, day), 0),
        )
        for day in ask.days
        if day != here
    ]
    if here is not None:
        found.append(Alternative(day=None, change=cost_of(elsewhere, ask, None) - before))
    found.sort(key=_rank)
    return (*found, *(_closed(elsewhere, ask, block.day, block.rule) for block in ask.blocked))


def cost_of(elsewhere: Tally, ask: Ask, day: date | None) -> int:
    """Points that an ask costs on a day, or without one, beside a plan that does not hold it."""
    if day is None:
        return UNPLACED_COST
    entry = 0 if elsewhere.guests(ask, day) else ENTRY_COST
    return entry + ask.delay(day)


def _breaks(elsewhere: Tally, ask: Ask, day: date, caps: tuple[CapRoom, ...]) -> Iterable[Obstacle]:
    if ask.pinned is not None and day != ask.pinned:
        yield PinnedElsewhere(day=day, pinned=ask.pinned)
    yield from obstacles_on(day, ask, caps, elsewhere)


def _closed(elsewhere: Tally, ask: Ask, day: date, rule: str) -> Alternative:
    return Alternative(
        day=day,
        change=None,
        breaks=(DayClosed(day=day, rule=rule),),
        with_others=elsewhere.departments(ask, day),
    )


def _rank(found: Alternative) -> tuple[bool, int, int, date]:
    return bool(found.breaks), found.change or 0, found.toll, found.day or date.max
