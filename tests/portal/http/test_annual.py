"""Annual plans over the interface: filed, approved, published; requests cite their lines."""

from __future__ import annotations

from typing import Any

from tests.builders import a_uscc
from tests.portal.http.clients import Desk

LINE = {"id": "L1", "items": ["item-1"], "number": 2, "months": list(range(1, 13))}
PLAN = "annual/fire/2026"


def body(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """Return the filing of one line."""
    return {"lines": [LINE], **changes}


async def approved() -> Desk:
    """Return an interface whose fire brigade has an approved plan."""
    desk = await Desk.open()
    await desk.post("clerk", PLAN, body())
    await desk.post("office", f"{PLAN}/decision", {"version": 1, "decision": "approved"})
    return desk


async def test_a_plan_goes_from_filing_to_publication() -> None:
    desk = await Desk.open()
    filed = await desk.post("clerk", PLAN, body())
    assert filed.status_code == 201
    assert filed.json()["status"] == "filed"
    assert [line["id"] for line in filed.json()["waits"]] == ["L1"]
    again = await desk.post("clerk", f"{PLAN}/decision", {"version": 1, "decision": "approved"})
    assert again.status_code == 403
    yes = await desk.post("office", f"{PLAN}/decision", {"version": 1, "decision": "approved"})
    assert yes.json()["status"] == "approved"
    told = await desk.post("office", f"{PLAN}/publication")
    assert told.json()["status"] == "published"
    rows = {row["department"]: row for row in (await desk.get("leader", "annual")).json()}
    assert rows["fire"]["entries"] == 2
    assert rows["market"]["status"] is None
    assert rows["market"]["late"], "the year's due day was in January"


async def test_a_department_sees_its_own_plan_alone() -> None:
    desk = await approved()
    assert [row["department"] for row in (await desk.get("clerk", "annual")).json()] == ["fire"]
    assert (await desk.get("other-clerk", PLAN)).status_code == 404
    assert (await desk.post("other-clerk", PLAN, body())).status_code == 403
    assert (await desk.get("leader", "annual/fire/2025")).status_code == 404


async def test_requests_cite_lines_and_are_counted() -> None:
    desk = await approved()
    request = {
        "department": "fire",
        "enterprise": a_uscc(),
        "purpose": "inspection",
        "lane": "routine",
        "items": ["item-1"],
        "window": {"first": "2026-12-25", "last": "2026-12-31"},
    }
    bare = await desk.post("clerk", "requests", request)
    assert bare.status_code == 409
    assert "line-missing" in bare.text
    assert (await desk.post("clerk", "requests", {**request, "line": "L1"})).status_code == 201
    plan = (await desk.get("clerk", PLAN)).json()
    assert [line["cited"] for line in plan["stands"]] == [1]
