"""Small states for read models."""

from __future__ import annotations

from datetime import date
from typing import Any

from scheduler.states import KINDS, DraftState, VisitState, VisitStatus
from schemas.lanes import Lane
from schemas.plans import PlanBody, Worth
from schemas.visits import Part, PlanLine
from tests.builders import a_uscc
from tests.samples import sample

DAY = date(2026, 12, 25)

_KEYS = {
    "policy": "policy/current",
    "calendar": "calendar/all",
    "capacity": "capacity/d1/2026-12-25",
    "baseline": "baseline/d1/2025",
    "month": "month/2026-12",
    "tally": "tally/cap/visits/d1",
}


def key_of(kind: str) -> str:
    """Return a key of a kind."""
    return _KEYS.get(kind, f"{kind}/x1")


def poor(kind: str) -> Any:  # noqa: ANN401 - any kind of state
    """Return a state with as few fields as it may have."""
    return _named(kind, sample(KINDS[kind], rich=False))


def rich(kind: str) -> Any:  # noqa: ANN401 - the same
    """Return a state with every field."""
    return _named(kind, sample(KINDS[kind], rich=True))


def _named(kind: str, state: Any) -> Any:  # noqa: ANN401 - the same
    # What a state says of itself agrees with its key, as it does in the ledger.
    names: dict[str, dict[str, object]] = {
        "baseline": {"year": 2025},
        "draft": {"month": "2026-12", "version": 1},
    }
    if kind == "joint":
        # No department has two parts in a joint visit; the samples of a tuple are alike.
        parts = tuple(
            part.model_copy(update={"department": f"department-{n}"})
            for n, part in enumerate(state.joint.parts)
        )
        state = state.model_copy(update={"joint": state.joint.model_copy(update={"parts": parts})})
    itself = {"id": "x1"} if "id" in type(state).model_fields and kind != "enterprise" else {}
    return state.model_copy(update=names.get(kind, itself))


def a_line(visit: str, *departments: str) -> PlanLine:
    """Return a line of a plan on 25 December."""
    parts = tuple(Part(department=each, requests=(f"r-{each}",)) for each in departments)
    return PlanLine(visit=visit, enterprise=a_uscc(), day=DAY, lead=departments[0], parts=parts)


def a_visit(visit: str, *departments: str) -> VisitState:
    """Return a published visit of departments."""
    line = a_line(visit, *departments)
    return VisitState(id=visit, line=line, lane=Lane.ROUTINE, status=VisitStatus.PUBLISHED)


def a_draft(version: int, *visits: str) -> DraftState:
    """Return a version of December's plan with visits."""
    worth = Worth(objective=10, bound=10, entries=1, entries_bound=1, solver="none")
    lines = tuple(a_line(visit, "d1") for visit in visits)
    body = PlanBody(lines=lines, unplaced=(), worth=worth, snapshot="s1")
    return DraftState(month="2026-12", version=version, body=body, answer_by=DAY)
