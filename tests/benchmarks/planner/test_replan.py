"""Events for the benchmark: each kind as often as it says, all fitting, rows of the worst."""

from fractions import Fraction

from benchmarks.planner.happenings import EACH, KINDS, blocks
from benchmarks.planner.instances import REPLAN
from benchmarks.planner.replan import good, sums
from scheduler.exchange.generate import Extras, make
from scheduler.planner.replan.events import CapacityChanged, Limits
from tests.scheduler.planner.replan.worlds import warmed


def test_every_kind_happens_and_fits() -> None:
    extras = Extras(caps=True, history=30, budget=90)
    statement = make(400, 2, 30, tightness=Fraction(1), seed=3, extras=extras)
    warm = warmed(statement, Limits(), steps=30)
    drawn = list(blocks(statement, warm.plan("", {}), 1))
    assert [kind for kind, _ in drawn] == list(KINDS)
    for kind, events in drawn:
        assert len(events) == EACH
        answers = [warm.answer(event) for event in events]
        assert all(answer.beyond <= 10 for answer in answers)
        if kind == "ill":
            assert all(answer.hit for answer in answers)
    lost = [event for event in drawn[-1][1] if isinstance(event, CapacityChanged)]
    assert {event.units for event in lost} == {0}


def test_without_caps_no_cap_changes() -> None:
    statement = make(400, 2, 30, tightness=Fraction(1), seed=3)
    warm = warmed(statement, steps=30)
    assert "cap" not in dict(blocks(statement, warm.plan("", {}), 1))


def test_events_happen_to_no_plan_that_nobody_would_publish() -> None:
    for instance in REPLAN.instances:
        assert good(instance, {"gap_percent": 0.3})
        assert not good(
            instance, {"gap_percent": 98.6}
        )  # of a search that ended in its first cycle
        assert not good(instance, {"gap_percent": None})
        assert not good(instance, {})


def test_a_row_has_the_worst_of_its_events_and_the_gaps_at_both_ends() -> None:
    one = {
        "seconds": 0.1,
        "cpu_seconds": 0.1,
        "moved_beyond_hit": 3,
        "unplaced": ["a"],
        "objective": 110,
        "bound": 100,
        "gap_before": 9.0,
        "gap_after": 10.0,
    }
    two = {**one, "seconds": 0.2, "moved_beyond_hit": 1, "gap_before": 10.0, "gap_after": 11.0}
    assert sums([one, two]) == {
        "wall": 0.2,
        "cpu": 0.1,
        "events": 2,
        "moved": 3,
        "unplaced": 2,
        "objective": 110,
        "bound": 100,
        "gap_before": 9.0,
        "gap_percent": 11.0,
    }
    assert sums([]) == {"wall": 0.0, "cpu": 0.0}
