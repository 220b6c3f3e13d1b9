"""What waits for somebody: a deadline leads to what it is about, and he may look at it."""

from __future__ import annotations

from portal.messages import Sender
from schemas import contact_commands as t
from schemas.enterprise_problems import Proof
from schemas.envelope import ActorRole
from schemas.lead_commands import HandOverLead
from schemas.leads import Lead
from tests.builders import a_uscc
from tests.portal.pages.offices import Office
from tests.worlds import NOVEMBER


async def test_a_contact_that_is_due_leads_to_its_pair(office: Office) -> None:
    pair = t.PairOfficial(enterprise=a_uscc(1), official="officer-1", since=NOVEMBER.date())
    message = Sender.of("office", ActorRole.SCHEDULER).message(pair, id_="pair", at=NOVEMBER)
    assert [effect.status for effect in await office.service.submit([message])] == ["accepted"]
    for who in ("clerk", "office"):
        browser = await office.browser(who)
        await browser.go("/")
        (path,) = {link for link in browser.page.links if link.startswith("/contacts/")}
        await browser.go(path)
        assert browser.answer.status_code == 200
        assert "包联" in browser.text


async def test_a_lead_that_is_to_be_received_leads_to_it(office: Office) -> None:
    lead = Lead(
        sender="market",
        to="fire",
        title="通道堆物",
        text="检查时看见消防通道堆物",
        evidence=(Proof(name="照片.jpg", digest="5e" * 32),),
    )
    message = Sender.of("office", ActorRole.SCHEDULER).message(
        HandOverLead(lead=lead), id_="lead", at=NOVEMBER
    )
    assert [effect.status for effect in await office.service.submit([message])] == ["accepted"]
    browser = await office.browser("clerk")
    await browser.go("/")
    (path,) = {link for link in browser.page.links if link.startswith("/leads/")}
    await browser.go(path)
    assert "通道堆物" in browser.text


async def test_what_waits_beside_visits_stands_on_the_home_page_of_who_does_it(
    office: Office,
) -> None:
    firm = await office.browser("firm")
    await firm.go("/problems/new")
    told = {"title": "水压不足", "text": "每天停水一小时", "topic": "utilities"}
    await firm.send("/problems", told)
    desk = await office.browser("office")
    await desk.go("/")
    assert "1 件企业问题待受理" in desk.text
    await desk.go(firm.url)
    given = {"grade": "simple", "leader": "mayor", "department": "fire"}
    await desk.send("/acceptance", given)
    for who, words in (("clerk", "1 件企业问题待答复"), ("head", "1 件企业问题待答复")):
        browser = await office.browser(who)
        await browser.go("/")
        assert words in browser.text
    for who in ("office", "other-clerk", "firm", "officer"):
        browser = await office.browser(who)
        await browser.go("/")
        assert "企业问题待" not in browser.text
