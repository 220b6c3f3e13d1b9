"""违法线索 and 法制审核 over the interface: whose lead it is, and whose review."""

from __future__ import annotations

import pytest

from tests.portal.http.clients import Desk

LEAD = {
    "sender": "fire",
    "to": "market",
    "title": "锅炉超期",
    "text": "铭牌检验已过期",
    "evidence": [{"name": "照片.jpg", "digest": "5e" * 32}],
}
REPLY = {"outcome": "rectified", "text": "已整改"}


@pytest.fixture
async def desk() -> Desk:
    """Return an interface on a service in memory."""
    return await Desk.open()


async def test_a_lead_from_hand_to_hand(desk: Desk) -> None:
    assert (await desk.post("other-clerk", "leads", LEAD)).status_code == 403
    told = await desk.post("clerk", "leads", LEAD)
    assert told.status_code == 201, told.text
    id_ = told.json()["id"]
    assert [s["id"] for s in (await desk.get("other-clerk", "leads")).json()] == [id_]
    assert (await desk.get("firm", "leads")).status_code == 403
    assert (await desk.post("clerk", f"leads/{id_}/receipt", {})).status_code == 403
    assert (await desk.post("other-clerk", f"leads/{id_}/receipt", {})).status_code == 200
    done = await desk.post("other-clerk", f"leads/{id_}/reply", REPLY)
    assert done.json()["reply"]["outcome"] == "rectified"
    assert (await desk.get("auditor", f"leads/{id_}")).json()["replied"] == "2026-12-01"


async def test_a_lead_abroad_is_the_offices_to_follow(desk: Desk) -> None:
    abroad = {**LEAD, "to": "market", "county": "430481"}
    id_ = (await desk.post("clerk", "leads", abroad)).json()["id"]
    assert (await desk.get("other-clerk", f"leads/{id_}")).status_code == 404
    assert (
        await desk.post("office", f"leads/{id_}/receipt", {"receipt": "12号"})
    ).status_code == 200


async def test_nobody_but_the_legal_reviewer_reviews(desk: Desk) -> None:
    body = {"department": "fire", "decision": "approved", "reason": "事实清楚"}
    for who in ("clerk", "head", "office", "firm"):
        assert (await desk.post(who, "leads/reviews/visit-1", body)).status_code == 403
