"""Reasons, differences and the control of a search, over HTTP."""

from __future__ import annotations

import asyncio
import json
from datetime import date

from portal.http.solving import Solving
from scheduler.planner.progress import Progress, Watch
from schemas.plans import PlanBody, Worth
from tests.portal.http.clients import Desk, a_body
from tests.worlds import at

CLOSES, PUBLISHES, REVISES = date(2026, 12, 10), date(2026, 12, 16), date(2026, 12, 17)
YES = {"role": "head", "decision": "approved"}
MONTH = "plans/2026-12"


async def closed(desk: Desk) -> list[str]:
    """Two departments ask for the same works, their heads agree, the month closes."""
    market = a_body(department="market", items=["item-1-market"])
    ids = []
    for clerk, head, body in (("clerk", "head", a_body()), ("other-clerk", "other-head", market)):
        ids.append((await desk.post(clerk, "requests", body)).json()["id"])
        await desk.post(head, f"requests/{ids[-1]}/approvals", YES)
    desk.at(at(CLOSES))
    await desk.post("office", f"{MONTH}/closing")
    return ids


async def searched(desk: Desk, **how: object) -> dict[str, object]:
    """Search, and return the search's last state."""
    begun = await desk.post("office", f"{MONTH}/drafts", {"steps": 3, **how})
    assert begun.status_code == 202, begun.text
    async with asyncio.timeout(60):
        while True:
            job = (await desk.get("office", begun.headers["location"])).json()
            if job["status"] != "running":
                return dict(job)
            await asyncio.sleep(0.05)


async def test_a_clerk_reads_why_his_own_request_has_its_day_and_no_others(desk: Desk) -> None:
    own, other = await closed(desk)
    await searched(desk)
    seen = await desk.get("clerk", f"{MONTH}/reasons/{own}")
    assert seen.status_code == 200, seen.text
    view = seen.json()
    assert (view["request"], view["exact"], view["day"] is not None) == (own, True, True)
    assert {"shares_entry", "preferred"} <= {fact["kind"] for fact in view["grounds"]}
    assert all(option["said"]["zh"] and option["said"]["en"] for option in view["options"])
    assert (await desk.get("clerk", f"{MONTH}/reasons/{other}")).status_code == 404
    assert (await desk.get("firm", f"{MONTH}/reasons/{own}")).status_code == 403
    assert (await desk.get("office", f"{MONTH}/reasons/nobody")).status_code == 404
    assert (await desk.get("office", f"{MONTH}/reasons/{own}?version=9")).status_code == 404


async def test_the_office_reads_the_account_and_departments_do_not(desk: Desk) -> None:
    await closed(desk)
    assert (await desk.get("office", f"{MONTH}/account")).status_code == 404
    await searched(desk)
    account = (await desk.get("office", f"{MONTH}/account")).json()
    total = sum(term["count"] * term["points"] for term in account["terms"])
    assert total == account["objective"] >= account["bound"]
    assert (await desk.get("clerk", f"{MONTH}/account")).status_code == 404


async def test_a_published_month_is_searched_again_and_the_versions_are_compared(
    desk: Desk,
) -> None:
    await closed(desk)
    await searched(desk)
    desk.at(at(PUBLISHES))
    tag = (await desk.get("office", MONTH)).headers["etag"]
    publication = {"version": 1}
    await desk.post("office", f"{MONTH}/publication", publication, headers={"if-match": tag})
    desk.at(at(REVISES))
    job = await searched(desk, revise=True)
    assert (job["status"], job["version"]) == ("drafted", 2), job
    path = f"{MONTH}/difference"
    both = {"before": "1", "after": "2"}
    found = (await desk.get("office", path, params=both)).json()
    assert (found["moved"], found["dropped"], found["opened"]) == ([], [], [])
    assert found["worth_after"]["entries"] == 1
    own = (await desk.get("clerk", path, params=both)).json()
    assert own["worth_before"] is None
    assert (await desk.get("office", path, params={"before": "1", "after": "7"})).status_code == 404


async def test_a_month_that_is_not_published_cannot_be_revised(desk: Desk) -> None:
    await closed(desk)
    job = await searched(desk, revise=True)
    assert (job["status"], job["code"]) == ("failed", "not-ready")


async def test_a_search_is_followed_as_a_stream_and_stopped_with_its_best(desk: Desk) -> None:
    """Tests that the stream ends with the search, and that the stop keeps what was found."""
    await closed(desk)
    solving: Solving = desk.app.state.house.solving
    solving.search = _until_stopped
    begun = await desk.post("office", f"{MONTH}/drafts", {"steps": 9})
    job = begun.json()["id"]
    following = asyncio.create_task(desk.get("office", f"planning-jobs/{job}/events"))
    await asyncio.sleep(0.3)
    assert (await desk.post("clerk", f"planning-jobs/{job}/stop")).status_code == 403
    stopped = await desk.post("office", f"planning-jobs/{job}/stop")
    assert stopped.status_code == 200
    async with asyncio.timeout(20):
        stream = await following
    assert stream.headers["content-type"].startswith("text/event-stream")
    blocks = [block.splitlines() for block in stream.text.strip().split("\n\n")]
    events = [(block[0], json.loads(block[1].removeprefix("data: "))) for block in blocks]
    assert events[0][0] == "event: running"
    last = events[-1][1]
    assert (last["status"], last["ended"], last["version"]) == ("drafted", "stopped", 1), last
    assert last["gap_percent"] == 5.26, "of the bound, as the checker says it"
    assert (await desk.get("office", "planning-jobs/none/events")).status_code == 404
    assert (await desk.post("office", "planning-jobs/none/stop")).status_code == 404


async def _until_stopped(*_: object, watch: Watch) -> PlanBody:
    """Search until somebody stops it, then hand in the best."""
    while watch(Progress(step=1, phase="rounds", objective=200, bound=190, unplaced=0)):  # noqa: ASYNC110 - as a planner asks
        await asyncio.sleep(0.01)
    return PlanBody(
        lines=(),
        unplaced=(),
        worth=Worth(objective=200, bound=190, entries=0, entries_bound=0, solver="none"),
        snapshot="none",
    )
