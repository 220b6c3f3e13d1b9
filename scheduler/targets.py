"""What a policy hopes for, counted: to each floor and share its part and its whole.

`scheduler.gaps` says how far that is from the target. Nothing here refuses anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.lanes import Purpose
from schemas.policy import Floor, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """A period in counts, as `scheduler.statistics` defines them.

    Parameters
    ----------
    visits
        Visits by purpose, those called off apart.
    planned, joint
        Visits of published plans, and those of them with two departments or more.
    entries, exempt, coded
        Doors opened; those counted apart; those that carried a code.
    rated, unrated
        Entries that were rated, and those whose time to rate ended without.
    high, reached
        Enterprises of high risk, and those of them that were entered.
    before, after
        Entries of the same months in the baseline year, and now.
    """

    visits: Mapping[Purpose, int] = field(default_factory=dict)
    planned: int = 0
    joint: int = 0
    entries: int = 0
    exempt: int = 0
    coded: int = 0
    rated: int = 0
    unrated: int = 0
    high: int = 0
    reached: int = 0
    before: int = 0
    after: int = 0


_PURPOSES = {
    "service": Purpose.SERVICE,
    "oversight": Purpose.OVERSIGHT,
    "enforcement": Purpose.INSPECTION,
}


def measured(rule: Floor | Share, counts: Counts) -> tuple[int, int]:
    """Return the part that a rule measures, and the whole that it is of."""
    pairs = {
        "high_risk_coverage": (counts.reached, counts.high),
        "coded": (counts.coded, counts.entries),
        "rated": (counts.rated, counts.rated + counts.unrated),
        "joint": (counts.joint, counts.planned),
        "exempt": (counts.exempt, counts.entries),
        "fewer_entries": (counts.before - counts.after, counts.before),
    }
    if rule.measure in _PURPOSES:
        return counts.visits.get(_PURPOSES[rule.measure], 0), sum(counts.visits.values())
    return pairs[rule.measure]
