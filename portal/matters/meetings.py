"""产链、项目、会议、片区、监测点 as people see them, and the leading officials who go out 处级干部."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler import keys
from scheduler.contacts import PairingState
from scheduler.deadlines import Judged, judge
from scheduler.meetings import MeetingState, PulseState
from scheduler.problem_states import ProblemState
from scheduler.states import CalendarsState, DeadlineState, RequestState
from scheduler.workdays import WorkCalendar
from schemas.contacts import Territory
from schemas.meetings import Chain, Package, Project
from schemas.registry import Enterprise, Officer
from streams.queries import Queries

ROUND_TABLES = "deadline/round-table/meeting/round_table"
_OPEN = ["reported", "accepted", "answered"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of the territory tree at its depth, with how many pairs are in it."""

    territory: Territory
    depth: int
    pairs: int


async def tree(queries: Queries) -> tuple[Leaf, ...]:
    """Return the territory tree 1+33+65+N in order, each part below the one it hangs from."""
    parts = [state for _, state in await queries.find("territory")]
    pairs = await queries.sums("pairing", by=("territory",), ended=None)
    below: dict[str | None, list[Territory]] = defaultdict(list)
    for part in parts:
        below[part.parent].append(part)
    found: list[Leaf] = []

    def walk(parent: str | None, depth: int) -> None:
        for part in sorted(below[parent], key=lambda each: each.id):
            number = pairs.get((part.id,), (0,))[0]
            found.append(Leaf(part, depth, number))
            walk(part.id, depth + 1)

    walk(None, 0)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class ChainPage:
    """A chain with its enterprises, its open problems, its projects and its meetings."""

    chain: Chain
    firms: tuple[Enterprise, ...]
    problems: tuple[ProblemState, ...]
    projects: tuple[Project, ...]
    meetings: tuple[MeetingState, ...]


async def chain(queries: Queries, id_: str) -> ChainPage | None:
    """Return a chain's page, ``None`` where there is no such chain."""
    known = await queries.get(Chain, keys.chain(id_))
    if known is None:
        return None
    firms = [state for _, state in await queries.find("enterprise")]
    own = tuple(firm for firm in firms if in_chain(firm, known))
    ids = {firm.id for firm in own}
    problems = [state for _, state in await queries.find("problem", status=_OPEN)]
    return ChainPage(
        chain=known,
        firms=own,
        problems=tuple(
            p for p in problems if p.problem.chain == known.name or p.problem.enterprise in ids
        ),
        projects=tuple(s for _, s in await queries.find("project", chain=id_)),
        meetings=tuple(s for _, s in await queries.find("meeting", chain=id_)),
    )


def in_chain(firm: Enterprise, chain_: Chain) -> bool:
    """Whether an enterprise's trade begins with one of a chain's prefixes, with its letter or without."""
    trade = firm.industry
    if not trade:
        return False
    digits = trade.lstrip("ABCDEFGHIJKLMNOPQRST")
    return any(
        (trade if prefix[:1].isalpha() else digits).startswith(prefix) for prefix in chain_.trades
    )


@dataclass(frozen=True, slots=True)
class Card:
    """项目卡. A project, its leader, its enterprise's contacts and open problems."""

    project: Project
    pairs: tuple[PairingState, ...]
    problems: tuple[ProblemState, ...]


async def card(queries: Queries, id_: str) -> Card | None:
    """Return a project's card, ``None`` where there is no such project."""
    known = await queries.get(Project, keys.project(id_))
    if known is None:
        return None
    firm = known.enterprise
    pairs = [state for _, state in await queries.find("pairing", enterprise=firm, ended=None)]
    problems = [s for _, s in await queries.find("problem", enterprise=firm, status=_OPEN)]
    return Card(known, tuple(pairs), tuple(problems))


async def all_of(queries: Queries, kind: str, **wanted: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any kind
    """Return the chains, projects, packages or monitoring points there are."""
    return tuple(state for _, state in await queries.find(kind, **wanted))


async def meetings(queries: Queries, firm: str | None = None) -> tuple[MeetingState, ...]:
    """Return the meetings, the next to come first, then those that were; an enterprise's own."""
    found = [state for _, state in await queries.find("meeting")]
    mine = [m for m in found if firm is None or firm in m.meeting.invited]
    coming = sorted((m for m in mine if m.open), key=lambda m: m.meeting.on)
    over = sorted((m for m in mine if not m.open), key=lambda m: m.meeting.on, reverse=True)
    return (*coming, *over)


async def next_round_table(queries: Queries, now: datetime) -> Judged | None:
    """Return by when the next round table is due; ``None`` before the first was held."""
    state = await queries.get(DeadlineState, ROUND_TABLES)
    if state is None:
        return None
    known = await queries.get(CalendarsState, keys.CALENDARS) or CalendarsState()
    return judge(state, WorkCalendar(known.calendars), now)


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """A leading official: whom he is paired with, his visits and problems of a year."""

    officer: Officer
    pairs: int
    contacts: int
    visits: int
    problems: int


async def leaders(queries: Queries, year: int) -> tuple[LeaderRow, ...]:
    """Return the leading officials 处级干部 with what they did; their visits go by the rules of all."""
    found = [s for _, s in await queries.find("officer") if s.leading]
    asked = [s for _, s in await queries.find("request", status="placed")] if found else []
    rows = []
    for officer in found:
        pairs = await all_of(queries, "pairing", official=officer.id, ended=None)
        problems = await queries.rows("problem", leader=officer.id)
        rows.append(
            LeaderRow(
                officer=officer,
                pairs=len(pairs),
                contacts=sum(c.on.year == year for p in pairs for c in p.contacts),
                visits=sum(_his(s, officer.id, year) for s in asked),
                problems=len(problems),
            )
        )
    return tuple(rows)


def _his(state: RequestState, officer: str, year: int) -> bool:
    day = state.day
    return state.request.visitor == officer and day is not None and day.year == year


async def pulse(queries: Queries, enterprise: str) -> PulseState | None:
    """Return what a monitoring point is asked, ``None`` for any other enterprise."""
    state = await queries.get(PulseState, keys.pulse(enterprise))
    return None if state is None or state.ended else state


async def package(queries: Queries, id_: str) -> Package | None:
    """Return a package."""
    return await queries.get(Package, keys.package(id_))
