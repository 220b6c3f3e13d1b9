"""Facts grow old by event time alone: what is forgotten could set nothing off, and a replay forgets it too."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.alerts.facts import Facts, Record, months_before, remember
from scheduler.watching import COUNTERS, NONE, fold, step
from tests.builders import a_uscc
from tests.scheduler.alerts.entries import Log


def facts(log: Log, *, batch: int = 1) -> tuple[dict[str, Record], dict[str, Record]]:
    """Return what a log leaves: alerts, and facts; read on from stored facts after each batch."""
    counters, alerts, kept = dict(NONE), dict[str, Record](), dict[str, Record]()
    for number, entry in enumerate(log.entries, 1):
        counters, found, changed = step(counters, entry, kept)
        alerts |= found
        remember(kept, changed)
        if number % batch == 0:
            kept = json.loads(json.dumps(kept))
    return {COUNTERS: counters, **alerts}, kept


def as_json(records: dict[str, Record]) -> dict[str, Record]:
    """Return records as a table holds them: pairs become lists there."""
    stored: dict[str, Record] = json.loads(json.dumps(records))
    return stored


@pytest.mark.parametrize(
    ("day", "months", "month"),
    [
        (date(2026, 3, 31), 1, "2026-02"),
        (date(2026, 3, 1), 3, "2025-12"),
        (date(2026, 12, 1), 13, "2025-11"),
        (date(2026, 1, 1), 12, "2025-01"),
        (date(2026, 1, 1), 0, "2026-01"),
    ],
)
def test_months_are_counted_back(day: date, months: int, month: str) -> None:
    assert months_before(day, months) == month


def test_what_nobody_touched_for_thirteen_months_is_forgotten() -> None:
    log = Log()
    log.enterprise(1)
    log.visited("a", "2026-01-15T09:00")
    log.pass_to("2027-02-01T09:00")
    _, kept = facts(log)
    assert "visit/a" in kept
    log.pass_to("2027-03-01T09:00")
    _, kept = facts(log)
    assert sorted(kept) == ["diary", f"enterprise/{a_uscc(1)}", "policy"]


def test_a_year_of_visits_leaves_no_more_than_a_year_of_facts() -> None:
    log = Log()
    sizes = []
    for year in (2026, 2027, 2028, 2029):
        for month in range(1, 13):
            for n in range(3):
                log.visited(f"v{year}{month}{n}", f"{year}-{month:02d}-1{n}T09:00", enterprise=n)
        sizes.append(len(facts(log)[1]))
    assert sizes[2] == sizes[3], "the fold does not grow with the ledger"


def test_a_pattern_that_looks_back_far_keeps_its_facts() -> None:
    log = Log()
    layers = log.entries[0]["data"]["layers"]
    for rule in layers[0]["alerts"]:
        if rule["test"] == "checked_twice":
            rule["numbers"] = {"days": 600}
    log.visited("a", "2026-01-15T09:00")
    log.pass_to("2027-04-01T09:00")
    log.visited("b", "2027-05-15T09:00")
    assert len(log.alerts("checked_twice")) == 1


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12), st.integers(1, 5))
def test_reading_on_from_stored_facts_is_the_same_as_a_replay(days: list[int], batch: int) -> None:
    log = Log()
    when = date(2026, 1, 5)
    for number, gap in enumerate(days):
        when = date.fromordinal(when.toordinal() + gap)
        log.visited(f"v{number}", f"{when}T09:00", enterprise=1 + number % 2)
    found, kept = facts(log, batch=batch)
    assert as_json(found) == as_json(fold(log.entries))
    assert as_json(kept) == as_json(facts(log, batch=10_000)[1])


def test_an_empty_record_stands_for_nothing_known() -> None:
    kept: dict[str, Record] = {"a": {"touched": "2025-01"}, "b": {"touched": "2026-01"}, "c": {}}
    laid = Facts(kept, "2026-02")
    laid.forget("2026-01")
    assert laid.changed == {"a": {}}
    assert laid.get("a") == {}
    remember(kept, laid.changed)
    assert sorted(kept) == ["b", "c"]
