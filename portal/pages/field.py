"""外勤: an inspector's day, what he may do at each visit, and things that are told later.

What happened without a network comes with the time at which it happened; the ledger keeps beside it
when it was recorded. Whatever comes much later than it happened is marked so, whoever sent it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from portal.http.problems import ProblemError
from portal.pages.forms import Form
from portal.pages.names import Names, names
from scheduler import keys
from scheduler.states import VisitState, VisitStatus
from schemas.base import CHINA
from schemas.commands import Command, ScanIn
from schemas.envelope import Actor
from schemas.visits import Part
from streams.queries import Queries

LATE: Final = timedelta(minutes=15)
"""What is recorded so much later than it happened is called late. Origin: project default."""

UNSAID: Final = "未说明 / not said"
"""The reason of an entry that came late and named none."""

ON_PAPER: Final = "纸质登记表补录: "
"""What the reason of an entry begins with that was written on paper first."""

_GONE: Final = frozenset({VisitStatus.CANCELLED, VisitStatus.NOT_ENTERED})


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit of the day. ``mine`` where the inspector himself was named."""

    state: VisitState
    own: Part
    mine: bool
    site: str

    @property
    def status(self) -> VisitStatus:
        """Where it stands, as a department may know it."""
        closed = self.state.status is VisitStatus.CLOSED
        return VisitStatus.LEFT if closed else self.state.status

    @property
    def coded(self) -> bool:
        """Whether there is a code to show."""
        return self.state.code is not None and not self.state.code_revoked

    @property
    def told(self) -> bool:
        """Whether the own department's result is on record."""
        return any(each.department == self.own.department for each in self.state.outcomes)


@dataclass(frozen=True, slots=True)
class Day:
    """The visits of a department on a day, with the names of all that they mention."""

    day: date
    stops: tuple[Stop, ...]
    names: Names
    officers: Mapping[str, Mapping[str, Any]]

    @property
    def mine(self) -> tuple[Stop, ...]:
        """The visits to which the inspector himself was sent."""
        return tuple(stop for stop in self.stops if stop.mine)

    @property
    def others(self) -> tuple[Stop, ...]:
        """The department's other visits."""
        return tuple(stop for stop in self.stops if not stop.mine)


async def day_of(queries: Queries, actor: Actor, day: date) -> Day:
    """Read an inspector's day: his own visits first, then the others of his department."""
    parts = await queries.rows("visit_part", department=actor.of, day=day)
    found = await queries.get_many([keys.visit(row["visit"]) for row in parts])
    states = [s for s in found.values() if isinstance(s, VisitState) and s.status not in _GONE]
    firms = {state.line.enterprise for state in states}
    known = await queries.rows("enterprise", id=sorted(firms)) if firms else []
    sites = {row["id"]: row["site"] for row in known}
    stops = [_stop(state, actor, sites.get(state.line.enterprise, "")) for state in states]
    stops.sort(key=lambda s: (not s.mine, s.state.line.half or "", s.state.id))
    items = {id_ for state in states for part in state.line.parts for id_ in part.items}
    team = sorted({id_ for state in states for part in state.line.parts for id_ in part.officers})
    rows = await queries.rows("officer", id=team) if team else []
    return Day(
        day, tuple(stops), await names(queries, firms, items), {row["id"]: row for row in rows}
    )


def _stop(state: VisitState, actor: Actor, site: str) -> Stop:
    own = next(part for part in state.line.parts if part.department == actor.of)
    return Stop(state, own, actor.id in own.officers, site)


def happened(form: Form) -> datetime | None:
    """Return when something happened, as a device says it; ``None`` for now.

    Raises:
        ProblemError: If it is no instant with its offset.
    """
    text = form.some("at")
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min  # noqa: DTZ901 - it has no offset, so it is refused below
    if found.tzinfo is None:
        raise ProblemError(422, "bad-input", ("时间无法读取", "no instant can be read there"))
    return found.astimezone(CHINA)


def clock_time(form: Form, name: str, day: date) -> datetime | None:
    """Return a time of a day, as it was written on paper; ``None`` where nothing was."""
    try:
        return datetime.combine(day, time.fromisoformat(form.one(name)), CHINA)
    except ValueError:
        return None


def marked_late(command: Command, at: datetime | None, now: datetime) -> Command:
    """Return a command with its lateness in it: an entry told late is never one told in time."""
    if not isinstance(command, ScanIn) or at is None or now - at < LATE or command.late_reason:
        return command
    return command.model_copy(update={"offline": True, "late_reason": UNSAID})
