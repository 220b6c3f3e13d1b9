"""In which order a transaction locks, and why no two transactions can wait for each other.

1. It adds rows for its missing keys, in C order. An insert waits only for another transaction that
   has inserted the same key and not ended yet.
2. It locks its reference keys in C order, all of them shared, or all of them owned when it owns one.
3. It locks its other keys in C order, owned.
4. It inserts its commands' effects in C order.
5. It takes the one row that hands out positions.

A cycle of waiting transactions would need each of them to wait for the next. Whoever waits in a
step waits for one that is in the same step or a later one: rows inserted in step 1 are not visible
to others before their transaction ends, so nobody in steps 2 to 5 waits for one that is still in
step 1, and rows of steps 4 and 5 are not touched earlier. So a cycle would have to lie within one
step, where all take their rows in one order, each row once and in one strength: what a
transaction waits for always sorts behind what it holds. A lock never gets stronger, and that is why
one owned reference key makes all of them owned: two passes, or an upgrade, would break the order.

References come first because nearly every transaction shares them: a transaction that owns one (a
new policy, a registration) waits while it holds nothing that the many want.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.states import REFERENCE, kind_of


@dataclass(frozen=True, slots=True)
class LockPlan:
    """Keys in the order of their locks. A shared key of another kind is owned: few would share."""

    references: tuple[str, ...]
    references_owned: bool
    others: tuple[str, ...]

    @property
    def all(self) -> list[str]:
        """Every key once."""
        return [*self.references, *self.others]


def plan(shared: Sequence[str], owned: Sequence[str]) -> LockPlan:
    """Return the order in which to lock these keys."""
    keys = sorted({*shared, *owned}, key=str.encode)
    references = tuple(key for key in keys if kind_of(key) in REFERENCE)
    mine = frozenset(owned)
    return LockPlan(
        references=references,
        references_owned=any(key in mine for key in references),
        others=tuple(key for key in keys if kind_of(key) not in REFERENCE),
    )
