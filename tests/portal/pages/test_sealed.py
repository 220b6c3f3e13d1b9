"""Sealed visits and raters' identities by pages: what each sees, and what is on record before it."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

import pytest

from schemas import commands as c
from schemas.events import IdentitySeen, SealedCancelled, SealedLooked
from schemas.visits import Grade, Rating
from schemas.wire import read_entry
from tests.builders import a_uscc
from tests.portal.pages.browsers import Browser
from tests.portal.pages.months import done, entered
from tests.portal.pages.offices import Office
from tests.worlds import at

E = TypeVar("E")
DAY = date(2026, 12, 10)
SECRETS = (a_uscc(2), "第2机械厂", "officer-2", "12345-7777")
FIELDS: dict[str, str | list[str]] = {
    "enterprise": a_uscc(2),
    "day": str(DAY),
    "units": "2",
    "purpose": "inspection",
    "lane": "statutory",
    "item": ["item-1"],
    "officer": ["officer-1", "officer-2"],
    "ground": "complaint",
    "reference": "12345-7777",
}


async def planned(office: Office) -> tuple[Browser, str]:
    """Let the head plan a sealed visit by its form; return his browser and the block's page."""
    head = await office.browser("head")
    await head.go("/sealed/new")
    await head.send("/sealed", FIELDS)
    assert head.answer.status_code == 200, head.text
    assert "已封存" in head.text
    return head, head.url


async def events(office: Office, kind: type[E]) -> list[E]:
    """Return the ledger's events of a kind."""
    read = [read_entry(body)[1] async for _, body in office.service.ledger.entries()]
    return [event for event in read if isinstance(event, kind)]


async def test_a_block_has_no_name_on_any_page_of_those_who_may_not_look(office: Office) -> None:
    head, place = await planned(office)
    for who in ("clerk", "officer", "office"):
        browser = await office.browser(who)
        for path in ("/", "/sealed", place):
            await browser.go(path)
            assert browser.answer.status_code == 200
            assert not [secret for secret in SECRETS if secret in browser.answer.text]
        assert not [form for form in browser.page.forms if form.action.endswith("/looks")]
    assert not [secret for secret in SECRETS if secret in head.answer.text], "nor after planning"
    other = await office.browser("other-clerk")
    await other.go("/sealed")
    assert "没有保密检查" in other.text
    assert (await other.go(place)).status_code == 404


@pytest.mark.parametrize("who", ["firm", "admin"])
async def test_who_has_no_business_with_them_is_refused_and_has_no_link(
    office: Office, who: str
) -> None:
    _, place = await planned(office)
    browser = await office.browser(who)
    await browser.go("/")
    assert not {"/sealed", "/identities"} & set(browser.page.links)
    for path in ("/sealed", "/sealed/new", "/sealed/looks", place, "/identities"):
        assert (await browser.go(path)).status_code == 403


@pytest.mark.parametrize("who", ["head", "leader", "auditor"])
async def test_a_look_is_on_record_before_anything_is_shown(office: Office, who: str) -> None:
    _, place = await planned(office)
    browser = await office.browser(who)
    await browser.go("/sealed")
    await browser.go(place)
    await browser.send("/looks", {"reason": " "})
    assert browser.answer.status_code == 422
    assert not await events(office, SealedLooked)
    assert not [secret for secret in SECRETS if secret in browser.answer.text]
    await browser.go(place)
    await browser.send("/looks", {"reason": "核对"})
    assert "第2机械厂" in browser.text
    assert "12345-7777" in browser.text
    (look,) = await events(office, SealedLooked)
    assert look.reason == "核对"


async def test_each_look_counts_and_the_auditor_alone_reads_the_list(office: Office) -> None:
    head, place = await planned(office)
    for _ in range(2):
        await head.go(place)
        await head.send("/looks", {"reason": "再看"})
    assert len(await events(office, SealedLooked)) == 2
    auditor = await office.browser("auditor")
    await auditor.go("/sealed")
    assert "/sealed/looks" in auditor.page.links
    await auditor.go("/sealed/looks")
    assert auditor.text.count("再看") == 2
    assert (await head.go("/sealed/looks")).status_code == 403, "a head does not read the record"
    assert (await (await office.browser("leader")).go("/sealed/looks")).status_code == 403


