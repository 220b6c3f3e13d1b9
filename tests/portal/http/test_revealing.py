"""Personal data: masked for everybody, seen by an auditor who says why, and every look on the ledger."""

from __future__ import annotations

import json
from typing import Any

import pytest

from portal.http.revealing import sealed_fields
from schemas import commands as c
from schemas.envelope import Entry
from tests.builders import a_uscc
from tests.portal.http.clients import PEOPLE, Desk
from tests.portal.pages.months import done, entered
from tests.portal.pages.offices import Office

SUBJECT = f"contact/{a_uscc(1)}"
WHY = "信访件 2026-17 核查"


async def entry_of(desk: Desk | Office, type_: str) -> Entry:
    """Return the first entry of a type."""
    async for _, body in desk.service.ledger.entries():
        found = Entry.model_validate(json.loads(body))
        if found.type == type_:
            return found
    raise AssertionError(type_)


async def last(desk: Desk | Office) -> Entry:
    position = await desk.service.ledger.position()
    async for _, body in desk.service.ledger.entries(position - 1):
        return Entry.model_validate(json.loads(body))
    raise AssertionError(position)


async def test_an_auditor_sees_a_contact_with_a_reason_and_it_is_on_record(desk: Desk) -> None:
    entry = await entry_of(desk, "cn.wurao.enterprise.registered.v1")
    path = f"audit/entries/{entry.position}"
    shown = (await desk.get("auditor", path)).json()
    assert "13900000000" not in json.dumps(shown)
    (name, phone) = shown["masked"]
    assert name["for_one"]
    assert phone["for_one"]
    seen = await desk.post("auditor", f"{path}/reveals", {"field": phone["field"], "reason": WHY})
    assert (seen.status_code, seen.json()["text"], seen.json()["erased"]) == (
        201,
        "13900000000",
        False,
    )
    event = await last(desk)
    assert event.type == "cn.wurao.personal.revealed.v1"
    assert (event.actor.id, event.data["reason"], event.data["subject"]) == (
        "auditor",
        WHY,
        SUBJECT,
    )
    assert "13900000000" not in json.dumps(event.data)
    (look,) = (await desk.get("auditor", "audit/reveals?month=2026-12")).json()["items"]
    assert (look["by"], look["position"], look["field"], look["reason"]) == (
        "auditor",
        entry.position,
        phone["field"],
        WHY,
    )


async def test_what_was_erased_says_so_and_the_look_is_on_record_still(desk: Desk) -> None:
    entry = await entry_of(desk, "cn.wurao.enterprise.registered.v1")
    field = sealed_fields(entry.data)[0].field
    await desk.service.vault.erase(SUBJECT)
    path = f"audit/entries/{entry.position}/reveals"
    seen = (await desk.post("auditor", path, {"field": field, "reason": WHY})).json()
    assert (seen["erased"], seen["text"]) == (True, None)
    assert (await last(desk)).type == "cn.wurao.personal.revealed.v1"


@pytest.mark.parametrize("who", sorted(PEOPLE))
async def test_nobody_else_sees_anything_and_nothing_is_on_record(desk: Desk, who: str) -> None:
    entry = await entry_of(desk, "cn.wurao.enterprise.registered.v1")
    before = await desk.service.ledger.position()
    body = {"field": sealed_fields(entry.data)[0].field, "reason": WHY}
    answer = await desk.post(who, f"audit/entries/{entry.position}/reveals", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "denied")
    assert await desk.service.ledger.position() == before


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"reason": "查"}, 422),
        ({"reason": "    "}, 422),
        ({"field": "enterprise.name"}, 404),
        ({"field": "nothing.here"}, 404),
    ],
)
async def test_a_look_without_a_reason_or_a_field_is_none(
    desk: Desk, change: dict[str, Any], status: int
) -> None:
    entry = await entry_of(desk, "cn.wurao.enterprise.registered.v1")
    before = await desk.service.ledger.position()
    body = {"field": sealed_fields(entry.data)[0].field, "reason": WHY, **change}
    path = f"audit/entries/{entry.position}/reveals"
    assert (await desk.post("auditor", path, body)).status_code == status
    assert (await desk.post("auditor", "audit/entries/99999/reveals", body)).status_code in {
        404,
        422,
    }
    assert await desk.service.ledger.position() == before


async def test_what_a_rater_said_is_not_for_one_to_see(desk: Desk) -> None:
    office = Office(desk.service, desk.clock, None)
    visit = await entered(office)
    await done(office, "officer", c.ScanOut(visit=visit))
    token = desk.service.credentials.rating_token(visit)
    body = {"token": token, "grade": "very_poor", "comment": "收了费"}
    assert (await desk.post(None, "ratings", body)).status_code == 204
    entry = await entry_of(desk, "cn.wurao.rating.given.v1")
    (field,) = sealed_fields(entry.data)
    assert not field.for_one
    answer = await desk.post(
        "auditor",
        f"audit/entries/{entry.position}/reveals",
        {"field": field.field, "reason": WHY},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "needs-two")


async def test_an_auditor_sees_it_on_a_page_once() -> None:
    office = await Office.open()
    entry = await entry_of(office, "cn.wurao.enterprise.registered.v1")
    auditor = await office.browser("auditor")
    await auditor.go("/audit")
    await auditor.go(f"/audit/entries/{entry.position}")
    assert "13900000000" not in auditor.answer.text
    phone = next(
        form for form in auditor.page.forms if "phone" in dict(form.fields).get("field", "")
    )
    fields = {**dict(phone.fields), "reason": WHY}
    shown = await auditor.client.post(phone.action, data=fields)
    assert "13900000000" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    await auditor.go(f"/audit/entries/{entry.position}")
    assert "13900000000" not in auditor.answer.text
    await auditor.go("/audit/reveals")
    assert WHY in auditor.text
    admin = await office.browser("admin")
    await admin.go(f"/audit/entries/{entry.position}")
    assert "只有监督审计可以查看" in admin.text
    assert [form.action for form in admin.page.forms] == ["/logout"]
