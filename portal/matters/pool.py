"""企业问题 and the pool 清障问题池, as people see them: who sees what, the board, the month, the material."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from portal.papers.paper import Block, Facts, Grid, Heading, Paper
from portal.permissions import Action, Reach, reach
from portal.settings import Lang
from portal.wording.words import label
from scheduler import keys
from scheduler.deadlines import Judged, Standing, judge
from scheduler.problem_states import LookBackState, PoolState, ProblemState
from scheduler.states import CalendarsState
from scheduler.workdays import WorkCalendar
from schemas.base import CHINA
from schemas.enterprise_problems import ProblemClosing
from schemas.envelope import Actor, ActorRole
from streams.ports import Clock
from streams.queries import Queries


@dataclass(frozen=True, slots=True)
class Card:
    """A problem on the board, with the clock that runs on it."""

    state: ProblemState
    clock: Judged | None

    @property
    def late(self) -> bool:
        """Whether its time is over."""
        return self.clock is not None and self.clock.standing in {Standing.LATE, Standing.LAPSED}


@dataclass(frozen=True, slots=True)
class PoolMonth:
    """A month of the pool: what is still open, what was closed, the look back."""

    month: str
    state: PoolState | None
    open: tuple[Card, ...]
    closed: tuple[ProblemState, ...]
    look_back: LookBackState | None

    @property
    def to_carry(self) -> tuple[ProblemState, ...]:
        """The open problems without a reason for being carried out of this month."""
        return tuple(c.state for c in self.open if not _carried(c.state, self.month))


def _carried(state: ProblemState, month: str) -> bool:
    return any(each.month == month for each in state.carried)


def may_see(actor: Actor, state: ProblemState) -> bool:
    """Whether somebody may read a problem: the office and those above all, others their own.

    Raises:
        Denied: If he may read none.
    """
    if reach(actor, Action.PROBLEM_READ) is Reach.ALL:
        return True
    own = state.problem.enterprise if actor.role is ActorRole.ENTERPRISE else state.department
    return own == actor.of


def seen_by(actor: Actor, state: ProblemState) -> ProblemState:
    """Return a problem as somebody may see it: without its enterprise where that asked for it."""
    everybody = reach(actor, Action.PROBLEM_READ) is Reach.ALL
    if everybody or actor.role is ActorRole.ENTERPRISE or not state.problem.unnamed:
        return state
    nameless = state.problem.model_copy(update={"enterprise": None, "about": None})
    return state.model_copy(update={"problem": nameless, "reporter": None})


async def problem(queries: Queries, actor: Actor, id_: str) -> ProblemState | None:
    """Return a problem as somebody may see it, ``None`` where he may not."""
    state = await queries.get(ProblemState, keys.problem(id_))
    return seen_by(actor, state) if state is not None and may_see(actor, state) else None


async def listed(queries: Queries, actor: Actor, **wanted: Any) -> tuple[ProblemState, ...]:  # noqa: ANN401 - a column's value
    """Return the problems that somebody may see and that have these values, the oldest first."""
    if reach(actor, Action.PROBLEM_READ) is Reach.OWN:
        column = "enterprise" if actor.role is ActorRole.ENTERPRISE else "department"
        wanted = {**wanted, column: actor.of}
    found = [state for _, state in await queries.find("problem", **wanted)]
    return tuple(seen_by(actor, s) for s in sorted(found, key=lambda s: (s.reported, s.id)))


async def cards(queries: Queries, clock: Clock, states: Sequence[ProblemState]) -> tuple[Card, ...]:
    """Return problems with the clock that runs on each."""
    calendars = await queries.get(CalendarsState, keys.CALENDARS) or CalendarsState()
    calendar, now = WorkCalendar(calendars.calendars), clock.now()
    abouts = [keys.problem(state.id) for state in states]
    rows = await queries.find("deadline", about=abouts) if abouts else []
    clocks: dict[str, list[Judged]] = {}
    for _, state in rows:
        if state.status != "met":
            clocks.setdefault(state.about, []).append(judge(state, calendar, now))
    return tuple(
        Card(
            state,
            max(
                clocks.get(keys.problem(state.id), ()),
                key=lambda judged: judged.due.day,
                default=None,
            ),
        )
        for state in states
    )


async def month_of(queries: Queries, clock: Clock, actor: Actor, month: str) -> PoolMonth:
    """Return a month of the pool."""
    open_ = await listed(queries, actor, lies_open=True)
    return PoolMonth(
        month,
        await queries.get(PoolState, keys.pool(month)),
        await cards(queries, clock, open_),
        await listed(queries, actor, closed_in=month),
        await queries.get(LookBackState, keys.look_back(month)),
    )


HEADING: Final = (
    "编号",
    "问题",
    "企业",
    "渠道",
    "类别",
    "反映日期",
    "定级",
    "牵头领导",
    "责任部门",
    "期限",
    "状态",
    "办理情况",
)
"""The columns of the material for the weekly meeting."""


def rows(found: PoolMonth, names: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return the problems of a month, those that are late first."""
    open_ = sorted(found.open, key=lambda card: (not card.late, card.state.reported))
    return [
        *(_row(card.state, card, names) for card in open_),
        *(_row(state, None, names) for state in found.closed),
    ]


