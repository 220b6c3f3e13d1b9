"""重复检查: what counts as the same enterprise looked at again, and what has a reason."""

import pytest

from scheduler.alerts.facts import Record
from tests.builders import a_uscc
from tests.scheduler.alerts.entries import Log, evidence, terms


def test_an_enterprise_checked_twice() -> None:
    log = Log()
    first = log.visited("a", "2026-03-25T09:00", departments=("fire", "market"))
    second = log.visited("b", "2026-05-20T09:00", departments=("market",))
    (found,) = log.alerts("checked_twice")
    assert evidence(found) == [first, second]
    assert found["numbers"] == {"days": 56, "first": "2026-03-25"}
    assert (found["departments"], found["key"]) == (["market"], f"market/{a_uscc()}")


@pytest.mark.parametrize(
    ("at", "more"),
    [
        ("2026-05-25T09:00", {}),
        ("2026-03-25T14:00", {}),
        ("2026-03-27T09:00", {"enterprise": 2}),
        ("2026-03-27T09:00", {"purpose": "service"}),
        ("2026-03-27T09:00", {"departments": ("market",)}),
        ("2026-03-27T09:00", {"items": ("fire.02",)}),
        ("2026-03-27T09:00", {"lane": "statutory"}),
        ("2026-03-27T09:00", {"lane": "emergency"}),
        ("2026-03-27T09:00", {"lane": "on_call"}),
    ],
    ids=[
        "after 61 days",
        "the same day",
        "elsewhere",
        "no inspection",
        "another department",
        "another item",
        "for cause",
        "emergency",
        "asked for by the enterprise",
    ],
)
def test_enterprises_that_are_not_checked_twice(at: str, more: dict[str, object]) -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00")
    log.visited("b", at, **more)
    assert not log.alerts("checked_twice")


def test_a_check_between_two_of_the_same_item_hides_neither() -> None:
    log = Log()
    first = log.visited("a", "2026-03-25T09:00")
    log.visited("b", "2026-04-25T09:00", items=("fire.02",))
    log.visited("c", "2026-04-27T09:00", lane="statutory")
    third = log.visited("d", "2026-05-20T09:00")
    (found,) = log.alerts("checked_twice")
    assert evidence(found) == [first, third]


def test_without_conditions_any_department_that_inspects_again_counts() -> None:
    log = Log()
    terms(log, "checked_twice", lanes=[], only=[])
    log.visited("a", "2026-03-25T09:00", lane="statutory")
    log.visited("b", "2026-05-20T09:00", departments=("market",))
    (found,) = log.alerts("checked_twice")
    assert (found["departments"], found["key"]) == (["market"], a_uscc())


def together(second: dict[str, str], first: dict[str, str] | None = None) -> list[Record]:
    """Return the alerts of two joint visits of two departments, the first's requests as they are told."""
    log = Log()
    for visit, at, more in (("a", "2026-03-25T09:00", first), ("b", "2026-04-28T09:00", second)):
        asked = f"{visit}-fire"
        day = at[:10]
        log.ask(asked, "2026-03-01T09:00", day, day, items=["fire.01"], **(more or {}))
        log.visited(visit, at, requests=(asked,))
    return log.alerts("checked_twice")


def test_a_department_that_comes_for_cause_in_a_routine_visit_repeats_nothing() -> None:
    assert len(together({})) == 1
    assert not together({"lane": "statutory"}), "a re-check in a visit that others made routine"
    assert not together({}, {"lane": "statutory"}), "nor is what follows one a repetition"
    assert len(together({"lane": "escalated"})) == 1


def test_what_a_lot_drew_nobody_chose() -> None:
    assert not together({"draw": "d1"})
    assert not together({}, {"draw": "d1"})


def test_only_the_items_of_the_counted_request_are_compared() -> None:
    log = Log()
    log.ask("r1", "2026-03-01T09:00", "2026-03-25", "2026-03-25", items=["fire.01"])
    log.visited("a", "2026-03-25T09:00", requests=("r1",))
    log.ask("r2", "2026-04-01T09:00", "2026-04-28", "2026-04-28", items=["fire.02"])
    cause = {"lane": "statutory", "items": ["fire.01"]}
    log.ask("r3", "2026-04-01T09:00", "2026-04-28", "2026-04-28", **cause)
    both = {"requests": ("r2", "r3"), "items": ("fire.01", "fire.02")}
    log.visited("b", "2026-04-28T09:00", **both)
    assert not log.alerts("checked_twice")


@pytest.mark.parametrize(("bad", "found"), [(("fire.01",), 0), (("fire.02",), 1), ((), 1)])
def test_what_was_not_in_order_may_be_looked_at_again(bad: tuple[str, ...], found: int) -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00", items=("fire.01", "fire.02"))
    log.outcome("a", "2026-03-25T17:00", "rectification", "fire", *bad)
    log.visited("b", "2026-04-28T09:00", items=("fire.01",))
    assert len(log.alerts("checked_twice")) == found


def test_a_third_look_at_what_was_mended_is_a_repetition() -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00")
    log.outcome("a", "2026-03-25T17:00", "rectification", "fire", "fire.01")
    again = log.visited("b", "2026-04-28T09:00")
    log.outcome("b", "2026-04-28T17:00")
    third = log.visited("c", "2026-05-26T09:00")
    (found,) = log.alerts("checked_twice")
    assert evidence(found) == [again, third]
