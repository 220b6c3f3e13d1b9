"""Each pattern is set off by what it names, with its evidence, and not by its neighbour."""

import pytest

from portal.demo.reference import calendar
from scheduler.alerts.found import alert_id, private
from schemas.alert_rules import ALERT_NUMBERS, AlertTest
from tests.builders import a_uscc
from tests.scheduler.alerts.entries import Log, evidence, terms, thresholds


def test_the_shipped_policy_watches_for_every_pattern() -> None:
    assert {rule["test"] for rule in thresholds()} == set(ALERT_NUMBERS) == set(AlertTest)


def test_a_day_without_a_scan_is_found_when_time_has_passed() -> None:
    log = Log()
    published = log.publish("a", "2026-03-25")
    log.pass_to("2026-03-28T09:00")
    assert not log.alerts()
    log.pass_to("2026-03-29T09:00")
    (found,) = log.alerts("no_scan")
    assert found["entry"] == published
    assert found["about"] == "visit/a"
    log.pass_to("2026-04-29T09:00")
    assert len(log.alerts("no_scan")) == 1


def test_who_entered_or_said_why_not_is_no_point() -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00")
    log.publish("b", "2026-03-25", enterprise=2)
    log.add("visit/b", "visit.not_entered", "2026-03-25T10:00", cause="closed_gate")
    log.publish("c", "2026-03-25", enterprise=3)
    log.add("visit/c", "visit.cancelled", "2026-03-25T10:00")
    log.pass_to("2026-05-01T09:00")
    assert not log.alerts("no_scan")


def travel(minutes: int, town: str) -> list[dict[str, object]]:
    """Return the alerts of two scans of one officer at two enterprises."""
    log = Log()
    log.enterprise(1)
    log.enterprise(2, town)
    log.publish("a", "2026-03-25")
    log.publish("b", "2026-03-25", enterprise=2)
    log.enter("a", "2026-03-25T09:00", ("fire",), "wang", "li")
    log.enter("b", f"2026-03-25T09:{minutes:02d}", ("fire",), "wang", "zhao")
    return log.alerts("impossible_travel")


def test_scans_at_two_places_too_close_in_time() -> None:
    (found,) = travel(19, "西镇")
    assert found["key"] == "wang"
    assert found["numbers"] == {"officer": "wang", "seconds": 1140, "minutes": 20}
    assert len(evidence(found)) == 2
    assert not travel(20, "西镇")
    assert len(travel(2, "东镇")) == 1
    assert not travel(3, "东镇")


def test_a_scan_told_late_is_judged_by_when_it_happened() -> None:
    log = Log()
    log.enterprise(1)
    log.enterprise(2, "西镇")
    log.publish("a", "2026-03-25")
    log.publish("b", "2026-03-25", enterprise=2)
    log.enter("a", "2026-03-25T10:00", ("fire",), "wang")
    log.enter("b", "2026-03-25T09:50", ("fire",), "wang")
    assert len(log.alerts("impossible_travel")) == 1


@pytest.mark.parametrize(
    ("rated", "found"),
    [("09:05:00", 1), ("09:05:01", 0), ("10:00:10", 1), ("10:00:11", 0)],
)
def test_a_rating_too_soon(rated: str, found: int) -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00")
    if rated.startswith("10"):
        log.leave("a", "2026-03-25T10:00")
    log.rate("a", f"2026-03-25T{rated}")
    assert len(log.alerts("fast_rating")) == found
    assert private("fast_rating")


@pytest.mark.parametrize("same", [{"group": "g1"}, {"site": "工业大道1号"}])
def test_a_visit_split_over_sub_units(same: dict[str, str]) -> None:
    log = Log()
    log.enterprise(1, **same)
    log.enterprise(2, **same)
    first = log.visited("a", "2026-03-01T09:00")
    second = log.visited("b", "2026-03-16T09:00", enterprise=2)
    (found,) = log.alerts("split_visit")
    assert evidence(found) == [first, second]
    log.visited("c", "2026-03-16T10:00", enterprise=2, departments=("market",))
    assert len(log.alerts("split_visit")) == 1, "another department did not split anything"


def sisters(*windows: tuple[str, str], lane: str = "routine") -> list[dict[str, object]]:
    """Return the alerts of two visits to a group's firms that were asked for in these windows."""
    log = Log()
    for number, window in enumerate(windows, start=1):
        log.enterprise(number, group="g1")
        log.ask(f"r{number}", "2026-03-01T09:00", *window, lane=lane)
    for number, day in ((1, "2026-03-26"), (2, "2026-03-30")):
        requests = (f"r{number}",)
        log.visited(f"v{number}", f"{day}T09:00", enterprise=number, requests=requests, lane=lane)
    return log.alerts("split_visit")


