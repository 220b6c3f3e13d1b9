"""The county as it is in the year: with groups of sister firms, closed days, and in any size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import ceil, sqrt
from random import Random
from typing import Final

from portal.demo.county.data import Body
from portal.demo.county.people import County, county
from portal.demo.year.standards import standardised
from schemas.lanes import Purpose
from schemas.registry import Enterprise, Officer

GROUPS: Final = 14
"""Pairs of sister firms under one group, so that a visit can be split over them."""

CLOSED: Final = 0.06
"""Chance that an enterprise blocks days of its own in the year: stock-taking, overhaul."""

_FEWEST: Final = 40
_BODIES: Final = 14
_CREW: Final = 16
_FIRST_SISTER: Final = 0.3
"""Sister firms are none of the busiest: they begin at this part of the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of the year is played.

    ``scale`` is the part of the whole county (1 for all of it), ``months`` how many months from
    January on.
    """

    year: int
    scale: float = 1.0
    months: int = 12

    @property
    def names(self) -> tuple[str, ...]:
        """The months, such as ``2026-01``."""
        return tuple(f"{self.year}-{n:02d}" for n in range(1, self.months + 1))

    def of(self, number: float, least: int = 0) -> int:
        """Return a number of the whole county's year in this size, rounded."""
        return max(least, round(number * self.scale))


def town(size: Size, seed: int, service_days: tuple[date, ...]) -> County:
    """Return the county of a seed in a size."""
    whole = county(seed)
    bodies = _bodies(whole.bodies, size.scale)
    homes = {body.id for body in bodies}
    number = min(len(whole.enterprises), max(_FEWEST, size.of(len(whole.enterprises))))
    random = Random(f"{seed}/town")
    found = [_closed(e, service_days, random) for e in whole.enterprises[:number]]
    return replace(
        whole,
        bodies=bodies,
        departments=tuple(d for d in whole.departments if d.id in homes),
        items=standardised(tuple(i for i in whole.items if i.department in homes)),
        officers=tuple(o for id_ in sorted(homes) for o in _officers(whole, id_, size.scale)),
        enterprises=tuple(_grouped(found, size.of(GROUPS, 2))),
        weights=whole.weights[:number],
        baseline={
            id_: tuple(size.of(n) for n in rows)
            for id_, rows in whole.baseline.items()
            if id_ in homes
        },
    )


def _bodies(bodies: tuple[Body, ...], scale: float) -> tuple[Body, ...]:
    """Keep the bodies that ask for most, a few of each kind at least."""
    number = max(_BODIES, ceil(len(bodies) * sqrt(scale)))
    if number >= len(bodies):
        return bodies
    ranked = sorted(bodies, key=lambda b: -b.share)
    kept = {b.id for b in ranked[:number]}
    for purpose in Purpose:
        kept |= {b.id for b in [b for b in ranked if b.purpose is purpose][:2]}
    return tuple(b for b in bodies if b.id in kept)


def _officers(whole: County, department: str, scale: float) -> list[Officer]:
    """Keep as many officers as a small county's visits need, and some to spare."""
    mine = [o for o in whole.officers if o.department == department]
    return mine[: max(_CREW, ceil(3 * scale * len(mine)))]


def _closed(enterprise: Enterprise, days: tuple[date, ...], random: Random) -> Enterprise:
    if random.random() >= CLOSED:
        return enterprise.model_copy(update={"closed_days": ()})
    chosen = tuple(sorted(random.sample(days, min(3, len(days)))))
    return enterprise.model_copy(update={"closed_days": chosen})


def _grouped(enterprises: list[Enterprise], groups: int) -> list[Enterprise]:
    found = list(enterprises)
    for n, (one, other) in enumerate(sisters(len(enterprises), groups), start=1):
        for place in (one, other):
            found[place] = found[place].model_copy(update={"group": f"group-{n}"})
    return found


def sisters(enterprises: int, groups: int) -> list[tuple[int, int]]:
    """Return the places of the firms that belong together, pair by pair."""
    first = int(enterprises * _FIRST_SISTER)
    step = max(2, (enterprises - first) // (groups + 1))
    pairs = ((first + n * step, first + n * step + 1) for n in range(groups))
    return [pair for pair in pairs if pair[1] < enterprises]