def _row(state: ProblemState, card: Card | None, names: Mapping[str, str]) -> tuple[str, ...]:
    report, last = state.problem, state.answers[-1].text if state.answers else ""
    carried = f"结转：{state.carried[-1].reason}" if state.carried else ""
    return (
        state.id[:8],
        report.title,
        names.get(report.enterprise or "", report.enterprise or "不具名"),
        label(report.source, Lang.ZH),
        label(report.topic, Lang.ZH),
        str(state.reported.astimezone(CHINA).date()),
        label(state.grade, Lang.ZH) if state.grade else "",
        state.leader or "",
        names.get(state.department or "", state.department or ""),
        _due(card),
        label(state.closing, Lang.ZH) if state.closing else label(state.status, Lang.ZH),
        "；".join(filter(None, (last, carried))),
    )


def _due(card: Card | None) -> str:
    if card is None or card.clock is None:
        return ""
    waiting = "（待定）" if card.clock.due.provisional else ""
    return f"{card.clock.due.day}{waiting}{' 逾期' if card.late else ''}"


def sheet(found: PoolMonth, names: Mapping[str, str]) -> bytes:
    """Return a month's problems as CSV that spreadsheets open."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADING)
    writer.writerows(tuple(map(_harmless, row)) for row in rows(found, names))
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from running what somebody wrote."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def material(found: PoolMonth, names: Mapping[str, str], today: date) -> Paper:
    """Return the material for the weekly meeting 每周研究: the figures, then problem by problem."""
    late = [card for card in found.open if card.late]
    without = [s for s in found.closed if s.closing is not ProblemClosing.CONFIRMED]
    again = [card for card in found.open if card.state.reopened]
    facts = (
        ("在办", f"{len(found.open)} 件，其中逾期 {len(late)} 件"),
        ("本月销号", f"{len(found.closed)} 件，其中未经企业确认 {len(without)} 件"),
        ("重新打开", f"{len(again)} 件"),
        ("尚无结转理由", f"{len(found.to_carry)} 件"),
        ("月底清零", "已清零" if found.state and found.state.cleared else "未清零"),
    )
    departments = Counter(card.state.department or "" for card in found.open)
    overdue = Counter(card.state.department or "" for card in late)
    by_department = tuple(
        (names.get(id_, id_) or "尚未交办", str(number), str(overdue[id_]))
        for id_, number in sorted(departments.items(), key=lambda each: (-each[1], each[0]))
    )
    columns = (1, 4, 5, 6, 8, 9, 10)
    shares = (26, 10, 12, 8, 16, 14, 14)
    picked = tuple(tuple(row[n] for n in columns) for row in rows(found, names))
    blocks: list[Block] = [
        Facts(facts),
        Heading("各部门在办"),
        Grid(("部门", "在办", "逾期"), by_department, (60, 20, 20)),
        Heading("问题清单"),
        Grid(tuple(HEADING[n] for n in columns), picked, shares),
    ]
    foot = "本材料由“无扰”系统按台账生成；系统编号可在系统中查到全部经过。"
    return Paper(
        "优化办", f"{found.month} 企业问题调度材料", (f"生成日期：{today}",), tuple(blocks), foot
    )