def test_the_plan_splits_nothing_where_one_day_would_have_done_for_both() -> None:
    week = ("2026-03-25", "2026-03-31")
    assert not sisters(week, week)
    assert not sisters(("2026-03-25", "2026-03-27"), ("2026-03-27", "2026-03-31"))
    assert len(sisters(("2026-03-25", "2026-03-26"), ("2026-03-30", "2026-03-31"))) == 1


def test_a_check_for_cause_at_a_sister_firm_splits_nothing() -> None:
    apart = (("2026-03-26", "2026-03-26"), ("2026-03-30", "2026-03-30"))
    assert not sisters(*apart, lane="statutory")


def test_units_that_are_far_apart_in_time_or_not_related() -> None:
    log = Log()
    log.enterprise(1, group="g1")
    log.enterprise(2, group="g1")
    log.enterprise(3)
    log.visited("a", "2026-03-01T09:00")
    log.visited("b", "2026-03-17T09:00", enterprise=2)
    log.visited("c", "2026-03-17T09:00", enterprise=3)
    assert not log.alerts("split_visit")


def shares(log: Log, exempt: int, entries: int) -> list[dict[str, object]]:
    """Let a department come so often in March, first where it counts apart; end the month."""
    for number in range(1, entries + 1):
        lane = "statutory" if number <= exempt else "routine"
        log.visited(f"v{number}", f"2026-03-{number:02d}T09:00", enterprise=number, lane=lane)
    log.pass_to("2026-04-01T09:00")
    return log.alerts("exempt_share")


def test_too_large_a_share_of_exempt_entries_is_told_once_a_year() -> None:
    assert not shares(Log(), 19, 19), "nineteen entries are too few for a share"
    log = Log()
    (found,) = shares(log, 8, 20)
    assert found["numbers"] == {"exempt": 8, "entries": 20, "limit": 35}
    assert found["key"] == "fire/2026"
    log.visited("w", "2026-04-11T09:00", enterprise=11, lane="emergency")
    log.pass_to("2026-05-01T09:00")
    assert len(log.alerts("exempt_share")) == 1


def test_a_share_at_its_limit_is_no_point() -> None:
    assert not shares(Log(), 7, 20)


def test_what_comes_first_in_a_month_is_no_share_of_it() -> None:
    early = Log()
    terms(early, "exempt_share", only=[])
    assert len(shares(early, 9, 27)) == 1, "nine of twenty, a week before the month was over"


@pytest.mark.parametrize("label", [{"purpose": "service"}, {"lane": "on_call"}])
def test_a_penalty_after_a_friendly_visit(label: dict[str, str]) -> None:
    log = Log()
    friendly = log.visited("a", "2026-03-01T09:00", **label)
    log.visited("b", "2026-03-31T09:00")
    outcome = log.outcome("b", "2026-03-31T12:00", "penalty_case")
    (found,) = log.alerts("label_then_penalty")
    assert evidence(found) == [friendly, outcome]


def test_a_penalty_on_the_very_visit_that_was_on_call() -> None:
    log = Log()
    log.visited("a", "2026-03-01T09:00", lane="on_call")
    log.outcome("a", "2026-03-01T12:00", "penalty_case")
    assert len(log.alerts("label_then_penalty")) == 1


def test_a_penalty_that_follows_nothing_friendly() -> None:
    log = Log()
    log.visited("a", "2026-03-01T09:00", purpose="service")
    log.visited("b", "2026-04-01T09:00")
    log.outcome("b", "2026-04-01T12:00", "penalty_case")
    log.visited("c", "2026-03-05T09:00", departments=("market",))
    log.outcome("c", "2026-03-05T12:00", "penalty_case", "market")
    log.outcome("b", "2026-03-05T12:00", "guidance")
    assert not log.alerts("label_then_penalty")


def test_a_new_visit_soon_after_a_bad_rating() -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00")
    rating = log.rate("a", "2026-03-26T09:00", "poor")
    new = log.publish("b", "2026-05-25", "2026-05-01T09:00", departments=("fire", "market"))
    (found,) = log.alerts("after_bad_rating")
    assert evidence(found) == [rating, new]
    assert found["departments"] == ["fire"]
    assert private("after_bad_rating")


def test_a_good_rating_or_a_late_visit_is_no_retaliation() -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00")
    log.rate("a", "2026-03-26T09:00", "poor")
    log.publish("b", "2026-05-26", "2026-05-01T09:00")
    log.visited("c", "2026-03-25T09:00", enterprise=2)
    log.rate("c", "2026-03-26T09:00", "fair")
    log.publish("d", "2026-04-01", "2026-03-28T09:00", enterprise=2)
    assert not log.alerts("after_bad_rating")


