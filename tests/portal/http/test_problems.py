"""企业问题 over the interface: every step a program's, everybody his own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.importing.counter import import_sheet
from tests.builders import a_uscc
from tests.portal.http.clients import Desk
from tests.worlds import NOVEMBER, at

REPORT = {
    "problem": {
        "title": "园区频繁停电",
        "text": "每周停电两次",
        "source": "phone",
        "enterprise": a_uscc(1),
    },
    "reporter": "李四 13800000000",
}
OWNERS = {"grade": "simple", "leader": "mayor", "department": "fire"}
ANSWER = {"text": "已换变压器", "proofs": [{"name": "照片.jpg", "digest": "ab" * 32}]}


async def reported(desk: Desk, who: str = "office", **problem: Any) -> str:  # noqa: ANN401
    """Report a problem; return its id."""
    body = {**REPORT, "problem": {**REPORT["problem"], **problem}}  # type: ignore[dict-item]
    told = await desk.post(who, "problems", body)
    assert told.status_code == 201, told.text
    id_: str = told.json()["id"]
    return id_


async def answered(desk: Desk) -> str:
    """Let a problem be reported, accepted and answered."""
    id_ = await reported(desk)
    for who, act, body in (("office", "acceptance", OWNERS), ("clerk", "answer", ANSWER)):
        told = await desk.post(who, f"problems/{id_}/{act}", body)
        assert told.status_code == 200, told.text
    return id_


@pytest.fixture
async def desk() -> Desk:
    """Return an interface on a service in memory."""
    return await Desk.open()


async def test_a_problem_goes_to_its_end(desk: Desk) -> None:
    id_ = await answered(desk)
    no = await desk.post("firm", f"problems/{id_}/word", {"satisfied": False, "reason": "又停"})
    assert no.json()["status"] == "accepted"
    await desk.post("clerk", f"problems/{id_}/answer", ANSWER)
    yes = await desk.post("firm", f"problems/{id_}/word", {"satisfied": True})
    assert (yes.json()["status"], yes.json()["closing"]) == ("closed", "confirmed")
    assert "13800000000" not in yes.text
    review = {"text": "容量不足", "change": "扩容前置"}
    assert (await desk.post("auditor", f"problems/{id_}/review", review)).status_code == 200
    again = await desk.post("firm", f"problems/{id_}/reopening", {"reason": "又停电"})
    assert again.json()["reopened"] == 1


async def test_everybody_sees_his_own(desk: Desk) -> None:
    id_ = await answered(desk)
    for who, status in (("clerk", 200), ("firm", 200), ("leader", 200), ("auditor", 200)):
        assert (await desk.get(who, f"problems/{id_}")).status_code == status
    for who in ("other-clerk", "other-firm"):
        assert (await desk.get(who, f"problems/{id_}")).status_code == 404
        assert (await desk.get(who, "problems")).json() == []
    assert (await desk.get(None, "problems")).status_code == 401


@pytest.mark.parametrize("who", ["clerk", "head", "firm", "leader", "auditor"])
async def test_the_office_alone_hands_out_problems(desk: Desk, who: str) -> None:
    id_ = await reported(desk)
    for act, body in (
        ("acceptance", OWNERS),
        ("decline", {"reason": "x"}),
        ("merge", {"into": id_, "reason": "x"}),
        ("closing", {"reason": "x"}),
    ):
        assert (await desk.post(who, f"problems/{id_}/{act}", body)).status_code == 403
    assert (await desk.post(who, "problems/pool/2026-12/clearing")).status_code == 403


async def test_a_month_is_cleared_with_reasons_and_looked_back_at(desk: Desk) -> None:
    closed, open_ = await answered(desk), await reported(desk, title="断水")
    await desk.post("firm", f"problems/{closed}/word", {"satisfied": True})
    desk.at(at(date(2026, 12, 31)))
    assert (await desk.post("office", "problems/pool/2026-12/clearing")).status_code == 409
    month = (await desk.get("office", "problems/pool/2026-12")).json()
    assert (month["to_carry"], month["closed"]) == ([open_], [closed])
    carry = {"month": "2026-12", "cause": "money", "reason": "待预算"}
    assert (await desk.post("office", f"problems/{open_}/carry", carry)).status_code == 200
    assert (await desk.post("office", "problems/pool/2026-12/clearing")).status_code == 200
    desk.at(at(date(2027, 1, 5)))
    drawn = await desk.post("auditor", "problems/pool/2026-12/look-back")
    assert drawn.json()["sample"] == [closed]
    check = {"holds": False, "text": "仍然停电"}
    found = await desk.post("auditor", f"problems/pool/2026-12/checks/{closed}", check)
    assert (found.json()["status"], found.json()["reopened"]) == ("accepted", 1)


async def test_text_messages_come_in_as_a_sheet_once(desk: Desk, tmp_path: Any) -> None:  # noqa: ANN401
    sheet = tmp_path / "短信.csv"
    rows = f"停电,短信,{a_uscc(1)},李四 138\n停电,短信,{a_uscc(1)},李四 138\n断水,圆桌,,\n坏行,猜的,,\n"
    sheet.write_text(f"短信内容,渠道,统一社会信用代码,手机号\n{rows}", encoding="gbk")
    first = await import_sheet(desk.service, "problems", sheet, at=NOVEMBER)
    assert (first.taken, first.faulty) == (3, 1)
    again = await import_sheet(desk.service, "problems", sheet, at=NOVEMBER)
    assert (again.taken, again.repeated, again.faulty) == (0, 3, 1)
    found = (await desk.get("office", "problems")).json()
    assert sorted(row["problem"]["source"] for row in found) == [
        "round_table",
        "text_message",
        "text_message",
    ]
