"""Why an ask has no day, and what could be done: typed facts, no prose.

Every obstacle can be checked by anyone who holds the problem and the plan; the
auditor does. Words for people are made elsewhere.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowEmpty:
    """No day was offered and none was closed by a rule: there is no window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClosed:
    """A gate closed this day before planning."""

    day: date
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedElsewhere:
    """A person fixed another day, and that one is impossible."""

    day: date
    pinned: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CapExhausted:
    """On this day the ask would add one to a cap that has nothing left in this plan."""

    day: date
    code: str
    key: str
    room: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFull:
    """The visit of this day already has as many departments as one visit may have."""

    day: date
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityFull:
    """The ask's units do not fit beside the department's load of this day."""

    day: date
    department: str
    load: int
    units: int


Obstacle = WindowEmpty | DayClosed | PinnedElsewhere | CapExhausted | VisitFull | CapacityFull


@dataclass(frozen=True, slots=True, kw_only=True)
class OffSite:
    """Do it without entering."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinVisit:
    """Let those who come to the enterprise on this day do it, or come along with them."""

    day: date
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnotherWeek:
    """Ask again for a later service week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Give it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """Ask whoever may lift these rules to lift them for this one visit."""

    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDecision:
    """A statutory ask without a day: a named person must decide."""


WayOut = OffSite | JoinVisit | AnotherWeek | Drop | Escalate | NamedDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """An ask without a day, what stands in its way on each day, and the ways out."""

    ask: str
    obstacles: tuple[Obstacle, ...]
    ways: tuple[WayOut, ...]
