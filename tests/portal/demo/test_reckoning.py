"""What was planted against what was found: nothing counts that did not come about."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from portal.demo.reference import calendar, policy_layers
from portal.demo.year.reckoning import reckoned
from portal.demo.year.recount import Books
from portal.demo.year.schemes import RULES, Kind, Scheme
from portal.demo.year.without import Wish, without_rules
from scheduler.ruleset import RuleSet
from scheduler.states import RequestState, RequestStatus, VisitState, VisitStatus
from scheduler.workdays import WorkCalendar
from schemas import uscc
from schemas.base import CHINA
from schemas.lanes import Lane
from schemas.visits import Finding, Outcome, Part, PlanLine
from tests.builders import a_cause, a_request

HERE = uscc.make("9", "1", "430499", "MAQH0001")


def visit(id_: str, request: str, status: VisitStatus) -> VisitState:
    line = PlanLine(
        visit=id_,
        enterprise=HERE,
        day=date(2026, 3, 26),
        lead="market",
        parts=(Part(department="market", requests=(request,)),),
    )
    return VisitState(id=id_, line=line, lane=Lane.ROUTINE, status=status)


def alert(rule: str, about: str, *departments: str) -> dict[str, Any]:
    return {"rule": rule, "about": about, "key": about, "departments": list(departments)}


SPLIT = Scheme(kind=Kind.SPLITTING, department="market", first="r1", second="r2")


def test_a_wrong_that_came_about_is_found_or_missed() -> None:
    visits = {
        "r1": visit("v1", "r1", VisitStatus.CLOSED),
        "r2": visit("v2", "r2", VisitStatus.CLOSED),
    }
    rule = RULES[Kind.SPLITTING]
    found = reckoned([SPLIT], [], Books(visits), [alert(rule, "visit/v2", "market")])
    assert (found.planted, found.found, found.false) == (1, 1, 0)
    missed = reckoned([SPLIT], [], Books(visits), [alert(rule, "visit/v9", "market")])
    assert (missed.kinds[Kind.SPLITTING].missed, missed.false) == (1, 1)
    other = reckoned([SPLIT], [], Books(visits), [alert(rule, "visit/v2", "fire")])
    assert (other.found, other.false) == (0, 1)


def again(
    days: int,
    *,
    items: tuple[str, ...] = ("market.01",),
    **asked: Any,  # noqa: ANN401 - fields of a request
) -> tuple[Books, dict[str, Any]]:
    """Return the books of two checks so many days apart, and the alert that they are one too many."""
    visits, requests = {}, {}
    for n, day in ((1, date(2026, 3, 26)), (2, date(2026, 3, 26) + timedelta(days=days))):
        wish = a_request(
            department="market", enterprise=HERE, items=items, **(asked if n == 2 else {})
        )
        state = visit(f"v{n}", f"r{n}", VisitStatus.CLOSED)
        part = state.line.parts[0].model_copy(update={"items": items})
        line = state.line.model_copy(update={"day": day, "parts": (part,)})
        visits[f"r{n}"] = state.model_copy(update={"line": line})
        requests[f"r{n}"] = RequestState(
            id=f"r{n}",
            request=wish,
            status=RequestStatus.PLACED,
            at=datetime(2026, 3, 1, tzinfo=CHINA),
            by="clerk.market",
        )
    raised = alert("checked_twice", "visit/v2", "market") | {"evidence": [{"subject": "visit/v1"}]}
    return Books(visits, requests, {}, RuleSet(policy_layers()).alerts), raised


def outcome(*bad: str) -> Outcome:
    """Return what the department wrote down, with the items that were not in order."""
    findings = tuple(Finding(item=item, compliant=False) for item in bad)
    return Outcome(department="market", findings=findings)


def test_what_nobody_planned_may_be_so_all_the_same() -> None:
    books, raised = again(30)
    found = reckoned([], [], books, [raised])
    assert (found.planted, found.unmeant, found.false) == (0, 1, 0)
    assert reckoned([], [], Books({}, {}, {}, books.rules), [raised]).false == 1


@pytest.mark.parametrize(
    ("days", "asked"),
    [(61, {}), (0, {}), (30, {"draw": "d1"}), (30, {"lane": Lane.STATUTORY, "cause": a_cause()})],
    ids=["too late", "the same day", "drawn", "for cause"],
)
def test_an_alert_that_the_books_do_not_bear_out_is_false(days: int, asked: Any) -> None:  # noqa: ANN401
    books, raised = again(days, **asked)
    found = reckoned([], [], books, [raised])
    assert (found.unmeant, found.false) == (0, 1)


def test_a_recheck_of_what_was_not_in_order_is_neither_planted_nor_a_true_alert() -> None:
    books, raised = again(30)
    first = books.visits["r1"].model_copy(update={"outcomes": (outcome("market.01"),)})
    mended = Books({**books.visits, "r1": first}, books.requests, {}, books.rules)
    habit = Scheme(kind=Kind.TWICE, department="market", first="r1", second="r2")
    assert reckoned([habit], [], books, [raised]).found == 1
    found = reckoned([habit], [], mended, [raised])
    assert (found.planted, found.false) == (0, 1)


def test_what_was_stopped_beforehand_is_not_planted() -> None:
    visits = {"r2": visit("v2", "r2", VisitStatus.CLOSED)}
    found = reckoned([SPLIT], [], Books(visits), [])
    assert (found.planted, found.kinds[Kind.SPLITTING].stopped) == (0, 1)
    visits["r1"] = visit("v1", "r1", VisitStatus.NOT_ENTERED)
    assert reckoned([SPLIT], [], Books(visits), []).planted == 0


def test_an_entry_without_a_scan_stays_on_the_books() -> None:
    scheme = Scheme(kind=Kind.UNSCANNED, department="market", second="r1")
    due = {"r1": visit("v1", "r1", VisitStatus.PUBLISHED)}
    assert reckoned([scheme], [], Books(due), [alert("no_scan", "visit/v1")]).found == 1
    came = {"r1": visit("v1", "r1", VisitStatus.CLOSED)}
    assert reckoned([scheme], [], Books(came), []).planted == 0


def test_without_rules_each_wish_is_a_visit_of_its_own() -> None:
    known = calendar(2026)
    assert known is not None
    days = WorkCalendar([known])
    wishes = {
        "2026-03": [
            Wish("a", "market", HERE, date(2026, 3, 3)),
            Wish("b", "fire", HERE, date(2026, 3, 3)),
            Wish("c", "fire", HERE),
        ]
    }
    found = without_rules(wishes, days, 0)
    assert found.visits == 3
    assert found.entries == sum(found.by_month.values()) in {1, 2}
    assert found.busiest == found.entries
    assert without_rules(wishes, days, 0) == found
