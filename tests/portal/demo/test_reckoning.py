"""What was planted against what was found: nothing counts that did not come about."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.demo.reference import calendar
from portal.demo.year.reckoning import reckoned
from portal.demo.year.recount import Books
from portal.demo.year.schemes import RULES, Kind, Scheme
from portal.demo.year.without import Wish, without_rules
from scheduler.states import VisitState, VisitStatus
from scheduler.workdays import WorkCalendar
from schemas import uscc
from schemas.lanes import Lane
from schemas.visits import Part, PlanLine

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
