"""The home page of each role: what waits, what is due, where the month stands, what is left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.matters.yearly import SoFar, so_far
from portal.pages.beside import Task, beside
from portal.pages.capacity import month_of
from portal.pages.language import marked
from portal.pages.phase import Phase, phase
from portal.pages.waiting import Due, approvals, deadlines
from portal.permissions import TABLE, Action, Reach
from portal.plans.planning import NotReadyError
from scheduler import keys
from scheduler.states import MonthState
from schemas.envelope import Actor, ActorRole
from schemas.registry import Department
from streams.queries import Queries


@dataclass(frozen=True, slots=True)
class Comparison:
    """Entries of a month beside those of the same month of the baseline year."""

    now: int
    before: int
    joint: int
    unplaced: int
    planned: bool
    """Whether a plan says how many there will be; before that the two numbers compare nothing."""
    spare: int | None
    """How many entries fewer a perfect plan could have at most; ``None`` where none is drafted."""

    @property
    def fewer(self) -> int:
        """How many per cent fewer."""
        return 100 * (self.before - self.now) // self.before if self.before else 0


@dataclass(frozen=True, slots=True)
class Left:
    """Units of a department's visiting days in a month that no visit has taken, and all of them."""

    department: str
    month: str
    units: int
    of: int


@dataclass(frozen=True, slots=True)
class Home:
    """All that a home page shows."""

    phase: Phase | None
    tasks: tuple[Task, ...]
    due: tuple[Due, ...]
    compared: Comparison | None
    left: Left | None
    so_far: SoFar | None
    statuses: Counter[str]


async def home(queries: Queries, actor: Actor, now: datetime) -> Home:
    """Read somebody's home page."""
    today = now.date()
    at = await phase(queries, today)
    month = at.month if at else keys.month_of(today)
    statuses = await _statuses(queries, actor, month)
    return Home(
        phase=at,
        tasks=tuple(
            task
            for task in (
                *await _tasks(queries, actor, at, today),
                *await beside(queries, actor, keys.month_of(today)),
            )
            if task.count
        ),
        due=tuple(await deadlines(queries, actor, now)),
        compared=await compared(queries, month, _only(actor)),
        left=await _left(queries, _only(actor), month),
        so_far=await so_far(queries, today.year) if _sees_all(actor) else None,
        statuses=statuses,
    )


def _only(actor: Actor) -> str | None:
    own = actor.role in {ActorRole.CLERK, ActorRole.HEAD, ActorRole.LEGAL, ActorRole.OFFICER}
    return actor.of if own else None


def _sees_all(actor: Actor) -> bool:
    return TABLE[Action.PLAN_READ].get(actor.role) is Reach.ALL


async def _left(queries: Queries, only: str | None, month: str) -> Left | None:
    department = await queries.get(Department, keys.department(only)) if only else None
    if department is None:
        return None
    try:
        days = [day for day in await month_of(queries, department, month) if day.visiting]
    except NotReadyError:
        return None
    free = sum(max(0, day.units - day.taken) for day in days)
    return Left(department.id, month, free, sum(day.units for day in days))


async def _statuses(queries: Queries, actor: Actor, month: str) -> Counter[str]:
    if actor.role is ActorRole.ENTERPRISE or actor.role not in TABLE[Action.REQUEST_READ]:
        return Counter()
    only = _only(actor)
    equals: dict[str, Any] = {"month": month} | ({"department": only} if only else {})
    found = await queries.sums("request", by=("status",), **equals)
    return Counter({status: number for (status,), (number,) in found.items()})


async def _tasks(queries: Queries, actor: Actor, at: Phase | None, today: date) -> tuple[Task, ...]:
    match actor.role:
        case ActorRole.HEAD | ActorRole.LEGAL:
            waiting = await approvals(queries, actor)
            return (
                Task(len(waiting), marked("份申请待您审批"), "/approvals"),
                *await _department_tasks(queries, actor, at, today),
            )
        case ActorRole.LEADER:
            waiting = await approvals(queries, actor)
            return (
                Task(len(waiting), marked("份提级申请待您决定"), "/escalations"),
                await _to_grant(queries, actor),
            )
        case ActorRole.CLERK | ActorRole.OFFICER:
            return await _department_tasks(queries, actor, at, today)
        case ActorRole.SCHEDULER | ActorRole.ADMIN:
            return await _office_tasks(queries, at, today)
        case ActorRole.ENTERPRISE:
            return await _enterprise_tasks(queries, actor, today)
        case _:
            watches = actor.role is ActorRole.AUDITOR
            audit = (*await _audit_tasks(queries), await _to_grant(queries, actor))
            return audit if watches else ()


async def _to_grant(queries: Queries, actor: Actor) -> Task:
    """Return the openings of an identity that wait for this actor's yes."""
    waiting = [
        state
        for _, state in await queries.find("identity")
        if state.granted_by is None and state.asked_as != actor.role.value
    ]
    return Task(len(waiting), marked("件查明评价人的申请待您同意"), "/identities")