async def test_a_form_that_was_sent_by_hand_is_refused(office: Office) -> None:
    _, place = await planned(office)
    clerk = await office.browser("clerk")
    await clerk.go(place)
    (csrf,) = {v for form in clerk.page.forms for n, v in form.fields if n == "csrf"}
    body = {"csrf": csrf, "reason": "想知道"}
    assert (await clerk.client.post(f"{place}/looks", data=body)).status_code == 403
    assert (await clerk.client.post(f"{place}/cancellation", data=body)).status_code == 403
    assert (await clerk.client.post("/sealed", data={**body, "day": str(DAY)})).status_code == 403
    assert not await events(office, SealedLooked)


async def test_an_officer_opens_it_on_its_day_and_it_is_an_approved_request(
    office: Office,
) -> None:
    _, place = await planned(office)
    officer = await office.browser("officer")
    await officer.go(place)
    assert "到了当日才能启封" in officer.text
    office.clock.set(at(DAY))
    await officer.go("/")
    assert "次保密检查可以启封" in officer.text
    await officer.go(place)
    await officer.send("/opening")
    assert officer.url.startswith("/requests/"), officer.text
    assert "第2机械厂" in officer.text


async def test_the_head_cancels_with_a_reason_and_what_was_sealed_stays_so(office: Office) -> None:
    head, _ = await planned(office)
    await head.send("/cancellation", {"reason": "线索撤回"})
    assert "已取消" in head.text
    assert not [secret for secret in SECRETS if secret in head.answer.text]
    assert [each.reason for each in await events(office, SealedCancelled)] == ["线索撤回"]


async def test_a_form_with_faults_comes_back_filled_in(office: Office) -> None:
    head = await office.browser("head")
    await head.go("/sealed/new")
    await head.send("/sealed", {**FIELDS, "enterprise": a_uscc(9)})
    assert head.answer.status_code == 422
    assert "企业名录中没有" in head.text
    await head.send("/sealed", {**FIELDS, "units": "65"})
    assert head.answer.status_code == 422
    await head.send("/sealed", FIELDS)
    assert head.url.startswith("/sealed/")
    assert head.answer.status_code == 200


# ---------------------------------------------------------------- raters


async def rated(office: Office) -> str:
    """Let a visit be rated; return it."""
    visit = await entered(office)
    await done(office, "clerk", c.ScanOut(visit=visit))
    token = office.service.credentials.rating_token(visit)
    rating = Rating(grade=Grade.VERY_POOR, forward=False)
    await done(office, "firm", c.RateVisit(visit=visit, token=token, rating=rating, comment="恶劣"))
    return visit


async def test_two_hands_in_two_roles_open_an_identity_and_each_look_is_on_record(
    office: Office,
) -> None:
    visit = await rated(office)
    for who in ("clerk", "head", "officer", "firm"):
        assert (await (await office.browser(who)).go("/identities")).status_code == 403
    auditor = await office.browser("auditor")
    await auditor.go(f"/visits/{visit}")
    assert f"/identities?visit={visit}" in auditor.page.links
    await auditor.go(f"/identities?visit={visit}")
    await auditor.send("/identities", {"reason": ""})
    assert auditor.answer.status_code == 422
    await auditor.go(f"/identities?visit={visit}")
    await auditor.send("/identities", {"reason": "核实举报"})
    place = auditor.url
    assert [form.action for form in auditor.page.forms if "/identities" in form.action] == []
    leader = await office.browser("leader")
    await leader.go("/")
    assert "件查明评价人的申请待您同意" in leader.text
    await leader.go(place)
    await leader.send("/grant", {"reason": "同意核实"})
    await leader.send("/looks")
    assert "恶劣" in leader.text
    await auditor.go(place)
    assert "恶劣" not in auditor.text
    await auditor.send("/looks")
    assert "恶劣" in auditor.text
    assert [each.by for each in await events(office, IdentitySeen)] == ["mayor", "auditor"]
    clerk = await office.browser("office")
    await clerk.go(place)
    assert "同意核实" in clerk.text
    assert not [form for form in clerk.page.forms if "/identities" in form.action]


async def test_the_office_asks_and_an_auditor_agrees(office: Office) -> None:
    visit = await rated(office)
    asking = await office.browser("office")
    await asking.go("/identities")
    await asking.send("/identities", {"visit": visit, "reason": "12345 转办"})
    auditor = await office.browser("auditor")
    await auditor.go(asking.url)
    await auditor.send("/grant", {"reason": "同意"})
    await asking.go(asking.url)
    await asking.send("/looks")
    assert "恶劣" in asking.text
