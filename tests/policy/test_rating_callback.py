"""Rule rating-callback: a bad rating is called back within five working days."""

from datetime import date

from tests.policy.world import deadline, last_day

RATED = date(2026, 12, 4)


def test_admits_the_last_day() -> None:
    """Tests that a call is in time on the fifth working day."""
    assert last_day("rating-callback", RATED) == date(2026, 12, 11)


def test_late_the_day_after() -> None:
    """Tests that the next working day is too late."""
    assert date(2026, 12, 14) > last_day("rating-callback", RATED)


def test_is_the_offices_alone() -> None:
    """Tests that no visit opens it: an open deadline would tell how a visit was rated."""
    rule = deadline("rating-callback")
    assert (rule.owner, rule.purposes) == ("coordinator", ())
