"""Holding on to days that were published: what leaves its day costs points, what is new needs notice.

The points are added to the months from preference, so search and bound know nothing of it, and both
count it: the bound stays valid for the very objective that is minimised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from scheduler.planner.plan import Level, Solution
from scheduler.planner.problem import LONGEST_DELAY, Ask, Blocked, Problem

NOTICE_RULE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """What holds a plan to an earlier one.

    Parameters
    ----------
    days
        The day that each ask had, where it had one.
    change
        Points for each ask that leaves its day. An ask that had none costs twice as many, on any
        day: else it could take the place of one that was promised a day, at no greater cost than
        leaving one of the two out.
    notice
        The first day on which an ask may stand that did not have it; None for any. What must be
        placed and what a person fixed needs no notice.
    """

    days: Mapping[str, date]
    change: int
    notice: date | None = None

    def points(self, ask: str, day: date) -> int:
        """Return what it costs, the ask's own price of the day apart, to let it stand there."""
        published = self.days.get(ask)
        if published is None:
            return 2 * self.change
        return self.change if day != published else 0


def attached(problem: Problem, anchors: Anchors) -> Problem:
    """Return the problem in which what stands costs less than anything else.

    Raises:
        ValueError: If the points are so many that leaving a request out would pay.
    """
    days = anchors.days
    asks = tuple(_attached(ask, days.get(ask.id), anchors) for ask in problem.asks)
    offered = {(ask.id, day) for ask in asks for day in ask.days}
    rooms = tuple(replace(cap, members=cap.members & offered) for cap in problem.caps)
    return replace(problem, asks=asks, caps=rooms)


def _attached(ask: Ask, published: date | None, anchors: Anchors) -> Ask:
    def late(day: date) -> bool:
        soon = anchors.notice is not None and day < anchors.notice
        return soon and not ask.must and day not in {published, ask.pinned}

    kept = [day for day in ask.days if not late(day)]
    months = [ask.delay(day) + anchors.points(ask.id, day) for day in kept]
    if max(months, default=0) > LONGEST_DELAY:
        msg = f"{anchors.change} points a move leave no room for {LONGEST_DELAY} points of months"
        raise ValueError(msg)
    blocked = [Blocked(day=day, rule=NOTICE_RULE) for day in ask.days if late(day)]
    return replace(
        ask,
        days=tuple(kept),
        months_off=tuple(months),
        blocked=tuple(sorted((*ask.blocked, *blocked), key=lambda block: block.day)),
    )


def levels(problem: Problem, solution: Solution, anchors: Anchors) -> tuple[Level, ...]:
    """Return a plan's levels: the points for moves apart from the months from preference."""
    days = solution.days()
    asks = [ask for ask in problem.asks if ask.id in days]

    def months(ask: Ask, day: date) -> int:
        return ask.delay(day) - anchors.points(ask.id, day)

    values = {
        "months": (
            sum(months(ask, days[ask.id]) for ask in asks),
            sum(min(months(ask, day) for day in ask.days) for ask in asks),
        ),
        "change": (sum(anchors.points(ask.id, days[ask.id]) for ask in asks), 0),
    }
    known = {level.name: level for level in solution.levels}
    changed = {
        name: Level(name=name, value=value, bound=bound) for name, (value, bound) in values.items()
    }
    return tuple({**known, **changed}.values())


def moved(days: Mapping[str, date], anchors: Anchors) -> tuple[str, ...]:
    """Return the requests that have another day than the published one, by id."""
    published = anchors.days
    return tuple(sorted(id_ for id_, day in days.items() if published.get(id_, day) != day))
