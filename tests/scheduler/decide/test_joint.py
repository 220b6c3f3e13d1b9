"""Bundles of a trade, and joint visits: each department joins by a request of its own, or says why not."""

from datetime import date
from typing import Any

import pytest

from scheduler import keys
from scheduler.bundles import JointState
from schemas import bundle_commands as b
from schemas import commands as c
from schemas.base import Bilingual
from schemas.bundles import Bundle, BundlePart, Check, JointDuty
from schemas.lanes import OnSiteGround
from schemas.origins import Origin, OriginKind
from tests.builders import a_department, a_uscc, a_window, an_enterprise
from tests.stories import CAP, clerk
from tests.worlds import CLERK, OFFICE, World, at

PARTS = (
    BundlePart(department="fire", items=("item-1",)),
    BundlePart(department="market", items=("item-1-market",)),
    BundlePart(department="health", items=("item-1-health",)),
)


def a_bundle(**changes: Any) -> Bundle:  # noqa: ANN401 - any field of the model
    """Return the bundle of machine works."""
    fields = {
        "id": "machines",
        "title": Bilingual(zh="机械", en="machine works"),
        "trades": ("C34",),
        "parts": PARTS,
        "checklist": (Check(items=("item-1", "item-1-market"), text="出口和设备"),),
        "origin": Origin(kind=OriginKind.DEFAULT, document="项目默认", words="项目默认：测试"),
    }
    return Bundle(**{**fields, **changes})


def proposal(**changes: Any) -> b.ProposeJoint:  # noqa: ANN401
    """Return the fire brigade's proposal for the service week."""
    fields = {
        "bundle": "machines",
        "enterprise": a_uscc(),
        "lead": "fire",
        "window": a_window(),
        "on_site": OnSiteGround.PHYSICAL,
        "why_on_site": "须看设备运行",
    }
    return b.ProposeJoint(**{**fields, **changes})


@pytest.fixture
def world() -> World:
    """Return a world with three departments and a bundle."""
    found = World.adopted()
    found.ok(c.RegisterEnterprise(enterprise=an_enterprise(industry="C3411")), OFFICE)
    for home in ("market", "health"):
        found.with_department(a_department(id=home, name=home))
    found.ok(b.PublishBundle(bundle=a_bundle()), OFFICE)
    return found


def the(world: World, id_: str) -> JointState:
    """Return a joint visit as it stands."""
    state = world.cells[keys.joint(id_)]
    assert isinstance(state, JointState)
    return state


def test_the_lead_asks_members_join_or_say_why_not(world: World) -> None:
    id_ = world.ok(proposal(), CLERK).about.partition("/")[2]
    state = the(world, id_)
    assert [a.department for a in state.joined] == ["fire"]
    assert state.joint.duty_of("fire") is JointDuty.LEAD
    assert state.joint.duty_of("market") is JointDuty.MEMBER
    clock = world.cells[keys.deadline("joint-answer", keys.joint(id_))]
    assert (clock.to, clock.status) == ("market,health", "open")
    joins = b.AnswerJoint(joint=id_, department="market", joins=True)
    assert world.no(joins, CLERK) == ["not-your-department"]
    world.ok(joins, clerk("market"))
    assert world.no(joins, clerk("market")) == ["wrong-state"]
    request = world.request(the(world, id_).joined[1].request or "").request
    assert (request.joint, request.items, request.window) == (
        id_,
        ("item-1-market",),
        a_window(),
    )
    declines = b.AnswerJoint(joint=id_, department="health", joins=False)
    assert world.no(declines, clerk("health")) == ["reason-missing"]
    world.ok(declines.model_copy(update={"reason": "上月刚查过"}), clerk("health"))
    assert (the(world, id_).silent, world.cells[clock.id].status) == ((), "met")


def test_one_visit_of_all_who_joined(world: World) -> None:
    id_ = world.ok(proposal(), CLERK).about.partition("/")[2]
    world.ok(b.AnswerJoint(joint=id_, department="market", joins=True), clerk("market"))
    for said in the(world, id_).joined:
        world.head_approves(said.request or "")
    world.publish("2026-12", at(date(2026, 12, 11)), at(date(2026, 12, 16)))
    (visit,) = world.visits()
    assert set(visit.line.departments) == {"fire", "market"}


def test_the_rules_judge_a_joint_visit_like_any_other(world: World) -> None:
    early = a_window(date(2026, 12, 2), date(2026, 12, 4))
    assert world.no(proposal(window=early), CLERK) == ["service-week"]
    assert not list(world.of_kind(JointState)), "nothing was proposed"
    assert world.tally(CAP) == (0, 0)


def test_the_office_may_propose_for_a_lead(world: World) -> None:
    id_ = world.ok(proposal(), OFFICE).about.partition("/")[2]
    assert the(world, id_).silent == ("fire", "market", "health")
    joins = b.AnswerJoint(joint=id_, department="fire", joins=True)
    world.ok(joins, CLERK)
    assert world.no(proposal(lead="market"), CLERK) == ["not-your-department"]


def test_bundles_are_of_published_items_and_for_their_trade(world: World) -> None:
    strange = (*PARTS[:1], BundlePart(department="market", items=("item-1-health",)))
    bundle = a_bundle(parts=strange, checklist=())
    assert world.no(b.PublishBundle(bundle=bundle), OFFICE) == ["unknown-item"]
    assert world.no(b.PublishBundle(bundle=a_bundle()), CLERK) == ["role-not-asked"]
    world.ok(b.PublishBundle(bundle=a_bundle(trades=("H62",))), OFFICE)
    assert world.no(proposal(), CLERK) == ["bundle-unfit"]
    assert world.no(proposal(bundle="none"), CLERK) == ["unknown-bundle"]
    for wrong in (a_bundle(parts=(PARTS[0], PARTS[0])), a_bundle(parts=PARTS[1:])):
        assert world.no(b.PublishBundle(bundle=wrong), OFFICE) == ["bundle-twice"]
