"""Tallies: the counted units behind caps, capacities and bookings.

A cap, a department's day and an officer's half-day are all the same thing: a key, a number of units
reserved and a number used. Events carry the changes, so a fold needs no policy to follow them.
"""

from __future__ import annotations

from schemas.base import Frozen


class TallyChange(Frozen):
    """A change of one tally by whole units; both parts may be negative."""

    key: str
    reserved: int = 0
    used: int = 0


class Opened(Frozen):
    """A deadline that an event opens: due ``working_days`` after the day of ``since``.

    The due date itself is not stored; it derives from the calendar in force when it is asked for.
    ``ends`` are the types of events that it waits for, so that what its silence means stays known
    when the policy has changed.
    """

    id: str
    rule: str
    owner: str
    to: str
    working_days: int
    ends: tuple[str, ...] = ()
