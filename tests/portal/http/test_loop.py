"""The closed loop over HTTP: from a request to a rating, on memory and on Postgres."""

from __future__ import annotations

import asyncio
import time
from datetime import date
from typing import Any

import pytest

from portal.http.solving import Solving
from scheduler.planner.progress import Progress, Watch
from schemas.base import CHINA
from schemas.plans import PlanBody, Worth
from tests.builders import a_uscc
from tests.portal.http.clients import Desk, a_body
from tests.worlds import at

CLOSES, ANSWERS, PUBLISHES = date(2026, 12, 10), date(2026, 12, 14), date(2026, 12, 16)
NAMES = date(2026, 12, 23)
YES = {"role": "head", "decision": "approved"}


async def _asked(desk: Desk) -> None:
    """Let two departments ask to visit the same works, and their heads agree."""
    market = a_body(department="market", items=["item-1-market"])
    for clerk, head, body in (("clerk", "head", a_body()), ("other-clerk", "other-head", market)):
        made = await desk.post(clerk, "requests", body)
        assert made.status_code == 201, made.text
        done = await desk.post(head, f"requests/{made.json()['id']}/approvals", YES)
        assert done.status_code == 200, done.text


async def _drafted(desk: Desk) -> dict[str, Any]:
    """Close the month, search, and return the search's last state."""
    desk.at(at(CLOSES))
    closed = await desk.post("office", "plans/2026-12/closing")
    assert (closed.status_code, closed.json()["closed"]) == (200, True)
    begun = await desk.post("office", "plans/2026-12/drafts", {"seed": 7, "steps": 3})
    assert begun.status_code == 202, begun.text
    async with asyncio.timeout(60):
        while True:
            job = (await desk.get("office", begun.headers["location"])).json()
            if job["status"] != "running":
                return dict(job)
            await asyncio.sleep(0.05)


async def _published(desk: Desk) -> dict[str, Any]:
    await _asked(desk)
    assert (await _drafted(desk))["version"] == 1
    desk.at(at(PUBLISHES))
    read = await desk.get("office", "plans/2026-12")
    done = await desk.post(
        "office",
        "plans/2026-12/publication",
        {"version": 1},
        headers={"if-match": read.headers["etag"]},
    )
    assert (done.status_code, done.json()["published"]) == (200, 1), done.text
    (line,) = done.json()["lines"]
    return dict(line)


async def _coded(desk: Desk) -> dict[str, Any]:
    """Return the published line of a visit that was staffed and has its code."""
    line = await _published(desk)
    visit = line["visit"]
    desk.at(at(NAMES))
    for clerk, home in (("clerk", "fire"), ("other-clerk", "market")):
        suffix = "" if home == "fire" else f"-{home}"
        team = [f"officer-{n}{suffix}" for n in (1, 2)]
        body = {"department": home, "officers": team, "half": "am"}
        named = await desk.post(clerk, f"visits/{visit}/teams", body)
        assert named.status_code == 200, named.text
    issued = await desk.post("clerk", f"visits/{visit}/code")
    assert issued.status_code == 201, issued.text
    return line


def _entry(desk: Desk, line: dict[str, Any], code: str, gate: str) -> dict[str, Any]:
    del desk
    officers = ["officer-1", "officer-2", "officer-1-market", "officer-2-market"]
    return {
        "code": code,
        "gate": gate,
        "departments": [part["department"] for part in line["parts"]],
        "officers": officers,
        "position": "26.4,112.4",
    }


async def _visited(desk: Desk) -> dict[str, Any]:
    line = await _coded(desk)
    visit = line["visit"]
    code = (await desk.get("officer", f"visits/{visit}/code")).json()["text"]
    gate = (await desk.get("firm", f"enterprises/{a_uscc(1)}/gate-code")).json()["text"]
    desk.at(at(date.fromisoformat(line["day"])))
    entered = await desk.post("officer", f"visits/{visit}/entry", _entry(desk, line, code, gate))
    assert (entered.status_code, entered.json()["status"]) == (200, "entered"), entered.text
    left = await desk.post("officer", f"visits/{visit}/departure")
    assert (left.status_code, left.json()["status"]) == (200, "left")
    return line


async def _loop(desk: Desk) -> None:
    line = await _visited(desk)
    visit = line["visit"]
    finding = {"findings": [{"item": "item-1", "compliant": False, "note": "已整改"}]}
    result = await desk.post("officer", f"visits/{visit}/outcomes", finding)
    assert result.status_code == 200, result.text
    token = desk.service.credentials.rating_token(visit)
    rating = {"token": token, "grade": "good", "comment": "按时"}
    key = {"idempotency-key": "tap-1"}
    first = await desk.post(None, "ratings", rating, headers=key)
    again = await desk.post(None, "ratings", rating, headers=key)
    assert (first.status_code, again.status_code) == (204, 204)
    assert again.headers["idempotency-replayed"] == "true"
    twice = await desk.post(None, "ratings", rating)
    assert (twice.status_code, twice.json()["code"]) == (409, "already-rated")


