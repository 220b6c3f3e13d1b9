"""Several requests are taken back for one reason, and each is answered for itself."""

from __future__ import annotations

import httpx
import pytest_asyncio

from tests.builders import a_uscc
from tests.portal.pages.offices import Office
from tests.portal.pages.test_flow import asked


@pytest_asyncio.fixture
async def office() -> Office:
    """Return the pages of a furnished service in memory."""
    return await Office.open()


async def three(office: Office) -> list[str]:
    """Submit two requests of one department and one of another; return them."""
    found = [await asked(office, "clerk", "item-1") for _ in range(2)]
    found.append(await asked(office, "other-clerk", "item-1-market"))
    return [browser.url.rpartition("/")[2] for browser in found]


async def test_a_program_takes_several_back_and_again_has_no_effect(office: Office) -> None:
    mine, second, strange = await three(office)
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=office.app), base_url="http://office.test/api/v1"
    )
    body = {"requests": [mine, strange, "nothing", second], "reason": "合并到下月"}
    headers = {"authorization": "Bearer clerk", "idempotency-key": "batch-1"}
    for _ in range(2):
        answer = await client.post("/requests/withdrawals", json=body, headers=headers)
        assert answer.status_code == 200
        assert [(each["withdrawn"], each["code"]) for each in answer.json()] == [
            (True, None),
            (False, "not-found"),
            (False, "not-found"),
            (True, None),
        ]
    other = {"authorization": "Bearer clerk", "idempotency-key": "batch-2"}
    late = await client.post("/requests/withdrawals", json=body, headers=other)
    assert late.json()[0]["code"] == "wrong-state"
    leader = {"authorization": "Bearer leader"}
    assert (
        await client.post("/requests/withdrawals", json=body, headers=leader)
    ).status_code == 403


async def test_a_clerk_ticks_several_in_the_list(office: Office) -> None:
    first, second, _ = await three(office)
    clerk = await office.browser("clerk")
    await clerk.go("/requests")
    await clerk.send("/requests/withdrawals", {"request": [first, second], "reason": "不需要了"})
    assert "2 份已撤回，0 份未能撤回" in clerk.text
    await clerk.go("/requests")
    assert not [form for form in clerk.page.forms if form.action == "/requests/withdrawals"]
    await clerk.go(f"/requests/new/{a_uscc(1)}")
    assert "还剩 2 / 2" in clerk.text
