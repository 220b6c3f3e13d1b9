"""Events drawn by a seed for a planned problem: a block of each kind, as an office would meet them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Final

import numpy as np

from scheduler.exchange.plan import Plan
from scheduler.exchange.rules import chosen_choices
from scheduler.exchange.statement import Statement
from scheduler.planner.replan.events import (
    Cancelled,
    CapacityChanged,
    CapChanged,
    Choice,
    DayClosed,
    Event,
    Late,
)

EACH: Final = 20
KINDS: Final[Mapping[str, str]] = {
    "cap": "a cap changed: a presence fewer or more, once five entries fewer for all",
    "cancelled": "a request is cancelled",
    "late": "a late request",
    "ill": "an officer ill: a fifth of a full department-day",
    "closed": "an enterprise closes the day of its visit",
    "day lost": "a department loses a whole day",
}
"""In this order. The last kind leaves many out, and would spoil the gaps of the others; the cap of all
entries binds from the first to the last event of its kind."""


def blocks(statement: Statement, plan: Plan, seed: int) -> Iterator[tuple[str, list[Event]]]:
    """Yield the kinds that can happen to the problem, each with its events."""
    draws = _Draws(statement, plan, Random(seed))
    for kind in KINDS:
        if kind != "cap" or statement.caps.names:
            yield kind, [draws.of(kind, number) for number in range(EACH)]


class _Draws:
    """What was drawn so far, so that no event is in vain."""

    def __init__(self, statement: Statement, plan: Plan, draw: Random) -> None:
        self._statement, self._plan, self._draw = statement, plan, draw
        self._placed = np.flatnonzero(plan.day >= 0).tolist()
        draw.shuffle(self._placed)
        self._full = self._full_days()
        self._caps = self._known_caps()
        self._of: dict[str, Callable[[int], Event]] = {
            "cancelled": self._cancelled,
            "late": self._late,
            "ill": self._ill,
            "closed": self._closed,
            "cap": self._cap,
            "day lost": self._lost,
        }

    def of(self, kind: str, number: int) -> Event:
        """Draw the next event of a kind."""
        return self._of[kind](number)

    def _cancelled(self, _: int) -> Event:
        return Cancelled(request=self._statement.ids[self._placed.pop()])

    def _late(self, number: int) -> Event:
        """A request like one that is there, of any enterprise: its department, window, duration."""
        statement, draw = self._statement, self._draw
        like = draw.randrange(statement.requests)
        first, last = statement.choice_first[like : like + 2].tolist()
        columns = (statement.choice_day, statement.choice_points, statement.choice_units)
        rows = zip(*(column[first:last].tolist() for column in columns), strict=True)
        return Late(
            request=f"late-{number}",
            enterprise=draw.choice(statement.enterprises),
            department=statement.departments[statement.department[like]],
            choices=tuple(Choice(*row) for row in rows),
            duration=int(statement.duration[like]),
            caps=self._caps,
        )

    def _ill(self, _: int) -> Event:
        return self._fewer(5)

    def _lost(self, _: int) -> Event:
        return self._fewer(1)

    def _fewer(self, part: int) -> Event:
        """Take such a part, rounded up, of a department-day that was full."""
        department, day = self._full.pop()
        units = int(self._statement.capacity[department, day])
        return CapacityChanged(
            department=self._statement.departments[department],
            day=day,
            units=units - -(-units // part),
        )

    def _closed(self, _: int) -> Event:
        request = self._placed.pop()
        enterprise = self._statement.enterprises[self._statement.enterprise[request]]
        return DayClosed(enterprise=enterprise, day=int(self._plan.day[request]))

    def _cap(self, number: int) -> Event:
        caps = self._statement.caps
        entries = np.flatnonzero(caps.counts_entries).tolist()
        if entries and number in (0, EACH - 1):
            room = int(caps.room[entries[0]]) if number else self._entries() - 5
            return CapChanged(cap=caps.names[entries[0]], room=room)
        cap = self._draw.choice(np.flatnonzero(~caps.counts_entries).tolist())
        more = 1 if number % 2 else -1
        return CapChanged(cap=caps.names[cap], room=max(int(caps.room[cap]) + more, 0))

    def _entries(self) -> int:
        statement, day = self._statement, self._plan.day
        placed = day >= 0
        group = statement.enterprise.astype(np.int64) * len(statement.parties) + statement.party
        return len(np.unique(group[placed] * len(statement.days) + day[placed]))

    def _known_caps(self) -> tuple[str, ...]:
        """The caps that count everybody's entries."""
        caps = self._statement.caps
        return tuple(caps.names[cap] for cap in np.flatnonzero(caps.counts_entries).tolist())

    def _full_days(self) -> list[tuple[int, int]]:
        statement = self._statement
        chosen = chosen_choices(statement, self._plan.day)
        some = np.flatnonzero(chosen >= 0)
        load = np.zeros(statement.capacity.shape, np.int64)
        day, units = statement.choice_day[chosen[some]], statement.choice_units[chosen[some]]
        np.add.at(load, (statement.department[some], day), units)
        full = np.argwhere((load == statement.capacity) & (load > 0)).tolist()
        self._draw.shuffle(full)
        return [(department, day) for department, day in full]
