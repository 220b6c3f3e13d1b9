"""Judges a plan of a problem: its rules, its numbers and its certificate, without any solver.

Plainly written on purpose: whoever doubts a plan has to be able to read this.
"""

from dataclasses import dataclass

from scheduler.exchange.bound import Bound, certified_bound
from scheduler.exchange.levels import Level, levels_of
from scheduler.exchange.plan import Plan
from scheduler.exchange.rules import Breach, Breaches, Value, chosen_choices, judge, value_of
from scheduler.exchange.statement import Statement
from scheduler.optimality import gap_percent


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that the plan claims and that is not so."""

    name: str
    claimed: int
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found out about a plan.

    Parameters
    ----------
    ok
        No rule is broken and every claim holds.
    breaches, breaches_total
        The first hundred rules broken, and how many there are.
    bound
        The certified bound and its parts, as found; it may be above what is claimed.
    levels
        Value and bound of each level of the objective, the first one first.
    """

    ok: bool
    breaches: tuple[Breach, ...]
    breaches_total: int
    claims: tuple[Claim, ...]
    value: Value
    bound: Bound
    levels: tuple[Level, ...]

    @property
    def gap_percent(self) -> float | None:
        """How far the objective may be above the least, in percent of the bound; None: unknown."""
        return gap_percent(self.value.objective, self.bound.points)


def verify(statement: Statement, plan: Plan, problem: str | None = None) -> Verdict:
    """Judge a plan; `problem` is the digest of the problem's files, where it is to be compared.

    Raises:
        ValueError: If the plan's columns do not have the problem's sizes.
    """
    if plan.day.shape != (statement.requests,):
        raise ValueError("the plan's columns do not have the problem's sizes")
    breaches = Breaches()
    if problem is not None and plan.problem != problem:
        breaches.add("problem", plan.problem, 0, 0)
    chosen = chosen_choices(statement, plan.day)
    judge(statement, plan.day, chosen, breaches)
    value = value_of(statement, plan.day, chosen)
    bound = certified_bound(statement, plan.certificate, breaches)
    claims = _false_claims(plan, value, bound)
    return Verdict(
        ok=not breaches.total and not claims,
        breaches=tuple(breaches.kept),
        breaches_total=breaches.total,
        claims=claims,
        value=value,
        bound=bound,
        levels=levels_of(statement, value, bound.points),
    )


def _false_claims(plan: Plan, value: Value, bound: Bound) -> tuple[Claim, ...]:
    """Return what is not so.

    A bound may be claimed lower than proven, and higher only where the checker itself had to use
    a weaker one.
    """
    claims = [
        Claim(name, claimed, found)
        for name, claimed, found in (
            ("objective", plan.objective, value.objective),
            ("entries", plan.entries, value.entries),
            ("unplaced", plan.unplaced, value.unplaced),
        )
        if claimed != found
    ]
    if plan.bound > bound.points and not (bound.weak_groups or bound.weak_days):
        claims.append(Claim("bound", plan.bound, bound.points))
    return tuple(claims)
