"""Sealed visits and raters over the interface: what each outsider tries, and what he gets."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from schemas import commands as c
from schemas.events import SealedLooked
from schemas.visits import Grade, Rating
from schemas.wire import read_entry
from tests.builders import a_uscc
from tests.portal.http.clients import Desk
from tests.portal.pages.months import done, entered
from tests.portal.pages.offices import Office
from tests.worlds import at

DAY = date(2026, 12, 10)
SECRETS = (a_uscc(2), "officer-2", "12345-7777")
BODY: dict[str, Any] = {
    "request": {
        "department": "fire",
        "enterprise": a_uscc(2),
        "purpose": "inspection",
        "lane": "statutory",
        "items": ["item-1"],
        "window": {"first": str(DAY), "last": str(DAY)},
        "cause": {"ground": "complaint", "reference": "12345-7777"},
        "announced": False,
    },
    "officers": ["officer-1", "officer-2"],
    "day": str(DAY),
    "units": 2,
}


async def planned(desk: Desk) -> str:
    """Let the head plan a sealed visit; return its id."""
    told = await desk.post("head", "sealed", BODY)
    assert told.status_code == 201, told.text
    return str(told.json()["id"])


async def everything(desk: Desk) -> bytes:
    """Return all bytes that the ledger, its cells and its tables hold since the sealed visit."""
    ledger = desk.service.ledger
    bodies = [body async for _, body in ledger.entries() if b"sealed" in body]
    cells = [body async for _, body in ledger.cells("sealed/")]
    rows = repr(await desk.service.queries.rows("sealed")).encode()
    tallies = [key.encode() async for key, _ in ledger.cells("tally/")]
    return b"".join([*bodies, *cells, rows, *tallies])


async def test_no_byte_of_the_ledger_or_its_tables_tells_the_target(desk: Desk) -> None:
    await planned(desk)
    held = await everything(desk)
    assert b"sealed" in held
    for secret in SECRETS:
        assert secret.encode() not in held
    assert not await desk.service.queries.find("request"), "no quota and no list knows of it"
    sent = await desk.service.outbox.due(10_000)
    assert not [n for n in sent if any(secret in repr(n) for secret in SECRETS)]


@pytest.mark.parametrize(
    ("who", "status"),
    [("other-head", 404), ("other-clerk", 404), ("firm", 403), ("office", 403), ("clerk", 403)],
)
async def test_who_may_not_look_gets_nothing(desk: Desk, who: str, status: int) -> None:
    id_ = await planned(desk)
    told = await desk.post(who, f"sealed/{id_}/looks", {"reason": "想知道"})
    assert told.status_code == status
    for secret in SECRETS:
        assert secret not in told.text


@pytest.mark.parametrize("who", ["head", "leader", "auditor"])
async def test_a_look_is_on_record_before_anything_is_shown(desk: Desk, who: str) -> None:
    id_ = await planned(desk)
    told = await desk.post(who, f"sealed/{id_}/looks", {"reason": "核对"})
    assert told.json()["request"]["enterprise"] == a_uscc(2)
    events = [read_entry(body)[1] async for _, body in desk.service.ledger.entries()]
    looks = [event for event in events if isinstance(event, SealedLooked)]
    assert [(look.reason) for look in looks] == ["核对"]


async def test_no_key_makes_two_looks_one(desk: Desk) -> None:
    id_ = await planned(desk)
    for _ in range(2):
        key = {"Idempotency-Key": "again"}
        told = await desk.post("head", f"sealed/{id_}/looks", {"reason": "核对"}, headers=key)
        assert told.status_code == 200
    assert [row["looks"] for row in (await desk.get("head", "sealed")).json()] == [2]


async def test_the_looks_are_listed_for_the_auditor_alone(desk: Desk) -> None:
    id_ = await planned(desk)
    await desk.post("head", f"sealed/{id_}/looks", {"reason": "核对"})
    for who in ("head", "leader", "admin", "clerk", "office", "firm"):
        assert (await desk.get(who, "sealed/looks")).status_code == 403
    (look,) = (await desk.get("auditor", "sealed/looks")).json()
    assert (look["sealed"], look["by"], look["reason"]) == (id_, "head-fire", "核对")
    assert (await desk.get("clerk", f"sealed/{id_}")).json()["looks"] == 1
    assert (await desk.get("other-clerk", f"sealed/{id_}")).status_code == 404


async def test_others_see_an_unnamed_block_of_their_own_department_only(desk: Desk) -> None:
    await planned(desk)
    assert (await desk.get("other-clerk", "sealed")).json() == []
    assert (await desk.get("firm", "sealed")).status_code == 403
    for who in ("clerk", "office"):
        shown = await desk.get(who, "sealed")
        assert [row["units"] for row in shown.json()] == [2]
        for secret in SECRETS:
            assert secret not in shown.text


async def test_opened_by_an_officer_on_its_day_it_is_an_approved_request(desk: Desk) -> None:
    id_ = await planned(desk)
    assert (await desk.post("officer", f"sealed/{id_}/opening")).status_code in {409, 422}
    desk.at(at(DAY))
    told = await desk.post("officer", f"sealed/{id_}/opening")
    assert told.status_code == 200, told.text
    request = (await desk.get("clerk", f"requests/{told.json()['request']}")).json()
    assert request["request"]["enterprise"] == a_uscc(2)
    assert request["waiting_for"] == []


# ---------------------------------------------------------------- raters


async def rated() -> tuple[Office, str]:
    """Let a visit be rated badly without consent; return the office and the visit."""
    office = await Office.open()
    visit = await entered(office)
    await done(office, "clerk", c.ScanOut(visit=visit))
    token = office.service.credentials.rating_token(visit)
    rating = Rating(grade=Grade.VERY_POOR, forward=False)
    command = c.RateVisit(visit=visit, token=token, rating=rating, comment="态度恶劣")
    await done(office, "firm", command)
    return office, visit


async def test_the_rated_department_sees_nothing_of_a_rating() -> None:
    office, visit = await rated()
    desk = Desk.on(office.service)
    for who in ("clerk", "head", "officer"):
        shown = await desk.get(who, f"visits/{visit}")
        for told in ("very_poor", "态度恶劣", "rating", "rated", "closed"):
            assert told not in shown.text
        assert (await desk.get(who, "ratings/batches")).json() == []
    sent = await office.service.outbox.due(10_000)
    assert not [n for n in sent if "very_poor" in repr(n) or "态度" in repr(n)]
    assert not [n for n in sent if n.to in {"fire", "market"} and "rating" in n.template]


async def test_a_bad_rating_without_consent_is_no_point_that_anybody_is_shown() -> None:
    office, _ = await rated()
    auditor = await office.browser("auditor")
    await auditor.go("/audit/doubts?kind=poor_rating")
    assert "没有疑点" in auditor.text


async def test_one_auditor_alone_does_not_read_a_grade_off_the_case() -> None:
    office, visit = await rated()
    auditor = await office.browser("auditor")
    for path in (f"/audit/cases/visit/{visit}", f"/audit/cases/visit/{visit}/as-of"):
        await auditor.go(path)
        assert auditor.answer.status_code == 200
        assert "very_poor" not in auditor.text
        assert "双人同意后可查" in auditor.text
    await auditor.go("/audit?q=very_poor")
    assert visit not in auditor.text


async def test_an_identity_is_shown_only_after_two_hands() -> None:
    office, visit = await rated()
    desk = Desk.on(office.service)
    for who in ("clerk", "head", "firm", "leader"):
        told = await desk.post(who, f"visits/{visit}/identity", {"reason": "想知道"})
        assert told.status_code == 403
    asked = (await desk.post("auditor", f"visits/{visit}/identity", {"reason": "核实举报"})).json()
    place = f"identities/{asked['id']}"
    assert (await desk.post("auditor", f"{place}/looks")).status_code >= 400
    assert (await desk.post("auditor", f"{place}/grant", {"reason": "同意"})).status_code >= 400
    assert (await desk.post("leader", f"{place}/grant", {"reason": "同意"})).status_code == 200
    for who in ("clerk", "head", "office"):
        assert (await desk.post(who, f"{place}/looks")).status_code in {403, 409, 422}
    for who in ("clerk", "head", "firm", "admin"):
        assert (await desk.get(who, "identities")).status_code == 403
        assert (await desk.get(who, place)).status_code == 403
    (listed,) = (await desk.get("leader", "identities")).json()
    assert (listed["visit"], listed["granted_by"], listed["seen"]) == (visit, "mayor", 0)
    seen = (await desk.post("auditor", f"{place}/looks")).json()
    assert seen["comment"] == "态度恶劣"
    assert seen["rating"]["grade"] == "very_poor"
