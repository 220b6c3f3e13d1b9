"""The draw: enterprises by strata, then a pair of inspectors of every department for each of them.

The same frame, seed and public value give the same result, wherever and however often it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scheduler.draw.chance import Chance, key_of
from scheduler.draw.frame import Stratum, frame_hash, strata
from schemas.draws import DrawPlan, DrawResult, Inspector, Pair, Ratio, StratumResult, Target
from schemas.registry import CreditTier, RiskClass


@dataclass(frozen=True, slots=True)
class Lots:
    """What decides a draw: the committed seed and the public value that came later."""

    seed: str
    public: str


def draw(id_: str, plan: DrawPlan, ratios: Sequence[Ratio], pair: int, lots: Lots) -> DrawResult:
    """Return what these lots draw.

    Args:
        id_: The draw's id.
        plan: The lists and the departments.
        ratios: The share of each stratum; one that is not listed is not drawn from.
        pair: How many inspectors of each department go together.
        lots: The seed and the public value.
    """
    key = key_of(id_, frame_hash(id_, plan, ratios, pair), lots.seed, lots.public)
    found = strata(plan.population)
    drawn = _enterprises(key, found, ratios)
    return DrawResult(
        strata=tuple(
            StratumResult(
                risk=RiskClass(risk),
                credit=CreditTier(credit),
                members=len(members),
                drawn=len(drawn[risk, credit]),
            )
            for (risk, credit), members in found.items()
        ),
        targets=_targets(key, plan, pair, [e for those in drawn.values() for e in those]),
    )


def _enterprises(
    key: bytes, found: Mapping[Stratum, Sequence[str]], ratios: Iterable[Ratio]
) -> dict[Stratum, list[str]]:
    shares = {(ratio.risk.value, ratio.credit.value): ratio.per_cent for ratio in ratios}
    drawn = {}
    for stratum, members in found.items():
        chance = Chance(key, " ".join(("enterprises", *stratum)))
        count, rest = divmod(len(members) * shares.get(stratum, 0), 100)
        # The part of an enterprise that is left over is drawn for as well: whoever is in the stratum
        # is drawn with its very ratio, neither more nor less.
        count += chance.below(100) < rest
        drawn[stratum] = chance.sample(members, count)
    return drawn


def _targets(
    key: bytes, plan: DrawPlan, pair: int, enterprises: Iterable[str]
) -> tuple[Target, ...]:
    load = {each.officer: each.load for each in plan.inspectors}
    targets = []
    for enterprise in enterprises:
        pairs = []
        for department in plan.departments:
            able = [
                each
                for each in plan.inspectors
                if each.department == department and enterprise not in each.recused_from
            ]
            chance = Chance(key, f"inspectors {enterprise} {department}")
            officers = _least_loaded(chance, able, load, pair)
            pairs.append(Pair(department=department, officers=officers))
        targets.append(Target(enterprise=enterprise, pairs=tuple(pairs)))
    return tuple(targets)


def _least_loaded(
    chance: Chance, able: Sequence[Inspector], load: dict[str, int], pair: int
) -> tuple[str, ...]:
    """Return a pair among those who have least to do, and count the visit as theirs.

    Those with the smallest load come first, in random order; then the next. So chance decides among
    equals, and whoever has more waits until others have as much.
    """
    officers: list[str] = []
    for level in sorted({load[each.officer] for each in able}):
        peers = [each.officer for each in able if load[each.officer] == level]
        officers += chance.sample(peers, min(pair - len(officers), len(peers)))
        if len(officers) == pair:
            break
    for officer in officers:
        load[officer] += 1
    return tuple(officers)
