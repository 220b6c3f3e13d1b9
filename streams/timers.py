"""The timer: tells the ledger that a deadline passed. It decides nothing and remembers nothing.

Whatever is late is submitted as a ``LapseDeadline`` and decided like any command. Its id derives from
the deadline and its due day: two timers, or one that was killed halfway, have one effect, while a
deadline that was opened anew or moved with a calendar gets a new id and may lapse in its own time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from scheduler import keys
from scheduler.deadlines import Judged, due
from scheduler.identity import derived
from scheduler.memo import calendar_of
from scheduler.states import CalendarsState
from scheduler.workdays import WorkCalendar
from schemas.base import CHINA
from schemas.commands import LapseDeadline
from schemas.envelope import Actor, ActorRole, CommandMessage
from schemas.wire import canonical, command_data
from streams.intake import Raw
from streams.ports import Clock, Effect
from streams.queries import Queries

SOURCE: Final = "timer"
"""The authenticated source of the timer's commands."""

BATCH: Final = 200
_ACTOR = Actor(id="timer", role=ActorRole.TIMER)

Handle = Callable[[Sequence[Raw]], Awaitable[Sequence[Effect]]]


class Timer:
    """Submits the lapse of every deadline whose day is certain and over."""

    def __init__(self, queries: Queries, handle: Handle, clock: Clock) -> None:
        self._queries = queries
        self._handle = handle
        self._clock = clock

    async def waiting(self) -> tuple[Judged, ...]:
        """Return the open deadlines as they stand now, the next due first."""
        found = await self._queries.find("deadline", status="open")
        return due((state for _, state in found), await self._calendar(), self._clock.now())

    async def _calendar(self) -> WorkCalendar:
        known = await self._queries.get(CalendarsState, keys.CALENDARS) or CalendarsState()
        return calendar_of(known)

    async def _late(self) -> tuple[Judged, ...]:
        """Return the open deadlines that are over.

        So many working days are never over before as many days: only what is older than that is
        read and judged, of thousands that wait a few.
        """
        now = self._clock.now()
        today = now.astimezone(CHINA).date()
        rows = await self._queries.rows("deadline", status="open")
        old = [r["id"] for r in rows if r["since"] + timedelta(days=r["working_days"]) < today]
        if not old:
            return ()
        states = await self._queries.get_many(old)
        judged = due(states.values(), await self._calendar(), now)
        return tuple(each for each in judged if each.fires)

    async def step(self) -> int:
        """Submit what is late; return how many lapsed by it."""
        now = self._clock.now()
        late = [lapse(judged, now) for judged in await self._late()]
        lapsed = 0
        for start in range(0, len(late), BATCH):
            effects = await self._handle(late[start : start + BATCH])
            lapsed += sum(effect.status == "accepted" for effect in effects)
        return lapsed


def lapse(judged: Judged, now: datetime) -> Raw:
    """Return the message that a deadline passed."""
    command = LapseDeadline(deadline=judged.deadline.id)
    message = CommandMessage(
        id=derived(SOURCE, judged.deadline.id, judged.due.day),
        source=SOURCE,
        type=command.type,
        time=now,
        actor=_ACTOR,
        data=command_data(command),
    )
    return Raw(SOURCE, canonical(message.model_dump(mode="json", exclude_none=True)))
