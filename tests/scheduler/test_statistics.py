"""Statistics by hand-worked small worlds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scheduler.states import RequestState, RequestStatus, VisitState, VisitStatus
from scheduler.statistics import (
    entries_wanted,
    figures,
    high_risk_coverage,
    share,
)
from schemas.lanes import Ground, Lane
from schemas.registry import RiskClass
from schemas.visits import (
    Closing,
    Code,
    Finding,
    NoEntry,
    Outcome,
    Part,
    PlanLine,
    Scan,
)
from tests.builders import AN_INSTANT, a_request, a_uscc, an_enterprise

DAY = date(2026, 12, 25)


def a_state(number: int, status: RequestStatus, lane: Lane = Lane.ROUTINE) -> RequestState:
    return RequestState(
        id=f"r{number}", request=a_request(lane=lane), status=status, at=AN_INSTANT, by="clerk"
    )


def a_visit(number: int, *departments: str, firm: int = 1, **changes: object) -> VisitState:
    """A visit of these departments, one request each."""
    parts = tuple(Part(department=d, requests=(f"r{number}-{d}",)) for d in departments)
    line = PlanLine(
        visit=f"v{number}", enterprise=a_uscc(firm), day=DAY, lead=departments[0], parts=parts
    )
    base = VisitState(
        id=line.visit, line=line, lane=Lane.ROUTINE, status=VisitStatus.PUBLISHED, month="2026-12"
    )
    return base.model_copy(update=changes)


CODE = Code(serial="s", visit="v", valid_from=AN_INSTANT, valid_until=AN_INSTANT)


def entered(**changes: object) -> dict[str, Any]:
    scan = Scan(at=AN_INSTANT, departments=("fire",), officers=("a", "b"))
    return {"status": VisitStatus.CLOSED, "code": CODE, "scan": scan, **changes}


def test_every_request_counts_once_under_its_lane() -> None:
    every = [a_state(n, status) for n, status in enumerate(RequestStatus)]
    found = figures([*every, a_state(99, RequestStatus.PLACED, Lane.STATUTORY)], [])
    routine = found.lanes[Lane.ROUTINE]
    by_status = (
        routine.refused,
        routine.open,
        routine.rejected,
        routine.withdrawn,
        routine.placed,
        routine.unplaced,
        routine.undecided,
    )
    assert by_status == (1, 1, 1, 1, 1, 1, 1)
    assert routine.requests == len(RequestStatus)
    assert found.lanes[Lane.STATUTORY].placed == 1
    assert found.requests == len(RequestStatus) + 1


def test_a_joint_visit_is_one_entry_and_saves_the_others() -> None:
    # Three departments at one firm, one alone at another: 4 requests, 2 entries, 2 avoided.
    joint = a_visit(1, "fire", "labour", "market", **entered())
    alone = a_visit(2, "fire", firm=2, **entered())
    found = figures([], [joint, alone])
    assert (found.planned_entries, found.joint_visits, found.visits_avoided) == (2, 1, 2)
    assert found.joint_share == pytest.approx(0.5)
    assert found.by_enterprise == {a_uscc(1): 1, a_uscc(2): 1}


def test_a_cancelled_visit_is_none_and_a_closed_gate_is_no_entry() -> None:
    cancelled = a_visit(1, "fire", status=VisitStatus.CANCELLED)
    shut = a_visit(2, "fire", status=VisitStatus.NOT_ENTERED, no_entry=NoEntry.CLOSED_GATE)
    found = figures([], [cancelled, shut])
    assert (found.entries, found.planned_entries) == (0, 1)
    assert found.not_entered == {NoEntry.CLOSED_GATE: 1}


def test_exempt_entries_are_counted_apart_with_their_reason() -> None:
    # Four entries, of which two re-checks and one complaint: 3 of 4 exempt.
    recheck = {"lane": Lane.STATUTORY, "exempt": Ground.RECTIFICATION.value, "month": None}
    visits = [
        a_visit(1, "fire", **entered()),
        a_visit(2, "fire", **entered(**recheck)),
        a_visit(3, "fire", **entered(**recheck)),
        a_visit(4, "fire", **entered(**{**recheck, "exempt": Ground.COMPLAINT.value})),
    ]
    found = figures([], visits)
    assert found.exempt_by_reason == {"rectification": 2, "complaint": 1}
    assert found.exempt_share == pytest.approx(0.75)
    assert found.lanes[Lane.STATUTORY].entries == 3
    assert found.planned_entries == 1


def test_an_unrated_visit_is_never_a_rated_one() -> None:
    # Rated, unrated, not due yet: 1 of the 2 whose time is over.
    visits = [
        a_visit(1, "fire", **entered(rated=Closing.RATED)),
        a_visit(2, "fire", **entered(rated=Closing.UNRATED)),
        a_visit(3, "fire", **entered(status=VisitStatus.LEFT)),
    ]
    found = figures([], visits)
    assert found.rated_share == pytest.approx(0.5)
    assert found.coded_share == pytest.approx(1.0)


def test_the_find_rate_compares_with_visits_that_have_a_result() -> None:
    bad = Outcome(department="fire", findings=(Finding(item="i", compliant=False),))
    good = Outcome(department="fire", findings=(Finding(item="i", compliant=True),))
    visits = [
        a_visit(1, "fire", **entered(outcomes=(good, bad))),
        a_visit(2, "fire", **entered(outcomes=(good,))),
        a_visit(3, "fire", **entered()),
    ]
    assert figures([], visits).find_share == pytest.approx(0.5)


def test_late_and_back_dated_filings_are_counted() -> None:
    visit = a_visit(1, "fire", **entered(filing_late=True, filing_back_dated=True))
    found = figures([], [visit])
    assert (found.filed_late, found.back_dated) == (1, 1)


def test_high_risk_coverage_counts_enterprises_not_visits() -> None:
    # Two high-risk firms, one of them entered twice; a low-risk one does not matter.
    firms = [
        an_enterprise(1, risk=RiskClass.HIGH),
        an_enterprise(2, risk=RiskClass.HIGH),
        an_enterprise(3, risk=RiskClass.LOW),
    ]
    visits = [a_visit(n, "fire", firm=firm, **entered()) for n, firm in enumerate((1, 1, 3))]
    covered = high_risk_coverage(firms, figures([], visits))
    assert (covered.reached, covered.of) == (1, 2)
    assert covered.share == pytest.approx(0.5)


def test_entries_wanted_counts_a_firm_once_a_day() -> None:
    same = [("A", DAY), ("A", DAY), ("A", date(2026, 12, 28)), ("B", DAY)]
    assert entries_wanted(same) == 3


def test_a_share_of_nothing_is_nothing() -> None:
    assert share(0, 0) == 0
