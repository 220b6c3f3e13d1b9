"""Counters and alerts are a pure fold: repetitions, losses and restarts change nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.watching import (
    COUNTERS,
    NONE,
    RULES,
    OutOfOrderError,
    Record,
    fold,
    settled,
    step,
    written,
)

TYPES = ("visit.entered", "deadline.lapsed")


def entry(position: int, type_: str, month: str = "2026-12", **data: Any) -> dict[str, Any]:  # noqa: ANN401 - an event's data
    return {
        "position": position,
        "id": f"e{position}",
        "type": f"cn.wurao.{type_}.v1",
        "subject": f"visit/v{position}",
        "time": f"{month}-25T09:00:00+08:00",
        "data": data,
    }


def alerts(records: dict[str, Record]) -> list[Record]:
    return [record for key, record in records.items() if key != COUNTERS]


def test_entries_are_counted_by_type_and_by_the_month_in_which_they_happened() -> None:
    found = fold(
        [entry(1, "visit.entered"), entry(2, "visit.entered", "2026-11"), entry(3, "visit.entered")]
    )
    assert found == {
        COUNTERS: {
            "position": 3,
            "alerts": 0,
            "counts": {
                "2026-12": {"cn.wurao.visit.entered.v1": 2},
                "2026-11": {"cn.wurao.visit.entered.v1": 1},
            },
        }
    }


def test_each_rule_is_set_off_by_its_event_and_not_by_its_neighbour() -> None:
    found = fold(
        [
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
    )
    assert [a["rule"] for a in alerts(found)] == list(RULES)
    assert [a["entry"] for a in alerts(found)] == [f"e{n}" for n in range(1, 7)]
    assert found[COUNTERS]["alerts"] == 6


def test_an_alert_has_the_same_id_in_every_replay() -> None:
    entries = [entry(1, "deadline.lapsed")]
    assert fold(entries) == fold(entries)


@pytest.mark.parametrize("position", [0, 1, 3, 4])
def test_only_the_next_entry_is_counted(position: int) -> None:
    counters, _, _ = step(NONE, entry(1, "visit.entered"))
    with pytest.raises(OutOfOrderError):
        step(counters, entry(position, "visit.entered"))


def test_counting_changes_no_record_that_was_handed_out() -> None:
    first, _, _ = step(NONE, entry(1, "visit.entered"))
    kept = repr(first)
    step(first, entry(2, "visit.entered"))
    assert repr(first) == kept
    assert NONE == {"position": 0, "alerts": 0, "counts": {}}


@given(st.data())
def test_whatever_the_end_of_a_table_lost_the_rest_is_the_fold_of_a_beginning(
    data: st.DataObject,
) -> None:
    """Tests a table cut anywhere, written in batches of any size, read on from where it stands."""
    types = data.draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=8))
    entries = [entry(n, type_) for n, type_ in enumerate(types, start=1)]
    writes: list[tuple[str, Record]] = []
    counters: Record = dict(NONE)
    facts, alerts, news, before = dict[str, Record](), dict[str, Record](), dict[str, Record](), 0
    for place, each in enumerate(entries):
        counters, found, changed = step(counters, each, {**facts, **news})
        alerts |= found
        news |= changed
        if place == len(entries) - 1 or data.draw(st.booleans()):
            writes += written(before, counters, alerts, news)
            facts, alerts, news, before = {**facts, **news}, {}, {}, counters["position"]
    cut = data.draw(st.integers(0, len(writes)))
    lost = data.draw(st.booleans()) and data.draw(st.integers(0, len(writes)))
    there = settled(dict(w for n, w in enumerate(writes[:cut]) if lost is False or n != lost))
    last = there[COUNTERS]["position"]
    assert there == fold(entries[:last])
