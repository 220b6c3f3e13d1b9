"""A plan in columns, as docs/reference/problem-format.md states it: days and a certificate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from scheduler.exchange.statement import Ints, Points, Statement

NO_DAY: Final = -1
MICRO: Final = 1_000_000
"""A point has so many micro-points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What the bound rests on; all amounts are micro-points, 0 or more.

    Parameters
    ----------
    tolls
        On each unit of a department-day, by department and day.
    surcharge_request, surcharge_day, surcharge_micro
        Parallel: the toll of a request on a day, in place of units x toll.
    budgets
        On each thing that a cap counts, by cap.
    least, rebates
        By department: so many of its requests stay unplaced, and the rebate on each that does.
    values
        By request: what its being placed is worth, for a bound of another kind; none in most plans.
    """

    tolls: Points
    surcharge_request: Ints
    surcharge_day: Ints
    surcharge_micro: Points
    budgets: Points
    least: Points
    rebates: Points
    values: Points | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan for a statement.

    Parameters
    ----------
    problem
        Digest of the problem's files; see `scheduler.exchange.files.digest`.
    day
        Day number of each request, or -1.
    objective, bound
        Points, as claimed.
    entries, unplaced
        Counts, as claimed.
    seed, step
        What repeats it.
    made
        Version of the solver and the like.
    """

    problem: str
    day: Ints
    objective: int
    bound: int
    entries: int
    unplaced: int
    seed: int
    step: int
    certificate: Certificate
    made: Mapping[str, Any] = field(default_factory=dict)


def no_certificate(statement: Statement) -> Certificate:
    """Return the certificate without any price: capacities and caps are let go."""
    departments = len(statement.departments)
    return Certificate(
        tolls=np.zeros((departments, len(statement.days)), np.int64),
        surcharge_request=np.empty(0, np.int32),
        surcharge_day=np.empty(0, np.int32),
        surcharge_micro=np.empty(0, np.int64),
        budgets=np.zeros(len(statement.caps.names), np.int64),
        least=np.zeros(departments, np.int64),
        rebates=np.zeros(departments, np.int64),
    )
