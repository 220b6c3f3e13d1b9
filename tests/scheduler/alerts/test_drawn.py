"""Others than the inspectors who were drawn: by name, by absence, by substitutes until it suits."""

from __future__ import annotations

from tests.builders import a_uscc
from tests.scheduler.alerts.entries import Log, evidence


def drawn(log: Log, *named: str, came: tuple[str, ...] = ()) -> None:
    """Let a draw send o1 and o2 to an enterprise, a department name others, and some of them come."""
    log.add(
        "draw/d",
        "draw.revealed",
        "2026-03-01T09:00",
        result={
            "targets": [
                {
                    "enterprise": a_uscc(1),
                    "pairs": [{"department": "fire", "officers": ["o1", "o2"]}],
                }
            ]
        },
    )
    window = {"first": "2026-03-25", "last": "2026-03-31"}
    request = {"draw": "d", "department": "fire", "enterprise": a_uscc(1), "window": window}
    log.add("request/r", "request.accepted", "2026-03-01T10:00", request=request)
    line = {
        "enterprise": a_uscc(1),
        "day": "2026-03-25",
        "purpose": "inspection",
        "parts": [{"department": "fire", "requests": ["r"]}],
    }
    log.add("visit/v", "visit.published", "2026-03-10T09:00", line=line, lane="routine")
    staffed = {"department": "fire", "officers": list(named)}
    log.add("visit/v", "visit.staffed", "2026-03-20T09:00", **staffed)
    log.enter("v", "2026-03-25T09:00", ("fire",), *(came or named))


def test_others_than_the_drawn_come() -> None:
    log = Log()
    drawn(log, "o1", "o3")
    (found,) = log.alerts("not_the_drawn")
    assert found["numbers"] == {"others": "o3", "missing": "o2"}
    assert found["departments"] == ["fire"]
    assert len(evidence(found)) == 2, "the draw, and the scan"


def test_one_of_the_drawn_stays_away() -> None:
    log = Log()
    drawn(log, "o1", "o2", came=("o1",))
    (found,) = log.alerts("not_the_drawn")
    assert found["numbers"] == {"others": "-", "missing": "o2"}


def substituted(log: Log, out: str, officer: str, when: str) -> None:
    """Let a substitute be drawn."""
    new = {"department": "fire", "enterprise": a_uscc(1), "out": out, "officer": officer}
    log.add("draw/d", "draw.substituted", when, substitute=new)


def test_the_drawn_come_and_substitutes_are_as_good() -> None:
    log = Log()
    drawn(log, "o1", "o2")
    assert not log.alerts("not_the_drawn")
    log = Log()
    drawn(log, "o1", "o3")
    last = log.entries.pop()
    substituted(log, "o2", "o3", "2026-03-21T09:00")
    log.entries.append({**last, "position": 7, "id": "e7"})
    assert not log.alerts("not_the_drawn")


def test_a_pair_is_replaced_until_the_right_ones_come() -> None:
    log = Log()
    drawn(log, "o1", "o2")
    for number in range(3):
        substituted(log, f"o{number + 1}", f"o{number + 2}", f"2026-03-2{number}T09:00")
        assert len(log.alerts("not_the_drawn")) == (number == 2)
    (found,) = log.alerts("not_the_drawn")
    assert found["numbers"] == {"substitutes": 3}
