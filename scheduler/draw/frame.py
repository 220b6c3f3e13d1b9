"""The frame of a draw: everything that a draw depends on beside chance, as one text with one hash.

The text has one line per fact and sorted lists, so a stranger can write it with any tool and hash it
with ``sha256sum``. It is fixed before the seed is committed to, and the seed before the public value
is known; so nobody can choose any of the three to suit the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from schemas.draws import DrawPlan, Member, Ratio

VERSION: Final = "wurao-draw-v1"
"""Names the rules of drawing; it goes into every hash, so a change of rules changes all of them."""

Stratum = tuple[str, str]
"""Risk class and credit tier."""


def strata(population: Iterable[Member]) -> dict[Stratum, list[str]]:
    """Return the enterprises of each stratum, both in order."""
    found: dict[Stratum, list[str]] = {}
    for member in population:
        found.setdefault((member.risk.value, member.credit.value), []).append(member.enterprise)
    return {stratum: sorted(found[stratum]) for stratum in sorted(found)}


def frame(draw: str, plan: DrawPlan, ratios: Iterable[Ratio], pair: int) -> str:
    """Return the text that a draw's hash is taken of."""
    return "".join(f"{line}\n" for line in _lines(draw, plan, ratios, pair))


def _lines(draw: str, plan: DrawPlan, ratios: Iterable[Ratio], pair: int) -> Iterator[str]:
    yield VERSION
    yield f"draw {draw}"
    yield f"window {plan.window.first} {plan.window.last} {plan.duration}"
    yield f"pair {pair}"
    for share in plan.shares:
        yield f"department {share.department} {','.join(share.items)}"
    for ratio in ratios:
        yield f"ratio {ratio.risk.value} {ratio.credit.value} {ratio.per_cent}"
    for member in plan.population:
        yield f"member {member.enterprise} {member.risk.value} {member.credit.value}"
    for each in plan.inspectors:
        recused = ",".join(each.recused_from) or "-"
        yield f"inspector {each.officer} {each.department} {each.load} {recused}"


def frame_hash(draw: str, plan: DrawPlan, ratios: Iterable[Ratio], pair: int) -> str:
    """Return the SHA-256 of a draw's frame, in hexadecimal digits."""
    return hashlib.sha256(frame(draw, plan, ratios, pair).encode()).hexdigest()


def commitment(draw: str, frame_: str, seed: str) -> str:
    """Return what binds to a seed and gives nothing of it away.

    Args:
        draw: The draw's id.
        frame_: The hash of its frame: the same seed of another draw has another commitment.
        seed: 64 hexadecimal digits, 256 bits that nobody guesses.
    """
    text = f"{VERSION} commitment\n{draw}\n{frame_}\n{seed}\n"
    return hashlib.sha256(text.encode()).hexdigest()
