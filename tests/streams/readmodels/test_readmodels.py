"""Read models: which rows follow from a state."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from scheduler.states import KINDS, BaselineState, dump_state, load_state
from schemas.visits import Closing, Finding, Grade, NoEntry, Outcome, Rating
from streams.readmodels import TABLES, Rows, rows
from tests.streams.readmodels.worlds import a_visit, key_of, poor, rich

_PYTHON = {"text": str, "bigint": int, "boolean": bool, "date": date, "timestamptz": datetime}


def table(found: tuple[Rows, ...], name: str) -> list[dict[str, Any]]:
    return [dict(row) for piece in found if piece.table == name for row in piece.rows]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [poor, rich])
def test_every_row_fits_its_table(kind: str, make: Any) -> None:  # noqa: ANN401 - poor or rich
    for piece in rows(key_of(kind), make(kind)):
        spec = TABLES[piece.table]
        if spec.many:
            assert len(piece.owner) == len(spec.owner)
        for row in piece.rows:
            assert set(row) == {column.name for column in spec.columns}
            for column in spec.columns:
                value = row[column.name]
                assert (value is None) <= column.empty
                assert value is None or type(value) is _PYTHON[column.type], (spec.name, column)


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_and_its_stored_bytes_give_the_same_rows(kind: str) -> None:
    """Tests that it makes no difference whether a writer had the state at hand."""
    key, state = key_of(kind), rich(kind)
    assert rows(key, state) == rows(key, load_state(key, dump_state(state)))


def test_every_table_gets_rows() -> None:
    found = {p.table for kind in KINDS for p in rows(key_of(kind), rich(kind)) if p.rows}
    assert found == TABLES.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_tables_with_any_number_of_rows_are_always_named(kind: str) -> None:
    """Tests that a state without lines still says whose lines have to go."""

    def named(state: Any) -> set[str]:  # noqa: ANN401 - any kind of state
        return {p.table for p in rows(key_of(kind), state) if TABLES[p.table].many}

    assert named(poor(kind)) == named(rich(kind))


def test_a_visit_counts_each_department_once() -> None:
    visit = a_visit("v1", "d1", "d2", "d1")
    found = rows("visit/v1", visit)
    assert table(found, "visit")[0]["departments"] == 2
    assert [row["department"] for row in table(found, "visit_part")] == ["d1", "d2"]
    assert [row["lead"] for row in table(found, "visit_part")] == [True, False]


def test_a_finding_shows_at_the_visit_and_at_its_department() -> None:
    bad = Outcome(department="d2", findings=(Finding(item="i1", compliant=False),))
    good = Outcome(department="d1", findings=(Finding(item="i2", compliant=True),))
    visit = a_visit("v1", "d1", "d2", "d3").model_copy(update={"outcomes": (good, bad)})
    found = rows("visit/v1", visit)
    assert table(found, "visit")[0]["found"]
    parts = {row["department"]: row for row in table(found, "visit_part")}
    assert [parts[d]["found"] for d in ("d1", "d2", "d3")] == [False, True, False]
    assert [parts[d]["outcome"] for d in ("d1", "d2", "d3")] == [True, True, False]


def test_the_grade_stands_in_a_table_of_its_own() -> None:
    changes = {"rating": Rating(grade=Grade.POOR), "rated": Closing.RATED}
    found = rows("visit/v1", a_visit("v1", "d1").model_copy(update=changes))
    assert table(found, "visit")[0]["rated"] == "rated"
    assert table(found, "rating")[0]["grade"] == "poor"
    elsewhere = [row for piece in found if piece.table != "rating" for row in piece.rows]
    assert all("poor" not in row.values() for row in elsewhere)


def test_a_gate_that_stayed_closed_is_no_entry() -> None:
    visit = a_visit("v1", "d1").model_copy(update={"no_entry": NoEntry.CLOSED_GATE})
    row = table(rows("visit/v1", visit), "visit")[0]
    assert (row["entered"], row["no_entry"]) == (None, "closed_gate")


def test_a_zero_character_becomes_one_that_a_database_can_hold() -> None:
    state = BaselineState(year=2025, by_month=(3,), evidence="grade\x00B")
    found = rows("baseline/d1/2025", state)
    assert table(found, "baseline")[0]["evidence"] == "grade\N{REPLACEMENT CHARACTER}B"


def test_the_registry_shows_no_personal_field() -> None:
    for kind in ("officer", "enterprise", "visit"):
        for piece in rows(key_of(kind), rich(kind)):
            assert not {"phone", "contact_name", "contact_phone", "comment"} & {
                column.name for column in TABLES[piece.table].columns
            }
