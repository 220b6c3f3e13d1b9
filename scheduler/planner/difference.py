"""What differs between two plans of the same or a changed problem, visit by visit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

Where = tuple[str, date, str]
"""A visit: enterprise, day and party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An ask of a plan: where it is entered, with which party; ``day`` None where it has none."""

    ask: str
    enterprise: str
    party: str
    department: str
    day: date | None

    @property
    def visit(self) -> Where | None:
        """The visit that the ask is part of."""
        return None if self.day is None else (self.enterprise, self.day, self.party)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An ask whose day is another one; None stands for having no day."""

    ask: str
    enterprise: str
    department: str
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """Visits that became others: ``before`` and ``after`` are their days at the enterprise."""

    enterprise: str
    party: str
    before: tuple[date, ...]
    after: tuple[date, ...]
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs. Every ask of both plans that differs is in one of the first four lists.

    Parameters
    ----------
    moved, placed, unplaced
        Asks in both plans with another day, with a day that had none, without one that had it.
    added, dropped
        Asks that only the later, or only the earlier plan knows.
    opened, closed
        Visits that only the later, or only the earlier plan makes.
    merged
        A visit of the later plan whose asks came from several of the earlier one.
    split
        A visit of the earlier plan whose asks are spread over several of the later one.
    """

    moved: tuple[Change, ...]
    placed: tuple[Change, ...]
    unplaced: tuple[Change, ...]
    added: tuple[Change, ...]
    dropped: tuple[Change, ...]
    opened: tuple[Where, ...]
    closed: tuple[Where, ...]
    merged: tuple[Regrouped, ...]
    split: tuple[Regrouped, ...]

    @property
    def empty(self) -> bool:
        """Whether the plans are the same."""
        return not (self.moved or self.placed or self.unplaced or self.added or self.dropped)


def difference(before: Iterable[Standing], after: Iterable[Standing]) -> Difference:
    """Compare two plans, each given by every ask that it knows."""
    old, new = ({one.ask: one for one in plan} for plan in (before, after))
    both = [(old[name], new[name]) for name in sorted(old.keys() & new.keys())]
    changed = [_change(was, now) for was, now in both if was.day != now.day]
    visits = [{one.visit for one in plan.values() if one.visit} for plan in (old, new)]
    return Difference(
        moved=tuple(c for c in changed if c.before and c.after),
        placed=tuple(c for c in changed if c.before is None),
        unplaced=tuple(c for c in changed if c.after is None),
        added=tuple(_change(None, new[name]) for name in sorted(new.keys() - old.keys())),
        dropped=tuple(_change(old[name], None) for name in sorted(old.keys() - new.keys())),
        opened=tuple(sorted(visits[1] - visits[0])),
        closed=tuple(sorted(visits[0] - visits[1])),
        merged=tuple(_gathered(new, old, merged=True)),
        split=tuple(_gathered(old, new, merged=False)),
    )


def _change(was: Standing | None, now: Standing | None) -> Change:
    one = now or was
    if one is None:
        msg = "an ask that neither plan knows"
        raise TypeError(msg)
    return Change(
        ask=one.ask,
        enterprise=one.enterprise,
        department=one.department,
        before=was.day if was else None,
        after=now.day if now else None,
    )


def _gathered(
    here: Mapping[str, Standing], there: Mapping[str, Standing], *, merged: bool
) -> Iterable[Regrouped]:
    """The visits of one plan whose asks stand in several visits of the other."""
    members: dict[Where, list[str]] = {}
    for name in sorted(here.keys() & there.keys()):
        visit = here[name].visit
        if visit is not None and there[name].visit is not None:
            members.setdefault(visit, []).append(name)
    for (enterprise, day, party), names in sorted(members.items()):
        days = tuple(sorted({found for name in names if (found := there[name].day)}))
        if len(days) > 1:
            yield Regrouped(
                enterprise=enterprise,
                party=party,
                before=days if merged else (day,),
                after=(day,) if merged else days,
                asks=tuple(names),
            )
