"""法制审核 in the year: a major decision is reviewed before it is on record; a first offence may be spared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Final

from portal.demo import desk as d
from portal.demo.desk import Asked
from scheduler.states import VisitState
from schemas.commands import RecordOutcome
from schemas.envelope import ActorRole
from schemas.lead_commands import ReviewOutcome
from schemas.visits import Decision, Finding, Outcome

MAJOR, UNREVIEWED = 0.012, 0.25
"""Chances that an inspection ends in a major decision, and that somebody first tries without a review."""

SPARED: Final = 0.15
"""Chance that guidance after a finding cites a first offence 首违不罚."""


def weighed(random: Random, state: VisitState, asked: Sequence[Asked]) -> list[Asked]:
    """Let one result of a visit be a major decision, or a first offence that is spared."""
    found = list(asked)
    if not found or not isinstance(found[0].what, RecordOutcome):
        return found
    first, outcome = found[0], found[0].what.outcome
    if random.random() < MAJOR:
        return [*_major(first, state, outcome, random), *found[1:]]
    if outcome.measure == "guidance" and random.random() < SPARED:
        cited = outcome.model_copy(update={"cites": ("exemptions:first",)})
        found[0] = Asked(
            first.id, first.who, first.at, RecordOutcome(visit=state.id, outcome=cited)
        )
    return found


def _major(first: Asked, state: VisitState, outcome: Outcome, random: Random) -> list[Asked]:
    """法制审核. The department's reviewer sees a major decision before it is on record."""
    home = outcome.department
    findings = tuple(Finding(item=f.item, compliant=n > 0) for n, f in enumerate(outcome.findings))
    decided = Outcome(department=home, findings=findings, measure="penalty_case", major=True)
    record = RecordOutcome(visit=state.id, outcome=decided)
    reviewer = d.person(f"legal.{home}", ActorRole.LEGAL, home)
    review = ReviewOutcome(
        visit=state.id, department=home, decision=Decision.APPROVED, reason="事实清楚，程序合法"
    )
    asked = [
        Asked(f"review-{state.id}", reviewer, first.at, review),
        Asked(first.id, first.who, first.at + timedelta(minutes=30), record),
    ]
    if random.random() < UNREVIEWED:
        asked.insert(0, Asked(f"unreviewed-{state.id}", first.who, first.at, record))
    return asked
