"""Filings that are late, back-dated or missing."""

from __future__ import annotations

import pytest

from scheduler.alerts.found import private
from tests.scheduler.alerts.entries import Log, evidence, thresholds


@pytest.mark.parametrize("how", ["late", "back_dated"])
def test_a_filing_that_is_late_or_back_dated(how: str) -> None:
    log = Log()
    log.publish("a", "2026-03-25", lane="escalated", departments=("fire", "market"))
    filed = log.add("visit/a", "filing.recorded", "2026-03-30T09:00", **{how: True})
    (found,) = log.alerts("late_filing")
    assert (found["departments"], found["numbers"]) == (["fire", "market"], {"said": how})
    assert evidence(found) == ["e2", filed]
    assert not private("late_filing")


def test_a_filing_that_never_came_is_found_when_its_time_is_over_and_once() -> None:
    log = Log()
    log.publish("a", "2026-03-25", lane="emergency")
    lapse = {"rule": "filing-emergency", "about": "visit/a"}
    over = log.add(
        "deadline/filing-emergency/visit/a", "deadline.lapsed", "2026-03-28T09:00", **lapse
    )
    (found,) = log.alerts("late_filing")
    assert (found["key"], evidence(found)[-1]) == ("visit/a", over)
    log.add("visit/a", "filing.recorded", "2026-03-30T09:00", late=True)
    assert len(log.alerts("late_filing")) == 1


def test_filings_in_time_and_other_lapses_are_no_point() -> None:
    log = Log()
    log.publish("a", "2026-03-25", lane="emergency")
    log.add("visit/a", "filing.recorded", "2026-03-26T09:00")
    lapse = {"rule": "rating-window", "about": "visit/a"}
    log.add("deadline/rating-window/visit/a", "deadline.lapsed", "2026-03-28T09:00", **lapse)
    assert not log.alerts("late_filing")


def test_a_policy_may_let_the_first_late_filings_of_a_year_pass() -> None:
    log = Log()
    rules = [{**r, "numbers": {"filings": 2}} for r in thresholds() if r["test"] == "late_filing"]
    log.add("policy/current", "policy.adopted", "2026-01-02T09:00", layers=[{"alerts": rules}])
    for visit in ("a", "b"):
        log.publish(visit, "2026-03-25", lane="emergency")
        log.add(f"visit/{visit}", "filing.recorded", "2026-03-30T09:00", late=True)
    (found,) = log.alerts("late_filing")
    assert found["about"] == "visit/b"
