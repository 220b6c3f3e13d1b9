"""What a certificate proves: a lower bound on every plan that keeps the hard rules.

Each part is reckoned in whole micro-points, as docs/reference/problem-format.md states it. Whatever
the certificate says, the bound is true; a bad certificate only makes it low.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scheduler.exchange.arrays import owners
from scheduler.exchange.crowding import must_leave_out
from scheduler.exchange.facility_bound import value_bound
from scheduler.exchange.knapsack import most_paid
from scheduler.exchange.minima import EXACT, least_of_groups
from scheduler.exchange.plan import MICRO, Certificate
from scheduler.exchange.pricing import Packing, open_choices, pack, price
from scheduler.exchange.rules import Breaches
from scheduler.exchange.statement import Flags, Points, Statement

Kind = Literal["free", "tolls", "packing", "values"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A proven bound and its parts, all in micro-points but the first.

    Parameters
    ----------
    points
        No plan has a lower objective.
    kind
        `free`: capacities are let go; `tolls`: they have prices; `packing`: requests have prices
        on department-days that are packed exactly; `values`: requests have a worth, and each
        department-day takes the most of it that it can, exactly.
    weak_groups, weak_days
        Groups and packed department-days too large to be solved exactly: a bound stands for them.
    """

    points: int
    groups: int
    tolls: int
    packings: int
    budgets: int
    shortfalls: int
    values: int
    kind: Kind
    weak_groups: int
    weak_days: int


def certified_bound(statement: Statement, certificate: Certificate, breaches: Breaches) -> Bound:
    """Reckon the bound; claims of the certificate that do not hold are added to the breaches.

    Raises:
        ValueError: If the certificate's columns do not have the problem's sizes.
    """
    certificate = _mended(statement, certificate, breaches)
    is_open = open_choices(statement)
    packing = pack(statement, certificate)
    if packing.foreign:
        breaches.add("certificate", "surcharges without a choice", packing.foreign, 0)
    least = _proven_least(statement, certificate, is_open, breaches)
    world = price(statement, certificate, packing, is_open)
    groups = np.zeros(len(world.group_first) - 1, np.int64)
    weak = np.zeros(len(groups), np.bool_)
    least_of_groups(world, EXACT, groups, weak)
    packings, weak_days = _packings(statement, packing, is_open)
    free = certificate.tolls > 0
    free &= ~packing.packed
    parts = {
        "groups": sum(groups.tolist()),
        "tolls": -_product(certificate.tolls[free], statement.capacity[free]),
        "packings": -packings,
        "budgets": -_product(certificate.budgets, np.maximum(statement.caps.room, 0)),
        "shortfalls": _product(certificate.rebates, least),
    }
    points = -(-sum(parts.values()) // MICRO)
    worth = None if certificate.values is None else value_bound(statement, certificate.values)
    if worth is not None and worth > points:
        return _by_values(worth)
    return Bound(
        points=points,
        **parts,
        values=0,
        kind="packing" if packing.packed.any() else "tolls" if free.any() else "free",
        weak_groups=int(weak.sum()),
        weak_days=weak_days,
    )


def _by_values(points: int) -> Bound:
    return Bound(
        points=points,
        groups=0,
        tolls=0,
        packings=0,
        budgets=0,
        shortfalls=0,
        values=points * MICRO,
        kind="values",
        weak_groups=0,
        weak_days=0,
    )


def _mended(statement: Statement, certificate: Certificate, breaches: Breaches) -> Certificate:
    """Let go of amounts below 0, which would prove anything."""
    departments, days = len(statement.departments), len(statement.days)
    if (
        certificate.tolls.shape != (departments, days)
        or certificate.budgets.shape != (len(statement.caps.names),)
        or certificate.least.shape != (departments,)
        or certificate.rebates.shape != (departments,)
    ):
        raise ValueError("the certificate's columns do not have the problem's sizes")
    amounts = (
        certificate.tolls,
        certificate.surcharge_micro,
        certificate.budgets,
        certificate.rebates,
    )
    values = certificate.values
    worths = () if values is None else (values,)
    below = sum(int((column < 0).sum()) for column in (*amounts, *worths))
    if below:
        breaches.add("certificate", "amounts below 0", below, 0)
    tolls, surcharges, budgets, rebates = (np.maximum(column, 0) for column in amounts)
    return Certificate(
        tolls=tolls,
        surcharge_request=certificate.surcharge_request,
        surcharge_day=certificate.surcharge_day,
        surcharge_micro=surcharges,
        budgets=budgets,
        least=certificate.least,
        rebates=rebates,
        values=values,
    )


def _product(prices: Points, amounts: Points) -> int:
    """Sum price x amount in numbers of any length."""
    paid = np.flatnonzero(prices)
    pairs = zip(prices[paid].tolist(), amounts[paid].tolist(), strict=True)
    return sum(price * amount for price, amount in pairs)


def _proven_least(
    statement: Statement, certificate: Certificate, is_open: Flags, breaches: Breaches
) -> Points:
    """Return how many requests each department must leave out, as claimed or as far as proven."""
    least = np.zeros(len(statement.departments), np.int64)
    claimed = np.flatnonzero((certificate.rebates > 0) & (certificate.least > 0))
    if not len(claimed):
        return least
    shortest = np.full(statement.requests, np.iinfo(np.int64).max)
    owner = owners(statement.choice_first)[is_open]
    np.minimum.at(shortest, owner, statement.choice_units[is_open].astype(np.int64))
    for d in claimed.tolist():
        own = np.sort(shortest[statement.department == d])
        can = own[own < np.iinfo(np.int64).max]
        fit = int((np.cumsum(can) <= int(statement.capacity[d].sum())).sum())
        claim = int(certificate.least[d])
        least[d] = min(claim, len(own) - fit)
        if claim > least[d] and must_leave_out(statement, d, is_open, claim):
            least[d] = claim
        if claim > least[d]:
            breaches.add("shortfall", statement.departments[d], claim, int(least[d]))
    return least


def _packings(statement: Statement, packing: Packing, is_open: Flags) -> tuple[int, int]:
    """Return the most that all packed department-days can be paid, and how many are inexact."""
    kept = is_open[packing.choice] & (packing.micro > 0)
    choice, micro = packing.choice[kept], packing.micro[kept]
    request = np.searchsorted(statement.choice_first, choice, side="right") - 1
    where = statement.department[request].astype(np.int64) * len(statement.days)
    where += statement.choice_day[choice]
    order = np.argsort(where, kind="stable")
    begins = np.flatnonzero(np.diff(where[order], prepend=-1))
    units = statement.choice_units[choice].astype(np.int64)
    total, weak = 0, 0
    for part in np.split(order, begins[1:]):
        if len(part):
            room = int(statement.capacity.ravel()[where[part[0]]])
            paid, exact = most_paid(units[part], micro[part], room)
            total += paid
            weak += not exact
    return total, weak
