"""Chains, projects, meetings, packages, monitoring points and territories over the interface and by pages."""

from __future__ import annotations

from typing import Any

import pytest

from portal.messages import Sender
from schemas.commands import RegisterOfficer
from schemas.envelope import ActorRole
from tests.builders import a_uscc, an_officer
from tests.portal.http.clients import Desk
from tests.portal.pages.offices import Office
from tests.worlds import NOVEMBER

CHAIN: dict[str, Any] = {
    "id": "machines",
    "name": "装备制造",
    "trades": ["C34"],
    "leader": "officer-1",
    "department": "fire",
    "team": ["officer-2"],
}
PROJECT = {
    "id": "p-1",
    "name": "二期厂房",
    "enterprise": a_uscc(1),
    "leader": "officer-1",
    "department": "fire",
    "stage": "桩基",
    "since": "2026-12-01",
    "chain": "machines",
}
TABLE: dict[str, Any] = {
    "id": "rt-1",
    "kind": "round_table",
    "theme": "用工",
    "on": "2026-12-01",
    "invited": [a_uscc(1)],
}
PDF = b"%PDF-1.7\n% policies\n"


@pytest.fixture
async def desk() -> Desk:
    """Return an interface on a service in memory."""
    return await Desk.open()


async def test_a_chain_has_its_team_its_projects_and_its_agenda(desk: Desk) -> None:
    assert (await desk.post("clerk", "chains", CHAIN)).status_code == 403
    assert (await desk.post("office", "chains", CHAIN)).status_code == 201
    assert (await desk.post("office", "projects", PROJECT)).status_code == 201
    problem = {"title": "停电", "text": "每周", "source": "phone", "chain": "装备制造"}
    told = await desk.post("office", "problems", {"problem": problem})
    found = (await desk.get("clerk", "chains/machines")).json()
    assert [p["id"] for p in found["projects"]] == ["p-1"]
    assert (told.status_code, len(found["problems"])) == (201, 1)
    card = (await desk.get("leader", "projects/p-1")).json()
    assert card["project"]["leader"] == "officer-1"
    for path in ("chains", "chains/machines", "projects/p-1", "territories", "leaders"):
        assert (await desk.get("firm", path)).status_code in {403, 404}


async def test_a_round_table_invites_is_held_and_is_followed_by_another(desk: Desk) -> None:
    assert (await desk.post("office", "meetings", TABLE)).status_code == 201
    assert len((await desk.get("firm", "meetings")).json()["meetings"]) == 1
    assert (await desk.get("other-firm", "meetings")).json()["meetings"] == []
    held = {"came": [a_uscc(1)], "note": "三件交办"}
    told = await desk.post("office", "meetings/rt-1/record", held)
    assert (told.json()["next_round_table"], told.json()["late"]) == ("2027-02-26", False)
    again = await desk.post("office", "meetings/rt-1/cancellation", {"reason": "迟了"})
    assert again.status_code == 409


async def test_a_package_is_a_file_that_anybody_may_take(desk: Desk) -> None:
    where = "packages?id=policy-1&name=汇编&kind=policy"
    headers = {"authorization": "Bearer office", "content-type": "application/octet-stream"}
    told = await desk.client.post(f"/api/v1/{where}", content=PDF, headers=headers)
    assert told.status_code == 201, told.text
    file = await desk.get("firm", "packages/policy-1/file")
    assert file.content == PDF
    headers["authorization"] = "Bearer clerk"
    other = await desk.client.post(f"/api/v1/{where}", content=PDF, headers=headers)
    assert other.status_code == 403


async def test_a_monitoring_point_answers_by_itself(desk: Desk) -> None:
    mark = {"kind": "monitor", "since": "2026-12-01", "basis": "选定"}
    home = f"enterprises/{a_uscc(1)}/marks"
    assert (await desk.post("office", home, mark)).status_code == 201
    asked = (await desk.get("firm", "pulse")).json()
    assert asked["month"] == "2026-12"
    answer = {"month": "2026-12", "grade": "good", "line": "还行"}
    assert (await desk.post("office", "pulse", answer)).status_code == 403
    assert (await desk.post("firm", "pulse", answer)).json()["month"] == "2027-03"
    assert (await desk.get("other-firm", "pulse")).status_code == 404
    assert len((await desk.get("leader", "pulses")).json()) == 1
    for who in ("clerk", "head", "officer", "firm"):
        assert (await desk.get(who, "pulses")).status_code in {403, 404}, who


async def test_leading_officials_are_listed_with_what_they_did(desk: Desk) -> None:
    record = an_officer(1, id="officer-1", department="fire", leading=True)
    sender = Sender.of("office", ActorRole.ADMIN)
    raw = sender.message(RegisterOfficer(officer=record), id_="leading", at=NOVEMBER)
    await desk.service.submit([raw])
    pair = {"enterprise": a_uscc(1), "official": "officer-1", "since": "2026-12-01"}
    id_ = (await desk.post("office", "contacts", pair)).json()["pairing"]["id"]
    await desk.post("clerk", f"contacts/{id_}/contacts", {"line": "问了融资"})
    (row,) = (await desk.get("leader", "leaders?year=2026")).json()
    assert (row["pairs"], row["contacts"], row["visits"]) == (1, 1, 0)


async def test_the_pages_do_the_same() -> None:
    office = await Office.open()
    desk = await office.browser("office")
    await desk.go("/territories")
    await desk.send("/territories", {"id": "east", "name": "东社区", "kind": "community"})
    assert "东社区" in desk.text
    await desk.go("/chains")
    await desk.send("/chains", {**CHAIN, "trades": "C34", "team": "officer-2"})
    assert "装备制造" in desk.text
    await desk.go("/chains")
    await desk.send("/projects", PROJECT)
    assert "项目卡" in desk.text
    await desk.go("/meetings")
    await desk.send("/meetings", {**TABLE, "invited": a_uscc(1)})
    assert "用工" in desk.text
    await desk.send("/meetings/rt-1/record", {"came": a_uscc(1), "note": "三件交办"})
    assert "三件交办" in desk.text
    await desk.upload("/packages", "汇编.pdf", PDF, {"id": "policy-1", "kind": "policy"})
    assert "汇编" in desk.text
    firm = await office.browser("firm")
    await firm.go("/meetings")
    assert "用工" in firm.text
    assert (await firm.go("/packages/policy-1")).status_code == 200
    assert (await firm.go("/territories")).status_code in {403, 404}
    await desk.go("/treatment")
    mark = {"enterprise": a_uscc(1), "kind": "monitor", "since": "2026-12-01", "basis": "选定"}
    await desk.send("/treatment", mark)
    await firm.go("/pulse")
    await firm.send("/pulse", {"grade": "good", "line": "还行"})
    assert "还行" in firm.text
    for page in ("/leaders", "/pulse", "/chains/machines", "/projects/p-1", "/territories"):
        assert (await desk.go(page)).status_code == 200, page
