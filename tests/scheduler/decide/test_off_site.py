"""Off-site tasks open no door; a result of another department stands for a while, and only at first hand."""

from datetime import date
from typing import Any

import pytest

from scheduler import keys
from scheduler.off_site import OffSiteState
from scheduler.recognition import months_before
from schemas import commands as c
from schemas import off_site_commands as o
from schemas.envelope import Actor, ActorRole
from schemas.off_site import KnownResult, OffSiteResult, OffSiteSettlement, OffSiteWay
from schemas.visits import Finding, Outcome
from tests.builders import a_department, a_uscc, an_item
from tests.stories import left
from tests.worlds import CLERK, OFFICE, World, at

MARKET = Actor(id="clerk-market", role=ActorRole.CLERK, of="market")
FIRM = Actor(id="firm", role=ActorRole.ENTERPRISE, of=a_uscc())
DAY = date(2026, 12, 2)


@pytest.fixture
def world() -> World:
    """Return a world with the shipped policy and a second department that checks the same exits."""
    return standards(World.adopted())


def standards(world: World) -> World:
    """Let two departments check one thing under one standard."""
    if world.cells[keys.department("market")] is None:
        world.with_department(a_department(id="market"))
    for id_, home in (("item-1", "fire"), ("item-1-market", "market")):
        item = an_item(id=id_, department=home, standard="exits", checklist=("出口畅通",))
        world.ok(c.PublishItem(item=item), OFFICE)
    return world


def opened(world: World, **changes: Any) -> str:  # noqa: ANN401 - any field of the command
    """Let the fire brigade ask for documents; return the task."""
    fields = {
        "department": "fire",
        "enterprise": a_uscc(),
        "way": OffSiteWay.WRITTEN,
        "items": ("item-1",),
        "text": "请寄来疏散图",
        **changes,
    }
    return world.ok(o.OpenOffSite(**fields), CLERK, at(DAY)).about.partition("/")[2]


def settled(world: World, id_: str, result: OffSiteResult = OffSiteResult.CLEAR) -> None:
    """Settle a task."""
    said = OffSiteSettlement(result=result, text="已核对")
    world.ok(o.SettleOffSite(task=id_, settlement=said), CLERK, at(DAY))


def the(world: World, id_: str) -> OffSiteState:
    """Return a task as it stands."""
    state = world.cells[keys.off_site(id_)]
    assert isinstance(state, OffSiteState)
    return state


def taken(source: KnownResult) -> o.TakeOverResult:
    """Return the market bureau's wish to take a result over."""
    return o.TakeOverResult(
        department="market", enterprise=a_uscc(), item="item-1-market", source=source
    )


def test_a_task_has_its_clock_and_its_result(world: World) -> None:
    id_ = opened(world)
    clock = world.cells[keys.deadline("off-site-settled", keys.off_site(id_))]
    assert (clock.to, clock.status, clock.working_days) == ("fire", "open", 20)
    for actor in (MARKET, FIRM):
        said = OffSiteSettlement(result=OffSiteResult.CLEAR, text="-")
        assert world.no(o.SettleOffSite(task=id_, settlement=said), actor) == [
            "not-your-department"
        ]
    settled(world, id_)
    assert world.cells[clock.id].status == "met"
    assert the(world, id_).status == "settled"
    assert world.no(o.DropOffSite(task=id_, reason="-")) == ["wrong-state"]
    assert not list(world.visits()), "nobody came"


def test_a_task_is_for_published_items_of_ones_own(world: World) -> None:
    for changes, code in (
        ({"items": ("item-1-market",)}, "unknown-item"),
        ({"enterprise": a_uscc(9)}, "unknown-enterprise"),
        ({"way": OffSiteWay.SHARED}, "result-named"),
    ):
        fields = {"department": "fire", "enterprise": a_uscc(), "way": OffSiteWay.PHONE}
        given = {**fields, "items": ("item-1",), "text": "-", **changes}
        assert world.no(o.OpenOffSite.model_validate(given)) == [code]
    dropped = opened(world)
    world.ok(o.DropOffSite(task=dropped, reason="企业已迁出"))
    clock = world.cells[keys.deadline("off-site-settled", keys.off_site(dropped))]
    assert clock.status == "met"


def test_a_good_result_stands_for_six_months_and_only_at_first_hand(world: World) -> None:
    id_ = opened(world)
    source = KnownResult(kind="off_site", id=id_, department="fire", item="item-1")
    assert world.no(taken(source), MARKET) == ["result-unfit"], "it is not settled yet"
    settled(world, id_)
    shared = world.ok(taken(source), MARKET, at(date(2027, 6, 2))).about.partition("/")[2]
    assert the(world, shared).task.way is OffSiteWay.SHARED
    assert world.no(taken(source), MARKET, at(date(2027, 6, 3))) == ["result-old"]
    again = KnownResult(kind="off_site", id=shared, department="market", item="item-1-market")
    back = o.TakeOverResult(department="fire", enterprise=a_uscc(), item="item-1", source=again)
    assert world.no(back) == ["result-unfit"]
    own = taken(source).model_copy(update={"department": "fire", "item": "item-1"})
    assert world.no(own) == ["result-unfit"]


@pytest.mark.parametrize("compliant", [True, False])
def test_what_a_visit_found_in_order_is_not_looked_at_again(compliant: bool) -> None:
    world, visit = left()
    standards(world)
    day = world.visit(visit).line.day
    finding = Finding(item="item-1", compliant=compliant)
    result = Outcome(department="fire", findings=(finding,))
    world.ok(c.RecordOutcome(visit=visit, outcome=result), CLERK, at(day, 12))
    source = KnownResult(kind="visit", id=visit, department="fire", item="item-1")
    if compliant:
        world.ok(taken(source), MARKET, at(day, 13))
    else:
        assert world.no(taken(source), MARKET, at(day, 13)) == ["result-unfit"]


def test_other_standards_are_other_things(world: World) -> None:
    id_ = opened(world)
    settled(world, id_)
    source = KnownResult(kind="off_site", id=id_, department="fire", item="item-1")
    other = an_item(id="item-1-market", department="market", standard="stairs", version=2)
    world.ok(c.PublishItem(item=other), OFFICE)
    assert world.no(taken(source), MARKET) == ["result-unfit"]


def test_another_checklist_is_another_edition(world: World) -> None:
    item = an_item(standard="exits", checklist=("出口畅通", "指示灯亮"))
    assert world.no(c.PublishItem(item=item), OFFICE) == ["edition-behind"]
    world.ok(c.PublishItem(item=item.model_copy(update={"version": 2})), OFFICE)
    assert world.no(c.PublishItem(item=item), OFFICE) == ["edition-behind"]


def test_the_last_day_of_a_short_month() -> None:
    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)
