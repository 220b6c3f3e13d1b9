"""What waits for somebody: approvals, decisions, filings, teams to be named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from portal.http.views import request_view
from portal.permissions import Action, Reach, reach
from portal.plans.planning import rules_and_calendar
from scheduler.deadlines import Judged, due
from scheduler.decide.approvals import ACTS_AS
from scheduler.states import RequestState, RequestStatus
from schemas.envelope import Actor, ActorRole
from schemas.lanes import Lane
from schemas.visits import Role
from streams.queries import Queries

_OPEN: Final = (RequestStatus.ACCEPTED.value, RequestStatus.UNDECIDED.value)
_PLACED: Final = RequestStatus.PLACED.value
_OFFICE: Final = frozenset({ActorRole.SCHEDULER, ActorRole.ADMIN, ActorRole.AUDITOR})


def decides_as(actor: Actor) -> Role | None:
    """Return the role of the approval matrix in which an actor decides, if there is one."""
    return next((role for role, acts in ACTS_AS.items() if acts is actor.role), None)


async def approvals(queries: Queries, actor: Actor) -> list[RequestState]:
    """Return the requests that wait for this actor's yes or no, the oldest first."""
    role = decides_as(actor)
    if role is None:
        return []
    own = reach(actor, Action.REQUEST_DECIDE) is Reach.OWN
    return await waiting_for(queries, role, actor.of if own else None)


async def waiting_for(queries: Queries, role: Role, of: str | None = None) -> list[RequestState]:
    """Return the requests that wait for a role's yes or no, of one department or of all, the oldest first.

    A leader is asked last: what still waits for its own department is not yet on his desk.
    """
    equals: dict[str, Any] = {"approved": False, "status": [*_OPEN, _PLACED]}
    if of is not None:
        equals["department"] = of
    if role is Role.LEADER:
        equals["lane"] = Lane.ESCALATED.value
    found: list[RequestState] = [state for _, state in await queries.find("request", **equals)]
    if role is not Role.LEADER:
        equals = {key: value for key, value in equals.items() if key == "department"}
        more = await queries.find("request", status=RequestStatus.UNDECIDED.value, **equals)
        known = {state.id for state in found}
        found += [state for _, state in more if state.id not in known]
    mine = [state for state in found if _waits_for(state, role)]
    return sorted(mine, key=lambda state: (state.request.lane is not Lane.ESCALATED, state.at))


def _waits_for(state: RequestState, role: Role) -> bool:
    if state.status is RequestStatus.UNDECIDED:
        return role.value in state.approvals_needed
    waiting = request_view(state).waiting_for
    if role is Role.LEADER:
        return waiting == (Role.LEADER.value,)
    return role.value in waiting


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline with its rule's title, as its owner sees it."""

    judged: Judged
    title: Any
    path: str | None

    @property
    def late(self) -> bool:
        """Whether its day is over."""
        return self.judged.fires


async def deadlines(queries: Queries, actor: Actor, now: datetime) -> list[Due]:
    """Return the open deadlines of an actor, the next due first; the office sees everybody's."""
    try:
        rules, calendar = await rules_and_calendar(queries)
    except LookupError:
        return []
    rows = await queries.rows("deadline", status="open")
    mine = [row["id"] for row in rows if _his(actor, row["owner"], row["recipient"])]
    found = await queries.get_many(mine)
    judged = due(found.values(), calendar, now)
    shown = []
    for each in judged:
        rule = rules.rule(each.deadline.rule)
        if rule is not None:
            shown.append(Due(each, rule.title, _path(each.deadline.about)))
    return shown


def _his(actor: Actor, owner: str, to: str) -> bool:
    if actor.role in _OFFICE:
        return owner != "enterprise"
    if actor.of is not None:
        return actor.of in to.split(",")
    return actor.role is ActorRole.LEADER and owner == "leader"


def _path(about: str) -> str | None:
    kind, _, id_ = about.partition("/")
    places = {
        "request": "/requests/",
        "visit": "/visits/",
        "month": "/plans/",
        "problem": "/problems/",
        "pairing": "/contacts/",
        "off_site": "/off-site/",
        "joint": "/joint/",
        "campaign": "/campaigns/",
        "lead": "/leads/",
        "callback": "/callbacks/",
    }
    if kind == "draft":
        return f"/plans/{id_.partition('/')[0]}"
    return f"{places[kind]}{id_}" if kind in places else None
