"""The numbers by which operators watch a domain, read in one query; none of them names anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from streams.postgres.database import Database, named
from streams.postgres.queries import QUERIES

WEEKS: Final = timedelta(days=31)
"""The time back for which visits and decisions count."""

_RECORDED: Final = re.compile(rb'"recordedtime":"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Measures:
    """A domain at an instant. Ages are in seconds; 0 where nothing waits."""

    position: int
    unsealed: int
    unsealed_age: float
    """Since the first entry that no checkpoint covers was recorded."""
    outbox: int
    outbox_age: float
    """Since the entry behind the oldest notification that waits was recorded."""
    dead_letters: int
    rejections: int
    escalations: int
    undecided: int
    undecided_age: float
    filings_overdue: int
    jobs: int
    calendar_last_year: int
    """The last year with an official working calendar; 0 when there is none."""
    entered: int
    coded: int
    rated: int
    unrated: int
    decision_half: float
    decision_most: float
    """From a request's submission to a decision on it, within the last weeks: half and 99 %."""
    gap: float | None
    """How far the newest draft of the latest month is from its proven bound at most, as a share."""
    connections: int
    waiting: int


async def measures(database: Database, now: datetime) -> Measures:
    """Return the numbers of a domain.

    Raises:
        Unavailable: If the database does not answer.
    """
    async with database.connection() as connection:
        with named():
            (row,) = await connection.fetch(QUERIES["measures"], now, now - WEEKS)
            (sessions,) = await connection.fetch(QUERIES["sessions_waiting"])
            places = [row["sealed"] + 1, row["outbox_first"]]
            bodies = await connection.fetch(
                "SELECT position, body FROM entry WHERE position = ANY ($1::bigint[])", places
            )
    ages = {each["position"]: _age(each["body"], now) for each in bodies}
    bound, objective = row["bound"], row["objective"]
    return Measures(
        position=row["position"],
        unsealed=row["position"] - row["sealed"],
        unsealed_age=ages.get(places[0], 0.0),
        outbox=row["outbox"],
        outbox_age=ages.get(places[1], 0.0),
        dead_letters=row["dead_letters"],
        rejections=row["rejections"],
        escalations=row["escalations"],
        undecided=row["undecided"],
        undecided_age=row["undecided_age"],
        filings_overdue=row["filings_overdue"],
        jobs=row["jobs"],
        calendar_last_year=row["calendar_last_year"],
        entered=row["entered"],
        coded=row["coded"],
        rated=row["rated"],
        unrated=row["unrated"],
        decision_half=row["decision_half"],
        decision_most=row["decision_most"],
        gap=None if row["month"] is None or not objective else (objective - bound) / objective,
        connections=sessions["connections"],
        waiting=sessions["waiting"],
    )


def _age(body: bytes, now: datetime) -> float:
    found = _RECORDED.search(body)
    if found is None:
        return 0.0
    return max(0.0, (now - datetime.fromisoformat(found[1].decode())).total_seconds())