async def test_the_loop_in_memory(desk: Desk) -> None:
    await _loop(desk)


@pytest.mark.lane("postgres")
async def test_the_loop_on_postgres(desk_on_postgres: Desk) -> None:
    await _loop(desk_on_postgres)


@pytest.mark.lane("postgres")
async def test_pages_and_parts_on_postgres(desk_on_postgres: Desk) -> None:
    desk = desk_on_postgres
    await _published(desk)
    page = (await desk.get("office", "requests", params={"limit": "1"})).json()
    rest = (await desk.get("office", "requests", params={"cursor": page["next"]})).json()
    assert len({item["id"] for item in page["items"] + rest["items"]}) == 2
    own = await desk.get("clerk", "visits", params={"day": "2026-12-25", "limit": "1"})
    assert own.status_code == 200
    (visit,) = (await desk.get("clerk", "visits", params={"month": "2026-12"})).json()["items"]
    nothing = await desk.get("clerk", "visits", params={"month": "2026-11"})
    assert nothing.json()["items"] == []
    assert (await desk.get("office", "visits")).json()["items"][0]["id"] == visit["id"]


async def test_two_departments_become_one_entry(desk: Desk) -> None:
    line = await _published(desk)
    assert {part["department"] for part in line["parts"]} == {"fire", "market"}
    for who in ("clerk", "other-clerk", "firm", "office", "leader"):
        seen = (await desk.get(who, "visits")).json()["items"]
        assert [visit["id"] for visit in seen] == [line["visit"]]
    assert (await desk.get("other-firm", "visits")).json()["items"] == []
    assert (await desk.get("other-firm", f"visits/{line['visit']}")).status_code == 404


async def test_a_plan_that_changed_is_not_published_by_who_has_not_read_it(desk: Desk) -> None:
    await _asked(desk)
    await _drafted(desk)
    read = await desk.get("office", "plans/2026-12")
    tag = read.headers["etag"]
    same = await desk.get("office", "plans/2026-12", headers={"if-none-match": tag})
    assert (same.status_code, same.content) == (304, b"")
    visit = read.json()["lines"][0]["visit"]
    answers = {"version": 1, "answers": [{"visit": visit, "kind": "accept"}]}
    answered = await desk.post("clerk", "plans/2026-12/answers", answers)
    assert answered.status_code == 200, answered.text
    desk.at(at(PUBLISHES))
    fresh = (await desk.get("office", "plans/2026-12")).headers["etag"]
    assert fresh != tag
    for headers, status, code in (
        ({}, 428, "if-match-missing"),
        ({"if-match": tag}, 412, "version-stale"),
        ({"if-match": 'W/"x", "y"'}, 412, "version-stale"),
    ):
        told = await desk.post(
            "office", "plans/2026-12/publication", {"version": 1}, headers=headers
        )
        assert (told.status_code, told.json()["code"]) == (status, code)
    done = await desk.post(
        "office",
        "plans/2026-12/publication",
        {"version": 1},
        headers={"if-match": fresh, "idempotency-key": "publish-12"},
    )
    assert done.status_code == 200, done.text
    # Sent again because the answer was lost: the first outcome, not a stale tag.
    again = await desk.post(
        "office",
        "plans/2026-12/publication",
        {"version": 1},
        headers={"if-match": fresh, "idempotency-key": "publish-12"},
    )
    assert (again.status_code, again.headers["idempotency-replayed"]) == (200, "true")


async def test_a_department_reads_its_own_lines_and_no_bound(desk: Desk) -> None:
    await _asked(desk)
    await _drafted(desk)
    office = (await desk.get("office", "plans/2026-12")).json()
    assert office["worth"]["entries"] == 1
    own = (await desk.get("clerk", "plans/2026-12")).json()
    assert (len(own["lines"]), own["worth"]) == (1, None)
    assert (await desk.get("firm", "plans/2026-12")).status_code == 403
    assert (await desk.get("office", "plans/2026-12?version=9")).status_code == 404
    assert (await desk.get("office", "plans/2027-01")).json()["version"] is None


