"""What the caps of a plan cost: the certificate's prices, added up by rule."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from portal.plans.explaining import Explained
from portal.plans.reasons import Speaker
from scheduler.planner.columns import name_of
from schemas.base import Bilingual


@dataclass(frozen=True, slots=True)
class CapPrice:
    """A cap: under how many keys it counts, how many are used up, what one more unit would be worth.

    ``micro`` adds up the prices of all its keys, in millionths of a point.
    """

    code: str
    title: Bilingual
    keys: int
    full: int
    micro: int


def prices(found: Explained, speaker: Speaker) -> tuple[CapPrice, ...]:
    """Return every cap of a plan's problem, the dearest first."""
    micro = {budget.cap: budget.micro for budget in found.certificate.budgets}
    keys: dict[str, int] = defaultdict(int)
    full: dict[str, int] = defaultdict(int)
    cost: dict[str, int] = defaultdict(int)
    for cap in found.prepared.problem.caps:
        keys[cap.code] += 1
        full[cap.code] += len(found.tally.counted(cap)) >= cap.room
        cost[cap.code] += micro.get(name_of(cap), 0)
    rows = [CapPrice(code, speaker.rule(code), keys[code], full[code], cost[code]) for code in keys]
    return tuple(sorted(rows, key=lambda row: (-row.micro, -row.full, row.code)))
