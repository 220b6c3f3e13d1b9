"""Personal data over the interface: held, released, asked for, and erased by somebody else."""

from __future__ import annotations

from typing import Any

import pytest

from portal.matters.privacy import read_retention
from schemas.events import OfficerRegistered
from schemas.wire import read_entry
from tests.builders import a_uscc
from tests.portal.http.clients import Desk

SUBJECT = "officer/officer-1"
HOLD = {"subject": SUBJECT, "hold": "H-1", "reference": "1号", "reason": "办案"}
ASK = {"subject": SUBJECT, "ground": "consent_withdrawn", "reason": "调离"}


@pytest.fixture
async def desk() -> Desk:
    """Return an interface whose retention classes are the shipped ones."""
    desk = await Desk.open()
    shipped = read_retention("default").model_dump(mode="json")
    assert (await desk.post("office", "privacy/retention", shipped)).status_code == 200
    return desk


def rules(answer: Any) -> list[str]:  # noqa: ANN401 - an answer of the client
    """Return what stood in the way."""
    return [each["rule"] for each in answer.json()["objections"]]


async def test_an_officer_is_held_released_and_erased_by_two(desk: Desk) -> None:
    assert (await desk.post("office", "privacy/holds", HOLD)).status_code == 201
    assert rules(await desk.post("office", "privacy/askings", ASK)) == ["legal-hold"]
    freed = {"subject": SUBJECT, "hold": "H-1", "reason": "结案"}
    assert (await desk.post("office", "privacy/releases", freed)).json()["holds"] == []
    asked = (await desk.post("office", "privacy/askings", ASK)).json()
    assert (asked["asked"]["by"], asked["asked"]["ground"]) == ("office", "consent_withdrawn")
    found = (await desk.post("admin", "privacy/erasures", {"subject": SUBJECT})).json()
    assert found["destroyed"] is True
    assert (found["erased"][0]["asked_by"], found["erased"][0]["by"]) == ("office", "admin")
    (listed,) = (await desk.get("leader", "privacy")).json()
    assert listed == {name: value for name, value in found.items() if name != "destroyed"}
    sealed = [
        event.officer.phone
        async for _, body in desk.service.ledger.entries()
        if isinstance(event := read_entry(body)[1], OfficerRegistered)
        and event.officer.id == "officer-1"
    ]
    (phone,) = sealed
    assert phone is not None
    assert await desk.service.vault.open([(phone.subject, phone.ct)]) == [None]


async def test_the_same_key_asks_once(desk: Desk) -> None:
    key = {"Idempotency-Key": "once"}
    for _ in range(2):
        answer = await desk.post("office", "privacy/holds", HOLD, headers=key)
        assert answer.status_code == 201
        assert len(answer.json()["holds"]) == 1
    assert rules(await desk.post("office", "privacy/holds", HOLD)) == ["already-held"]


async def test_nobody_erases_what_nobody_asked_for(desk: Desk) -> None:
    answer = await desk.post("admin", "privacy/erasures", {"subject": SUBJECT})
    assert rules(answer) == ["erasure-not-asked"]


@pytest.mark.parametrize("who", ["clerk", "head", "officer", "firm"])
async def test_departments_and_enterprises_learn_and_do_nothing(desk: Desk, who: str) -> None:
    for path in ("privacy", "privacy/retention"):
        assert (await desk.get(who, path)).status_code == 403
    for path, body in (
        ("holds", HOLD),
        ("askings", ASK),
        ("erasures", {"subject": f"contact/{a_uscc(1)}"}),
        ("releases", {"subject": SUBJECT, "hold": "H-1", "reason": "x"}),
    ):
        assert (await desk.post(who, f"privacy/{path}", body)).status_code == 403


async def test_each_step_is_one_roles(desk: Desk) -> None:
    assert (await desk.post("admin", "privacy/askings", ASK)).status_code == 403
    for who in ("office", "leader", "auditor"):
        answer = await desk.post(who, "privacy/erasures", {"subject": SUBJECT})
        assert answer.status_code == 403
