"""Which of a peer's days stand: nothing that breaks a hard rule."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from benchmarks.peers.shape import shaped
from scheduler.exchange.statement import Ints, Statement


def mended(statement: Statement, day: Ints) -> tuple[Ints, int]:
    """Take out, in the order of the file, whatever breaks a hard rule; return the rest and how many.

    A search that was cut off may hold more than fits. What fits of it is a plan, so the peer is
    judged by that.
    """
    shape = shaped(statement)
    room = statement.capacity.copy()
    caps_room = np.maximum(statement.caps.room, 0).tolist()
    lit: set[int] = set()
    guests: dict[int, set[int]] = defaultdict(set)
    most = statement.max_departments or len(statement.departments)
    kept = np.full(statement.requests, -1, np.int32)
    for choice in np.flatnonzero(shape.choice_day == day[shape.choice_request]).tolist():
        r, t, visit = (
            int(shape.choice_request[choice]),
            int(shape.choice_day[choice]),
            int(shape.choice_visit[choice]),
        )
        home, units = int(statement.department[r]), int(shape.choice_units[choice])
        fresh = [mark for mark in shape.marks_of(choice) if mark not in lit]
        needs: dict[int, int] = defaultdict(int)
        for mark in fresh:
            needs[int(shape.mark_cap[mark])] += 1
        fits = (
            units <= room[home, t]
            and all(caps_room[cap] >= need for cap, need in needs.items())
            and len(guests[visit] | {home}) <= most
        )
        if fits:
            kept[r] = t
            room[home, t] -= units
            guests[visit].add(home)
            lit.update(fresh)
            for cap, need in needs.items():
                caps_room[cap] -= need
    return kept, int((day >= 0).sum() - (kept >= 0).sum())
