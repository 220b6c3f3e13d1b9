"""处理结果互认: which results of other departments stand for an item, so that nobody need come for it.

A result is about the same thing when its item follows the same standard (``Item.standard``). It is good
when the thing was found in order, and for as many months as the policy says. A result that was itself
taken over hands nothing on: nothing is ever trusted at second hand.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.off_site import OffSiteState
from scheduler.states import VisitState
from schemas.off_site import KnownResult, OffSiteResult, OffSiteWay


@dataclass(frozen=True, slots=True)
class Found:
    """A good result of a department about one of its items at an enterprise, and its day."""

    source: KnownResult
    enterprise: str
    day: date


def months_before(day: date, months: int) -> date:
    """Return the same day so many months ago, or the last day of that month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def fresh(found: Found, today: date, months: int) -> bool:
    """Tell whether a result still stands."""
    return months_before(today, months) <= found.day <= today


def of_visit(visit: VisitState) -> Iterator[Found]:
    """Yield the good results of a visit, item by item."""
    for outcome in visit.outcomes:
        for finding in outcome.findings:
            if finding.compliant:
                home, item = outcome.department, finding.item
                source = KnownResult(kind="visit", id=visit.id, department=home, item=item)
                yield Found(source, visit.line.enterprise, visit.line.day)


def of_task(state: OffSiteState) -> Iterator[Found]:
    """Yield the good results of an off-site task, item by item."""
    task, settled = state.task, state.settlement
    if settled is None or state.ended is None or settled.result is not OffSiteResult.CLEAR:
        return
    if task.way is OffSiteWay.SHARED:
        return
    for item in task.items:
        home = task.department
        source = KnownResult(kind="off_site", id=state.id, department=home, item=item)
        yield Found(source, task.enterprise, state.ended)
