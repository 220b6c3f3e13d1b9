"""Differentiated supervision over the interface and by pages: lists in, marks, acts, the shares of a quarter."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from portal.importing.counter import import_sheet
from tests.builders import a_uscc
from tests.portal.http.clients import Desk
from tests.portal.pages.offices import Office
from tests.worlds import NOVEMBER

MARK = {"kind": "whitelist", "since": "2026-12-01", "until": "2026-12-31", "basis": "信用A级"}
HOME = f"enterprises/{a_uscc(1)}"


@pytest.fixture
async def desk() -> Desk:
    """Return an interface on a service in memory."""
    return await Desk.open()


async def test_a_monthly_list_changes_what_differs_once(desk: Desk, tmp_path: Any) -> None:  # noqa: ANN401
    sheet = tmp_path / "红黑榜.csv"
    rows = f"{a_uscc(1)},D,,12月红黑榜\n{a_uscc(2)},,高,\n{a_uscc(3)},,,\n{a_uscc(9)},A,,\n"
    sheet.write_text(f"统一社会信用代码,信用分级,风险等级,来源\n{rows}", encoding="gbk")
    trial = await import_sheet(desk.service.trial(), "tiers", sheet, at=NOVEMBER, dry_run=True)
    assert (trial.taken, trial.faulty, trial.refused) == (2, 1, 1)
    first = await import_sheet(desk.service, "tiers", sheet, at=NOVEMBER)
    assert (first.taken, first.refused) == (2, 1)
    again = await import_sheet(desk.service, "tiers", sheet, at=NOVEMBER)
    assert again.taken == 0
    found = (await desk.get("office", f"{HOME}/treatment")).json()
    assert [(g["since"], g["credit"], g["source"]) for g in found["gradings"]][-1] == (
        "2026-12-01",
        "D",
        "12月红黑榜",
    )


async def test_a_mark_is_set_seen_by_whom_it_concerns_and_taken_away(desk: Desk) -> None:
    assert (await desk.post("clerk", f"{HOME}/marks", MARK)).status_code == 403
    told = await desk.post("office", f"{HOME}/marks", MARK)
    assert told.status_code == 201, told.text
    id_ = told.json()["marks"][0]["id"]
    assert (await desk.get("firm", "marks")).json()[0]["left"] == 30
    assert (await desk.get("other-firm", "marks")).json() == []
    assert (await desk.get("other-firm", f"{HOME}/treatment")).status_code == 404
    end = {"cause": "breach", "reason": "弄虚作假"}
    gone = await desk.post("office", f"{HOME}/marks/{id_}/end", end)
    assert gone.json()["marks"][0]["cause"] == "breach"
    assert (await desk.get("office", "marks")).json() == []


async def test_grading_by_the_interface(desk: Desk) -> None:
    body = {"since": "2026-12-01", "credit": "C", "source": "接口"}
    told = await desk.post("office", f"{HOME}/gradings", body)
    assert told.json()["gradings"][-1]["credit"] == "C"
    assert (await desk.post("office", f"{HOME}/gradings", body)).status_code == 409


async def test_lists_of_codes_are_adopted_and_read(desk: Desk) -> None:
    entry = {"code": "01", "text": "首次轻微", "basis": "处罚法三十三条", "first_only": True}
    body = {
        "id": "exempt",
        "version": 1,
        "kind": "exemptions",
        "title": {"zh": "免罚清单", "en": "Exemptions"},
        "source": "示例",
        "entries": [entry],
    }
    assert (await desk.post("clerk", "code-lists", body)).status_code == 403
    assert (await desk.post("office", "code-lists", body)).status_code == 201
    assert len((await desk.get("clerk", "code-lists")).json()) == 1
    assert (await desk.get("clerk", "code-lists?kind=conduct")).json() == []


async def test_acts_without_a_visit_count_in_their_quarter(desk: Desk) -> None:
    act = {"department": "fire", "enterprise": a_uscc(1), "kind": "guidance", "line": "电话指导"}
    assert (await desk.post("other-clerk", "acts", act)).status_code == 403
    assert (await desk.post("clerk", "acts", act)).status_code == 201
    reminder = {**act, "kind": "reminder"}
    assert (await desk.post("clerk", "acts", reminder)).status_code == 201
    found = (await desk.get("clerk", "mix?quarter=2026-4")).json()
    assert found["city"] is None
    assert found["departments"]["fire"]["per_cent"] == {
        "service": 50,
        "oversight": 50,
        "enforcement": 0,
    }
    assert {a["kind"] for a in found["acts"]} == {"guidance", "reminder"}
    whole = (await desk.get("leader", "mix?quarter=2026-4")).json()
    assert (whole["city"]["acts"]["service"], whole["named"]["service"]) == (1, 70)
    assert (await desk.get("leader", "mix?quarter=2026-3")).json()["departments"] == {}


async def test_the_pages_do_the_same() -> None:
    office = await Office.open()
    desk = await office.browser("office")
    await desk.go("/treatment")
    form = {**MARK, "enterprise": a_uscc(1)}
    await desk.send("/treatment", form)
    assert "信用A级" in desk.text
    firm = await office.browser("firm")
    await firm.go("/treatment")
    assert "信用A级" in firm.text
    await desk.go("/tiers")
    sheet = f"统一社会信用代码,信用分级\n{a_uscc(1)},D\n{a_uscc(2)},D\n"
    await desk.upload("/tiers", "红黑榜.csv", sheet.encode())
    assert "预览" in desk.text
    assert "→" in desk.text
    await desk.send(urlsplit(desk.url).path, {})
    await desk.go(f"/enterprises/{a_uscc(1)}")
    assert "12-01" in desk.text or "12月1日" in desk.text
    clerk = await office.browser("clerk")
    await clerk.go("/mix")
    done = {"enterprise": a_uscc(1), "kind": "guidance", "line": "电话指导消防"}
    await clerk.send("/mix", done)
    await clerk.go("/mix?department=fire")
    assert "100%" in clerk.text
    assert "电话指导" in clerk.text
    for who in ("office", "leader"):
        browser = await office.browser(who)
        for page in ("/mix", "/codes", "/mix.csv"):
            assert (await browser.go(page)).status_code == 200, (who, page)
    await desk.go("/mix")
    for advice in ("请增加", "应当增加", "还差"):
        assert advice not in desk.text, "no page advises more visits to reach a share"
