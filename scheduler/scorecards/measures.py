"""What is counted of a department in a period. A pure fold over what the read models say of it.

Each indicator is a part of a whole, and both are rows that somebody can look at:

- entries: doors at which the department came in, exempt ones apart; the whole is its baseline, no rows.
- exempt: entries counted apart, of all entries.
- joint: planned visits with two departments or more, of its planned visits.
- coded: entries that carried a code, of all entries.
- service: entries whose purpose is service, of all entries.
- found, penalties: results that found something, or imposed a penalty, of its results.
- overdue: clocks of the department that began in the period and ran out, of all that began in it.
- cleared: problems given to it that were closed in the period, of these and those still open then.
- solved: problems closed by the enterprise's own word, of those closed in the period.
- heard: problems that others than enterprises and offices brought in, reported in the period, that it has
  answered or solved, of all of these.
- rated, satisfied: entries that were rated, ratings that are not poor: of whole batches that ended in the
  period (``scheduler.rating_batches``), so no row stands behind them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final, TypeVar

from scheduler.scorecards.periods import months_of, span
from schemas.enterprise_problems import ProblemSource
from schemas.lanes import Purpose
from schemas.scorecards import Indicator, Measured

VOICES: Final = frozenset(
    {
        ProblemSource.SUPERVISOR,
        ProblemSource.PROJECT_INSPECTOR,
        ProblemSource.PROJECT_POLICE,
        ProblemSource.MONITORING_POINT,
        ProblemSource.ASSOCIATION,
        ProblemSource.OBSERVER,
        ProblemSource.HOTLINE,
    }
)
"""The channels of 群众评判: people and bodies that watch, beside enterprises and offices."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A visit in which the department stands, called-off ones apart; ``result`` once it has one."""

    visit: str
    day: date
    purpose: Purpose
    planned: bool
    entered: bool
    joint: bool
    exempt: bool
    coded: bool
    result: bool
    found: bool
    penalty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A clock of the department."""

    deadline: str
    since: date
    lapsed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A problem that was given to the department. ``closed_in`` is the month of its closing."""

    problem: str
    source: ProblemSource
    reported: date
    answered: bool
    confirmed: bool
    closed_in: str | None


@dataclass(frozen=True, slots=True)
class Batched:
    """The ratings of whole batches that ended in the period."""

    visits: int = 0
    ratings: int = 0
    poor: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """An indicator: the numbers, and the keys of the rows behind part and whole where there are any."""

    indicator: Indicator
    part: int
    whole: int
    parts: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()

    @property
    def measured(self) -> Measured:
        """The numbers with a hash of the rows, for a signature."""
        listed = "\n".join((*sorted(self.parts), "", *sorted(self.wholes)))
        return Measured(
            indicator=self.indicator,
            part=self.part,
            whole=self.whole,
            rows=sha256(listed.encode()).hexdigest(),
        )


def counted(  # noqa: PLR0917 - the four kinds of rows of a department, the baseline, the period
    period: str,
    visits: Iterable[Came],
    clocks: Iterable[Ran],
    problems: Iterable[Given],
    ratings: Batched,
    baseline: int,
) -> tuple[Counted, ...]:
    """Return every indicator of a department's period."""
    first, last = span(period)
    stood = [v for v in visits if first <= v.day <= last]
    came = [v for v in stood if v.entered]
    own = [v for v in came if not v.exempt]
    return (
        Counted(Indicator.ENTRIES, len(own), baseline, tuple(f"visit/{v.visit}" for v in own)),
        _share(Indicator.EXEMPT, came, lambda v: v.exempt, _visit),
        _share(Indicator.JOINT, [v for v in stood if v.planned], lambda v: v.joint, _visit),
        _share(Indicator.CODED, came, lambda v: v.coded, _visit),
        _share(Indicator.SERVICE, came, lambda v: v.purpose is Purpose.SERVICE, _visit),
        _share(Indicator.FOUND, [v for v in came if v.result], lambda v: v.found, _visit),
        _share(Indicator.PENALTIES, [v for v in came if v.result], lambda v: v.penalty, _visit),
        _share(
            Indicator.OVERDUE,
            [c for c in clocks if first <= c.since <= last],
            lambda c: c.lapsed,
            lambda c: c.deadline,
        ),
        *_of_problems(period, tuple(problems)),
        Counted(Indicator.RATED, ratings.ratings, ratings.visits),
        Counted(Indicator.SATISFIED, ratings.ratings - ratings.poor, ratings.ratings),
    )


def _of_problems(period: str, problems: Sequence[Given]) -> tuple[Counted, ...]:
    months, (first, last) = months_of(period), span(period)
    closed = [p for p in problems if p.closed_in in months]
    open_then = [
        p
        for p in problems
        if p.reported <= last and (p.closed_in is None or p.closed_in > months[-1])
    ]
    voices = [p for p in problems if p.source in VOICES and first <= p.reported <= last]
    done = {p.problem for p in closed}
    return (
        _share(Indicator.CLEARED, [*closed, *open_then], lambda p: p.problem in done, _problem),
        _share(Indicator.SOLVED, closed, lambda p: p.confirmed, _problem),
        _share(Indicator.HEARD, voices, lambda p: p.answered, _problem),
    )


def _share(
    indicator: Indicator, of: Sequence[T], holds: Callable[[T], bool], key: Callable[[T], str]
) -> Counted:
    parts = [each for each in of if holds(each)]
    return Counted(indicator, len(parts), len(of), tuple(map(key, parts)), tuple(map(key, of)))


def _visit(came: Came) -> str:
    return f"visit/{came.visit}"


def _problem(given: Given) -> str:
    return f"problem/{given.problem}"
