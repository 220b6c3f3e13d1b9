"""Decisions on paper: entered with day and picture by page, interface and list, and never without."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import httpx
import pytest
import pytest_asyncio

from portal.proof.evidence import BadScan, keep, kind_of, read, signed
from schemas.visits import LARGEST_SCAN, ScanMedia
from tests.portal.pages.offices import Office
from tests.portal.pages.test_flow import asked

PNG = b"\x89PNG\r\n\x1a\n and what a camera wrote"
JPEG = b"\xff\xd8\xff\xe0 another"
SIGNED = {
    "decision": "approved",
    "role": "head",
    "signatory": "head-fire",
    "signed_on": "2026-11-01",
}


@pytest_asyncio.fixture
async def office() -> Office:
    """Return the pages of a furnished service in memory."""
    return await Office.open()


async def entered(office: Office) -> str:
    """Let the office enter what a head signed; return the request."""
    clerk = await asked(office, "clerk", "item-1")
    scheduler = await office.browser("office")
    await scheduler.go(clerk.url)
    await scheduler.upload("/requests/papers", "批示.png", PNG, SIGNED)
    assert "决定已记录。" in scheduler.text
    return clerk.url.rpartition("/")[2]


async def test_the_office_enters_what_was_signed_and_those_who_check_see_it(office: Office) -> None:
    request = await entered(office)
    picture = f"/requests/{request}/signed/head"
    auditor = await office.browser("auditor")
    await auditor.go("/audit")
    assert "/audit/papers" in auditor.page.links
    await auditor.go("/audit/papers")
    for told in ("head-fire", "2026年11月1日", hashlib.sha256(PNG).hexdigest()[:16]):
        assert told in auditor.text
    assert picture in auditor.page.links
    seen = await auditor.client.get(picture)
    assert (seen.content, seen.headers["content-type"]) == (PNG, "image/png")
    assert "sandbox" in seen.headers["content-security-policy"]
    assert seen.headers["cache-control"] == "no-store"
    for who, status in (("head", 200), ("clerk", 403), ("other-head", 404), ("admin", 403)):
        browser = await office.browser(who)
        assert (await browser.client.get(picture)).status_code == status, who


@pytest.mark.parametrize(
    ("body", "more", "status"),
    [
        (b"<svg>", {}, 415),
        (PNG, {"signed_on": ""}, 422),
        (PNG, {"signed_on": "2027-01-01"}, 422),
        (PNG, {"decision": "refused"}, 422),
        (PNG, {"signatory": ""}, 422),
    ],
)
async def test_nothing_is_entered_without_day_picture_and_signatory(
    office: Office, body: bytes, more: dict[str, str], status: int
) -> None:
    clerk = await asked(office, "clerk", "item-1")
    scheduler = await office.browser("office")
    await scheduler.go(clerk.url)
    answer = await scheduler.upload("/requests/papers", "批示.png", body, SIGNED | more)
    assert answer.status_code == status
    assert await signed(office.service) == ()


async def test_programs_hand_a_picture_in_and_name_it_by_its_hash(office: Office) -> None:
    clerk = await asked(office, "clerk", "item-1")
    request = clerk.url.rpartition("/")[2]
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=office.app), base_url="http://office.test/api/v1"
    )

    def who(name: str) -> dict[str, str]:
        return {"authorization": f"Bearer {name}"}

    assert (await client.post("/scans", content=PNG, headers=who("clerk"))).status_code == 403
    kept = await client.post("/scans", content=PNG, headers=who("office"))
    assert kept.status_code == 201
    sha256 = kept.json()["sha256"]
    assert sha256 == hashlib.sha256(PNG).hexdigest()
    decision = {k: v for k, v in SIGNED.items() if k != "signed_on"} | {"on_paper": True}
    path = f"/requests/{request}/approvals"
    bare = await client.post(path, json=decision, headers=who("office"))
    assert bare.json()["objections"][0]["rule"] == "paper-missing"
    unknown = decision | {"paper": {"signed_on": "2026-11-01", "sha256": "0" * 64}}
    answer = await client.post(path, json=unknown, headers=who("office"))
    assert answer.json()["code"] == "scan-unknown"
    known = decision | {"paper": {"signed_on": "2026-11-01", "sha256": sha256}}
    assert (await client.post(path, json=known, headers=who("office"))).status_code == 200
    (listed,) = (await client.get("/papers", headers=who("auditor"))).json()
    assert (listed["signatory"], listed["entered_by"]) == ("head-fire", "office")
    assert (listed["signed_on"], listed["kept"]) == ("2026-11-01", True)
    shown = await client.get(f"/requests/{request}/papers/head", headers=who("auditor"))
    assert shown.content == PNG


async def test_a_picture_that_no_decision_names_goes_after_a_day(office: Office) -> None:
    await entered(office)
    paper = await keep(office.service, JPEG, date(2026, 11, 1))
    office.clock.set(office.clock.now() + timedelta(days=2))
    await keep(office.service, b"%PDF-1.7", date(2026, 11, 1))
    assert await read(office.service, paper.sha256) is None
    assert await read(office.service, hashlib.sha256(PNG).hexdigest()) == PNG


async def test_a_picture_that_was_altered_or_erased_is_not_shown(office: Office) -> None:
    paper = await keep(office.service, PNG, date(2026, 11, 1))
    found = await office.service.scans.find(paper.sha256)
    assert found is not None
    assert PNG.decode("latin-1") not in found.sealed
    (other,) = await office.service.vault.seal([(f"scan/{paper.sha256}", "bm90aGluZw==")])
    await office.service.scans.drop([paper.sha256])
    await office.service.scans.keep(replace(found, sealed=other))
    with pytest.raises(BadScan, match="照片与台账记载的不符"):
        await read(office.service, paper.sha256)
    await office.service.vault.erase(f"scan/{paper.sha256}")
    assert await read(office.service, paper.sha256) is None


async def test_a_large_file_is_refused_and_a_kind_is_told_by_its_beginning(office: Office) -> None:
    with pytest.raises(BadScan, match="8 MB"):
        await keep(office.service, PNG.ljust(LARGEST_SCAN + 1), date(2026, 11, 1))
    assert kind_of(JPEG) is ScanMedia.JPEG
    assert kind_of(b"%PDF-1.7") is ScanMedia.PDF
    assert kind_of(b"GIF89a") is None
