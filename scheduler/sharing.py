"""One department's capacity, shared by several planning domains before each plans on its own.

A city's or a province's department visits enterprises in many counties, and each county plans its own
month. So that no two of them count on the same team, the department's units of the month are split
between them beforehand, by need:

1. What must be done (a last legal date lies before the next chance) comes before what is merely asked.
2. Where it does not suffice, units go in proportion to need, by largest remainders (Hamilton's method: each
   domain gets its exact quota rounded down or up); equal remainders go to the name that comes first.
3. A domain's units are laid on days in pieces as large as its largest request, each on the day with most
   room, so that its visits fit and no day is promised twice.

What nobody asks for stays with the department.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Need:
    """What a domain asks of a department in a month, in the department's units.

    ``must`` of them cannot wait for a later month; ``wish`` can. ``largest`` is the largest single
    request: a visit is not cut in two.
    """

    must: int = 0
    wish: int = 0
    largest: int = 1

    @property
    def units(self) -> int:
        """All that is asked."""
        return self.must + self.wish


@dataclass(frozen=True, slots=True)
class Share:
    """What a domain may use: units by day, and what it must do without."""

    days: Mapping[date, int]
    missing: int

    @property
    def units(self) -> int:
        """Units of all days."""
        return sum(self.days.values())


def shares(room: Mapping[date, int], needs: Mapping[str, Need]) -> dict[str, Share]:
    """Split a department's units between domains.

    Args:
        room: The department's units of each visiting day; none is negative.
        needs: What each domain asks.
    """
    whole = sum(room.values())
    must = apportioned(whole, {name: need.must for name, need in needs.items()})
    left = whole - sum(must.values())
    wish = apportioned(left, {name: need.wish for name, need in needs.items()})
    given = {name: must[name] + wish[name] for name in needs}
    laid = _laid(room, given, {name: need.largest for name, need in needs.items()})
    return {name: Share(laid[name], needs[name].units - given[name]) for name in needs}


def apportioned(units: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """Return how many of some units each gets: all it wants where they suffice, else its quota.

    The quota of a name is units x wanted / all that is wanted, rounded down or up.
    """
    total = sum(wanted.values())
    if total <= units:
        return dict(wanted)
    quotas = {name: divmod(units * want, total) for name, want in wanted.items()}
    given = {name: whole for name, (whole, _) in quotas.items()}
    over = units - sum(given.values())
    for name in sorted(quotas, key=lambda each: (-quotas[each][1], each))[:over]:
        given[name] += 1
    return given


def _laid(
    room: Mapping[date, int], given: Mapping[str, int], largest: Mapping[str, int]
) -> dict[str, dict[date, int]]:
    """Lay units on days, the largest pieces first; a piece that fits nowhere whole is split."""
    free = dict(room)
    laid = {name: dict.fromkeys(sorted(room), 0) for name in given}
    pieces = [(size, name) for name in given for size in _pieces(given[name], largest[name])]
    for size, name in sorted(pieces, key=lambda each: (-each[0], each[1])):
        rest = size
        while rest:
            day = _roomiest(free)
            part = min(rest, free[day])
            free[day] -= part
            laid[name][day] += part
            rest -= part
    return laid


def _pieces(units: int, size: int) -> Iterator[int]:
    while units > 0:
        yield min(units, max(size, 1))
        units -= max(size, 1)


def _roomiest(free: Mapping[date, int]) -> date:
    return min(free, key=lambda day: (-free[day], day))


def need_of(asks: Sequence[tuple[int, bool]]) -> Need:
    """Return what requests come to: each is its units, and whether it must be placed now."""
    return Need(
        must=sum(units for units, must in asks if must),
        wish=sum(units for units, must in asks if not must),
        largest=max((units for units, _ in asks), default=1),
    )
