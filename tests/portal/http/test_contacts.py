"""包联对接 over the interface and by pages: everybody his own pairs, nobody but the enterprise its passes."""

from __future__ import annotations

from typing import Any

import pytest

from portal.importing.counter import import_sheet
from tests.builders import a_uscc
from tests.portal.http.clients import Desk
from tests.portal.pages.offices import Office
from tests.worlds import NOVEMBER

PAIR = {"enterprise": a_uscc(1), "official": "officer-1", "since": "2026-12-01"}


@pytest.fixture
async def desk() -> Desk:
    """Return an interface on a service in memory."""
    return await Desk.open()


async def paired(desk: Desk) -> str:
    """Pair an officer with a factory; return the pairing."""
    told = await desk.post("office", "contacts", PAIR)
    assert told.status_code == 201, told.text
    id_: str = told.json()["pairing"]["id"]
    return id_


async def test_a_month_from_the_pair_to_the_week(desk: Desk) -> None:
    id_ = await paired(desk)
    assert (await desk.get("clerk", "contacts")).json()[0]["stage"] == "due"
    said = await desk.post("clerk", f"contacts/{id_}/contacts", {"line": "问了用工"})
    assert said.json()["stage"] == "met"
    week = (await desk.get("office", "contacts/digest")).json()
    assert (week["ways"], week["open"], week["met"]) == ({"phone": 1}, 0, 1)
    waived = await desk.post("firm", f"contacts/{id_}/waiver", {"month": "2027-01"})
    assert waived.json()["pairing"]["waived"] == ["2027-01"]
    over = {"official": "officer-1-market", "since": "2026-12-01", "note": "换岗"}
    assert (await desk.post("office", f"contacts/{id_}/hand-over", over)).status_code == 200
    ended = await desk.post("office", f"contacts/{id_}/end", {"reason": "迁出"})
    assert ended.json()["stage"] == "ended"


async def test_everybody_sees_his_own_pairs(desk: Desk) -> None:
    id_ = await paired(desk)
    for who in ("other-clerk", "other-firm"):
        assert (await desk.get(who, "contacts")).json() == []
        line = {"line": "冒名"}
        assert (await desk.post(who, f"contacts/{id_}/contacts", line)).status_code in {403, 404}
    for who in ("clerk", "firm", "leader", "auditor"):
        assert (await desk.post(who, "contacts", PAIR)).status_code == 403


async def test_the_enterprise_gives_and_takes_its_pass(desk: Desk) -> None:
    grant = {"person": "officer-1", "kind": "resident", "until": "2027-06-30"}
    assert (await desk.post("office", "contacts/presences", grant)).status_code == 403
    id_ = (await desk.post("firm", "contacts/presences", grant)).json()["id"]
    assert len((await desk.get("office", "contacts/presences")).json()) == 1
    assert (await desk.get("other-firm", "contacts/presences")).json() == []
    why = {"reason": "不再需要"}
    taken = await desk.post("other-firm", f"contacts/presences/{id_}/revocation", why)
    assert taken.status_code == 403
    await desk.post("firm", f"contacts/presences/{id_}/revocation", why)
    assert (await desk.get("firm", "contacts/presences")).json() == []


async def test_a_list_of_pairs_comes_in_once(desk: Desk, tmp_path: Any) -> None:  # noqa: ANN401
    place = {"id": "east-1", "name": "东一网格", "kind": "grid"}
    assert (await desk.post("office", "contacts/territories", place)).status_code == 201
    sheet = tmp_path / "包联.csv"
    rows = f"{a_uscc(1)},officer-1,网格长,east-1\n{a_uscc(2)},officer-2,,\n{a_uscc(3)},nobody,,\n"
    sheet.write_text(f"统一社会信用代码,人员编号,身份,片区\n{rows}", encoding="gbk")
    first = await import_sheet(desk.service, "pairings", sheet, at=NOVEMBER)
    assert (first.taken, first.refused) == (2, 1)
    again = await import_sheet(desk.service, "pairings", sheet, at=NOVEMBER)
    assert again.taken == 0
    assert len((await desk.get("office", "contacts")).json()) == 2


async def test_the_pages_do_the_same() -> None:
    office = await Office.open()
    desk = await office.browser("office")
    await desk.go("/contacts")
    await desk.send("/contacts", {**PAIR, "role": "grid_head"})
    page = desk.url
    clerk = await office.browser("clerk")
    await clerk.go("/contacts")
    assert "本月未对接" in clerk.text
    await clerk.go(page)
    refused = await clerk.send(f"{page}/contacts", {"way": "on_site", "line": "上门"})
    assert refused.status_code == 409
    await clerk.go(page)
    await clerk.send(f"{page}/contacts", {"way": "phone", "line": "问了用工"})
    assert "问了用工" in clerk.text
    firm = await office.browser("firm")
    await firm.go("/contacts")
    grant = {"person": "officer-1", "kind": "resident", "until": "2027-06-30"}
    await firm.send("/contacts/presences", grant)
    assert "执法员1 · 驻企服务员" in firm.text
    stranger = await office.browser("other-firm")
    assert (await stranger.go(page)).status_code == 404
