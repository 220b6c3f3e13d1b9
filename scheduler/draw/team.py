"""Who goes to a drawn enterprise: the pair that was drawn, and substitutes that were drawn later.

A substitute is not chosen either. He is drawn from the same list by the same chance, under a label
that counts the substitutes of this pair, so whoever has the bundle draws him again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from scheduler.draw.chance import Chance, key_of
from schemas.draws import DrawPlan, DrawResult, Substitute


@dataclass(frozen=True, slots=True)
class DrawnTeam:
    """The inspectors of a department who were drawn for one enterprise.

    ``short``: the list had too few for a whole pair, so others may complete the team.
    """

    officers: tuple[str, ...]
    short: bool


@dataclass(frozen=True, slots=True)
class Revealed:
    """A draw as far as its teams depend on it. Both kinds of proof and the ledger's state give one."""

    id: str
    plan: DrawPlan
    pair: int
    frame: str
    seed: str
    public: str
    result: DrawResult
    substitutes: Sequence[Substitute] = ()


def team(draw: Revealed, department: str, enterprise: str) -> DrawnTeam | None:
    """Return who of a department was drawn to go, substitutes counted; ``None`` where nobody was."""
    drawn = [
        pair.officers
        for target in draw.result.targets
        if target.enterprise == enterprise
        for pair in target.pairs
        if pair.department == department
    ]
    if not drawn:
        return None
    officers = drawn[0]
    for each in _of(draw, department, enterprise):
        officers = tuple(each.officer if id_ == each.out else id_ for id_ in officers)
    return DrawnTeam(officers, short=len(officers) < draw.pair)


def left(draw: Revealed, department: str, enterprise: str) -> list[str]:
    """Return the inspectors of the list who may still be drawn, in its order."""
    now = team(draw, department, enterprise)
    gone = {each.out for each in _of(draw, department, enterprise)}
    taken = gone | set(now.officers if now else ())
    return [
        each.officer
        for each in draw.plan.inspectors
        if each.department == department
        and enterprise not in each.recused_from
        and each.officer not in taken
    ]


def next_drawn(
    draw: Revealed, department: str, enterprise: str, passed: Collection[str] = ()
) -> str | None:
    """Return who is drawn next for a pair; ``None`` when nobody is left.

    Args:
        draw: The draw, with the substitutes so far.
        department: Whose pair it is.
        enterprise: Where the pair goes.
        passed: Inspectors who cannot be drawn any more.
    """
    able = [officer for officer in left(draw, department, enterprise) if officer not in passed]
    if not able:
        return None
    number = len(_of(draw, department, enterprise)) + 1
    key = key_of(draw.id, draw.frame, draw.seed, draw.public)
    chance = Chance(key, f"substitute {number} {enterprise} {department}")
    return able[chance.below(len(able))]


def _of(draw: Revealed, department: str, enterprise: str) -> list[Substitute]:
    return [
        each
        for each in draw.substitutes
        if (each.department, each.enterprise) == (department, enterprise)
    ]