async def test_a_search_waits_for_the_month_to_close_and_is_the_same_by_its_key(
    desk: Desk,
) -> None:
    early = await desk.post("office", "plans/2026-12/drafts")
    assert (early.status_code, early.json()["code"]) == (409, "month-open")
    assert (await desk.post("clerk", "plans/2026-12/drafts")).status_code == 403
    await _asked(desk)
    desk.at(at(CLOSES))
    await desk.post("office", "plans/2026-12/closing")
    key = {"idempotency-key": "solve"}
    solving: Solving = desk.app.state.house.solving
    solving.search = _slowly
    first = await desk.post("office", "plans/2026-12/drafts", {"steps": 2}, headers=key)
    again = await desk.post("office", "plans/2026-12/drafts", {"steps": 2}, headers=key)
    assert first.json()["id"] == again.json()["id"]
    other = await desk.post("office", "plans/2026-12/drafts", {"steps": 2})
    assert (other.status_code, other.json()["code"]) == (409, "planning")
    await asyncio.sleep(0.05)
    running = (await desk.get("office", first.headers["location"])).json()
    assert (running["status"], running["step"], running["steps"]) == ("running", 1, 2)
    await solving.close()
    ended = (await desk.get("office", first.headers["location"])).json()
    assert (ended["status"], ended["code"]) == ("failed", "stopped")
    assert (await desk.get("office", "planning-jobs/none")).status_code == 404


async def _slowly(*_: object, watch: Watch, **more: object) -> PlanBody:
    """Search until it is told to stop."""
    del more
    while watch(Progress(step=1, phase="rounds", objective=0, bound=0, unplaced=0)):
        await asyncio.to_thread(time.sleep, 0.01)
    return PlanBody(
        lines=(),
        unplaced=(),
        worth=Worth(objective=0, bound=0, entries=0, entries_bound=0, solver="none"),
        snapshot="none",
    )


