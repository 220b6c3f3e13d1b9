"""赋码: when a code is issued, how long it holds, and what makes it red."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler import keys
from schemas import commands as c
from schemas.lanes import HalfDay
from schemas.registry import Standing
from tests.builders import a_request, an_enterprise, an_item, an_officer
from tests.stories import STAFFED, clerk, coded, genuine, published, scan
from tests.worlds import CLERK, OFFICE, World, at


def issued(world: World, visit: str) -> list[str]:
    return world.no(c.IssueCode(visit=visit), CLERK, at(STAFFED))


def test_a_code_holds_in_the_visiting_hours_of_its_day_only() -> None:
    world, visit = coded()
    state = world.visit(visit)
    assert state.code is not None
    day = state.line.day
    assert (state.code.valid_from, state.code.valid_until) == (at(day, 8), at(day, 18))
    for when in (at(day, 7), at(day, 19), at(STAFFED)):
        assert world.no(scan(world, visit), CLERK, when, claims=genuine(world, visit)) == [
            "code-not-now"
        ]


def test_no_code_without_a_team_for_strangers_or_twice() -> None:
    world, (visit,) = published()
    assert issued(world, visit) == ["team-missing"]
    world.staff(visit, at(STAFFED))
    assert world.no(c.IssueCode(visit=visit), clerk("health")) == ["not-your-department"]
    world.ok(c.IssueCode(visit=visit), CLERK, at(STAFFED))
    assert issued(world, visit) == ["already-coded"]
    assert issued(world, "nothing") == ["unknown-visit"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (c.PublishItem(item=an_item(published=False)), "item-published"),
        (c.RegisterOfficer(officer=an_officer(1, licence=None)), "two-licensed-officers"),
        (
            c.RegisterEnterprise(enterprise=an_enterprise(standing=Standing.DORMANT)),
            "enterprise-active",
        ),
    ],
)
def test_a_visit_is_judged_again_when_its_code_is_issued(change: c.Command, code: str) -> None:
    world, (visit,) = published()
    world.staff(visit, at(STAFFED))
    world.ok(change, OFFICE, at(STAFFED))
    assert issued(world, visit) == [code]


def test_the_old_code_is_not_accepted_after_a_new_one() -> None:
    world, visit = coded()
    day, old = world.visit(visit).line.day, genuine(world, visit)
    world.ok(c.RevokeCode(visit=visit, reason="手机遗失"), CLERK, at(STAFFED))
    assert world.no(scan(world, visit), CLERK, at(day), claims=old) == ["code-revoked"]
    world.ok(c.IssueCode(visit=visit), CLERK, at(STAFFED))
    assert world.no(scan(world, visit), CLERK, at(day), claims=old) == ["code-not-yours"]
    world.enter(visit, at(day))


def test_a_code_is_revoked_once_by_its_own_before_anybody_entered() -> None:
    world, visit = coded()
    revoke = c.RevokeCode(visit=visit, reason="x")
    assert world.no(revoke, clerk("health")) == ["not-your-department"]
    world.ok(revoke, CLERK)
    assert world.no(revoke, CLERK) == ["no-code"]
    world.ok(c.IssueCode(visit=visit), CLERK, at(STAFFED))
    world.enter(visit, at(world.visit(visit).line.day))
    assert world.no(revoke, CLERK) == ["wrong-state"]


def test_an_external_number_stands_for_one_visit_at_a_time() -> None:
    requests = (a_request(), a_request(enterprise=an_enterprise(2).id))
    world = World.adopted()
    world.ok(c.RegisterEnterprise(enterprise=an_enterprise(2)), OFFICE)
    for request in requests:
        world.head_approves(world.submit(request))
    world.publish("2026-12", at(date(2026, 12, 11)), at(date(2026, 12, 16)))
    first, second = (visit.id for visit in world.visits())
    bind = c.BindCode(visit=first, external="HN-1")
    assert world.no(bind, CLERK) == ["no-code"]
    world.staff(first, at(STAFFED))
    for part in world.visit(second).line.parts:
        team = ("officer-3", "officer-4")
        world.ok(
            c.StaffVisit(
                visit=second, department=part.department, officers=team, half=HalfDay.MORNING
            ),
            CLERK,
            at(STAFFED),
        )
    for visit in (first, second):
        world.ok(c.IssueCode(visit=visit), CLERK, at(STAFFED))
    assert world.no(bind, clerk("health")) == ["not-your-department"]
    world.ok(bind, CLERK)
    theirs = bind.model_copy(update={"visit": second})
    assert world.no(theirs, CLERK) == ["code-taken"]
    world.ok(bind.model_copy(update={"external": "HN-2"}), CLERK)
    assert world.tally(keys.external_code("HN-1")) == (0, 0)
    world.ok(theirs, CLERK)
    world.ok(c.RevokeCode(visit=second, reason="x"), CLERK)
    assert world.tally(keys.external_code("HN-1")) == (0, 0)
    assert world.no(theirs, CLERK) == ["no-code"]
