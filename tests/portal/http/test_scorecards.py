"""督查 over the interface: counted, signed, appealed, published; and who of 五位一体 sees what."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from portal.archives.check import check
from portal.archives.evidence import pack_evidence
from tests.portal.http.clients import Desk

CARD = "scorecards/2026-11/fire"
APPEAL = {"version": 1, "reason": "统计口径有误"}


async def test_a_card_goes_from_draft_to_signature_appeal_and_bulletin() -> None:
    desk = await Desk.open()
    draft = (await desk.get("clerk", CARD)).json()
    assert draft["signed"] == []
    assert {each["figure"]["measured"]["indicator"] for each in draft["draft"]} >= {
        "found",
        "coded",
    }
    assert (await desk.post("clerk", f"{CARD}/signature")).status_code == 403
    signed = await desk.post("office", f"{CARD}/signature")
    assert signed.status_code == 201, signed.text
    assert [card["version"] for card in signed.json()["signed"]] == [1]
    assert (await desk.post("other-head", f"{CARD}/appeal", APPEAL)).status_code == 403
    assert (await desk.post("head", f"{CARD}/appeal", APPEAL)).status_code == 201
    assert (await desk.post("office", "bulletins/2026-11")).status_code == 409
    decision = {"version": 1, "decision": "refused", "reason": "口径与上期一致"}
    assert (await desk.post("leader", f"{CARD}/appeal-decision", decision)).status_code == 200
    told = await desk.post("office", "bulletins/2026-11", {"text": "十一月情况如下"})
    assert told.status_code == 201, told.text
    assert [line["department"] for line in told.json()[0]["cards"]] == ["fire"]
    rows = (await desk.get("leader", "scorecards/2026-11")).json()
    assert {r["department"]: r["status"] for r in rows} == {"fire": "stands", "market": None}


async def test_a_running_period_is_not_signed() -> None:
    desk = await Desk.open()
    assert (await desk.post("office", "scorecards/2026-12/fire/signature")).status_code == 409
    assert (await desk.post("office", "scorecards/2026-Q4/fire/signature")).status_code == 409
    assert (await desk.post("office", "scorecards/2026-11/nobody/signature")).status_code == 404
    assert (await desk.get("office", "scorecards/2026-Q5/fire")).status_code == 422


SEES = {
    # who: signed card, bulletin, budgets, annual plans, visits, alerts, the audit
    "congress": (200, 200, 200, 200, 403, 403, 403),
    "consultative": (200, 200, 200, 200, 403, 403, 403),
    "discipline": (200, 200, 200, 200, 200, 403, 403),
    "media": (403, 200, 403, 403, 403, 403, 403),
    "observer": (403, 200, 403, 403, 403, 403, 403),
    "hotline": (403, 200, 403, 403, 403, 403, 403),
}


@pytest.mark.parametrize("who", SEES)
async def test_what_each_of_the_five_sees(who: str) -> None:
    desk = await Desk.open()
    hidden = (await desk.get(who, CARD)).status_code
    assert hidden in {403, 404}, "a draft is nobody's who neither signs nor judges"
    await desk.post("office", f"{CARD}/signature")
    await desk.post("office", "bulletins/2026-11")
    paths = (CARD, "bulletins/2026-11", "budgets", "annual", "visits", "alerts", "audit/reveals")
    assert tuple([(await desk.get(who, path)).status_code for path in paths]) == SEES[who]
    body = (await desk.get(who, CARD)).json()
    assert not body.get("draft")


async def test_the_hotline_and_the_observers_bring_in_and_read_nothing() -> None:
    desk = await Desk.open()
    problem = {"title": "多头检查", "text": "一周来了三次", "source": "hotline", "topic": "conduct"}
    for who in ("hotline", "observer", "consultative"):
        told = await desk.post(who, "problems", {"problem": problem})
        assert told.status_code == 201, told.text
        assert (await desk.get(who, "problems")).status_code == 403
    assert (await desk.post("media", "problems", {"problem": problem})).status_code == 403
    assert (await desk.get("hotline", "callbacks/waiting")).status_code == 200
    assert (await desk.get("observer", "callbacks/waiting")).status_code == 403


async def test_an_evidence_pack_holds_the_card_the_lists_and_checks_out(tmp_path: Path) -> None:
    desk = await Desk.open()
    with pytest.raises(LookupError):
        await pack_evidence(desk.service, "fire", "2026-11", tmp_path / "none.zip")
    await desk.post("office", f"{CARD}/signature")
    path = tmp_path / "fire.zip"
    packed = await pack_evidence(desk.service, "fire", "2026-11", path)
    assert packed.entries == 1, "the signature itself; the month had no visit"
    found = check(path)
    assert (found.kind, found.about) == ("evidence", "fire/2026-11")
    with zipfile.ZipFile(path) as archive:
        assert "papers/coded.csv" in archive.namelist()
