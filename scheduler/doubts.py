"""Doubtful points 疑点: what a supervisor should look at, each with the entries that show it.

A point is a question, no finding: it stays a draft until a person signs it. Each rests on one record
and on what the ledger itself noted, so everybody who reads the same ledger gets the same list. The
one pattern over several records has its number here, as a default of the project.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from scheduler import keys
from scheduler.audit import Breach
from scheduler.states import DeadlineState, RequestState, VisitState, VisitStatus
from schemas.base import CHINA
from schemas.visits import Grade

EXEMPT_MOST: Final = 2
"""Exempt entries of one department to one enterprise in a year that raise no question: as many as the
default cap allows of the others. Origin: project default."""

_POOR: Final = frozenset({Grade.POOR, Grade.VERY_POOR})
_CAME: Final = frozenset({VisitStatus.ENTERED, VisitStatus.LEFT, VisitStatus.CLOSED})


class Kind(StrEnum):
    """What is doubtful."""

    BREACH = "breach"
    FILING_LATE = "filing_late"
    BACK_DATED = "back_dated"
    LAPSED = "lapsed"
    LATE_SCAN = "late_scan"
    ABSENT = "absent"
    TURNED_AWAY = "turned_away"
    NO_OUTCOME = "no_outcome"
    POOR_RATING = "poor_rating"
    ON_PAPER = "on_paper"
    OFTEN_EXEMPT = "often_exempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One doubtful point. ``evidence`` names the types of the entries of ``about`` that show it."""

    kind: Kind
    about: str
    enterprise: str
    departments: tuple[str, ...]
    day: date
    numbers: Mapping[str, int | str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


def of_visit(state: VisitState) -> Iterator[Doubt]:
    """Yield what is doubtful about one visit: its filing, the gate, its results, its rating."""
    yield from _filing(state)
    yield from _gate(state)
    told = {outcome.department for outcome in state.outcomes} | set(state.absent)
    inspected = {part.department for part in state.line.parts if part.items}
    if state.status is VisitStatus.CLOSED and inspected - told:
        yield _of(state, Kind.NO_OUTCOME, {}, "visit.closed")
    rating = state.rating
    if rating is not None and rating.forward and rating.grade in _POOR:
        yield _of(state, Kind.POOR_RATING, {"grade": rating.grade.value}, "rating.given")


def _filing(state: VisitState) -> Iterator[Doubt]:
    filing = state.filing
    if filing is None:
        return
    if state.filing_late:
        yield _of(state, Kind.FILING_LATE, {"number": filing.number}, "filing.recorded")
    if state.filing_back_dated:
        said = str(filing.at.astimezone(CHINA).date())
        numbers = {"number": filing.number, "said": said}
        yield _of(state, Kind.BACK_DATED, numbers, "filing.recorded")


def _gate(state: VisitState) -> Iterator[Doubt]:
    if state.scan is not None and state.scan.late_reason:
        yield _of(state, Kind.LATE_SCAN, {"reason": state.scan.late_reason}, "visit.entered")
    if state.absent:
        yield _of(state, Kind.ABSENT, {"absent": " ".join(state.absent)}, "visit.entered")
    if state.no_entry is not None:
        yield _of(state, Kind.TURNED_AWAY, {"cause": state.no_entry.value}, "visit.not_entered")


def _of(state: VisitState, kind: Kind, numbers: Mapping[str, int | str], *evidence: str) -> Doubt:
    return Doubt(
        kind=kind,
        about=keys.visit(state.id),
        enterprise=state.line.enterprise,
        departments=state.line.departments,
        day=state.line.day,
        numbers=numbers,
        evidence=tuple(f"cn.wurao.{each}.v1" for each in evidence),
    )


def of_request(state: RequestState) -> Iterator[Doubt]:
    """Yield what is doubtful about one request: decisions entered on somebody's behalf."""
    for approval in state.approvals:
        if approval.on_paper:
            paper = approval.paper
            yield Doubt(
                kind=Kind.ON_PAPER,
                about=keys.request(state.id),
                enterprise=state.request.enterprise,
                departments=(state.request.department,),
                day=approval.at.astimezone(CHINA).date(),
                numbers={
                    "role": approval.role.value,
                    "by": approval.by,
                    "signed": str(paper.signed_on) if paper else "—",
                },
                evidence=("cn.wurao.request.decided.v1",),
            )


def of_deadline(state: DeadlineState, visit: VisitState | None) -> Iterator[Doubt]:
    """Yield the point of a deadline that passed. A rating's is the enterprise's own affair."""
    if state.status != "lapsed" or visit is None or state.owner == "enterprise":
        return
    yield Doubt(
        kind=Kind.LAPSED,
        about=keys.visit(visit.id),
        enterprise=visit.line.enterprise,
        departments=visit.line.departments,
        day=visit.line.day,
        numbers={"rule": state.rule, "working_days": state.working_days},
        evidence=("cn.wurao.deadline.lapsed.v1",),
    )


def of_breach(breach: Breach, visit: VisitState | None) -> Iterator[Doubt]:
    """Yield the point of a rule that a visit on the books breaks."""
    if visit is None:
        return
    numbers: dict[str, int | str] = {"rule": breach.rule}
    if breach.limit or breach.total:
        numbers |= {"limit": breach.limit, "total": breach.total}
    yield Doubt(
        kind=Kind.BREACH,
        about=keys.visit(breach.visit),
        enterprise=visit.line.enterprise,
        departments=visit.line.departments,
        day=breach.day,
        numbers=numbers,
        evidence=("cn.wurao.visit.published.v1", "cn.wurao.visit.arranged.v1"),
    )


def often_exempt(visits: Iterable[VisitState]) -> Iterator[Doubt]:
    """Yield each exempt entry beyond what raises no question, of one department in one year.

    An exemption is lawful each time; a row of them may be a way around the cap.
    """
    counts: Counter[tuple[str, str, int]] = Counter()
    came = [v for v in visits if v.status in _CAME and v.lane.exempt]
    for state in sorted(came, key=lambda v: (v.line.day, v.id)):
        for department in state.line.departments:
            key = (department, state.line.enterprise, state.line.day.year)
            counts[key] += 1
            if counts[key] > EXEMPT_MOST:
                yield Doubt(
                    kind=Kind.OFTEN_EXEMPT,
                    about=keys.visit(state.id),
                    enterprise=state.line.enterprise,
                    departments=(department,),
                    day=state.line.day,
                    numbers={"nth": counts[key], "exempt": state.exempt or state.lane.value},
                    evidence=("cn.wurao.visit.entered.v1",),
                )


def in_order(points: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Return points with the latest day first; those of a day in order of kind and record."""
    found = sorted(points, key=lambda d: (d.kind.value, d.about))
    return tuple(sorted(found, key=lambda d: d.day, reverse=True))
