"""Rows of requests and of the plans that serve them."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler import states as s
from scheduler.keys import month_of
from streams.readmodels.pieces import Rows, many, objections, one, text


def request(identity: str, r: s.RequestState) -> Iterable[Rows]:
    """Return the rows of a request, with its approvals and what stood in its way."""
    asked, cause = r.request, r.request.cause
    yield one(
        "request",
        {
            "id": identity,
            "department": asked.department,
            "enterprise": asked.enterprise,
            "purpose": asked.purpose.value,
            "lane": asked.lane.value,
            "status": r.status.value,
            "month": asked.preferred_month or month_of(asked.window.first),
            "window_first": asked.window.first,
            "window_last": asked.window.last,
            "duration": asked.duration,
            "people": asked.people,
            "announced": asked.announced,
            "ground": cause.ground.value if cause else None,
            "reference": cause.reference if cause else asked.reference,
            "last_legal_date": cause.last_legal_date if cause else None,
            "submitted": r.at,
            "submitted_by": text(r.by),
            "approved": r.approved,
            "confirmed": r.confirmed,
            "objections": len(r.objections),
            "unplaced": r.unplaced.cause.value if r.unplaced else None,
            "carried": r.carried,
            "visit": r.visit,
            "day": r.day,
            "generated": asked.generated,
            "plan_line": asked.line,
            "off_plan": asked.off_plan is not None,
            "on_site": asked.on_site.value if asked.on_site else None,
            "campaign": asked.campaign,
            "joint": asked.joint,
        },
    )
    yield many(
        "approval",
        {"request": identity},
        (
            {
                "line": line,
                "role": a.role.value,
                "decision": a.decision.value,
                "given": a.at,
                "given_by": a.by,
                "on_paper": a.on_paper,
            }
            for line, a in enumerate(r.approvals)
        ),
    )
    yield objections(f"request/{identity}", r.objections)


def month(identity: str, m: s.MonthState) -> Iterable[Rows]:
    """Return the rows of a month's planning."""
    yield one("month", {"month": identity, **m.model_dump()})


def draft(_: str, d: s.DraftState) -> Iterable[Rows]:
    """Return the rows of a version of a plan, with its lines, what it left out, and the answers."""
    owner, worth = {"month": d.month, "version": d.version}, d.body.worth
    yield one(
        "draft",
        {
            **owner,
            "answer_by": d.answer_by,
            "lines": len(d.body.lines),
            "unplaced": len(d.body.unplaced),
            "entries": worth.entries,
            "entries_bound": worth.entries_bound,
            "objective": worth.objective,
            "bound": worth.bound,
            "snapshot": d.body.snapshot,
            "seed": worth.seed,
            "step": worth.step,
        },
    )
    lines = {line.visit: line for line in d.body.lines}
    yield many(
        "draft_line",
        owner,
        (
            {
                "visit": line.visit,
                "enterprise": line.enterprise,
                "day": line.day,
                "half": line.half.value if line.half else None,
                "lead": line.lead,
                "purpose": line.purpose.value,
                "departments": len(set(line.departments)),
                "requests": sum(len(part.requests) for part in line.parts),
            }
            for line in lines.values()
        ),
    )
    missing = {each.request: each for each in d.body.unplaced}
    yield many(
        "draft_unplaced",
        owner,
        (
            {
                "request": each.request,
                "department": each.department,
                "cause": each.cause.value,
                "carried": each.carried,
                "must": each.must,
            }
            for each in missing.values()
        ),
    )
    yield many(
        "draft_answer",
        owner,
        (
            {"line": n, "department": a.department, "visit": a.visit, "answer": a.kind.value}
            for n, a in enumerate(d.answers)
        ),
    )
