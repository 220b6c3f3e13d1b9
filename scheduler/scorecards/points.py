"""积分: what figures are worth by the weights of a policy. Points are whole hundredths of a point."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schemas.scorecards import AT_MOST, Measured, Scored, ScoreWeight

HUNDRED: Final = 100
_WHOLE: Final = 10_000


def points(weight: ScoreWeight, part: int, whole: int) -> int | None:
    """Return an indicator's points in hundredths; ``None`` where there was nothing to judge.

    At the target it has its whole weight. Short of it the points fall in proportion; of an indicator of
    which more is worse they fall in proportion to what lies beyond the target, to 0 at 100 %.
    """
    if not whole:
        return None
    found, target = _WHOLE * part // whole, weight.target * HUNDRED
    full = weight.weight * HUNDRED
    if weight.indicator in AT_MOST:
        return full if found <= target else full * (_WHOLE - found) // (_WHOLE - target)
    return full * min(found, target) // target


def scored(figures: Iterable[Measured], weights: Iterable[ScoreWeight]) -> tuple[Scored, ...]:
    """Return figures with their points."""
    by = {weight.indicator: weight for weight in weights}
    found = []
    for figure in figures:
        weight = by.get(figure.indicator)
        own = points(weight, figure.part, figure.whole) if weight else None
        found.append(Scored(measured=figure, points=own, weight=weight.weight if weight else 0))
    return tuple(found)


def total(figures: Iterable[Scored]) -> tuple[int, int]:
    """Return the points, and what was possible, in hundredths: of what there was something to judge."""
    judged = [figure for figure in figures if figure.points is not None]
    return sum(f.points or 0 for f in judged), sum(f.weight * HUNDRED for f in judged)
