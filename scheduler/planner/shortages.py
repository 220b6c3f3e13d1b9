"""Too many asks for too few days: the set that an ask without a day is caught in.

For asks of one unit the set is a minimal Hall violator: all that alternating exchanges reach from
one ask without a day, if no room is met. Whichever of its asks were left out, all the others would
find a day, so none can be named less (the fundamental circuit of a transversal matroid). With
longer asks it is a sufficient obstacle by counting units, made as small as leaving out one after
the other makes it.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from scheduler.planner.exchanges import Barrier, Caps, barriers, reach
from scheduler.planner.problem import Ask
from scheduler.planner.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Asks of one department that have no days but these, and more of them than fit.

    Parameters
    ----------
    asks, days
        The asks, the one without a day among them, and every day that any of them may have and on
        which the department has units at all.
    units, needed
        Units of the department on these days, and units that all these asks need.
    proven
        At least one of these asks stays without a day in every plan. If not, no exchange of one
        ask for one makes room in this plan, and a repacking of many at once is not excluded.
    barriers
        Caps and visits, full as the plan stands, that keep some of these asks from further days.
        With any of them the set is a fact of this plan only.
    """

    department: str
    asks: tuple[str, ...]
    days: tuple[date, ...]
    units: int
    needed: int
    proven: bool
    barriers: tuple[tuple[str, Barrier], ...] = ()


def shortage(tally: Tally, ask: Ask, caps: Caps) -> Shortage | None:
    """Find the set that keeps an ask without a day, if capacity is what does.

    Caps and visits are let go first; only where capacity alone does not explain it are the days
    that they close in this plan taken away.
    """
    pure = reach(tally, ask, lambda mover: mover.open_days())
    if not pure.found:
        return _counted(tally, ask, pure.asks)
    trial = Tally(tally.problem, tally.days)
    closed: dict[tuple[str, date], list[Barrier]] = {}

    def free(mover: Ask) -> Iterable[date]:
        for day in mover.open_days():
            against = barriers(trial, mover, day, caps)
            if against:
                closed[mover.id, day] = against
            else:
                yield day

    here = reach(trial, ask, free)
    if here.found or not here.days:
        return None
    names = tuple(sorted(here.asks))
    return _shortage(
        tally,
        ask.department,
        names,
        here.days,
        proven=False,
        barriers=tuple(
            (name, one)
            for (name, _), against in sorted(closed.items())
            if name in set(names)
            for one in against
        ),
    )


def _counted(tally: Tally, ask: Ask, reached: Collection[str]) -> Shortage | None:
    """Make a set of asks that only trade among themselves as small as counting allows."""
    found = _Counted(tally, ask.department, reached)
    if not found.days:
        return None
    if not found.too_many():
        everybody = {a.id for day in found.days for a in tally.standing(ask.department, day)}
        wider = _Counted(tally, ask.department, {*reached, *everybody})
        found = wider if wider.too_many() else found
    proven = found.too_many()
    if proven:
        found.shrink(ask.id)
    names = tuple(sorted(found.names))
    return _shortage(tally, ask.department, names, tuple(sorted(found.days)), proven=proven)


class _Counted:
    """A set of one department's asks: their units beside the room of all days they may have."""

    def __init__(self, tally: Tally, department: str, names: Iterable[str]) -> None:
        self.names: set[str] = set()
        self.days: Counter[date] = Counter()
        self._durations: Counter[int] = Counter()
        self._tally, self._department = tally, department
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Take an ask in."""
        ask = self._tally.asks[name]
        self.names.add(name)
        self.days.update(ask.open_days())
        self._durations[ask.duration] += 1

    def drop(self, name: str) -> None:
        """Leave an ask out."""
        ask = self._tally.asks[name]
        self.names.remove(name)
        for day in ask.open_days():
            self.days[day] -= 1
            if not self.days[day]:
                del self.days[day]
        self._durations[ask.duration] -= 1
        if not self._durations[ask.duration]:
            del self._durations[ask.duration]

    def too_many(self) -> bool:
        """Whether counting shows that they do not all fit on the days that they may have.

        By their units in sum, or by how many of the shortest of them a day holds at most.
        """
        units = [self._tally.units(self._department, day) for day in self.days]
        needed = sum(duration * count for duration, count in self._durations.items())
        shortest = min(self._durations, default=0)
        fit = sum(room // shortest for room in units) if shortest else len(self.names)
        return needed > sum(units) or len(self.names) > fit

    def shrink(self, kept: str) -> None:
        """Leave out whom one can, the shortest first, while those who stay are too many."""
        asks, shrunk = self._tally.asks, True
        while shrunk:
            shrunk = False
            for name in sorted(self.names - {kept}, key=lambda one: (asks[one].duration, one)):
                self.drop(name)
                if self.too_many():
                    shrunk = True
                else:
                    self.add(name)


def _shortage(
    tally: Tally,
    department: str,
    names: tuple[str, ...],
    days: tuple[date, ...],
    *,
    proven: bool,
    barriers: tuple[tuple[str, Barrier], ...] = (),
) -> Shortage:
    return Shortage(
        department=department,
        asks=names,
        days=tuple(day for day in days if tally.units(department, day)),
        units=sum(tally.units(department, day) for day in days),
        needed=sum(tally.asks[name].duration for name in names),
        proven=proven,
        barriers=barriers,
    )
