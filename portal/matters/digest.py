"""提级审批摘要. One message at fixed hours in place of one for each escalated request.

What cannot wait for it is told at once (``scheduler.escalation``). Nothing waits: no digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from portal.pages.waiting import approvals
from portal.running.service import Service
from scheduler.escalation import cannot_wait
from scheduler.notify import LEADER
from scheduler.states import RequestState
from schemas.base import CHINA
from schemas.envelope import Actor, ActorRole
from schemas.notifications import Notification, Recipient
from streams.desk import Desk, Kept
from streams.ports import Channel

_KIND: Final = "digest"
_LEADER: Final = Actor(id=LEADER, role=ActorRole.LEADER)


@dataclass(frozen=True, slots=True)
class Digest:
    """What waits for a leader, what is due first in front."""

    waiting: tuple[RequestState, ...]
    urgent: frozenset[str]

    @classmethod
    def of(cls, waiting: Sequence[RequestState], today: date) -> Digest:
        """Put what waits in order, and tell what is due today or tomorrow."""
        first = sorted(waiting, key=lambda s: (s.request.window.last, s.at, s.id))
        urgent = (s.id for s in first if cannot_wait(s.request, today))
        return cls(tuple(first), frozenset(urgent))

    def since(self, moment: datetime | None) -> int:
        """Return how many came after a moment: their last yes before the leader's, or they themselves."""
        came = (max([s.at, *(a.at for a in s.approvals)]) for s in self.waiting)
        return sum(moment is None or at > moment for at in came)


def last_before(now: datetime, hours: Sequence[time]) -> datetime:
    """Return the last moment of a digest that has come, today's or yesterday's, in China's time."""
    today = now.astimezone(CHINA).date()
    days = (today, today - timedelta(days=1))
    moments = (datetime.combine(day, hour, CHINA) for day in days for hour in hours)
    return max(moment for moment in moments if moment <= now)


async def tell(service: Service, desk: Desk, channel: Channel, hours: Sequence[time]) -> bool:
    """Send the digest whose hour has come and that was not sent; tell whether there was one.

    A crash between sending and noting it sends the same one again, under the same id.
    """
    now = service.clock.now()
    moment = last_before(now, hours)
    kept = await desk.find(_KIND, LEADER)
    last = datetime.fromisoformat(kept.body.decode()) if kept else None
    if last is not None and last >= moment:
        return False
    found = Digest.of(await approvals(service.queries, _LEADER), now.astimezone(CHINA).date())
    if found.waiting:
        await channel.send([_message(found, moment, kept.since if kept else None)])
    body = moment.isoformat().encode()
    await desk.keep(Kept(_KIND, LEADER, LEADER, "", body, now), most=1)
    return bool(found.waiting)


def _message(found: Digest, moment: datetime, before: datetime | None) -> Notification:
    return Notification(
        id=f"digest-{moment:%Y%m%d-%H%M}",
        recipient=Recipient.LEADER,
        to=LEADER,
        template="escalation-digest",
        params={
            "waiting": len(found.waiting),
            "urgent": len(found.urgent),
            "fresh": found.since(before),
        },
        about=f"month/{moment:%Y-%m}",
    )