async def _department_tasks(
    queries: Queries, actor: Actor, at: Phase | None, today: date
) -> tuple[Task, ...]:
    parts = await queries.rows("visit_part", department=actor.of)
    standing = {row["visit"] for row in parts if row["day"] >= today}
    visits = {row["id"]: row for row in await queries.rows("visit", id=sorted(standing))}
    coming = [row for row in parts if visits.get(row["visit"], {}).get("status") == "published"]
    unstaffed = sum(row["officers"] == 0 for row in coming)
    here = sum(row["day"] == today for row in coming)
    refused = await queries.rows("request", department=actor.of, status="refused")
    open_ = [r for r in refused if r["window_last"] >= today]
    draft = await _to_answer(queries, at, today)
    month = at.month if at else ""
    sealed = await queries.rows("sealed", department=actor.of, status="planned")
    due = [row for row in sealed if row["day"] <= today]
    may_open = actor.role in TABLE[Action.SEALED_OPEN]
    return (
        Task(len(due) if may_open else 0, marked("次保密检查可以启封"), "/sealed"),
        Task(here, marked("次入企在今天"), f"/visits?day={today}"),
        Task(unstaffed, marked("次入企尚未派员"), "/visits?show=unstaffed"),
        Task(int(draft > 0), marked("份计划草案待反馈"), f"/plans/{month}?version={draft}"),
        Task(len(open_), marked("份申请被规则退回，可看办法"), "/requests?status=refused"),
    )


async def _to_answer(queries: Queries, at: Phase | None, today: date) -> int:
    """Return the version that still waits for answers, 0 for none."""
    if at is None:
        return 0
    state = await queries.get(MonthState, keys.month(at.month)) or MonthState()
    until = state.answer_by
    return state.open_draft if until is None or today <= until else 0


async def _office_tasks(queries: Queries, at: Phase | None, today: date) -> tuple[Task, ...]:
    undecided = await queries.sums("request", status="undecided")
    late = await queries.sums("visit", filing_late=True)
    tasks = [
        Task(_sum(undecided), marked("件法定检查未排入，须专人决定"), "/requests?status=undecided"),
        Task(_sum(late), marked("件备案逾期"), "/visits?show=late"),
    ]
    if at is not None:
        state = await queries.get(MonthState, keys.month(at.month)) or MonthState()
        path = f"/plans/{at.month}"
        if not state.closed and today >= at.dates.requests_close:
            tasks.insert(0, Task(1, marked("个月份的申请应截止"), path))
        elif state.closed and not state.drafted:
            tasks.insert(0, Task(1, marked("个月份待排程"), path))
        elif state.open_draft:
            tasks.insert(0, Task(1, marked("份草案待发布"), f"{path}?version={state.open_draft}"))
    return tuple(tasks)


async def _enterprise_tasks(queries: Queries, actor: Actor, today: date) -> tuple[Task, ...]:
    rows = await queries.rows("visit", enterprise=actor.of)
    coming = [
        r for r in rows if r["announced"] and r["status"] == "published" and r["day"] >= today
    ]
    unrated = [r for r in rows if r["status"] == "left" and r["rated"] is None]
    calls = await queries.rows(
        "request", enterprise=actor.of, lane="on_call", status="accepted", confirmed=False
    )
    return (
        Task(len(coming), marked("次入企即将到来"), "/visits"),
        Task(len(unrated), marked("次入企可以评价"), "/visits?show=unrated"),
        Task(len(calls), marked("次预约待您确认"), "/requests"),
    )


async def _audit_tasks(queries: Queries) -> tuple[Task, ...]:
    late = await queries.sums("visit", filing_late=True)
    back = await queries.sums("visit", filing_back_dated=True)
    offline = await queries.sums("visit", late_reason=True)
    return (
        Task(_sum(late), marked("件备案逾期"), "/visits?show=late"),
        Task(_sum(back), marked("件备案日期早于收到日期"), "/visits?show=back-dated"),
        Task(_sum(offline), marked("次入企为事后补录"), "/visits?show=offline"),
    )


def _sum(found: Any) -> int:  # noqa: ANN401 - the answer of sums
    return sum(int(numbers[0]) for numbers in found.values())


async def compared(queries: Queries, month: str, only: str | None) -> Comparison | None:
    """Compare a month's entries with the baseline, of all departments or of one."""
    if only is None:
        rows = await queries.rows("visit", month=month)
        own = [r for r in rows if r["status"] != "cancelled"]
        joint = sum(r["departments"] > 1 for r in own)
        now = len(own)
    else:
        parts = await queries.rows("visit_part", department=only)
        now = sum(keys.month_of(r["day"]) == month for r in parts)
        joint = 0
    before = await _baseline(queries, month, only)
    drafts = await queries.rows("draft", month=month)
    newest = max(drafts, key=lambda row: int(row["version"]), default=None)
    spare = newest["entries"] - newest["entries_bound"] if newest and only is None else None
    if not now and newest is not None and only is None:
        now = newest["entries"]
        lines = await queries.rows("draft_line", month=month, version=newest["version"])
        joint = sum(r["departments"] > 1 for r in lines)
    if not now and not before:
        return None
    unplaced = int(newest["unplaced"]) if newest and only is None else 0
    return Comparison(int(now), before, int(joint), unplaced, newest is not None, spare)


async def _baseline(queries: Queries, month: str, only: str | None) -> int:
    equals: dict[str, Any] = {"month": int(month[5:])} | ({"department": only} if only else {})
    rows = await queries.rows("baseline", **equals)
    newest = max((int(row["year"]) for row in rows), default=0)
    return sum(int(row["entries"]) for row in rows if int(row["year"]) == newest)