@pytest.mark.parametrize(("asked", "found"), [("2026-03-26T08:59", 0), ("2026-03-26T09:01", 1)])
def test_what_was_asked_for_before_a_bad_rating_answers_none(asked: str, found: int) -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00")
    log.ask("r", asked, "2026-04-24", "2026-04-30")
    log.rate("a", "2026-03-26T09:00", "poor")
    log.publish("b", "2026-04-24", "2026-04-10T09:00", requests=("r",))
    assert len(log.alerts("after_bad_rating")) == found


def test_what_a_lot_drew_answers_no_rating() -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00")
    log.rate("a", "2026-03-26T09:00", "poor")
    log.ask("r", "2026-04-01T09:00", "2026-04-24", "2026-04-30", draw="d1")
    log.publish("b", "2026-04-24", "2026-04-10T09:00", requests=("r",))
    assert not log.alerts("after_bad_rating")


def test_an_inspection_disguised_as_a_study_tour() -> None:
    log = Log()
    tour = log.visited("a", "2026-03-02T09:00", purpose="study_tour")
    check = log.visited("b", "2026-03-16T09:00")
    (found,) = log.alerts("disguised")
    assert evidence(found) == [tour, check]
    assert found["numbers"] == {"days": 10}
    log.visited("c", "2026-03-17T09:00", departments=("market",))
    log.visited("d", "2026-03-17T09:00")
    assert len(log.alerts("disguised")) == 1, "another department, and after eleven working days"


@pytest.mark.parametrize("official", [True, False])
def test_a_holiday_shelters_no_pretext(official: bool) -> None:
    log = Log()
    known = calendar(2026)
    assert known is not None
    if official:
        log.add("c", "calendar.adopted", "2026-01-01T09:00", calendar=known.model_dump(mode="json"))
    log.visited("a", "2026-09-23T09:00", purpose="study_tour")
    log.visited("b", "2026-10-12T09:00")
    found = log.alerts("disguised")
    assert len(found) == official, "nineteen days with the holiday, of them ten were worked"


def test_findings_on_a_tour_are_refused_and_seen() -> None:
    log = Log()
    log.visited("a", "2026-03-01T09:00", purpose="study_tour")
    refusal = {"about": "visit/a", "objections": [{"rule": "not-an-inspection"}]}
    log.add("refusal/x", "command.refused", "2026-03-01T12:00", **refusal)
    other = {"about": "visit/a", "objections": [{"rule": "item-beyond-notice"}]}
    log.add("refusal/y", "command.refused", "2026-03-01T12:00", **other)
    assert len(log.alerts("disguised")) == 1


@pytest.mark.parametrize(("on_last", "found"), [(4, 0), (5, 1)])
def test_entries_bunched_on_the_last_day(on_last: int, found: int) -> None:
    log = Log()
    for number in range(10):
        day = 31 if number >= 10 - on_last else 25 + number % 3
        log.visited(f"v{number}", f"2026-03-{day}T09:00", enterprise=number + 1)
    assert not log.alerts("bunching")
    log.pass_to("2026-04-01T09:00")
    assert len(log.alerts("bunching")) == found


def test_few_entries_make_no_bunch() -> None:
    log = Log()
    for number in range(9):
        log.visited(f"v{number}", "2026-03-31T09:00", enterprise=number + 1)
    log.pass_to("2026-04-01T09:00")
    assert not log.alerts("bunching")


def test_without_a_policy_nothing_is_watched_for() -> None:
    log = Log()
    log.entries[0]["data"] = {"layers": [{}]}
    log.visited("a", "2026-03-25T09:00")
    log.visited("b", "2026-03-27T09:00")
    assert not log.alerts()


def test_a_higher_layer_sets_the_threshold() -> None:
    log = Log()
    low = {"test": "checked_twice", "numbers": {"days": 60}}
    log.entries[0]["data"] = {
        "layers": [{"alerts": [low]}, {"alerts": [{**low, "numbers": {"days": 1}}]}]
    }
    log.visited("a", "2026-03-25T09:00")
    log.visited("b", "2026-03-27T09:00")
    assert not log.alerts()


def test_an_alerts_id_is_a_hash_of_rule_key_and_entry() -> None:
    log = Log()
    log.visited("a", "2026-03-25T09:00")
    log.visited("b", "2026-03-27T09:00")
    (found,) = log.alerts("checked_twice")
    assert found["key"] == f"fire/{a_uscc()}"
    assert alert_id(found["rule"], found["key"], found["entry"])
    others = {alert_id(r, k, t) for r in "ab" for k in "cd" for t in "ef"}
    assert len(others) == 8
