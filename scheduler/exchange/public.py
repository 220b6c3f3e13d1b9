"""Problems that others published with known values, as statements.

Two classics of location science are special cases of the planner's problem.

- Single-source capacitated facility location (Holmberg, Rönnqvist and Yuan 1999; the texts of the
  OR-Datasets collection): a facility is a day of one enterprise and one department, its opening
  cost the points of the visit, its capacity the department's units; a customer is a request.
- Generalised assignment (Chu and Beasley 1997; Yagiura, Ibaraki and Glover 2006): an agent is a day
  of one department, a visit costs nothing, units and points depend on the day.

In both, everything must be placed: leaving one out costs more than any plan can.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scheduler.exchange.statement import Caps, Statement

Numbers = NDArray[np.int64]

_FIRST_DAY = date(2000, 1, 3)

_LARGEST: Final = 2.0**53
"""Beyond it a number of these files is not what stands there."""


class PublicTextError(ValueError):
    """A text that is no public instance; says what is wrong with it."""


def read_location(name: str, text: str) -> Statement:
    """Return a facility-location text as a problem.

    The numbers are: facilities m and customers n; m capacities; m opening costs; n demands; then
    the costs of serving a whole customer, customer by customer. Raises `PublicTextError`.
    """
    facilities, customers, rest = _sizes(text)
    parts = (facilities, facilities, customers, customers * facilities)
    units, opening, demand, costs = _split(rest, parts)
    return _statement(
        name,
        opening=opening,
        units=units,
        duration=demand,
        points=costs.reshape(customers, facilities),
        use=np.repeat(demand, facilities).reshape(customers, facilities),
    )


def read_assignment(name: str, text: str) -> Statement:
    """Return a generalised-assignment text as a problem.

    The numbers are: agents m and jobs n; m rows of n costs; m rows of n units; m capacities.
    Raises `PublicTextError`.
    """
    agents, jobs, rest = _sizes(text)
    costs, use, units = _split(rest, (agents * jobs, agents * jobs, agents))
    use = use.reshape(agents, jobs).T
    return _statement(
        name,
        opening=np.zeros(agents, np.int64),
        units=units,
        duration=use.min(axis=1),
        points=costs.reshape(agents, jobs).T,
        use=use,
    )


def _sizes(text: str) -> tuple[int, int, Numbers]:
    try:
        numbers = np.array([float(word) for word in text.split()])
    except ValueError as error:
        raise PublicTextError(str(error)) from None
    if not (np.abs(numbers) < _LARGEST).all():
        raise PublicTextError("a number is larger than any of these files has")
    whole = numbers.astype(np.int64)
    if len(whole) < 2 or (whole != numbers).any() or (whole < 0).any():  # noqa: PLR2004 - m and n
        raise PublicTextError("not a list of whole numbers that begins with two sizes")
    if not whole[:2].all():
        raise PublicTextError("a size is zero")
    return int(whole[0]), int(whole[1]), whole[2:]


def _split(numbers: Numbers, parts: Sequence[int]) -> list[Numbers]:
    if len(numbers) != sum(parts):
        raise PublicTextError(
            f"{sum(parts)} numbers expected after the sizes, {len(numbers)} found"
        )
    return np.split(numbers, np.cumsum(parts)[:-1])


def _statement(
    name: str,
    *,
    opening: Numbers,
    units: Numbers,
    duration: Numbers,
    points: Numbers,
    use: Numbers,
) -> Statement:
    requests, days = points.shape
    unplaced = int(points.max(axis=1).sum() + opening.sum() + 1)
    zeros = np.zeros(requests, np.int32)
    visits = np.zeros((days, 4), np.int64)
    visits[:, 2] = np.arange(days)
    visits[:, 3] = opening
    return Statement(
        name=name,
        days=tuple(_FIRST_DAY + timedelta(day) for day in range(days)),
        entry=0,
        unplaced=unplaced,
        max_departments=None,
        ids=tuple(f"r{number + 1}" for number in range(requests)),
        enterprises=("e1",),
        departments=("d1",),
        parties=("",),
        enterprise=zeros,
        department=zeros,
        party=zeros,
        duration=duration.astype(np.int32),
        must=np.zeros(requests, np.bool_),
        weight=zeros,
        pinned=np.full(requests, -1, np.int32),
        leave=np.full(requests, unplaced, np.int64),
        choice_first=np.arange(requests + 1, dtype=np.int64) * days,
        choice_day=np.tile(np.arange(days, dtype=np.int32), requests),
        choice_points=points.astype(np.int32).ravel(),
        choice_units=use.astype(np.int32).ravel(),
        capacity=units.reshape(1, days),
        priced_visits=visits if opening.any() else visits[:0],
        caps=Caps(
            names=(),
            room=np.zeros(0, np.int64),
            counts_entries=np.zeros(0, np.bool_),
            member_cap=np.zeros(0, np.int32),
            member_choice=np.zeros(0, np.int32),
        ),
    )
