"""``python -m portal.plans.warming``: compile the planner's hot loops, which takes a minute or two, once.

Without it the first plan on a machine would wait for the compiler, in the middle of somebody's work.
"""

from __future__ import annotations

from fractions import Fraction

from portal.plans.replanning import rehearse
from scheduler.exchange.generate import Extras, make
from scheduler.exchange.verify import verify
from scheduler.planner.engine.build import build
from scheduler.planner.engine.outcome import plan_of
from scheduler.planner.engine.run import run

_STEPS = 200  # as far as the first search by moves


def main() -> None:
    """Plan and judge small problems of every kind."""
    for caps in (False, True):
        extras = Extras(caps=caps, budget=62 if caps else None)
        statement = make(60, 4, 15, durations=(1, 3), tightness=Fraction(1), seed=1, extras=extras)
        built = build(statement)
        outcome = run(built, seed=1, watch=lambda _: True, steps=_STEPS)
        verify(statement, plan_of(statement, built, outcome, problem="", seed=1, made={}))
    rehearse()


if __name__ == "__main__":
    main()
