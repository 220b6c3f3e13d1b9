"""What waits for somebody beside requests and visits: problems, joint visits, leads, appeals, calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from portal.pages.language import marked
from portal.permissions import TABLE, Action, Reach
from schemas.envelope import Actor, ActorRole
from schemas.visits import Grade
from streams.queries import Queries


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits: how many, what, and where it is done."""

    count: int
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows that wait for whoever may do something: of everybody, or of those that ``own`` says are his."""

    action: Action
    name: str
    path: str
    table: str
    equals: Mapping[str, Any] = field(default_factory=dict)
    own: str | None = None

    async def task(self, queries: Queries, actor: Actor) -> Task | None:
        """Return what waits for an actor, ``None`` where it is not his to do."""
        reach = TABLE[self.action].get(actor.role)
        if reach is None or (reach is Reach.OWN) != (self.own is not None):
            return None
        mine: dict[str, Any] = {self.own: actor.of} if self.own else {}
        found = await queries.sums(self.table, **self.equals, **mine)
        return Task(sum(number for (number, *_) in found.values()), self.name, self.path)


_A: Final = Action
_WAITING: Final = (
    _Rows(_A.PROBLEM_HANDLE, marked("件企业问题待受理"), "/problems", "problem", {"status": "reported"}),
    _Rows(_A.PROBLEM_ANSWER, marked("件企业问题待答复"), "/problems", "problem", {"status": "accepted"}, "department"),
    _Rows(_A.PROBLEM_WORD, marked("件问题的答复待您确认"), "/problems", "problem", {"status": "answered"}, "enterprise"),
    _Rows(_A.LEAD_WORK, marked("条线索待签收或答复"), "/leads", "lead", {"outcome": None, "county": None}, "recipient"),
    _Rows(_A.OFF_SITE_WORK, marked("项非现场监管在办"), "/off-site", "off_site", {"status": "open"}, "department"),
    _Rows(_A.CAMPAIGN_DECIDE, marked("个专项检查待批"), "/campaigns", "campaign", {"status": "proposed"}),
    _Rows(_A.SCORECARD_JUDGE, marked("件督查申诉待裁定"), "/scorecards", "scorecard", {"status": "appealed"}),
    _Rows(_A.ANNUAL_DECIDE, marked("份年度计划待批准"), "/annual", "annual", {"status": "filed"}),
)  # fmt: skip
"""What is counted by its rows alone."""

_POOR: Final = (Grade.POOR.value, Grade.VERY_POOR.value)


async def beside(queries: Queries, actor: Actor, month: str) -> tuple[Task, ...]:
    """Return what waits for somebody beside requests and visits, in a month of work; what is none is left out."""
    counted = [await each.task(queries, actor) for each in _WAITING]
    others = (
        await _to_join(queries, actor, month),
        await _to_call(queries, actor),
        await _to_answer(queries, actor),
        await _to_review(queries, actor),
        await _asked(queries, actor),
    )
    return tuple(task for task in (*counted, *others) if task is not None and task.count)


async def _to_join(queries: Queries, actor: Actor, month: str) -> Task | None:
    """Return the joint visits of this month and later ones that wait for a department's answer."""
    if TABLE[Action.JOINT_ANSWER].get(actor.role) is not Reach.OWN:
        return None
    silent = await queries.rows("joint_part", department=actor.of, answer="silent")
    ids = sorted({row["joint"] for row in silent})
    found = await queries.rows("joint", id=ids) if ids else []
    coming = [row for row in found if row["month"] >= month]
    return Task(len(coming), marked("次联合检查待答复"), "/joint")


async def _to_call(queries: Queries, actor: Actor) -> Task | None:
    """Return the bad ratings that nobody has called back."""
    if actor.role not in TABLE[Action.CALLBACK_RECORD]:
        return None
    rated = {row["visit"] for row in await queries.rows("rating", grade=_POOR)}
    called = {row["visit"] for row in await queries.rows("callback")}
    return Task(len(rated - called), marked("次差评待回访"), "/callbacks")


async def _to_answer(queries: Queries, actor: Actor) -> Task | None:
    """Return what was passed on to an officer and has no answer."""
    if actor.role not in TABLE[Action.CALLBACK_ANSWER]:
        return None
    found = await queries.rows("callback", recipient=actor.id, department=actor.of, answered=False)
    return Task(len(found), marked("件转告的意见待您答复"), "/callbacks")


async def _to_review(queries: Queries, actor: Actor) -> Task | None:
    """Return a department's visits whose result may need a legal reviewer first."""
    if actor.role is not ActorRole.LEGAL:
        return None
    parts = await queries.rows("visit_part", department=actor.of, outcome=False, absent=False)
    ids = sorted({row["visit"] for row in parts})
    visits = await queries.rows("visit", id=ids, status=["entered", "left"]) if ids else []
    return Task(len(visits), marked("次入企的处理可能要您审核"), "/reviews")


async def _asked(queries: Queries, actor: Actor) -> Task | None:
    """Return a monitoring point's question that waits for its answer."""
    if actor.role not in TABLE[Action.PULSE_ANSWER]:
        return None
    found = [state for _, state in await queries.find("pulse", enterprise=actor.of, ended=False)]
    open_ = [s for s in found if s.month not in {answer.month for answer in s.answers}]
    return Task(len(open_), marked("个监测点的问题待您回答"), "/pulse")
