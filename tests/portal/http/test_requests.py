"""Requests over HTTP: accepted, refused with their rules, repeated, listed by pages."""

import pytest

from portal.http.problems import FORBIDDEN, UNFIT
from scheduler.refusals import REFUSALS
from tests.builders import a_uscc
from tests.portal.http.clients import Desk, a_body

THREE = [a_body(), a_body(), a_body()]


async def test_a_request_is_accepted_and_can_be_read_where_it_says(desk: Desk) -> None:
    made = await desk.post("clerk", "requests", a_body())
    assert made.status_code == 201
    assert made.json()["status"] == "accepted"
    assert made.json()["waiting_for"] == ["head"]
    read = await desk.get("clerk", made.headers["location"])
    assert read.json() == made.json()


async def test_a_refusal_names_rule_origin_numbers_and_ways_out_in_both_languages(
    desk: Desk,
) -> None:
    for body in THREE[:2]:
        assert (await desk.post("clerk", "requests", body)).status_code == 201
    refused = await desk.post("clerk", "requests", THREE[2])
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["content-language"] == "zh"
    problem = refused.json()
    assert (problem["type"], problem["code"]) == (
        "urn:wurao:problem:twice-a-year",
        "twice-a-year",
    )
    (rule,) = problem["objections"]
    assert rule["numbers"] == {"limit": 2, "used": 0, "reserved": 2}
    assert rule["origin"]["kind"] == "press"
    assert rule["remedies"][0] == {
        "code": "off_site",
        "zh": "非现场办理",
        "en": "settle it off-site",
    }
    assert [role["code"] for role in rule["liftable_by"]] == ["leader"]
    assert problem["title"] == problem["said"]["zh"] == rule["title"]["zh"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("fr", "zh"),
        ("*", "zh"),
        ("en;q=nonsense", "zh"),
    ],
)
async def test_the_title_is_chinese_unless_english_is_asked_for(
    desk: Desk, asked: str, told: str
) -> None:
    answer = await desk.get("clerk", "requests/nothing", headers={"accept-language": asked})
    assert answer.status_code == 404
    assert answer.headers["content-language"] == told
    assert answer.json()["title"] == answer.json()["said"][told]


