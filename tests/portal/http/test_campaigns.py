"""专项检查 over the interface and by pages: nobody but a leader approves, the number binds, all can read."""

from __future__ import annotations

import pytest

from tests.builders import a_uscc
from tests.portal.http.clients import Desk
from tests.portal.pages.offices import Office

PLAN = {
    "kind": "special",
    "title": "冬季消防专项检查",
    "assessment": "去冬同类企业火情增多",
    "basis": "《中华人民共和国消防法》",
    "lead": "fire",
    "number": 1,
    "window": {"first": "2026-12-01", "last": "2026-12-31"},
}
YES = {"version": 1, "decision": "approved"}


@pytest.fixture
async def desk() -> Desk:
    """Return an interface on a service in memory."""
    return await Desk.open()


def cited(campaign: str, number: int) -> dict[str, object]:
    """Return a request that cites a campaign."""
    return {
        "department": "fire",
        "enterprise": a_uscc(number),
        "purpose": "inspection",
        "lane": "routine",
        "items": ["item-1"],
        "campaign": campaign,
        "window": {"first": "2026-12-25", "last": "2026-12-31"},
    }


async def test_a_campaign_from_the_plan_to_its_end(desk: Desk) -> None:
    assert (await desk.post("other-clerk", "campaigns", {"campaign": PLAN})).status_code == 403
    told = await desk.post("clerk", "campaigns", {"campaign": PLAN})
    assert told.status_code == 201, told.text
    id_ = told.json()["state"]["id"]
    assert (await desk.post("clerk", f"campaigns/{id_}/decision", YES)).status_code == 403
    assert (await desk.post("leader", f"campaigns/{id_}/decision", YES)).json()["status"] == (
        "approved"
    )
    assert (await desk.post("clerk", f"campaigns/{id_}/publication", {})).status_code == 200
    assert (await desk.post("clerk", "requests", cited(id_, 1))).status_code == 201
    over = await desk.post("clerk", "requests", cited(id_, 2))
    assert over.status_code == 422
    (against,) = over.json()["objections"]
    assert against["rule"] == "campaign-number"
    assert against["origin"]["words"]
    assert against["remedies"]
    (row,) = (await desk.get("other-clerk", "campaigns")).json()
    assert (row["taken"], row["number"]) == (1, 1)
    ended = await desk.post("clerk", f"campaigns/{id_}/end", {"result": "整改3家"})
    assert ended.json()["status"] == "ended"
    assert (await desk.get("clerk", "campaigns/none")).status_code == 404


async def test_the_pages_do_the_same() -> None:
    office = await Office.open()
    clerk = await office.browser("clerk")
    await clerk.go("/campaigns")
    form = {**PLAN, "first": "2026-12-01", "last": "2026-12-31"}
    form.pop("window")
    texts = {key: str(value) for key, value in form.items()}
    extra = {"departments": "market", "items": "item-1", "trades": "", "amends": ""}
    await clerk.send("/campaigns", {**texts, **extra})
    page = clerk.url
    assert "去冬同类企业火情增多" in clerk.text
    leader = await office.browser("leader")
    await leader.go(page)
    await leader.send(f"{page}/decision", {"version": "1", "decision": "approved"})
    assert "已批准" in leader.text
    await clerk.go(page)
    await clerk.send(f"{page}/publication", {})
    assert "已公布" in clerk.text
    await clerk.go(f"/requests/new/{a_uscc(1)}")
    assert "属于哪个专项检查" in clerk.text
    await clerk.go(page)
    amended = {
        **texts,
        **extra,
        "number": "2",
        "amends": page.rsplit("/", 1)[1],
        "reason": "又有举报",
    }
    await clerk.send("/campaigns", amended)
    assert "又有举报" in clerk.text
