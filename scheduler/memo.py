"""Remember what was derived from a state, for as long as that same state is in use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from scheduler.ruleset import RuleSet
from scheduler.states import CalendarsState
from scheduler.workdays import WorkCalendar

A = TypeVar("A")
B = TypeVar("B")


def by_identity(derive: Callable[[A], B], kept: int = 8) -> Callable[[A], B]:
    """Return ``derive`` with its last results kept by the identity of the argument.

    States are frozen, so the same object always gives the same result. Comparing identities saves
    hashing a whole policy for each of a year's 200,000 decisions.
    """
    results: list[tuple[A, B]] = []

    def remembered(state: A) -> B:
        for known, result in results:
            if known is state:
                return result
        result = derive(state)
        results.insert(0, (state, result))
        del results[kept:]
        return result

    return remembered


def _working_calendar(state: CalendarsState) -> WorkCalendar:
    return WorkCalendar(state.calendars)


rules_of = by_identity(RuleSet.of)
"""The rule set of an adopted policy, built once for as long as that policy is in use."""

calendar_of = by_identity(_working_calendar)
"""The working calendar of the adopted calendars, built once likewise."""
