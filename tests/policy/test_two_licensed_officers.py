"""Rule two-licensed-officers: nobody inspects alone or without a licence."""

from datetime import timedelta

from schemas.lanes import Lane
from tests.builders import A_DAY, a_cause, an_officer
from tests.policy.world import a_case, codes, on_day


def test_admits_two_licensed_officers() -> None:
    """Tests that two officers of the department with valid licences are enough."""
    team = [an_officer(1), an_officer(2, licence_until=A_DAY)]
    assert on_day(a_case(), officers=team).stands


def test_refuses_one_licence_short() -> None:
    """Tests that licences that ran out, foreign officers and one officer twice do not count."""
    lapsed = an_officer(2, licence_until=A_DAY - timedelta(days=1))
    foreign = an_officer(3, department="health")
    team = [an_officer(1), an_officer(1), an_officer(4, licence=None), lapsed, foreign]
    (objection,) = on_day(a_case(), officers=team).binding
    assert objection.rule == "two-licensed-officers"
    assert objection.numbers == {"officers": 2, "licensed": 1}


def test_binds_a_check_for_cause_too() -> None:
    """Tests that a lawful cause does not let anybody inspect alone."""
    case = a_case(lane=Lane.STATUTORY, cause=a_cause())
    assert codes(on_day(case, officers=[an_officer(1)]).binding) == {"two-licensed-officers"}
