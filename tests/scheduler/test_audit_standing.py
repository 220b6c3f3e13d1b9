"""What stands against a rule of its day, and by whose approval; what intake answered otherwise."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler.audit import Intake
from scheduler.holdings import LIFTED, NOT_BOUND
from schemas import commands as c
from schemas import events as e
from schemas.events import Event
from schemas.registry import Jurisdiction, Standing
from tests.builders import a_department, a_request, an_enterprise
from tests.scheduler.test_audit import (
    a_published_world,
    audited,
    moved,
    third_visit,
    two_planned_visits,
)
from tests.worlds import OFFICE, World


def test_a_third_visit_stands_by_the_leaders_approval() -> None:
    world = World.adopted()
    two_planned_visits(world)
    auditor = audited(third_visit(world, lifted=True))
    caps = [s for s in auditor.standing() if s.rule == "twice-a-year"]
    (stands,) = caps
    assert (stands.why, stands.key.endswith("/2026")) == (LIFTED, True)
    assert stands.approval is not None
    assert (stands.approval.by, "twice-a-year" in stands.approval.lifts) == ("mayor", True)
    assert auditor.breaches() == ()


def test_a_body_that_the_city_cannot_bind_is_named_as_such() -> None:
    """Tests a visit of a vertical body outside the service week: told to it, and no breach."""
    world, visit = a_published_world()
    log = moved(world.log, visit, date(2026, 12, 16))
    home = world.visit(visit).line.lead
    vertical = a_department(id=home, jurisdiction=Jurisdiction.VERTICAL)
    at = next(n for n, (_, event) in enumerate(log) if isinstance(event, e.VisitPublished))
    log.insert(at, (f"department/{home}", e.DepartmentRegistered(department=vertical)))
    auditor = audited(log)
    assert auditor.breaches() == ()
    assert {s.why for s in auditor.standing() if s.rule == "service-week"} == {NOT_BOUND}
    assert all(s.approval is None for s in auditor.standing())


def test_a_clean_month_has_nothing_that_needs_a_reason() -> None:
    world, _ = a_published_world()
    auditor = audited(world.log)
    assert (auditor.standing(), auditor.intake(), auditor.requests) == ((), (), 1)


@pytest.fixture
def refused() -> World:
    """A request that was refused because the enterprise sleeps."""
    world = World.adopted()
    asleep = an_enterprise(standing=Standing.DORMANT)
    world.ok(c.RegisterEnterprise(enterprise=asleep), OFFICE)
    world.do(c.SubmitRequest(request=a_request()))
    return world


def test_a_refusal_by_a_rule_is_confirmed(refused: World) -> None:
    auditor = audited(refused.log)
    assert (auditor.requests, auditor.intake()) == (1, ())


def test_a_refusal_that_no_rule_bears_out_is_found(refused: World) -> None:
    log: list[tuple[str, Event]] = [
        (stream, event.model_copy(update={"enterprise": an_enterprise()}))
        if isinstance(event, e.EnterpriseRegistered)
        else (stream, event)
        for stream, event in refused.log
    ]
    (found,) = audited(log).intake()
    assert (found.rule, found.accepted) == ("enterprise-active", False)


def test_a_request_that_had_to_be_refused_is_found(refused: World) -> None:
    log = list(refused.log)
    at, (stream, event) = next(
        (n, entry) for n, entry in enumerate(log) if isinstance(entry[1], e.RequestRefused)
    )
    assert isinstance(event, e.RequestRefused)
    log[at] = (stream, e.RequestAccepted(request=event.request, approvals_needed=(), by=event.by))
    request = stream.partition("/")[2]
    assert audited(log).intake() == (
        Intake(request=request, rule="enterprise-active", accepted=True),
    )
