"""Leads, legal review and published results by pages."""

from __future__ import annotations

import hashlib

from portal.pages import logins
from portal.pages.visitor import cookie_name
from schemas.envelope import Actor, ActorRole
from tests.portal.pages.browsers import Browser
from tests.portal.pages.offices import Office

LEAD = {
    "sender": "fire",
    "to": "market",
    "county": "",
    "title": "锅炉超期",
    "text": "铭牌检验已过期",
    "evidence": f"{'5e' * 32}  录音.mp3\n{'6f' * 32} *记录.pdf",
}


async def reviewer(office: Office) -> Browser:
    """Return the browser of the fire brigade's legal reviewer."""
    browser = Browser(office.app)
    actor = Actor(id="legal-fire", role=ActorRole.LEGAL, of="fire")
    token = await logins.begin(office.reception, actor)
    browser.client.cookies.set(cookie_name(office.reception), token, domain="office.test")
    return browser


async def test_a_lead_with_its_evidence() -> None:
    office = await Office.open()
    clerk = await office.browser("clerk")
    await clerk.go("/leads")
    await clerk.upload("/leads", "照片.jpg", b"seen", LEAD)
    page = clerk.url
    assert f"照片.jpg {hashlib.sha256(b'seen').hexdigest()}" in clerk.text
    assert "录音.mp3" in clerk.text
    assert "记录.pdf" in clerk.text
    other = await office.browser("other-clerk")
    await other.go(page)
    await other.send(f"{page}/receipt", {"receipt": ""})
    reply = {"outcome": "case_filed", "text": "已立案", "case": "AJ-1"}
    await other.send(f"{page}/reply", reply)
    assert "AJ-1" in other.text
    await clerk.go("/leads")
    assert "已立案" in clerk.text
    bad = await clerk.upload("/leads", "", b"", {**LEAD, "evidence": "照片.jpg"})
    assert bad.status_code == 422
    assert dict(clerk.form("/leads").fields)["title"] == "锅炉超期"


async def test_the_reviewers_page_lists_what_waits() -> None:
    office = await Office.open()
    legal = await reviewer(office)
    await legal.go("/reviews")
    assert "没有通过审核的，登记不了" in legal.text
    clerk = await office.browser("clerk")
    assert (await clerk.go("/reviews")).status_code == 403


async def test_results_are_public_without_people_where_the_policy_says_so() -> None:
    office = await Office.open()
    stranger = await office.browser()
    await stranger.go("/public/results?month=2026-12")
    assert "20 个工作日后公示" in stranger.text
    assert "不列企业名称" in stranger.text