async def test_the_same_key_has_its_effect_once(desk: Desk) -> None:
    key = {"idempotency-key": "plan-7"}
    first = await desk.post("clerk", "requests", a_body(), headers=key)
    again = await desk.post("clerk", "requests", a_body(), headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len((await desk.get("clerk", "requests")).json()["items"]) == 1


async def test_a_refusal_is_repeated_too(desk: Desk) -> None:
    key = {"idempotency-key": '"a quoted, long key with / and + that is no id"'.replace(" ", "_")}
    wrong = a_body(items=["item-9"])
    first = await desk.post("clerk", "requests", wrong, headers=key)
    again = await desk.post("clerk", "requests", wrong, headers=key)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"


async def test_the_same_key_for_something_else_is_a_problem(desk: Desk) -> None:
    key = {"idempotency-key": "plan-7"}
    await desk.post("clerk", "requests", a_body(), headers=key)
    other = await desk.post("clerk", "requests", a_body(reason="另一份"), headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "reused-key")
    # A key is its sender's own: somebody else's does not meet it.
    theirs = a_body(department="market", items=["item-1-market"])
    assert (await desk.post("other-clerk", "requests", theirs, headers=key)).status_code == 201


async def test_without_a_key_two_equal_requests_are_two(desk: Desk) -> None:
    first = await desk.post("clerk", "requests", a_body())
    second = await desk.post("clerk", "requests", a_body())
    assert first.json()["id"] != second.json()["id"]


async def test_a_check_tells_what_would_stand_in_the_way_and_submits_nothing(desk: Desk) -> None:
    fits = await desk.post("clerk", "requests/check", a_body())
    assert fits.json() == {"accepted": True, "objections": [], "going": []}
    wrong = a_body(window={"first": "2026-12-24", "last": "2026-12-24"})
    told = (await desk.post("clerk", "requests/check", wrong)).json()
    assert (told["accepted"], told["objections"][0]["rule"]) == (False, "service-week")
    assert (await desk.get("clerk", "requests")).json()["items"] == []


async def test_a_check_tells_who_else_goes_there(desk: Desk) -> None:
    theirs = a_body(department="market", items=["item-1-market"])
    assert (await desk.post("other-clerk", "requests", theirs)).status_code == 201
    (other,) = (await desk.post("clerk", "requests/check", a_body())).json()["going"]
    assert (other["department"], other["fixed"], other["fits"]) == ("market", False, True)
    unannounced = {**theirs, "announced": False, "enterprise": a_uscc(2)}
    assert (await desk.post("other-clerk", "requests", unannounced)).status_code == 201
    quiet = await desk.post("clerk", "requests/check", a_body(enterprise=a_uscc(2)))
    assert quiet.json()["going"] == [], "what is not announced stays with those who planned it"


async def test_a_list_is_read_page_by_page(desk: Desk) -> None:
    for number in (1, 2, 3):
        for _ in range(2):
            await desk.post("clerk", "requests", a_body(enterprise=a_uscc(number)))
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(5):
        page = (await desk.get("clerk", "requests", params={"limit": "4", **cursor})).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == sorted(seen, key=str.encode)
    assert len(set(seen)) == 6


async def test_a_cursor_belongs_to_its_list(desk: Desk) -> None:
    for _ in range(2):
        await desk.post("clerk", "requests", a_body())
    next_ = (await desk.get("clerk", "requests", params={"limit": "1"})).json()["next"]
    for params in (
        {"cursor": next_, "month": "2026-11"},
        {"cursor": "bm90aGluZw=="},
        {"cursor": "\u4e2d"},
        {"cursor": "W1tb"},
    ):
        told = await desk.get("clerk", "requests", params=params)
        assert (told.status_code, told.json()["code"]) == (400, "bad-cursor")


async def test_a_department_sees_its_own_and_an_enterprise_what_it_called_for(desk: Desk) -> None:
    own = (await desk.post("clerk", "requests", a_body())).json()["id"]
    on_call = a_body(purpose="service", lane="on_call", items=[])
    called = (await desk.post("firm", "requests", on_call)).json()["id"]
    everything = await desk.get("office", "requests")
    assert {i["id"] for i in everything.json()["items"]} == {own, called}
    for who, expected in {"clerk": {own, called}, "other-clerk": set(), "firm": {called}}.items():
        listed = await desk.get(who, "requests")
        assert {i["id"] for i in listed.json()["items"]} == expected
    # What is not his does not exist for him, also when he names it.
    for who in ("other-clerk", "firm", "other-firm"):
        assert (await desk.get(who, f"requests/{own}")).status_code == 404
    named = await desk.get("other-clerk", "requests", params={"department": "fire"})
    assert named.json()["items"] == []


async def test_the_head_approves_and_nobody_his_own(desk: Desk) -> None:
    id_ = (await desk.post("head", "requests", a_body())).json()["id"]
    body = {"role": "head", "decision": "approved"}
    own = await desk.post("head", f"requests/{id_}/approvals", body)
    assert (own.status_code, own.json()["code"]) == (403, "self-approval")
    id_ = (await desk.post("clerk", "requests", a_body())).json()["id"]
    assert (await desk.post("clerk", f"requests/{id_}/approvals", body)).status_code == 403
    assert (await desk.post("other-head", f"requests/{id_}/approvals", body)).status_code == 404
    done = await desk.post("head", f"requests/{id_}/approvals", body)
    assert (done.status_code, done.json()["waiting_for"]) == (200, [])
    again = await desk.post("head", f"requests/{id_}/approvals", body)
    assert (again.status_code, again.json()["code"]) == (409, "already-decided")


async def test_a_request_is_withdrawn(desk: Desk) -> None:
    id_ = (await desk.post("clerk", "requests", a_body())).json()["id"]
    gone = await desk.post("clerk", f"requests/{id_}/withdrawal", {"reason": "已线上办结"})
    assert (gone.status_code, gone.json()["status"]) == (200, "withdrawn")


async def test_an_enterprise_calls_and_may_not_send_inspectors_to_others(desk: Desk) -> None:
    on_call = a_body(purpose="service", lane="on_call", items=[])
    made = await desk.post("firm", "requests", on_call)
    assert (made.status_code, made.json()["confirmed"]) == (201, True)
    assert (await desk.post("other-firm", "requests", on_call)).status_code == 403
    assert (await desk.post("firm", "requests", a_body())).status_code == 403


def test_every_refusal_has_a_status_on_purpose() -> None:
    assert REFUSALS.keys() >= FORBIDDEN | UNFIT
    assert not FORBIDDEN & UNFIT
