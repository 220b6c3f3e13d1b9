"""The leader's cards: who, where, which rules, why it cannot wait, what was tried, what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.pages.names import Names, names
from portal.pages.quota import Left, left_for
from portal.plans.planning import rules_and_calendar
from scheduler import keys
from scheduler.states import RequestState
from schemas.envelope import Actor
from schemas.policy import Rule
from schemas.registry import Department, Enterprise
from schemas.visits import Role
from streams.queries import Queries
from streams.readmodels import Row

_DECIDED = 10
_DECISION = "cn.wurao.request.decided.v1"


@dataclass(frozen=True, slots=True)
class Follows:
    """A deadline that a yes starts: its rule, and its last day were the yes said today."""

    rule: Rule
    working_days: int
    day: date


@dataclass(frozen=True, slots=True)
class Card:
    """All that one decision needs."""

    state: RequestState
    enterprise: Enterprise | None
    lifts: tuple[Rule, ...]
    left: tuple[Left, ...]
    visits: int
    others: tuple[str, ...]
    follows: tuple[Follows, ...]
    items: tuple[Row, ...]
    names: Names


async def card(queries: Queries, state: RequestState, today: date) -> Card:
    """Read a card."""
    asked = state.request
    rules, calendar = await rules_and_calendar(queries)
    day = asked.window.first
    lifts = [rules.rule(code, day) for code in state.lift_asked]
    enterprise = await queries.get(Enterprise, keys.enterprise(asked.enterprise))
    department = await queries.get(Department, keys.department(asked.department))
    rows = await queries.rows("visit", enterprise=asked.enterprise)
    entered = [row for row in rows if row["day"].year == day.year and row["entered"] is not None]
    others = await queries.rows("request", enterprise=asked.enterprise, month=keys.month_of(day))
    clocks = rules.binding(today, asked.purpose, asked.lane).deadlines
    follows = (
        Follows(rule, rule.working_days, calendar.due(today, rule.working_days).day)
        for rule in clocks
        if rule.starts == _DECISION and rule.by is Role.LEADER
    )
    return Card(
        state=state,
        enterprise=enterprise,
        lifts=tuple(rule for rule in lifts if rule is not None),
        left=await left_for(queries, asked, department, enterprise)
        if department and enterprise
        else (),
        visits=len(entered),
        others=tuple(
            sorted(
                {r["department"] for r in others if r["status"] in {"accepted", "placed"}}
                - {asked.department}
            )
        ),
        follows=tuple(follows),
        items=tuple(await queries.rows("item", id=sorted(asked.items))) if asked.items else (),
        names=await names(queries, [asked.enterprise], asked.items),
    )


async def decided(queries: Queries, actor: Actor) -> tuple[RequestState, ...]:
    """Return the leader's last decisions, the newest first."""
    rows = await queries.rows("approval", role=Role.LEADER.value, given_by=actor.id)
    newest = sorted(rows, key=lambda row: row["given"], reverse=True)[:_DECIDED]
    found = await queries.get_many([keys.request(row["request"]) for row in newest])
    states = (found.get(keys.request(row["request"])) for row in newest)
    return tuple(state for state in states if isinstance(state, RequestState))
