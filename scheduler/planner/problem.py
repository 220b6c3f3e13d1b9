"""What the planner is asked: asks, capacities and caps, in shapes that name no rule.

Whoever compiles policy and ledger into a `Problem` has already applied every gate:
a day that a gate closed is not among an ask's `days`, and stands in `blocked` only so
that the reason can be told. Everything here is immutable and validated on creation.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

ENTRY_COST = 10  # objective points of one entry to an enterprise
UNPLACED_COST = 100  # objective points of one ask without a day
HEAVIEST = 100  # the greatest weight; keeps all prices exact in 64 bits
LONGEST_DELAY = UNPLACED_COST - ENTRY_COST - 1  # months; beyond it, leaving out would pay

Pair = tuple[str, date]  # an ask's id and one of its days


class ProblemError(ValueError):
    """A problem that contradicts itself; `faults` lists everything found wrong."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A day that a gate took from an ask before planning, and the code of that rule."""

    day: date
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request of one department to enter one enterprise.

    Parameters
    ----------
    duration
        Units of the department's capacity that the ask uses on its day.
    days
        Candidate days, each of which passed every gate; none is legal (never placed).
    months_off
        Months between each day and the preferred month, parallel to `days`;
        empty means that every day is preferred.
    must
        Statutory or for-cause: placed before all asks that are not.
    weight
        Risk priority, 0 to 100. Among equally good plans, the one that leaves out less weight.
    party
        Only asks of one party may share a visit.
    pinned
        A day that a person fixed: the only day considered.
    place
        Where the enterprise is, as people travel: its township or park. Empty: not known.
    """

    id: str
    enterprise: str
    department: str
    duration: int = 1
    days: tuple[date, ...] = ()
    months_off: tuple[int, ...] = ()
    must: bool = False
    weight: int = 0
    party: str = ""
    items: tuple[str, ...] = ()
    pinned: date | None = None
    place: str = ""
    blocked: tuple[Blocked, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an ask that contradicts itself with a ProblemError that lists every fault."""
        faults = (*_faults_of_numbers(self), *_faults_of_days(self))
        if faults:
            raise ProblemError(f"ask {self.id!r}: {fault}" for fault in faults)

    def delay(self, day: date) -> int:
        """Months between `day`, one of the ask's days, and the preferred month."""
        return self.months_off[self.days.index(day)] if self.months_off else 0

    def open_days(self) -> tuple[date, ...]:
        """The days on which the ask may be placed: its pin alone, where it has one."""
        return self.days if self.pinned is None else (self.pinned,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What a department can do on a day. A department-day without one can do nothing."""

    department: str
    day: date
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRoom:
    """What is left of one key of one cap.

    Parameters
    ----------
    code, key
        The rule's code and the key under it; together they name the cap.
    room
        Limit minus what is used already; zero or less means exhausted.
    counts
        `presence` counts distinct (department, enterprise, day), `entry` counts
        distinct (enterprise, day, party), each once it holds one member or more.
    members
        The (ask id, day) pairs that count, if the ask is placed on that day.
    """

    code: str
    key: str
    room: int
    counts: Literal["presence", "entry"]
    members: frozenset[Pair]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One planning domain's horizon, whole.

    Parameters
    ----------
    max_departments
        Most departments in one visit; None for no limit.
    """

    asks: tuple[Ask, ...]
    capacities: tuple[Capacity, ...] = ()
    caps: tuple[CapRoom, ...] = ()
    max_departments: int | None = None

    def __post_init__(self) -> None:
        """Refuse parts that contradict one another with a ProblemError that lists every fault."""
        faults = (
            *_repeated("ask", (ask.id for ask in self.asks)),
            *_repeated("capacity of", ((c.department, c.day) for c in self.capacities)),
            *_repeated("cap", ((cap.code, cap.key) for cap in self.caps)),
            *_faults_of_limits(self),
            *_unknown_members(self),
        )
        if faults:
            raise ProblemError(faults)


def _faults_of_numbers(ask: Ask) -> Iterator[str]:
    if ask.duration < 0:
        yield f"duration {ask.duration} is negative"
    if not 0 <= ask.weight <= HEAVIEST:
        yield f"weight {ask.weight} is outside 0 to {HEAVIEST}"
    if ask.months_off and len(ask.months_off) != len(ask.days):
        yield f"{len(ask.months_off)} delays for {len(ask.days)} days"
    if any(not 0 <= months <= LONGEST_DELAY for months in ask.months_off):
        yield f"a delay is outside 0 to {LONGEST_DELAY} months"


def _faults_of_days(ask: Ask) -> Iterator[str]:
    if len(set(ask.days)) != len(ask.days):
        yield "a day is listed twice"
    if any(isinstance(day, datetime) for day in ask.days):
        yield "a day is an instant, not a date"
    if ask.pinned is not None and ask.pinned not in ask.days:
        yield f"pinned to {ask.pinned}, which is none of its days"
    for block in ask.blocked:
        if block.day in ask.days:
            yield f"{block.day} is both a candidate day and closed by {block.rule}"


def _repeated(what: str, names: Iterable[object]) -> Iterator[str]:
    seen: set[object] = set()
    for name in names:
        if name in seen:
            yield f"{what} {name!r} is given twice"
        seen.add(name)


def _faults_of_limits(problem: Problem) -> Iterator[str]:
    for capacity in problem.capacities:
        if capacity.units < 0:
            yield f"capacity of {capacity.department!r} on {capacity.day} is negative"
    if problem.max_departments is not None and problem.max_departments < 1:
        yield f"at most {problem.max_departments} departments in a visit admits none"


def _unknown_members(problem: Problem) -> Iterator[str]:
    pairs = {(ask.id, day) for ask in problem.asks for day in ask.days}
    for cap in problem.caps:
        if not cap.members <= pairs:
            ask, day = min(cap.members - pairs)
            yield f"cap {cap.code} {cap.key!r} counts {ask!r} on {day}, which no ask offers"
