"""Rows of enterprises' problems, their pool and the looks back, and of callbacks after bad ratings."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler import problem_states as s
from scheduler.callbacks import CallbackState
from streams.readmodels.pieces import Rows, many, one, text


def problem(id_: str, p: s.ProblemState) -> Iterable[Rows]:
    """Return the row of a problem: what lists are found and sorted by."""
    report = p.problem
    yield one(
        "problem",
        {
            "id": id_,
            "title": text(report.title),
            "source": report.source.value,
            "topic": report.topic.value,
            "enterprise": report.enterprise,
            "chain": text(report.chain) if report.chain else None,
            "reported": p.reported,
            "status": p.status.value,
            "lies_open": p.open,
            "grade": p.grade.value if p.grade else None,
            "leader": p.leader,
            "department": p.department,
            "merged_into": p.into,
            "closing": p.closing.value if p.closing else None,
            "closed_in": p.closed_in,
            "carried_in": p.carried[-1].month if p.carried else None,
            "reopened": p.reopened,
        },
    )


def pool(month: str, p: s.PoolState) -> Iterable[Rows]:
    """Return the row of a month of the pool."""
    row = {"month": month, "cleared": p.cleared, "closed": p.closed, "carried": len(p.carried)}
    yield one("pool", row)


def look_back(month: str, b: s.LookBackState) -> Iterable[Rows]:
    """Return the rows of a look back, with its sample."""
    row = {"month": month, "seed": b.seed, "population": b.population, "members": b.of}
    yield one("look_back", row)
    yield many("look_back_sample", {"month": month}, ({"problem": id_} for id_ in b.sample))


def callback(id_: str, c: CallbackState) -> Iterable[Rows]:
    """Return the row of a callback."""
    yield one(
        "callback",
        {
            "id": id_,
            "visit": c.visit,
            "calls": len(c.calls),
            "reached": c.reached,
            "consent": c.consent,
            "department": c.department,
            "recipient": c.to,
            "answered": c.answer is not None,
            "finding": c.finding.value if c.finding else None,
        },
    )
