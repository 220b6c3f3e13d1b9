"""The inspector's page beneath its script: what is kept and sent, what is late, whose day it is."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx

from schemas.envelope import Entry
from tests.portal.pages.browsers import Browser
from tests.portal.pages.months import coded
from tests.portal.pages.offices import Office
from tests.worlds import at


async def morning(office: Office) -> tuple[str, str]:
    """Let the day of a coded visit begin; return the visit and its enterprise's gate code."""
    visit = await coded(office)
    (row,) = await office.service.queries.rows("visit")
    office.clock.set(at(row["day"]))
    return visit, office.service.credentials.gate_code(row["enterprise"])


async def tell(officer: Browser, **fields: str) -> httpx.Response:
    """Send an act as the script does."""
    csrf = (await officer.client.get("/field/state")).json()["csrf"]
    body = str(httpx.QueryParams({"csrf": csrf, **fields}))
    kind = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    return await officer.client.post("/field/acts", content=body, headers=kind)


async def entered(office: Office, visit: str) -> list[Entry]:
    """Return the entries of a visit that tell of its entry."""
    found = await office.reception.history.of([f"visit/{visit}"])
    entries = [Entry.model_validate(json.loads(body)) for body in found]
    return [entry for entry in entries if entry.type == "cn.wurao.visit.entered.v1"]


async def test_a_day_shows_own_visits_and_nobody_elses(office: Office) -> None:
    await morning(office)
    officer = await office.browser("officer")
    await officer.go("/field")
    assert "派我去" in officer.text
    clerk = await office.browser("clerk")
    await clerk.go("/field")
    assert ("第1机械厂" in clerk.text, "派我去" in clerk.text) == (True, False)
    assert (await (await office.browser("leader")).go("/field")).status_code == 403
    assert (await (await office.browser()).client.get("/field")).status_code == 303
    await officer.go("/field/sheet?day=2026-12-30")
    assert "这一天没有入企。" in officer.text


async def test_an_entry_told_late_without_a_reason_is_marked_all_the_same(office: Office) -> None:
    visit, gate = await morning(office)
    officer = await office.browser("officer")
    began = office.clock.now()
    act = {"act": "entry", "visit": visit, "key": "c-1", "gate": gate, "at": began.isoformat()}
    office.clock.advance(timedelta(minutes=15))
    more = {"department": "fire"}
    first = await tell(officer, **act, **more)
    assert (first.status_code, first.json()["replayed"]) == (200, False)
    office.clock.advance(timedelta(hours=1))
    again = await tell(officer, **act, **more)
    assert (again.status_code, again.json()["replayed"]) == (200, True)
    (entry,) = await entered(office, visit)
    assert (entry.time, entry.recordedtime - entry.time) == (began, timedelta(minutes=15))
    assert entry.data["scan"]["offline"] is True
    assert entry.data["scan"]["late_reason"].startswith("未说明")
    auditor = await office.browser("auditor")
    await auditor.go(f"/visits/{visit}")
    assert "晚 15 分钟" in auditor.text


async def test_a_refusal_keeps_its_first_word(office: Office) -> None:
    visit, _ = await morning(office)
    officer = await office.browser("officer")
    act = {"act": "entry", "visit": visit, "key": "c-2", "gate": "AAAA", "department": "fire"}
    first, again = [await tell(officer, **act) for _ in range(2)]
    assert first.status_code == again.status_code == 422
    assert first.json()["code"] == again.json()["code"] == "code-forged"
    assert await entered(office, visit) == []


async def test_what_does_not_fit_is_told_as_a_problem(office: Office) -> None:
    visit, gate = await morning(office)
    officer = await office.browser("officer")
    act = {"act": "entry", "visit": visit, "key": "c-3", "gate": gate}
    nobody = await tell(officer, **act)
    assert (nobody.status_code, nobody.json()["code"]) == (422, "bad-input")
    for wrong in ("morgen", "2026-12-25T09:00:00"):
        told = await tell(officer, **act, department="fire", at=wrong)
        assert (told.status_code, told.json()["code"]) == (422, "bad-input")
    future = (office.clock.now() + timedelta(hours=1)).isoformat()
    told = await tell(officer, **act, department="fire", at=future)
    assert (told.status_code, told.json()["code"]) == (422, "too-early")
    assert (await tell(officer, act="cancellation", visit=visit, key="c-4")).status_code == 404
    assert (await tell(officer, act="entry", visit=visit)).status_code == 404


async def test_a_strange_form_and_a_strange_person_change_nothing(office: Office) -> None:
    visit, gate = await morning(office)
    stranger = await office.browser()
    state = (await stranger.client.get("/field/state")).json()
    assert (state["who"], state["csrf"]) == (None, None)
    officer = await office.browser("officer")
    kind = {"content-type": "application/x-www-form-urlencoded"}
    body = str(httpx.QueryParams({"act": "entry", "visit": visit, "key": "c-5", "gate": gate}))
    told = await officer.client.post("/field/acts", content=body, headers=kind)
    assert (told.status_code, told.json()["code"]) == (403, "stale-form")
    assert await entered(office, visit) == []


async def test_a_sheet_without_its_times_comes_back(office: Office) -> None:
    visit, gate = await morning(office)
    officer = await office.browser("officer")
    await officer.go(f"/field/back-fill/{visit}")
    answer = await officer.send(f"/back-fill/{visit}", {"gate": gate, "came": "09:10"})
    assert (answer.status_code, "请照纸上写明" in officer.text) == (422, True)
    assert await entered(office, visit) == []


async def test_the_page_can_be_installed_from_this_host_alone(office: Office) -> None:
    officer = await office.browser("officer")
    manifest = (await officer.client.get("/field/app.webmanifest")).json()
    assert (manifest["start_url"], manifest["scope"]) == ("/field", "/field")
    worker = await officer.client.get("/field/worker.js")
    assert worker.headers["service-worker-allowed"] == "/field"
    assert "/static/field.js?v=" in worker.text
    assert "://" not in worker.text
    page = await officer.go("/field")
    policy = page.headers["content-security-policy"]
    assert "manifest-src 'self'" in policy
    assert "worker-src 'self'" in policy
