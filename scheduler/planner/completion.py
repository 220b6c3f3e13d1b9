"""No plan leaves out what it could place: whoever has room gets a day."""

from collections.abc import Mapping, Sequence

from scheduler.planner.alternatives import cost_of
from scheduler.planner.explain import obstacles_on
from scheduler.planner.problem import CapRoom
from scheduler.planner.tally import Tally

CapsOf = Mapping[str, Sequence[CapRoom]]
"""The caps that count each ask, by its id."""


def completed(tally: Tally, caps: CapsOf) -> tuple[Tally, tuple[str, ...]]:
    """Give a day to whoever has room now, as no plan leaves out what it could place; and name them.

    Statutory asks first, then the heaviest; each takes its cheapest day, the earliest of equals.
    """
    full = Tally(tally.problem, tally.days)
    waiting = [ask for ask in tally.problem.asks if ask.id not in tally.days]
    added = []
    for ask in sorted(waiting, key=lambda ask: (not ask.must, -ask.weight, ask.id)):
        own = caps.get(ask.id, ())
        fits = [day for day in ask.open_days() if not [*obstacles_on(day, ask, own, full)]]
        if fits:
            full.put(ask.id, min(fits, key=lambda day: (cost_of(full, ask, day), day)))
            added.append(ask.id)
    return full, tuple(added)
