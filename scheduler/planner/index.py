"""The problem as numbers: what every step of the planner works on.

Asks are numbered in order of id, so the order in which they were given is forgotten.
An option is an ask on a day on which it could stand if it were alone; everything else is
gone before any search starts. Caps and the limit of departments in a visit become the
same thing here: a counter of distinct marks, of which so many may be lit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.planner.problem import Ask, CapRoom, Problem


@dataclass(frozen=True, slots=True)
class Option:
    """An ask on a day: the visit and the department-day it uses, the marks it lights."""

    day: int
    bin: int
    months: int
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """The numbered problem.

    `groups` are the (enterprise, party) pairs, whose asks may share visits; `bins` the
    department-days with their units; `counter_of` maps each mark to its counter, `limits`
    each counter to the marks it may have lit at once.
    """

    problem: Problem
    asks: tuple[Ask, ...]
    days: tuple[date, ...]
    options: tuple[tuple[Option, ...], ...]
    group_of: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]
    bins: tuple[tuple[str, date], ...]
    units: tuple[int, ...]
    counter_of: tuple[int, ...]
    limits: tuple[int, ...]

    def hopeless(self) -> tuple[int, ...]:
        """The asks that could not be placed even if they were alone."""
        return tuple(a for a, options in enumerate(self.options) if not options)

    def option_count(self) -> int:
        """The number of (ask, day) choices: the size of the problem."""
        return sum(map(len, self.options))


class _Marks:
    """Gives numbers to counters and marks as they are met."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[int, tuple[object, ...]], int] = {}
        self.counter_of: list[int] = []
        self.limits: list[int] = []
        self.lit: dict[tuple[str, date], list[int]] = {}

    def count(self, limit: int, pairs: Iterator[tuple[str, date, tuple[object, ...]]]) -> None:
        """Add a counter, unless it has no more marks than it may have lit."""
        met = list(pairs)
        if len({mark for *_, mark in met}) <= limit:
            return
        counter = len(self.limits)
        self.limits.append(max(limit, 0))
        for ask, day, mark in met:
            number = self.numbers.setdefault((counter, mark), len(self.counter_of))
            if number == len(self.counter_of):
                self.counter_of.append(counter)
            self.lit.setdefault((ask, day), []).append(number)


def index_problem(problem: Problem) -> Index:
    """Number the problem and drop every option that could not stand alone."""
    asks = tuple(sorted(problem.asks, key=lambda ask: ask.id))
    days = tuple(sorted({day for ask in asks for day in ask.open_days()}))
    units = {(c.department, c.day): c.units for c in problem.capacities}
    bins = tuple(sorted(units))
    marks = _count_marks(problem, asks)
    number_of_day = {day: number for number, day in enumerate(days)}
    number_of_bin = {pair: number for number, pair in enumerate(bins)}

    def options_of(ask: Ask) -> Iterator[Option]:
        for day in ask.open_days():
            lit = tuple(marks.lit.get((ask.id, day), ()))
            exhausted = any(marks.limits[marks.counter_of[mark]] == 0 for mark in lit)
            room = units.get((ask.department, day))
            if room is not None and ask.duration <= room and not exhausted:
                pair = (ask.department, day)
                yield Option(number_of_day[day], number_of_bin[pair], ask.delay(day), lit)

    groups = sorted({(ask.enterprise, ask.party) for ask in asks})
    number_of_group = {group: number for number, group in enumerate(groups)}
    group_of = tuple(number_of_group[ask.enterprise, ask.party] for ask in asks)
    members: list[list[int]] = [[] for _ in groups]
    for ask_number, group in enumerate(group_of):
        members[group].append(ask_number)
    return Index(
        problem=problem,
        asks=asks,
        days=days,
        options=tuple(
            tuple(sorted(options_of(ask), key=lambda option: (option.months, option.day)))
            for ask in asks
        ),
        group_of=group_of,
        groups=tuple(map(tuple, members)),
        bins=bins,
        units=tuple(units[pair] for pair in bins),
        counter_of=tuple(marks.counter_of),
        limits=tuple(marks.limits),
    )


def _count_marks(problem: Problem, asks: tuple[Ask, ...]) -> _Marks:
    marks = _Marks()
    by_id = {ask.id: ask for ask in asks}
    for cap in sorted(problem.caps, key=lambda cap: (cap.code, cap.key)):
        marks.count(cap.room, _pairs_of_cap(cap, by_id))
    if problem.max_departments is None:
        return marks
    visits: dict[tuple[str, str, date], list[Ask]] = {}
    for ask in asks:
        for day in ask.open_days():
            visits.setdefault((ask.enterprise, ask.party, day), []).append(ask)
    for (_, _, day), together in sorted(visits.items()):
        marks.count(
            problem.max_departments,
            ((ask.id, day, (ask.department,)) for ask in together),
        )
    return marks


def _pairs_of_cap(
    cap: CapRoom, by_id: dict[str, Ask]
) -> Iterator[tuple[str, date, tuple[object, ...]]]:
    for name, day in sorted(cap.members):
        ask = by_id[name]
        if day in ask.open_days():
            who = ask.department if cap.counts == "presence" else ask.party
            yield name, day, (ask.enterprise, day, who)
