"""Counters and alerts are a pure fold: repetitions and restarts change nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scheduler.watching import RULES, Record, changes, fold, watched


def entry(position: int, type_: str, month: str = "2026-12", **data: Any) -> dict[str, Any]:  # noqa: ANN401 - an event's data
    return {
        "position": position,
        "id": f"e{position}",
        "type": f"cn.wurao.{type_}.v1",
        "subject": f"visit/v{position}",
        "time": f"{month}-25T09:00:00+08:00",
        "data": data,
    }


def test_entries_are_counted_by_type_and_by_the_month_in_which_they_happened() -> None:
    found = fold(iter([entry(1, "visit.entered"), entry(2, "visit.entered", "2026-11")]))
    counts = {key: record["count"] for key, record in found.items()}
    assert counts == {
        "count/2026-12/cn.wurao.visit.entered.v1": 1,
        "count/2026-11/cn.wurao.visit.entered.v1": 1,
    }


def test_each_rule_is_set_off_by_its_event_and_not_by_its_neighbour() -> None:
    set_off = [
        entry(1, "deadline.lapsed"),
        entry(2, "request.undecided"),
        entry(3, "filing.recorded", late=True),
        entry(4, "filing.recorded", back_dated=True),
        entry(5, "visit.not_entered", cause="turned_away"),
        entry(6, "input.rejected", reason="internal-fault"),
        entry(7, "filing.recorded"),
        entry(8, "visit.not_entered", cause="closed_gate"),
        entry(9, "input.rejected", reason="not-json"),
    ]
    alerts = [r for key, r in fold(iter(set_off)).items() if key.startswith("alert/")]
    assert [a["rule"] for a in alerts] == list(RULES)
    assert [a["entry"] for a in alerts] == [f"e{n}" for n in range(1, 7)]


def test_an_alert_has_the_same_id_in_every_replay() -> None:
    once = fold(iter([entry(1, "deadline.lapsed")]))
    assert once == fold(iter([entry(1, "deadline.lapsed")]))


@given(st.data())
def test_entries_that_come_again_after_a_crash_change_nothing(data: st.DataObject) -> None:
    """Tests every way to be thrown back: from any entry to any earlier one, half a record done."""
    count = data.draw(st.integers(1, 8))
    types = data.draw(
        st.lists(
            st.sampled_from(["visit.entered", "deadline.lapsed"]), min_size=count, max_size=count
        )
    )
    entries = [entry(n, type_) for n, type_ in enumerate(types, start=1)]
    order = [*range(count)]
    for _ in range(data.draw(st.integers(0, 3))):
        crash = data.draw(st.integers(0, len(order) - 1))
        back = data.draw(st.integers(0, order[crash]))
        order = [*order[: crash + 1], *range(back, count)]
    records: dict[str, Record] = {}
    for place in order:
        for key, change in changes(entries[place]):
            new = watched(records.get(key), change, entries[place]["position"])
            if new is not None:
                records[key] = new
    assert records == fold(iter(entries))
