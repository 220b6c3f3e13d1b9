"""What a planner tells of its search while it goes on. None of it is a fact of the ledger."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from schemas.base import Frozen, Instant

SEEN: Final = "cn.wurao.search.seen.v1"
PARTS: Final = 1_000_000


class SearchSeen(Frozen):
    """How far a search is: its best plan, its best bound, and the gap and the time between them.

    Attributes:
        job: the job that asks for the plan; it is the record's key, too.
        by: the process that works on it; another one where the first was lost.
        step: the numbered step of work that was made last.
        objective: points of the best plan so far; none before the first step.
        bound: points that no plan is below, as far as is proven.
        gap: (objective - bound) in parts per million of the bound; none where the bound is no measure.
        millis: milliseconds since this process began.
        state: ``done`` is the last that is told of a job by whoever finished it.
        ended: what ended the search early, with the best plan kept.
        outcome: what became of the draft, or why there is none.
    """

    type: Literal["cn.wurao.search.seen.v1"] = SEEN
    job: str = Field(min_length=1, max_length=300)
    month: str
    by: str = Field(max_length=300)
    at: Instant
    step: int = Field(default=0, ge=0)
    phase: str | None = None
    objective: int | None = None
    bound: int | None = None
    gap: int | None = None
    unplaced: int | None = None
    millis: int = Field(ge=0)
    state: Literal["running", "done"] = "running"
    ended: Literal["stopped", "time", "memory"] | None = None
    outcome: str | None = None


def gap_of(objective: int, bound: int) -> int | None:
    """Return the gap in parts per million of the bound; ``None`` where the bound is no measure."""
    if objective == bound:
        return 0
    return (objective - bound) * PARTS // bound if bound > 0 else None
