"""Rule subject-registered: only bodies on the published list inspect."""

from schemas.lanes import Purpose
from tests.builders import a_department
from tests.policy.world import a_case, at_intake, codes


def test_admits_a_registered_body() -> None:
    """Tests that the fire brigade, which is on the list, may ask for an inspection."""
    assert at_intake(a_case()).stands


def test_refuses_a_coordinating_office() -> None:
    """Tests that an office that is no inspection subject inspects nobody, and nobody may lift it."""
    office = a_department(enforcement_subject=False)
    (objection,) = at_intake(a_case(department=office)).binding
    assert objection.rule == "subject-registered"
    assert objection.liftable_by == ()


def test_does_not_bind_a_service_visit() -> None:
    """Tests that the same office may bring a package of services."""
    office = a_department(enforcement_subject=False)
    verdict = at_intake(a_case(department=office, purpose=Purpose.SERVICE, items=()))
    assert "subject-registered" not in codes(verdict.binding)
