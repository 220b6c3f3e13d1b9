"""年初备案: filed by its department, approved by somebody else, cited by requests."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scheduler import keys
from scheduler.annual.states import AnnualState, AnnualStatus
from schemas import annual_commands as c
from schemas.annual import AnnualLine
from schemas.commands import SubmitRequest
from schemas.envelope import Actor, ActorRole
from schemas.lanes import Lane
from schemas.registry import Jurisdiction
from schemas.visits import Decision
from tests.builders import a_cause, a_department, a_request, a_window
from tests.worlds import CLERK, HEAD, OFFICE, World, at

JANUARY = at(date(2026, 1, 12))
OTHERS = Actor(id="clerk-market", role=ActorRole.CLERK, of="market")


def a_line(number: int = 1, **changes: Any) -> AnnualLine:  # noqa: ANN401 - any field
    """Return a recurring line of the fire brigade."""
    fields = {
        "id": f"L{number}",
        "items": ("item-1",),
        "number": 10,
        "months": tuple(range(1, 13)),
        "recurring": True,
    }
    return AnnualLine.model_validate({**fields, **changes})


def a_filing(*lines: AnnualLine, year: int = 2026, reason: str | None = None) -> c.FileAnnual:
    """Return the filing of a plan."""
    return c.FileAnnual(department="fire", year=year, lines=lines or (a_line(),), reason=reason)


def a_yes(version: int = 1, **changes: Any) -> c.DecideAnnual:  # noqa: ANN401 - any field
    """Return the approval of a version."""
    fields = {"department": "fire", "year": 2026, "version": version, "decision": "approved"}
    return c.DecideAnnual.model_validate({**fields, **changes})


PUBLISH = c.PublishAnnual(department="fire", year=2026)


def plan(world: World, year: int = 2026) -> AnnualState:
    """Return the fire brigade's plan."""
    found = world.cells[keys.annual("fire", year)]
    assert isinstance(found, AnnualState)
    return found


@pytest.fixture
def world() -> World:
    """Return a world of one department."""
    return World.adopted(years=(2025, 2026))


def approved(world: World, *lines: AnnualLine) -> World:
    """Return the world with an approved plan."""
    world.ok(a_filing(*lines), CLERK, JANUARY)
    world.ok(a_yes(), OFFICE, JANUARY)
    return world


def test_a_plan_is_filed_approved_and_published(world: World) -> None:
    world.ok(a_filing(), CLERK, JANUARY)
    assert plan(world).status is AnnualStatus.FILED
    world.ok(a_yes(), OFFICE, JANUARY)
    assert plan(world).status is AnnualStatus.APPROVED
    world.ok(PUBLISH, OFFICE, JANUARY)
    assert plan(world).status is AnnualStatus.PUBLISHED
    assert not plan(world).late
    assert world.no(PUBLISH, OFFICE, JANUARY) == ["annual-published"]


def test_a_plan_after_its_due_day_is_late(world: World) -> None:
    world.ok(a_filing(), CLERK, at(date(2026, 2, 2)))
    assert plan(world).late


def test_an_amendment_says_why_and_changes_nothing_before_it_is_approved(world: World) -> None:
    approved(world)
    more = a_filing(a_line(), a_line(2))
    assert world.no(more, CLERK) == ["reason-missing"]
    world.ok(a_filing(a_line(), a_line(2), reason="新增事项"), CLERK)
    state = plan(world)
    assert state.status is AnnualStatus.FILED
    assert state.approved is not None
    assert [line.id for line in state.approved.lines] == ["L1"]
    assert world.no(a_yes(1), OFFICE) == ["version-stale"]
    world.ok(a_yes(2), OFFICE)
    assert len(plan(world).approved.lines) == 2  # type: ignore[union-attr]
    assert not plan(world).late, "an amendment is not the year's first filing"


def test_what_is_sent_back_has_a_reason_and_comes_again(world: World) -> None:
    world.ok(a_filing(), CLERK, JANUARY)
    assert world.no(a_yes(decision="refused"), OFFICE, JANUARY) == ["reason-missing"]
    world.ok(a_yes(decision=Decision.REFUSED, reason="户次过多"), OFFICE, JANUARY)
    assert plan(world).status is AnnualStatus.REFUSED
    assert world.no(a_yes(), OFFICE, JANUARY) == ["wrong-state"]
    assert world.no(PUBLISH, OFFICE, JANUARY) == ["wrong-state"]
    world.ok(a_filing(a_line(number=5)), CLERK, JANUARY)
    assert plan(world).status is AnnualStatus.FILED


def test_only_its_department_files_and_nobody_approves_his_own(world: World) -> None:
    assert world.no(a_filing(), OTHERS, JANUARY) == ["not-your-department"]
    world.ok(a_filing(), OFFICE, JANUARY)
    assert world.no(a_yes(), OFFICE, JANUARY) == ["self-approval"]
    for actor in (CLERK, HEAD):
        assert world.no(a_yes(), actor, JANUARY) == ["role-not-asked"]
        assert world.no(PUBLISH, actor, JANUARY) == ["role-not-asked"]


def test_a_plan_names_published_items_of_its_own_and_this_year_or_the_next(world: World) -> None:
    assert world.no(a_filing(a_line(items=("item-9",))), CLERK, JANUARY) == ["unknown-item"]
    assert world.no(a_filing(year=2028), CLERK, JANUARY) == ["annual-year"]
    world.ok(a_filing(year=2027), CLERK, JANUARY)
    with pytest.raises(ValueError, match="twice"):
        a_filing(a_line(), a_line())


def test_a_policy_without_annual_plans_takes_none() -> None:
    world = World.adopted(years=(2025, 2026), policies=("national-54", "liuyang-2025"))
    assert world.no(a_filing(), CLERK, JANUARY) == ["no-annual-rules"]


def submitted(world: World, **changes: Any) -> list[str]:  # noqa: ANN401 - any field of a request
    """Return the codes that refuse a request of December; none where it is accepted."""
    decision = world.do(SubmitRequest(request=a_request(**changes)))
    return [against.rule for against in decision.objections]


def test_a_request_cites_a_line_that_covers_it_or_says_on_what_basis_it_comes(
    world: World,
) -> None:
    approved(world, a_line(1), a_line(2, months=(3,)), a_line(3, risks=("high",)))
    assert submitted(world) == ["line-missing"]
    assert submitted(world, line="L9") == ["line-unknown"]
    assert submitted(world, line="L2") == ["line-unfit"]
    assert submitted(world, line="L3") == ["line-unfit"]
    assert submitted(world, line="L1") == []
    assert submitted(world, off_plan="上级临时部署，文号 2026-8") == []


def test_a_check_for_cause_needs_no_line(world: World) -> None:
    approved(world)
    assert submitted(world, lane=Lane.STATUTORY, cause=a_cause()) == []


def test_who_has_no_approved_plan_is_on_the_list_and_not_refused(world: World) -> None:
    assert submitted(world) == []
    world.ok(a_filing(), CLERK, JANUARY)
    assert submitted(world, line="L9", window=a_window(date(2026, 12, 28))) == []


def test_a_vertical_body_is_not_held_to_the_citys_plan() -> None:
    world = World.adopted(years=(2025, 2026))
    world.with_department(a_department(jurisdiction=Jurisdiction.VERTICAL))
    approved(world)
    assert submitted(world) == []
