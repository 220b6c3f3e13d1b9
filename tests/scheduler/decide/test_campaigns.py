"""Campaigns: approved by a leader, published in time, and never more visits than their number."""

from datetime import date
from typing import Any

import pytest

from scheduler import keys
from scheduler.campaigns import CampaignState, CampaignStatus
from schemas import campaign_commands as g
from schemas import commands as c
from schemas.campaigns import Campaign, CampaignKind
from schemas.lanes import Purpose
from schemas.visits import Decision, Window
from tests.builders import a_department, a_request, a_uscc, an_enterprise
from tests.worlds import CLERK, HEAD, LEADER, OFFICE, World, at

DECEMBER = Window(first=date(2026, 12, 1), last=date(2026, 12, 31))


def a_campaign(**changes: Any) -> Campaign:  # noqa: ANN401 - any field of the model
    """Return a campaign of two visits in December."""
    fields = {
        "kind": CampaignKind.SPECIAL,
        "title": "冬季消防专项检查",
        "assessment": "去冬同类企业火情增多",
        "basis": "《中华人民共和国消防法》",
        "lead": "fire",
        "number": 2,
        "window": DECEMBER,
    }
    return Campaign(**{**fields, **changes})


def proposed(world: World, **changes: Any) -> str:  # noqa: ANN401
    """Propose a campaign; return it."""
    command = g.ProposeCampaign(campaign=a_campaign(**changes))
    return world.ok(command, CLERK).about.partition("/")[2]


def approved(world: World, **changes: Any) -> str:  # noqa: ANN401
    """Propose a campaign and let a leader approve it."""
    id_ = proposed(world, **changes)
    world.ok(yes(id_), LEADER)
    return id_


def yes(id_: str, version: int = 1) -> g.DecideCampaign:
    """Return a yes to a version."""
    return g.DecideCampaign(campaign=id_, version=version, decision=Decision.APPROVED)


def the(world: World, id_: str) -> CampaignState:
    """Return a campaign as it stands."""
    state = world.cells[keys.campaign(id_)]
    assert isinstance(state, CampaignState)
    return state


@pytest.fixture
def world() -> World:
    """Return a world with four factories."""
    found = World.adopted()
    for number in (2, 3, 4):
        found.ok(c.RegisterEnterprise(enterprise=an_enterprise(number)), OFFICE)
    return found


def test_a_campaign_is_cited_only_once_a_leader_approved_it(world: World) -> None:
    id_ = proposed(world)
    cited = a_request(campaign=id_)
    assert world.no(c.SubmitRequest(request=cited)) == ["campaign-open"]
    for actor in (CLERK, HEAD, OFFICE):
        assert world.no(yes(id_), actor) == ["role-not-asked"]
    no = g.DecideCampaign(campaign=id_, version=1, decision=Decision.REFUSED)
    assert world.no(no, LEADER) == ["reason-missing"]
    world.ok(yes(id_), LEADER)
    assert world.submit(cited)
    assert world.no(c.SubmitRequest(request=a_request(campaign="none"))) == ["campaign-open"]


def test_over_its_number_the_request_is_refused_with_the_clause_and_the_way_out(
    world: World,
) -> None:
    id_ = approved(world)
    first = world.submit(a_request(campaign=id_))
    world.submit(a_request(campaign=id_, enterprise=a_uscc(2)))
    third = c.SubmitRequest(request=a_request(campaign=id_, enterprise=a_uscc(3)))
    told = world.do(third)
    (against,) = told.objections
    assert (against.rule, against.numbers) == (
        "campaign-number",
        {"limit": 2, "used": 0, "reserved": 2},
    )
    assert against.origin is not None
    assert "off_site" in against.remedies
    world.ok(c.WithdrawRequest(request=first, reason="不去了"))
    world.ok(third)
    more = g.ProposeCampaign(campaign=a_campaign(number=3), amends=id_, reason="又有举报")
    world.ok(more, CLERK)
    fourth = c.SubmitRequest(request=a_request(campaign=id_, enterprise=a_uscc(4)))
    assert world.no(fourth) == ["campaign-number"], "what is not approved yet changes nothing"
    world.ok(yes(id_, 2), LEADER)
    world.ok(fourth)


def test_the_number_is_used_up_by_entries_that_were_planned(world: World) -> None:
    id_ = approved(world, number=1)
    world.head_approves(world.submit(a_request(campaign=id_)))
    world.publish("2026-12", at(date(2026, 12, 11)), at(date(2026, 12, 16)))
    assert world.tally(keys.cap("campaign-number", id_)) == (1, 0)
    other = c.SubmitRequest(request=a_request(campaign=id_, enterprise=a_uscc(2)))
    assert "campaign-number" in world.no(other)
    (visit,) = world.visits()
    world.ok(c.CancelVisit(visit=visit.id, reason="改期"), CLERK, at(date(2026, 12, 17)))
    assert world.tally(keys.cap("campaign-number", id_)) == (0, 0)


@pytest.mark.parametrize(
    ("plan", "asked"),
    [
        ({"items": ("item-1",)}, {"items": ()}),
        ({"trades": ("H62",)}, {}),
        ({"kind": CampaignKind.SURVEY}, {}),
        ({}, {"purpose": Purpose.SERVICE}),
        ({"window": Window(first=date(2026, 12, 1), last=date(2026, 12, 28))}, {}),
    ],
)
def test_a_request_stays_inside_the_plan(
    world: World, plan: dict[str, Any], asked: dict[str, Any]
) -> None:
    id_ = approved(world, **plan)
    codes = world.no(c.SubmitRequest(request=a_request(**{"campaign": id_, **asked})))
    assert "campaign-open" in codes or "item-published" in codes


def test_the_plan_is_published_in_time_and_says_what_came_of_it(world: World) -> None:
    id_ = approved(world)
    clock = world.cells[keys.deadline("campaign-published", keys.campaign(id_))]
    assert (clock.to, clock.status) == ("fire", "open")
    world.ok(g.PublishCampaign(campaign=id_), CLERK)
    assert world.cells[clock.id].status == "met"
    assert the(world, id_).status is CampaignStatus.PUBLISHED
    assert world.no(g.PublishCampaign(campaign=id_), CLERK) == ["wrong-state"]
    world.ok(g.EndCampaign(campaign=id_, result="整改3家"), CLERK)
    assert world.no(c.SubmitRequest(request=a_request(campaign=id_))) == ["campaign-open"]
    assert the(world, id_).status is CampaignStatus.ENDED


def test_what_a_superior_ordered_is_noted_by_the_office(world: World) -> None:
    world.with_department(a_department(id="market"))
    id_ = proposed(world, superior=True, departments=("market",))
    assert world.no(yes(id_), LEADER) == ["role-not-asked"]
    world.ok(yes(id_), OFFICE)
    assert the(world, id_).approved_by == OFFICE.id


def test_amendments_say_why_and_keep_their_lead(world: World) -> None:
    id_ = approved(world)
    world.with_department(a_department(id="market"))
    amended = g.ProposeCampaign(campaign=a_campaign(number=9), amends=id_)
    assert world.no(amended, CLERK) == ["reason-missing"]
    taken = a_campaign(lead="market", departments=("fire",))
    other = g.ProposeCampaign(campaign=taken, amends=id_, reason="-")
    assert world.no(other, OFFICE) == ["not-your-department"]
    unknown = g.ProposeCampaign(campaign=a_campaign(departments=("nobody",)))
    assert world.no(unknown, CLERK) == ["unknown-department"]
