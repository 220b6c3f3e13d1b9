"""What may happen to a problem that is planned already: one type per event."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from scheduler.exchange.faults import CellFault, Said

CHANGE: Final = 20
"""Points for each request that leaves the day it had: more than any entry that it could spare."""

MOVED: Final = 10
"""Requests that one event may move, beyond those that it hits."""


class Unfit(CellFault):
    """An event that does not fit the problem as it is.

    Parameters
    ----------
    column, value
        What of it does not fit, by the heading of the file of events.
    """

    def __init__(self, column: str, value: object, reason: Said, fix: Said) -> None:
        self.column, self.value = column, str(value)
        super().__init__(reason, fix)


class Choice(NamedTuple):
    """A day that a request may have: its number, its points, the units that it takes."""

    day: int
    points: int
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """A request that is no more."""

    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A request that comes when the others are planned.

    Parameters
    ----------
    choices
        By day.
    pinned
        Day number that a person fixed.
    unplaced
        Points of leaving it out; None: the problem's.
    caps
        Caps that count it, on all its days.
    """

    request: str
    enterprise: str
    department: str
    choices: tuple[Choice, ...]
    duration: int = 1
    party: str = ""
    must: bool = False
    weight: int = 0
    pinned: int | None = None
    unplaced: int | None = None
    caps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityChanged:
    """The units of a department on a day from now on: fewer when an officer is ill."""

    department: str
    day: int
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClosed:
    """A day on which an enterprise cannot be visited; a pin to that day falls with it."""

    enterprise: str
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CapChanged:
    """The room of a cap from now on."""

    cap: str
    room: int


Event = Cancelled | Late | CapacityChanged | DayClosed | CapChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far an answer may go.

    Parameters
    ----------
    change
        Points for each request that leaves its day, in the search alone: objective and bound stay
        those of the problem.
    moved
        Requests that one event may move or leave out beyond those that it hits.
    first_day
        Nobody is given an earlier day than this who did not have it.
    """

    change: int = CHANGE
    moved: int = MOVED
    first_day: int = 0
