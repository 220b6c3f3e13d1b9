"""Why one ask has its day, or none."""

from datetime import date

from scheduler.planner.alternatives import tolls_of
from scheduler.planner.plan import Certificate, Toll
from scheduler.planner.problem import Ask, Problem
from scheduler.planner.tally import Tally
from scheduler.planner.why import (
    BetterDayTaken,
    Dearer,
    EquallyGood,
    FixedByPerson,
    LeftOut,
    OffPreference,
    OnlyDay,
    Placed,
    SharesEntry,
    StillBetter,
    why,
)
from tests.scheduler.planner.worlds import FRIDAY, MONDAY, TUESDAY, an_ask, capacities

ROWS = tuple(capacities(1, "fire", "tax"))


def placed(*asks: Ask, **days: date) -> Placed:
    """Why the first of these asks has its day."""
    found = why(Tally(Problem(asks=asks, capacities=ROWS), days), asks[0].id, {})
    assert isinstance(found, Placed)
    return found


def test_a_person_fixed_it() -> None:
    found = placed(an_ask("a", pinned=MONDAY), a=MONDAY)
    assert found.grounds == (FixedByPerson(), OffPreference(months=0))


def test_it_is_the_only_day_and_costs_an_entry_of_its_own() -> None:
    found = placed(an_ask("a", days=(FRIDAY,)), a=FRIDAY)
    assert found.grounds == (OnlyDay(), OffPreference(months=0))


def test_it_joins_the_tax_office() -> None:
    """Tests that any other day costs the entry that is shared here."""
    tax = an_ask("t", department="tax", days=(FRIDAY,))
    found = placed(an_ask("a"), tax, a=FRIDAY, t=FRIDAY)
    shares = SharesEntry(others=("tax",), saves=10)
    assert found.grounds == (shares, OffPreference(months=0), Dearer(least=10))


def test_a_better_day_is_full_and_another_is_as_good() -> None:
    """Tests that Friday, a month nearer, belongs to b."""
    other = an_ask("b", days=(FRIDAY,), enterprise="yard")
    found = placed(an_ask("a", months_off=(0, 1, 1)), other, a=MONDAY, b=FRIDAY)
    month, taken, equal = found.grounds
    assert month == OffPreference(months=1)
    assert isinstance(taken, BetterDayTaken)
    assert (taken.better.day, taken.better.change, len(taken.better.breaks)) == (FRIDAY, -1, 1)
    assert equal == EquallyGood(days=(TUESDAY,))


def test_a_plan_that_was_stopped_early_admits_it() -> None:
    found = placed(an_ask("a", months_off=(0, 1, 1)), a=MONDAY)
    assert any(isinstance(g, StillBetter) and g.better.day == FRIDAY for g in found.grounds)


def test_a_day_has_its_price_by_the_certificate() -> None:
    """Tests that two units at 3.5 points each are 7 points."""
    tolls = (Toll(department="fire", day=FRIDAY, micro=3_500_000),)
    certificate = Certificate(kind="prices", tolls=tolls, budgets=(), shortfalls=())
    problem = Problem(asks=(an_ask("a", duration=2),), capacities=tuple(capacities(2, "fire")))
    tally = Tally(problem, {"a": MONDAY})
    found = why(tally, "a", tolls_of(certificate))
    assert isinstance(found, Placed)
    assert found.toll == 0
    assert {o.day: o.toll for o in found.alternatives}[FRIDAY] == 7_000_000


def test_an_ask_without_a_day_is_told_with_whom_it_is_caught_and_what_would_free_it() -> None:
    """Tests that one unit more on Friday would gain 100 - 10."""
    asks = (an_ask("a", days=(FRIDAY,)), an_ask("b", days=(FRIDAY,), enterprise="yard"))
    found = why(Tally(Problem(asks=asks, capacities=ROWS), {"b": FRIDAY}), "a", {})
    assert isinstance(found, LeftOut)
    assert found.shortage is not None
    assert found.shortage.asks == ("a", "b")
    assert found.exchange is None
    (friday,) = found.alternatives
    assert (friday.day, friday.change) == (FRIDAY, -90)
    assert found.facts.obstacles == friday.breaks
