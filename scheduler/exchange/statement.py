"""A problem in columns, as docs/reference/problem-format.md states it.

This is the common ground of the planner, its verifier and the files: names once, then numbers.
Requests keep the order of their file; choices of one request stand side by side, by day.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Points = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Caps by number: their rooms, what they count, and the choices that count."""

    names: tuple[str, ...]
    room: Points
    counts_entries: Flags
    """True: distinct (enterprise, party, day); False: distinct (department, enterprise, day)."""
    member_cap: Ints
    member_choice: Ints
    """Parallel: this choice (a number into the statement's choices) counts under this cap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One problem.

    Parameters
    ----------
    entry, unplaced
        Points of an entry, and of a request without a day, where nothing else is said.
    pinned
        Day number that a person fixed, or -1.
    leave
        Points of leaving each request out.
    choice_first
        Request r has the choices ``choice_first[r]`` up to ``choice_first[r + 1]``.
    capacity
        Units by department and day.
    priced_visits
        Enterprise, party, day and points of visits that do not cost ``entry``: four columns.
    """

    name: str
    days: tuple[date, ...]
    entry: int
    unplaced: int
    max_departments: int | None
    ids: tuple[str, ...]
    enterprises: tuple[str, ...]
    departments: tuple[str, ...]
    parties: tuple[str, ...]
    enterprise: Ints
    department: Ints
    party: Ints
    duration: Ints
    must: Flags
    weight: Ints
    pinned: Ints
    leave: Points
    choice_first: Points
    choice_day: Ints
    choice_points: Ints
    choice_units: Ints
    capacity: Points
    priced_visits: Points
    caps: Caps

    @property
    def requests(self) -> int:
        """Number of requests."""
        return len(self.ids)
