"""How far a plan may be from the best one: one formula for every face that tells it."""

from __future__ import annotations


def gap_percent(objective: int, bound: int) -> float | None:
    """Return 100 x (objective - bound) / bound, in percent; None where the bound is no measure.

    Parameters
    ----------
    objective
        Points of the plan; fewer are better.
    bound
        Points below which no plan can be. Public instances are compared in percent of it, too.
    """
    if objective == bound:
        return 0.0
    return 100 * (objective - bound) / bound if bound > 0 else None
