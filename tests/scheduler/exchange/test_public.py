"""Reading instances that others published."""

import numpy as np
import pytest

from scheduler.exchange.public import PublicTextError, read_assignment, read_location

LOCATION = "2 3\n10 11\n5.000000 7.000000\n1 2 3\n21 22\n23 24\n25 26\n"
ASSIGNMENT = "2 3\n1 2 3\n4 5 6\n7 8 9\n10 11 12\n20\n21\n"


def test_a_facility_is_a_day_and_its_costs_stand_customer_by_customer() -> None:
    statement = read_location("x", LOCATION)
    assert statement.capacity.tolist() == [[10, 11]]
    assert statement.priced_visits.tolist() == [[0, 0, 0, 5], [0, 0, 1, 7]]
    assert statement.duration.tolist() == [1, 2, 3]
    assert statement.choice_points.reshape(3, 2).tolist() == [[21, 22], [23, 24], [25, 26]]
    assert statement.choice_units.reshape(3, 2).tolist() == [[1, 1], [2, 2], [3, 3]]


def test_an_agent_is_a_day_on_which_units_and_points_are_its_own() -> None:
    statement = read_assignment("x", ASSIGNMENT)
    assert statement.capacity.tolist() == [[20, 21]]
    assert statement.entry == 0
    assert len(statement.priced_visits) == 0
    assert statement.choice_points.reshape(3, 2).tolist() == [[1, 4], [2, 5], [3, 6]]
    assert statement.choice_units.reshape(3, 2).tolist() == [[7, 10], [8, 11], [9, 12]]


@pytest.mark.parametrize("text", [LOCATION, ASSIGNMENT])
def test_leaving_one_out_costs_more_than_any_plan(text: str) -> None:
    statement = (read_location if text == LOCATION else read_assignment)("x", text)
    dearest = statement.choice_points.reshape(3, 2).max(axis=1).sum()
    dearest += statement.priced_visits[:, 3].sum()
    assert (statement.leave > dearest).all()
    assert np.array_equal(statement.choice_first, [0, 2, 4, 6])


@pytest.mark.parametrize(
    "text", ["", "2", "2 x", "2 2 1 1", "0 3", "2 3 1.5", "9" * 400, f"{ASSIGNMENT} 1"]
)
def test_a_text_that_is_no_instance_is_refused(text: str) -> None:
    with pytest.raises(PublicTextError):
        read_assignment("x", text)
