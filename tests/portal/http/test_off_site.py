"""非现场监管 over the interface and by pages: a task, a result taken over, the item that drops out."""

from __future__ import annotations

import pytest

from portal.messages import Sender
from portal.running.service import Service
from schemas import commands as c
from schemas.envelope import ActorRole
from streams.ports import Effect
from tests.builders import a_uscc, an_item
from tests.portal.http.clients import Desk
from tests.portal.pages.offices import Office
from tests.worlds import NOVEMBER

TASK = {
    "department": "fire",
    "enterprise": a_uscc(1),
    "way": "written",
    "items": ["item-1"],
    "text": "请寄来疏散图",
}
CLEAR = {"result": "clear", "text": "图与现状一致"}


async def one_standard(service: Service) -> None:
    """Let both departments check the same exits."""
    office = Sender.of("office", ActorRole.ADMIN)
    commands = [
        c.PublishItem(item=an_item(id=id_, department=home, standard="exits"))
        for id_, home in (("item-1", "fire"), ("item-1-market", "market"))
    ]
    raw = [office.message(each, id_=f"s{n}", at=NOVEMBER) for n, each in enumerate(commands)]
    effects: list[Effect] = list(await service.submit(raw))
    assert {effect.status for effect in effects} == {"accepted"}


@pytest.fixture
async def desk() -> Desk:
    """Return an interface on a service in memory."""
    found = await Desk.open()
    await one_standard(found.service)
    return found


async def test_a_task_from_the_question_to_the_count(desk: Desk) -> None:
    told = await desk.post("clerk", "off-site", TASK)
    assert told.status_code == 201, told.text
    id_ = told.json()["id"]
    assert [t["id"] for t in (await desk.get("firm", "off-site")).json()] == [id_]
    assert (await desk.get("other-clerk", f"off-site/{id_}")).status_code == 404
    assert (await desk.post("firm", f"off-site/{id_}/settlement", CLEAR)).status_code == 403
    done = await desk.post("clerk", f"off-site/{id_}/settlement", CLEAR)
    assert done.json()["status"] == "settled"
    year = (await desk.get("office", "off-site/counts?year=2026")).json()
    assert (year["ways"], year["spared"]) == ({"written": 1}, 1)
    again = (await desk.post("clerk", "off-site", TASK)).json()["id"]
    dropped = await desk.post("clerk", f"off-site/{again}/drop", {"reason": "企业已迁出"})
    assert dropped.json()["status"] == "dropped"


async def test_another_departments_result_is_offered_and_taken_over(desk: Desk) -> None:
    id_ = (await desk.post("clerk", "off-site", TASK)).json()["id"]
    await desk.post("clerk", f"off-site/{id_}/settlement", CLEAR)
    where = f"off-site/offers?department=market&enterprise={a_uscc(1)}"
    (offer,) = (await desk.get("other-clerk", where)).json()
    assert (offer["item"], offer["source"]["id"]) == ("item-1-market", id_)
    body = {"department": "market", "enterprise": a_uscc(1)}
    taken = {**body, "item": offer["item"], "source": offer["source"]}
    assert (await desk.post("clerk", "off-site/shared", taken)).status_code == 403
    told = await desk.post("other-clerk", "off-site/shared", taken)
    assert told.json()["task"]["way"] == "shared"
    assert (await desk.get("other-clerk", where)).json() == []


async def test_the_item_drops_out_of_the_form() -> None:
    office = await Office.open()
    await one_standard(office.service)
    clerk = await office.browser("clerk")
    await clerk.go("/off-site")
    form = {key: str(value) for key, value in TASK.items() if key != "items"}
    await clerk.send("/off-site", {**form, "item": "item-1"})
    await clerk.send(f"{clerk.url}/settlement", CLEAR)
    assert "图与现状一致" in clerk.text
    other = await office.browser("other-clerk")
    await other.go(f"/requests/new/{a_uscc(1)}")
    assert "采用这个结果，不用上门" in other.text
    await other.send("/off-site/shared", {})
    await other.go(f"/requests/new/{a_uscc(1)}")
    assert "已采用其他部门的结果" in other.text
    lister = await office.browser("office")
    await lister.go("/totals?year=2026")
    assert "非现场监管 2 项" in lister.text
    await lister.go("/off-site")
    assert "少上门 2 次" in lister.text
