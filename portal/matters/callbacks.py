"""差评回访: which bad ratings wait for a call, and who may know of which callback.

No event tells that a bad rating waits: the list is worked out when the office looks, so nothing in the
ledger, in a deadline or in a message gives away how a visit was rated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.permissions import Action, Reach, reach
from portal.plans.planning import rules_and_calendar
from portal.proof.draws import history_of
from portal.running.service import Service
from scheduler import keys
from scheduler.callbacks import CallbackState
from scheduler.ruleset import RuleSet
from scheduler.states import VisitState
from scheduler.workdays import Due, WorkCalendar
from schemas.base import CHINA
from schemas.envelope import Actor
from schemas.policy import Deadline
from schemas.visits import Grade
from schemas.wire import read_entry

RULE = "rating-callback"
"""The code of the rule that says within how many working days somebody calls."""

_GIVEN = "cn.wurao.rating.given.v1"
_POOR = (Grade.POOR.value, Grade.VERY_POOR.value)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A bad rating that nobody has called back: its visit, the day on which it came, until when."""

    visit: VisitState
    rated: date
    due: Due | None
    today: date

    @property
    def late(self) -> bool:
        """Whether the time for the call is certain and over."""
        return self.due is not None and not self.due.provisional and self.today > self.due.day


async def waiting(service: Service) -> tuple[Waiting, ...]:
    """Return the bad ratings without a callback, the longest waiting first."""
    queries = service.queries
    rated = {row["visit"] for row in await queries.rows("rating", grade=_POOR)}
    known = {row["visit"] for row in await queries.rows("callback")}
    open_ = sorted(rated - known)
    visits = await queries.get_many([keys.visit(id_) for id_ in open_])
    days: dict[str, date] = {}
    for body in await history_of(service).of([keys.visit(id_) for id_ in open_]):
        entry, _ = read_entry(body)
        if entry.type == _GIVEN:
            days[entry.subject] = entry.time.astimezone(CHINA).date()
    rules, calendar = await rules_and_calendar(queries)
    today = service.clock.now().astimezone(CHINA).date()
    found = [
        Waiting(state, days[key], _due(rules, calendar, days[key]), today)
        for key, state in visits.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.rated, each.visit.id)))


def _due(rules: RuleSet, calendar: WorkCalendar, day: date) -> Due | None:
    rule = rules.rule(RULE, day)
    return calendar.due(day, rule.working_days) if isinstance(rule, Deadline) else None


async def listed(service: Service, actor: Actor) -> tuple[CallbackState, ...]:
    """Return the callbacks that somebody may know of; an officer those passed on to him."""
    own = reach(actor, Action.CALLBACK_READ) is Reach.OWN
    queries = service.queries
    found = (
        await queries.find("callback", recipient=actor.id, department=actor.of)
        if own
        else await queries.find("callback")
    )
    states = [state for _, state in found]
    return tuple(sorted(states, key=lambda state: (state.calls, state.id), reverse=True))


async def callback(service: Service, actor: Actor, id_: str) -> CallbackState | None:
    """Return a callback that somebody may know of, ``None`` for any other."""
    own = reach(actor, Action.CALLBACK_READ) is Reach.OWN
    state = await service.queries.get(CallbackState, keys.callback(id_))
    if state is None or (own and (state.to, state.department) != (actor.id, actor.of)):
        return None
    return state
