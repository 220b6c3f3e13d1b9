"""一业一查 over the interface and by pages: a trade's file, a joint visit, who declined, who did not come."""

from __future__ import annotations

import pytest

from portal.matters import joint
from portal.messages import Sender
from portal.running.service import Service
from schemas import commands as c
from schemas.bundle_commands import PublishBundle
from schemas.envelope import ActorRole
from tests.builders import a_uscc, an_enterprise, an_item
from tests.portal.http.clients import Desk
from tests.portal.pages.offices import Office
from tests.worlds import NOVEMBER

PROPOSAL = {
    "bundle": "hotels",
    "enterprise": a_uscc(1),
    "lead": "fire",
    "window": {"first": "2026-12-25", "last": "2026-12-31"},
    "on_site": "physical",
    "why_on_site": "须看疏散通道",
}


async def a_hotel(service: Service) -> None:
    """Make the first enterprise a hotel, and give both departments items of its trade."""
    office = Sender.of("office", ActorRole.ADMIN)
    named = (("item-1", "fire", "疏散通道"), ("item-1-market", "market", "电梯等特种设备"))
    commands: list[c.Command] = [
        c.PublishItem(item=an_item(id=id_, department=home, name=name)) for id_, home, name in named
    ]
    commands.append(c.RegisterEnterprise(enterprise=an_enterprise(1, industry="H6110")))
    raw = [office.message(each, id_=f"h{n}", at=NOVEMBER) for n, each in enumerate(commands)]
    assert {effect.status for effect in await service.submit(raw)} == {"accepted"}


@pytest.fixture
async def desk() -> Desk:
    """Return an interface on a service with a hotel and its bundle."""
    found = await Desk.open()
    await a_hotel(found.service)
    made, _ = await joint.bundle_of(found.service.queries, joint.read("hotels"))
    assert made is not None
    told = await found.post("office", "joint/bundles", made.model_dump(mode="json"))
    assert told.status_code == 201, told.text
    return found


@pytest.mark.parametrize("name", joint.shipped())
def test_each_trades_file_is_read_and_says_that_its_words_are_ours(name: str) -> None:
    file = joint.read(name)
    assert (file.bundle, file.origin.kind) == (name, "default")
    assert len({line.standard for line in file.checklist}) == len(file.checklist) > 2


async def test_a_file_becomes_a_bundle_of_the_countys_own_items() -> None:
    desk = await Desk.open()
    nobody, missing = await joint.bundle_of(desk.service.queries, joint.read("hotels"))
    assert nobody is None
    assert "exits" in missing
    await a_hotel(desk.service)
    made, missing = await joint.bundle_of(desk.service.queries, joint.read("hotels"))
    assert made is not None
    assert [(p.department, p.items) for p in made.parts] == [
        ("fire", ("item-1",)),
        ("market", ("item-1-market",)),
    ]
    assert "exits" not in missing
    with pytest.raises(OSError, match="nowhere"):
        joint.read("nowhere.yaml")


async def test_a_joint_visit_from_the_proposal_to_the_report(desk: Desk) -> None:
    assert [b["id"] for b in (await desk.get("clerk", "joint/bundles")).json()] == ["hotels"]
    request = {
        "department": "fire",
        "enterprise": a_uscc(1),
        "purpose": "inspection",
        "lane": "routine",
        "items": ["item-1"],
        "window": PROPOSAL["window"],
    }
    assert (await desk.post("clerk", "requests", request)).status_code == 201
    (found,) = (await desk.get("office", "joint/suggestions/2026-12")).json()
    assert (found["asking"], found["missing"]) == (["fire"], ["market"])
    told = await desk.post("clerk", "joint", PROPOSAL)
    assert told.status_code == 201, told.text
    id_ = told.json()["id"]
    assert [j["id"] for j in (await desk.get("other-clerk", "joint")).json()] == [id_]
    assert (await desk.post("other-clerk", "joint", PROPOSAL)).status_code == 403
    no = {"joins": False, "reason": "上月刚查过"}
    assert (await desk.post("clerk", f"joint/{id_}/answers/market", no)).status_code == 403
    said = await desk.post("other-clerk", f"joint/{id_}/answers/market", no)
    assert said.json()["answers"][1]["reason"] == "上月刚查过"
    report = (await desk.get("office", "joint/report/2026-12")).json()
    assert report["declined"] == [
        {"enterprise": a_uscc(1), "department": "market", "reason": "上月刚查过", "joint": id_}
    ]
    assert report["phantoms"] == []
    assert (await desk.get("clerk", "joint/report/2026-12")).status_code == 403


async def test_the_pages_do_the_same() -> None:
    office = await Office.open()
    await a_hotel(office.service)
    made, _ = await joint.bundle_of(office.service.queries, joint.read("hotels"))
    assert made is not None
    raw = Sender.of("office", ActorRole.ADMIN).message(
        PublishBundle(bundle=made), id_="bundle", at=NOVEMBER
    )
    await office.service.submit([raw])
    clerk = await office.browser("clerk")
    await clerk.go(f"/requests/new/{a_uscc(1)}")
    assert "酒店一查" in clerk.text
    await clerk.go(f"/joint?enterprise={a_uscc(1)}")
    form = {**PROPOSAL, "first": "2026-12-25", "last": "2026-12-31"}
    form.pop("window")
    await clerk.send("/joint", {key: str(value) for key, value in form.items()})
    page = clerk.url
    assert "牵头" in clerk.text
    other = await office.browser("other-clerk")
    await other.go(page)
    await other.send(f"{page}/decline", {"department": "market", "reason": "上月刚查过"})
    assert "上月刚查过" in other.text
    desk = await office.browser("office")
    await desk.go("/joint?month=2026-12")
    assert "不参加合并" in desk.text
    assert "上月刚查过" in desk.text
    await desk.go("/joint/bundles/hotels")
    assert "疏散通道" in desk.text
