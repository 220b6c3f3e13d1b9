"""A recorded planning is done again from the ledger, or at least verified."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.plans import planning
from portal.proof.resolving import NotOnRecordError, resolve
from portal.running.service import Service
from scheduler import keys
from scheduler.states import DraftState
from schemas import commands as c
from schemas.plans import PlanBody
from streams.ports import Effect
from tests.portal.plans.test_explaining import (
    FEW,
    MONTH,
    OFFICE,
    WEEK,
    at,
    capacity,
    crowded,
    drafted,
    first,
    published,
    told,
)


async def test_a_published_plan_is_made_again_to_the_same_step(tmp_path: Path) -> None:
    service, _ = await published(tmp_path)
    found = await resolve(service, MONTH)
    assert (found.version, found.equal, found.stands) == (1, True, True)
    draft = await service.queries.get(DraftState, keys.draft(MONTH, 1))
    assert draft is not None
    assert (found.step, found.snapshot) == (draft.body.worth.step, draft.body.snapshot)
    assert found.cut < await service.ledger.position()
    assert found.verdict.breaches_total == 0
    assert found.verdict.value.objective == draft.body.worth.objective
    assert found.policies == ("national-54 v1", "changning-2024 v1")
    assert "2026 v1 official" in found.calendars
    assert found.steps == FEW.steps


async def test_a_revision_is_made_again_with_its_base_notice_and_pins(tmp_path: Path) -> None:
    service, _ = await published(tmp_path)
    await capacity(service, WEEK[0], 0, at(17))
    await capacity(service, WEEK[2], 1, at(17))
    order = await planning.revision(service.queries, MONTH, date(2026, 12, 17), limits=FEW)
    await drafted(service, order, 2, at(17))
    await told(service, c.PublishPlan(month=MONTH, version=2), OFFICE, at(18))
    assert (await resolve(service, MONTH)).equal
    assert (await resolve(service, MONTH, 1)).equal


async def test_what_came_in_between_search_and_draft_is_passed_over(tmp_path: Path) -> None:
    """Tests that a capacity stated while the planner worked does not count."""
    service, _ = await crowded(tmp_path)
    body = await planning.planned(service.queries, first())
    await capacity(service, WEEK[3], 5, at(11))
    await handed(service, body)
    found = await resolve(service, MONTH, 1)
    assert found.equal


async def handed(service: Service, body: PlanBody) -> Effect:
    """Hand a draft in."""
    return await told(service, c.DraftPlan(month=MONTH, version=1, body=body), OFFICE, at(11))


async def test_a_plan_that_is_not_the_searchs_own_is_verified_instead(tmp_path: Path) -> None:
    """Tests a draft with a visit's lead changed by hand: rules and numbers hold, the plan differs."""
    service, _ = await crowded(tmp_path)
    body = await planning.planned(service.queries, first())
    joint = next(line for line in body.lines if len(line.parts) > 1)
    other = next(p.department for p in joint.parts if p.department != joint.lead)
    lines = [x.model_copy(update={"lead": other}) if x is joint else x for x in body.lines]
    await handed(service, body.model_copy(update={"lines": tuple(lines)}))
    found = await resolve(service, MONTH, 1)
    assert (found.equal, found.stands) == (False, True)
    assert found.verdict.value.objective == body.worth.objective


async def test_a_plan_with_a_false_number_does_not_stand(tmp_path: Path) -> None:
    service, _ = await crowded(tmp_path)
    body = await planning.planned(service.queries, first())
    worth = body.worth.model_copy(update={"objective": body.worth.objective - 1, "bound": 0})
    await handed(service, body.model_copy(update={"worth": worth}))
    found = await resolve(service, MONTH, 1)
    assert (found.equal, found.stands) == (False, False)
    assert [claim.name for claim in found.verdict.claims] == ["objective"]


async def test_what_is_not_on_record_is_said(tmp_path: Path) -> None:
    service, _ = await crowded(tmp_path)
    with pytest.raises(NotOnRecordError, match="no plan"):
        await resolve(service, MONTH)
    body = await planning.planned(service.queries, first())
    await handed(service, body.model_copy(update={"making": None}))
    with pytest.raises(NotOnRecordError, match="what it was made with"):
        await resolve(service, MONTH, 1)


async def test_a_problem_that_was_never_the_ledgers_is_found_out(
    tmp_path: Path,
) -> None:
    service, _ = await crowded(tmp_path)
    body = await planning.planned(service.queries, first())
    await handed(service, body.model_copy(update={"snapshot": "0" * 64}))
    with pytest.raises(NotOnRecordError, match="at no point"):
        await resolve(service, MONTH, 1, cuts=2)
