"""Floors and shares: how far a count is from what a policy hopes for. They advise, never refuse."""

from __future__ import annotations

from typing import assert_never

from schemas.policy import Floor, Share

_HUNDRED = 100


def gap(rule: Floor | Share, part: int, whole: int) -> int:
    """Return how many of ``whole`` are missing, or too many where the target is the most.

    0 when the target is met.

    ``part`` are those that count: the covered enterprises, the joint visits, the entries fewer than
    in the baseline (negative when there were more). Of nothing, nothing is missing.
    """
    match rule:
        case Floor():
            return _missing(rule.at_least, part, whole)
        case Share() if rule.at_most:
            return max(0, part - rule.target * whole // _HUNDRED)
        case Share():
            return _missing(rule.target, part, whole)
        case _:
            assert_never(rule)


def _missing(per_cent: int, part: int, whole: int) -> int:
    """Round the wanted number up: 50 per cent of 7 are reached by 4."""
    wanted = -(-per_cent * whole // _HUNDRED)
    return max(0, wanted - part)
