"""Which lines of the annual plans stand on a day, and whether a request fits the one that it cites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.annual.states import AnnualState
from scheduler.cases import Case
from scheduler.refusals import objection
from scheduler.trades import in_trade
from schemas.annual import AnnualLine
from schemas.objections import Objection
from schemas.policy import AnnualRules


@dataclass(frozen=True, slots=True)
class Standing:
    """The lines that may be cited; ``provisional`` where they are the last year's."""

    lines: tuple[AnnualLine, ...]
    provisional: bool = False


def standing(
    own: AnnualState | None, before: AnnualState | None, day: date, rules: AnnualRules
) -> Standing | None:
    """Return the lines that stand on a day; ``None`` where neither year has an approved plan.

    ``own`` is the plan of the day's year, ``before`` that of the year before: its recurring lines
    stand in until the own plan is approved, and no longer than the policy's day.
    """
    if own is not None and own.approved is not None:
        return Standing(own.approved.lines)
    if before is None or before.approved is None:
        return None
    if day > rules.provisional_until.of(day.year):
        return Standing(())
    return Standing(tuple(line for line in before.approved.lines if line.recurring), True)


def against(case: Case, found: Standing) -> Iterator[Objection]:
    """Object to a request that neither cites a line which covers it nor says on what basis it comes.

    A draw 双随机 is such a basis, and so is a campaign 专项检查.
    """
    request = case.request
    if request.line is None:
        if request.off_plan is None and request.draw is None and request.campaign is None:
            yield objection("line-missing")
        return
    line = next((line for line in found.lines if line.id == request.line), None)
    if line is None:
        yield objection("line-unknown", line=request.line)
        return
    for field in unfit(line, case):
        yield objection("line-unfit", line=line.id, field=field)


def unfit(line: AnnualLine, case: Case) -> Iterator[str]:
    """Name what a line does not cover of a request: its items, months, or class of enterprise."""
    if not set(case.request.items) <= set(line.items):
        yield "items"
    if not _months(case) & set(line.months):
        yield "months"
    if line.risks and case.enterprise.grading(case.first_day).risk not in line.risks:
        yield "risks"
    if line.trades and not any(in_trade(case.enterprise, trade) for trade in line.trades):
        yield "trades"


def _months(case: Case) -> set[int]:
    """Return the months that a request's window touches, within its first year."""
    first, last = case.first_day, case.request.window.last
    end = last.month if last.year == first.year else 12
    return set(range(first.month, end + 1))