async def test_codes_are_shown_to_their_own_side_only(desk: Desk) -> None:
    line = await _coded(desk)
    visit = line["visit"]
    picture = await desk.get("officer", f"visits/{visit}/code.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.startswith("<svg")
    assert picture.headers["cache-control"] == "no-store"
    assert (await desk.get("firm", f"visits/{visit}/code")).status_code == 403
    gate = f"enterprises/{a_uscc(1)}/gate-code"
    for who, status in {"officer": 403, "clerk": 403, "other-firm": 404, "firm": 200}.items():
        assert (await desk.get(who, gate)).status_code == status
        assert (await desk.get(who, f"{gate}.svg")).status_code == status
    bound = await desk.post("clerk", f"visits/{visit}/code/binding", {"external": "HN-1"})
    assert bound.json()["external"] == "HN-1"
    void = await desk.post("clerk", f"visits/{visit}/code/revocation", {"reason": "改期"})
    assert (void.status_code, void.json()["revoked"]) == (200, True)


async def test_a_forged_code_opens_no_gate(desk: Desk) -> None:
    line = await _coded(desk)
    visit = line["visit"]
    code = (await desk.get("officer", f"visits/{visit}/code")).json()["text"]
    desk.at(at(date.fromisoformat(line["day"])))
    forged = _entry(desk, line, code, "NOTHING")
    refused = await desk.post("officer", f"visits/{visit}/entry", forged)
    assert (refused.status_code, refused.json()["code"]) == (422, "code-forged")
    ahead = _entry(desk, line, code, "X") | {"at": "2027-01-01T00:00:00+08:00"}
    refused = await desk.post("officer", f"visits/{visit}/entry", ahead)
    assert (refused.status_code, refused.json()["code"]) == (422, "too-early")
    shut = {"cause": "closed_gate", "reason": "停电放假"}
    told = await desk.post("officer", f"visits/{visit}/no-entry", shut)
    assert told.json()["no_entry"] == "closed_gate"


async def test_an_entry_told_later_keeps_its_own_time(desk: Desk) -> None:
    line = await _coded(desk)
    visit = line["visit"]
    code = (await desk.get("officer", f"visits/{visit}/code")).json()["text"]
    gate = (await desk.get("firm", f"enterprises/{a_uscc(1)}/gate-code")).json()["text"]
    day = date.fromisoformat(line["day"])
    desk.at(at(day, 17))
    late = {"offline": True, "late_reason": "园区无信号", "at": at(day, 9).isoformat()}
    told = await desk.post(
        "officer", f"visits/{visit}/entry", _entry(desk, line, code, gate) | late
    )
    assert told.status_code == 200, told.text
    assert told.json()["entry"]["at"] == at(day, 9).astimezone(CHINA).isoformat()
    assert told.json()["entry"]["offline"] is True


async def test_no_department_learns_that_or_when_it_was_rated(desk: Desk) -> None:
    line = await _visited(desk)
    visit = line["visit"]
    before = (await desk.get("clerk", f"visits/{visit}")).json()
    token = desk.service.credentials.rating_token(visit)
    rated = await desk.post(None, "ratings", {"token": token, "grade": "very_poor"})
    assert rated.status_code == 204
    assert (await desk.get("clerk", f"visits/{visit}")).json() == before
    assert (await desk.get("officer", f"visits/{visit}")).json()["status"] == "left"
    assert (await desk.get("office", f"visits/{visit}")).json()["status"] == "closed"
    forged = await desk.post(None, "ratings", {"token": "A" * 40, "grade": "good"})
    assert (forged.status_code, forged.json()["code"]) == (403, "token-forged")


async def test_a_key_of_one_rater_never_meets_anothers(desk: Desk) -> None:
    line = await _visited(desk)
    good = {"token": desk.service.credentials.rating_token(line["visit"]), "grade": "good"}
    elsewhere = {"token": desk.service.credentials.rating_token("another"), "grade": "good"}
    key = {"idempotency-key": "1"}
    assert (await desk.post(None, "ratings", good, headers=key)).status_code == 204
    other = await desk.post(None, "ratings", elsewhere, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "unknown-visit")


async def test_an_escalated_visit_is_decided_arranged_and_filed(desk: Desk) -> None:
    urgency = {"why_cannot_wait": "设备即将拆除", "tried": ["off_site"], "lift": ["service-week"]}
    window = {"first": "2026-12-08", "last": "2026-12-08"}
    body = a_body(lane="escalated", urgency=urgency, window=window)
    id_ = (await desk.post("clerk", "requests", body)).json()["id"]
    early = await desk.post("clerk", f"requests/{id_}/arrangement", {"day": "2026-12-08"})
    assert (early.status_code, early.json()["code"]) == (409, "not-approved")
    await desk.post("head", f"requests/{id_}/approvals", YES)
    leader = {"role": "leader", "decision": "approved", "lifts": ["service-week"]}
    assert (await desk.post("leader", f"requests/{id_}/approvals", leader)).status_code == 200
    made = await desk.post("clerk", f"requests/{id_}/arrangement", {"day": "2026-12-08"})
    assert made.status_code == 201, made.text
    visit = made.json()["visit"]
    filing = {"number": "B-1", "at": at(date(2026, 12, 1)).isoformat()}
    filed = await desk.post("clerk", f"visits/{visit}/filings", filing)
    assert (filed.status_code, filed.json()["filing"]["number"]) == (200, "B-1")
    gone = await desk.post("clerk", f"visits/{visit}/cancellation", {"reason": "已拆除"})
    assert gone.json()["status"] == "cancelled"


async def test_an_unannounced_visit_does_not_exist_for_the_enterprise(desk: Desk) -> None:
    secret = a_body(announced=False)
    id_ = (await desk.post("clerk", "requests", secret)).json()["id"]
    await desk.post("head", f"requests/{id_}/approvals", YES)
    await _drafted(desk)
    desk.at(at(PUBLISHES))
    tag = (await desk.get("office", "plans/2026-12")).headers["etag"]
    done = await desk.post(
        "office", "plans/2026-12/publication", {"version": 1}, headers={"if-match": tag}
    )
    visit = done.json()["lines"][0]["visit"]
    assert (await desk.get("firm", "visits")).json()["items"] == []
    assert (await desk.get("firm", f"visits/{visit}")).status_code == 404
    assert (await desk.get("clerk", f"visits/{visit}")).status_code == 200


async def test_registers_show_no_contacts(desk: Desk) -> None:
    everyone = (await desk.get("clerk", "enterprises")).json()["items"]
    assert len(everyone) == 3
    assert (await desk.get("firm", "enterprises")).json()["items"] == everyone[:1]
    for path in ("enterprises", "officers", f"enterprises/{a_uscc(1)}"):
        text = (await desk.get("clerk", path)).text
        assert "13900000000" not in text
        assert "phone" not in text
        assert '"ct"' not in text
    mine = (await desk.get("clerk", "officers")).json()["items"]
    assert {officer["department"] for officer in mine} == {"fire"}
    other = await desk.get("clerk", "officers", params={"department": "market"})
    assert other.json()["items"] == []
    items = (await desk.get("firm", "items", params={"department": "fire"})).json()["items"]
    assert [item["id"] for item in items] == ["item-1"]
    assert (await desk.get("clerk", "departments/fire")).json()["daily_units"] == 8
    assert (await desk.get("clerk", "departments/nobody")).status_code == 404
